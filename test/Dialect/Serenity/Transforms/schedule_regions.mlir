// RUN: serenity-opt %s --serenity-schedule | FileCheck %s

// The branches of an scf.if are scheduled first; the larger of their peaks,
// 1056 bytes, is scratch of the scf.if: 16 for %x and 32 for its results.

// CHECK-LABEL: func.func @branches
// CHECK-SAME:    serenity.peak_bytes = 1104
// CHECK:         scf.if
// CHECK:           serenity.node "A"
// CHECK-NEXT:      serenity.node "C"
// CHECK-NEXT:      serenity.node "B"
// CHECK-NEXT:      serenity.node "D"
// CHECK:         else
// CHECK:           serenity.node "E"
func.func @branches(%x: tensor<16xi8>, %c: i1) -> (tensor<16xi8>, tensor<16xi8>) {
  %r:2 = scf.if %c -> (tensor<16xi8>, tensor<16xi8>) {
    %0 = serenity.node "A"(%x) : (tensor<16xi8>) -> tensor<1024xi8>
    %1 = serenity.node "B"(%x) : (tensor<16xi8>) -> tensor<1024xi8>
    %2 = serenity.node "C"(%0) : (tensor<1024xi8>) -> tensor<16xi8>
    %3 = serenity.node "D"(%1) : (tensor<1024xi8>) -> tensor<16xi8>
    scf.yield %2, %3 : tensor<16xi8>, tensor<16xi8>
  } else {
    %4 = serenity.node "E"(%x) : (tensor<16xi8>) -> tensor<16xi8>
    scf.yield %4, %4 : tensor<16xi8>, tensor<16xi8>
  }
  return %r#0, %r#1 : tensor<16xi8>, tensor<16xi8>
}

// What a region captures is alive while the operation runs: %wide waits for
// the scf.if, although no operand names it.

// CHECK-LABEL: func.func @captured
// CHECK-SAME:    serenity.peak_bytes = 1072
func.func @captured(%x: tensor<16xi8>, %c: i1) -> tensor<16xi8> {
  %wide = serenity.node "A"(%x) : (tensor<16xi8>) -> tensor<1024xi8>
  %r = scf.if %c -> tensor<16xi8> {
    %0 = serenity.node "B"(%wide) : (tensor<1024xi8>) -> tensor<16xi8>
    scf.yield %0 : tensor<16xi8>
  } else {
    scf.yield %x : tensor<16xi8>
  }
  return %r : tensor<16xi8>
}
