// RUN: serenity-opt %s --serenity-schedule --split-input-file --allow-unregistered-dialect | FileCheck %s

// The two wide tensors are never alive together: 1024 + 2 x 16 bytes.

// CHECK-LABEL: func.func @two_branches
// CHECK-SAME:    serenity.concat_model = "copy"
// CHECK-SAME:    serenity.in_place = false
// CHECK-SAME:    serenity.lower_bound_bytes = 1056
// CHECK-SAME:    serenity.peak_bytes = 1056
// CHECK-SAME:    serenity.proven_optimal = true
// CHECK:         serenity.node "A"{{.*}}live_bytes = 1040
// CHECK-NEXT:    serenity.node "C"{{.*}}live_bytes = 1056
// CHECK-NEXT:    serenity.node "B"{{.*}}live_bytes = 1056
// CHECK-NEXT:    serenity.node "D"{{.*}}live_bytes = 1056
// CHECK-NEXT:    return
func.func @two_branches(%x: tensor<16xi8>) -> (tensor<16xi8>, tensor<16xi8>) {
  %0 = serenity.node "A"(%x) : (tensor<16xi8>) -> tensor<1024xi8>
  %1 = serenity.node "B"(%x) : (tensor<16xi8>) -> tensor<1024xi8>
  %2 = serenity.node "C"(%0) : (tensor<1024xi8>) -> tensor<16xi8>
  %3 = serenity.node "D"(%1) : (tensor<1024xi8>) -> tensor<16xi8>
  return %2, %3 : tensor<16xi8>, tensor<16xi8>
}

// -----

// Side effects keep their order, although the other one would need less.

// CHECK-LABEL: func.func @side_effects
// CHECK:         serenity.node "A"
// CHECK-NEXT:    serenity.node "B"
// CHECK-NEXT:    serenity.node "C"
// CHECK-NEXT:    serenity.node "D"
func.func @side_effects(%x: tensor<16xi8>) -> (tensor<16xi8>, tensor<16xi8>) {
  %0 = serenity.node "A"(%x) stateful : (tensor<16xi8>) -> tensor<1024xi8>
  %1 = serenity.node "B"(%x) stateful : (tensor<16xi8>) -> tensor<1024xi8>
  %2 = serenity.node "C"(%0) stateful : (tensor<1024xi8>) -> tensor<16xi8>
  %3 = serenity.node "D"(%1) stateful : (tensor<1024xi8>) -> tensor<16xi8>
  return %2, %3 : tensor<16xi8>, tensor<16xi8>
}

// -----

// An order that is already optimal is not touched.

// CHECK-LABEL: func.func @already_optimal
// CHECK:         serenity.node "A"
// CHECK-NEXT:    serenity.weight
// CHECK-NEXT:    serenity.node "B"
func.func @already_optimal(%x: tensor<16xi8>) -> tensor<16xi8> {
  %0 = serenity.node "A"(%x) : (tensor<16xi8>) -> tensor<1024xi8>
  %w = serenity.weight : tensor<16xi8>
  %1 = serenity.node "B"(%0, %w) : (tensor<1024xi8>, tensor<16xi8>) -> tensor<16xi8>
  return %1 : tensor<16xi8>
}

// -----

// Constants go to the front when operations move; they need no memory.

// CHECK-LABEL: func.func @constants_first
// CHECK:         serenity.weight
// CHECK-NEXT:    serenity.node "A"
// CHECK-NEXT:    serenity.node "C"
// CHECK-NEXT:    serenity.node "B"
// CHECK-NEXT:    serenity.node "D"
func.func @constants_first(%x: tensor<16xi8>) -> (tensor<16xi8>, tensor<16xi8>) {
  %0 = serenity.node "A"(%x) : (tensor<16xi8>) -> tensor<1024xi8>
  %1 = serenity.node "B"(%x) : (tensor<16xi8>) -> tensor<1024xi8>
  %w = serenity.weight : tensor<4096xi8>
  %2 = serenity.node "C"(%0, %w) : (tensor<1024xi8>, tensor<4096xi8>) -> tensor<16xi8>
  %3 = serenity.node "D"(%1) : (tensor<1024xi8>) -> tensor<16xi8>
  return %2, %3 : tensor<16xi8>, tensor<16xi8>
}

