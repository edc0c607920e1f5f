// RUN: serenity-opt %s --serenity-rewrite="report=%t.json" --remarks-filter=serenity -o /dev/null 2>&1 | FileCheck %s
// RUN: FileCheck %s --check-prefix=REPORT < %t.json
// RUN: serenity-opt %s --serenity-rewrite="max-variants=1 report=%t.limited.json" -o /dev/null
// RUN: FileCheck %s --check-prefix=LIMITED < %t.limited.json
// RUN: serenity-opt %s --serenity-rewrite="inplace report=%t.inplace.json" -o /dev/null
// RUN: FileCheck %s --check-prefix=INPLACE < %t.inplace.json

// Two concatenations, 4096 bytes in two pieces each. The first one is the peak:
// 4096 and its copy. In pieces, the input, one piece and a result remain. The
// second is behind a cut, and smaller: nothing is gained there, but that a
// kernel is saved where additions go.

// CHECK-DAG: [Passed] Rewritten | Category:serenity:rewrite | Function=two_parts | Kernel=first, Kind=channelwise
// CHECK-DAG: [Missed] NotWorthwhile | Category:serenity:rewrite | Function=two_parts | Kernel=second, Kind=channelwise, OtherPeakBytes=4160, Reason="neither the peak nor the number of kernels falls"
// CHECK-DAG: [Passed] Rewritten | Category:serenity:rewrite | Function=two_parts | Kernel=third, Kind=residual
// CHECK: [Analysis] Peak | Category:serenity:rewrite | Function=two_parts | Accumulator=exact, ExactAccumulatorPeakBytes=4160, PeakBytes=4160, UnrewrittenPeakBytes=8192

// REPORT:      "accumulator": "exact",
// REPORT-NEXT: "choice_proven": true,
// REPORT-NEXT: "concat_model": "copy",
// REPORT-NEXT: "exact_accumulator_peak_bytes": 4160,
// REPORT-NEXT: "function": "two_parts",
// REPORT-NEXT: "inplace": false,
// REPORT-NEXT: "kernels": 10,
// REPORT-NEXT: "lower_bound_bytes": 4160,
// REPORT-NEXT: "peak_bytes": 4160,
// REPORT-NEXT: "proven_optimal": true,
// REPORT-NEXT: "select": "cost",
// REPORT-NEXT: "sites": [
// REPORT:        "kind": "channelwise",
// REPORT-NEXT:   "name": "first",
// REPORT-NEXT:   "other_peak_bytes": 8192,
// REPORT-NEXT:   "reason": null,
// REPORT-NEXT:   "rewritten": true
// REPORT:        "name": "second",
// REPORT-NEXT:   "other_peak_bytes": 4160,
// REPORT-NEXT:   "reason": null,
// REPORT-NEXT:   "rewritten": false

// LIMITED: "choice_proven": false
// INPLACE: "choice_proven": true
// INPLACE: "inplace": true

!small = tensor<1x4x4x1xf32>
!piece = tensor<1x4x4x32xf32>
!whole = tensor<1x4x4x64xf32>
func.func @two_parts(%x: !piece) -> !small {
  %v = serenity.weight : tensor<32x1x1x32xf32>
  %w = serenity.weight : tensor<1x1x1x64xf32>
  %a = serenity.conv_2d %x, %v : (!piece, tensor<32x1x1x32xf32>) -> !piece
  %b = serenity.conv_2d %x, %v : (!piece, tensor<32x1x1x32xf32>) -> !piece
  %c = serenity.concat %a, %b axis 3 : (!piece, !piece) -> !whole
  %d = serenity.conv_2d %c, %w : (!whole, tensor<1x1x1x64xf32>) -> !small loc("first")
  %u = serenity.weight : tensor<4x1x1x1xf32>
  %t = serenity.weight : tensor<1x1x1x8xf32>
  %s = serenity.weight : tensor<1x1x1x1xf32>
  %e = serenity.conv_2d %d, %u : (!small, tensor<4x1x1x1xf32>) -> tensor<1x4x4x4xf32>
  %f = serenity.conv_2d %d, %u : (!small, tensor<4x1x1x1xf32>) -> tensor<1x4x4x4xf32>
  %g = serenity.concat %e, %f axis 3 : (tensor<1x4x4x4xf32>, tensor<1x4x4x4xf32>) -> tensor<1x4x4x8xf32>
  %h = serenity.conv_2d %g, %t relu : (tensor<1x4x4x8xf32>, tensor<1x1x1x8xf32>) -> !small loc("second")
  %i = serenity.conv_2d %h, %s : (!small, tensor<1x1x1x1xf32>) -> !small
  %j = serenity.conv_2d %h, %s : (!small, tensor<1x1x1x1xf32>) -> !small
  %k = serenity.add %i, %j : (!small, !small) -> !small loc("third")
  return %k : !small
}
