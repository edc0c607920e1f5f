// Offsets hold for one order: scheduling forgets them. The order that came in
// is kept with the operations that were moved.

// RUN: serenity-opt %s --serenity-plan-arena --serenity-schedule | FileCheck %s
// RUN: serenity-opt %s --serenity-schedule --serenity-plan-arena="report=%t.json" -o /dev/null
// RUN: FileCheck %s --check-prefix=REPORT < %t.json

// CHECK-LABEL: func.func @two_branches
// CHECK-NOT:     serenity.offset
// CHECK-NOT:     serenity.arena
// CHECK:         serenity.node "A"{{.*}} serenity.source_index = 0
// CHECK-NEXT:    serenity.node "C"{{.*}} serenity.source_index = 2
// CHECK-NEXT:    serenity.node "B"{{.*}} serenity.source_index = 1
// CHECK-NEXT:    serenity.node "D"{{.*}} serenity.source_index = 3

// REPORT:      "arena_bytes": 1056,
// REPORT:      "lower_bound_bytes": 1056,
// REPORT:      "index": 0,
// REPORT:      "index": 2,
// REPORT:      "index": 1,
// REPORT:      "index": 3,
// REPORT:      "peak_bytes": 1056,
// REPORT-NEXT: "proven_optimal": true,
// REPORT:      "source_footprint": [
// REPORT-NEXT:   1040,
// REPORT-NEXT:   2064,
// REPORT-NEXT:   2064,
// REPORT-NEXT:   1056
// REPORT-NEXT: ],
// REPORT-NEXT: "source_peak_bytes": 2064,
func.func @two_branches(%x: tensor<16xi8>) -> (tensor<16xi8>, tensor<16xi8>) {
  %0 = serenity.node "A"(%x) : (tensor<16xi8>) -> tensor<1024xi8>
  %1 = serenity.node "B"(%x) : (tensor<16xi8>) -> tensor<1024xi8>
  %2 = serenity.node "C"(%0) : (tensor<1024xi8>) -> tensor<16xi8>
  %3 = serenity.node "D"(%1) : (tensor<1024xi8>) -> tensor<16xi8>
  return %2, %3 : tensor<16xi8>, tensor<16xi8>
}
