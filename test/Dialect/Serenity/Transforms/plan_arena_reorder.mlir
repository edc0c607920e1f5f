// Order and offsets together: this order has the least peak, 9 bytes, but an
// arena of 10, since the bytes that are free when they are needed lie apart.
// Another order of the same peak has an arena of 9.

// RUN: serenity-opt %s --serenity-schedule --serenity-plan-arena="alignment=1" --remarks-filter=serenity 2> %t.err | FileCheck %s --check-prefix=ALONE
// RUN: FileCheck %s --check-prefix=ALONE-REMARK < %t.err
// RUN: serenity-opt %s --serenity-schedule --serenity-plan-arena="alignment=1 reorder=true report=%t.json" --remarks-filter=serenity 2> %t.err | FileCheck %s --check-prefix=REORDER
// RUN: FileCheck %s --check-prefix=REORDER-REMARK < %t.err
// RUN: FileCheck %s --check-prefix=REPORT < %t.json

// A capacity is then impossible only if it is for every order.
// RUN: %exits 1 serenity-opt %s --serenity-plan-arena="alignment=1 capacity=9" 2>&1 | FileCheck %s --check-prefix=THIS
// RUN: %exits 0 serenity-opt %s --serenity-plan-arena="alignment=1 capacity=9 reorder=true" -o /dev/null
// RUN: %exits 1 serenity-opt %s --serenity-plan-arena="alignment=1 capacity=8 reorder=true" 2>&1 | FileCheck %s --check-prefix=ANY
// THIS: error: capacity of 9 bytes is below the proven minimum of 10 bytes for this order
// ANY: error: capacity of 8 bytes is below the proven minimum of 9 bytes for any order
// ANY-NOT: note

// ALONE: serenity.arena_bytes = 10 : i64, serenity.arena_lower_bound_bytes = 10
// ALONE-NOT: serenity.source_index
// ALONE-REMARK: remark: [Missed] ArenaAbovePeak | Category:serenity:plan-arena | Function=main | AlignmentBytes=0, ArenaBytes=10, FragmentationBytes=1, PeakBytes=9, Reason="no offsets need less for this order", UnprovenBytes=0

// REORDER: serenity.arena_bytes = 9 : i64, serenity.arena_lower_bound_bytes = 9 {{.*}}serenity.lower_bound_bytes = 9 {{.*}}serenity.peak_bytes = 9 {{.*}}serenity.proven_optimal = true
// REORDER-DAG: serenity.node "6"{{.*}} serenity.source_index = 3
// REORDER-DAG: serenity.node "3"{{.*}} serenity.source_index = 5
// REORDER-REMARK: remark: [Passed] ArenaIsPeak | Category:serenity:plan-arena | Function=main | ArenaBytes=9, PeakBytes=9, Remark="no order and no offsets need less"

// REPORT: "any_order_lower_bound_bytes": 9,
// REPORT: "orders": {{[1-9]}}
// REPORT: "arena_bytes": 9,

func.func @main(%x: tensor<2xi8>) -> (tensor<4xi8>, tensor<1xi8>) {
  %0 = serenity.node "0"(%x) : (tensor<2xi8>) -> tensor<2xi8>
  %1 = serenity.node "1"(%0) : (tensor<2xi8>) -> tensor<4xi8>
  %2 = serenity.node "2"(%0, %1) : (tensor<2xi8>, tensor<4xi8>) -> tensor<1xi8>
  %6 = serenity.node "6"(%x) : (tensor<2xi8>) -> tensor<3xi8>
  %7 = serenity.node "7"(%x, %6) : (tensor<2xi8>, tensor<3xi8>) -> tensor<1xi8>
  %3 = serenity.node "3"(%x, %0, %2) : (tensor<2xi8>, tensor<2xi8>, tensor<1xi8>) -> tensor<2xi8>
  %4 = serenity.node "4"(%x, %0, %3) : (tensor<2xi8>, tensor<2xi8>, tensor<2xi8>) -> tensor<2xi8>
  %5 = serenity.node "5"(%x, %4) : (tensor<2xi8>, tensor<2xi8>) -> tensor<4xi8>
  return %5, %7 : tensor<4xi8>, tensor<1xi8>
}
