// One variant for a device that launches a kernel in 2 us and moves 10 bytes of
// activations or 5 of weights a microsecond. Concatenations are free there, so
// that rewriting costs time: a slower variant with a smaller peak is on the
// front as well.

// RUN: serenity-opt %s --serenity-select="device=%S/Inputs/board.json concat=slice report=%t.json" --remarks-filter=serenity 2> %t.remarks | FileCheck %s --check-prefix=FAST
// RUN: FileCheck %s --check-prefix=REMARK < %t.remarks
// RUN: FileCheck %s --check-prefix=REPORT < %t.json
// RUN: serenity-opt %s --serenity-select="device=%S/Inputs/board.json concat=slice objective=memory" | FileCheck %s --check-prefix=SMALL
// RUN: serenity-opt %s --serenity-select="device=%S/Inputs/board.json concat=slice budget=4160" | FileCheck %s --check-prefix=SMALL

// x (2048 bytes) and the whole concatenation (4096).
// FAST: serenity.device = "board", serenity.in_place = false, {{.*}}serenity.peak_bytes = 6144 : i64
// FAST: serenity.conv_2d {{.*}}serenity.latency_us
// FAST: serenity.concat
// REMARK: [Passed] Selected | Category:serenity:select | Function=pieces | {{.*}}OnFront=2, PeakBytes=6144, PrunedSubsets=0, {{.*}}UnchangedPeakBytes=6144, Variant=pieces-0, Variants=

// x, one piece and the result.
// SMALL: serenity.accumulator = "exact"{{.*}} serenity.peak_bytes = 4160 : i64
// SMALL-NOT: serenity.concat %
// SMALL: serenity.sum {{.*}} accumulates

// REPORT: "selection": {
// REPORT-NEXT: "chosen": 0,
// REPORT-NEXT: "device": "board",
// REPORT-NEXT: "fast_memory_bytes": 1000000,
// REPORT-NEXT: "pruned_subsets": 0,
// REPORT: "kind": "channelwise",
// REPORT-NEXT: "name": "first"
// REPORT: "variants": [
// REPORT: "id": "pieces-0",
// REPORT: "measured_us": null,
// REPORT: "on_front": true,
// REPORT-NEXT: "peak_bytes": 6144,
// REPORT: "strategy": "source",
// REPORT: "on_front": true,
// REPORT-NEXT: "peak_bytes": 4160,

// Exit code 1, and no files: nobody can meet the budget.
// RUN: rm -f %t.unmet.json
// RUN: %exits 1 serenity-opt %s --serenity-select="device=%S/Inputs/board.json concat=slice budget=4159 report=%t.unmet.json" > %t.out 2> %t.err
// RUN: FileCheck %s --check-prefix=BUDGET < %t.err
// RUN: count 0 < %t.out
// RUN: test ! -e %t.unmet.json
// BUDGET: error: budget of 4159 bytes is below the smallest peak of 4160 bytes among {{[0-9]+}} variants

// Exit code 2: bad input.
// RUN: %exits 2 serenity-opt %s --serenity-select="device=%S/Inputs/board.json measure=3" 2>&1 | FileCheck %s --check-prefix=NOWHERE
// RUN: %exits 2 serenity-opt %s --serenity-select="device=%S/Inputs/board.json max-variants=0" 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: %exits 2 serenity-opt %s --serenity-select="device=%S/Inputs/board.json report=%t.missing/x.json" 2>&1 | FileCheck %s --check-prefix=PATH
// NOWHERE: error: option 'measure' is of no use without 'variants'
// NONE: error: option 'max-variants' is 0, expected at least 1
// PATH: error: cannot write the report '{{.*}}.missing/x.json'

// The same on every run.
// RUN: serenity-opt %s -o /dev/null --serenity-select="device=%S/Inputs/board.json concat=slice report=%t.again.json"
// RUN: diff %t.json %t.again.json

!small = tensor<1x4x4x1xf32>
!piece = tensor<1x4x4x32xf32>
!whole = tensor<1x4x4x64xf32>
func.func @pieces(%x: !piece) -> !small {
  %v = serenity.weight : tensor<32x1x1x32xf32>
  %w = serenity.weight : tensor<1x1x1x64xf32>
  %a = serenity.conv_2d %x, %v : (!piece, tensor<32x1x1x32xf32>) -> !piece
  %b = serenity.conv_2d %x, %v : (!piece, tensor<32x1x1x32xf32>) -> !piece
  %c = serenity.concat %a, %b axis 3 : (!piece, !piece) -> !whole
  %d = serenity.conv_2d %c, %w : (!whole, tensor<1x1x1x64xf32>) -> !small loc("first")
  return %d : !small
}