// -----

// Nobody knows what an unregistered operation does: it stays where it is
// relative to the others of its kind.

// CHECK-LABEL: func.func @unregistered
// CHECK:         "test.a"
// CHECK-NEXT:    "test.b"
// CHECK-NEXT:    "test.c"
// CHECK-NEXT:    "test.d"
func.func @unregistered(%x: tensor<16xi8>) -> (tensor<16xi8>, tensor<16xi8>) {
  %0 = "test.a"(%x) : (tensor<16xi8>) -> tensor<1024xi8>
  %1 = "test.b"(%x) : (tensor<16xi8>) -> tensor<1024xi8>
  %2 = "test.c"(%0) : (tensor<1024xi8>) -> tensor<16xi8>
  %3 = "test.d"(%1) : (tensor<1024xi8>) -> tensor<16xi8>
  return %2, %3 : tensor<16xi8>, tensor<16xi8>
}

// -----

// The scratch of a kernel counts while it runs: 100 + 16 + 16.

// CHECK-LABEL: func.func @scratch
// CHECK-SAME:    serenity.peak_bytes = 132
func.func @scratch(%x: tensor<16xi8>) -> tensor<16xi8> {
  %0 = serenity.node "A"(%x) scratch 100 : (tensor<16xi8>) -> tensor<16xi8>
  return %0 : tensor<16xi8>
}

// -----

// A declaration and a function without operations are no problem.

// CHECK-LABEL: func.func private @declared
// CHECK-NOT:     serenity.peak_bytes
// CHECK-LABEL: func.func @empty
// CHECK-SAME:    serenity.peak_bytes = 16
func.func private @declared(tensor<16xi8>)
func.func @empty(%x: tensor<16xi8>) -> tensor<16xi8> {
  return %x : tensor<16xi8>
}

// -----

// The wide tensor at the end decides the peak, 4096 + 16. The branches before it
// could do with less than they take in this order, but the peak could not.

// CHECK-LABEL: func.func @no_better_order
// CHECK-SAME:    serenity.peak_bytes = 4112
// CHECK:         serenity.node "A"
// CHECK-NEXT:    serenity.node "B"
// CHECK-NEXT:    serenity.node "C"
// CHECK-NEXT:    serenity.node "D"
// CHECK-NEXT:    serenity.node "E"
// CHECK-NEXT:    serenity.node "F"
func.func @no_better_order(%x: tensor<16xi8>) -> tensor<4096xi8> {
  %0 = serenity.node "A"(%x) : (tensor<16xi8>) -> tensor<1024xi8>
  %1 = serenity.node "B"(%x) : (tensor<16xi8>) -> tensor<1024xi8>
  %2 = serenity.node "C"(%0) : (tensor<1024xi8>) -> tensor<16xi8>
  %3 = serenity.node "D"(%1) : (tensor<1024xi8>) -> tensor<16xi8>
  %4 = serenity.node "E"(%2, %3) : (tensor<16xi8>, tensor<16xi8>) -> tensor<16xi8>
  %5 = serenity.node "F"(%4) : (tensor<16xi8>) -> tensor<4096xi8>
  return %5 : tensor<4096xi8>
}

// -----

// Functions in inner modules are scheduled as well; those without tensors need
// no activation memory and are left alone.

// CHECK-LABEL: func.func @inner
// CHECK-SAME:    serenity.peak_bytes = 32
// CHECK-LABEL: func.func @scalar(%{{.*}}: i32) -> i32 {
module @module {
  func.func @inner(%x: tensor<16xi8>) -> tensor<16xi8> {
    %0 = serenity.node "A"(%x) : (tensor<16xi8>) -> tensor<16xi8>
    return %0 : tensor<16xi8>
  }
}
func.func @scalar(%x: i32) -> i32 {
  return %x : i32
}
