// RUN: serenity-opt %s --serenity-plan-arena --split-input-file | FileCheck %s

// While B runs, 64 + 16 + 8 bytes are alive.

// CHECK-LABEL: func.func @chain
// CHECK-SAME:    %arg0: tensor<16xi8> {serenity.offset = 64 : i64}
// CHECK-SAME:    serenity.arena_bytes = 88 : i64, serenity.arena_lower_bound_bytes = 88 : i64}
// CHECK-NEXT:    serenity.node "A"{{.*}} {serenity.offset = array<i64: 0>}
// CHECK-NEXT:    serenity.node "B"{{.*}} {serenity.offset = array<i64: 64>, serenity.scratch_offset = 80 : i64}
func.func @chain(%x: tensor<16xi8>) -> tensor<16xi8> {
  %0 = serenity.node "A"(%x) : (tensor<16xi8>) -> tensor<64xi8>
  %1 = serenity.node "B"(%0) scratch 8 : (tensor<64xi8>) -> tensor<16xi8>
  return %1 : tensor<16xi8>
}

// -----

// Views and constants have no bytes of their own, and no offset: readers of the
// concatenation read its operands.

// CHECK-LABEL: func.func @view
// CHECK-NEXT:    serenity.weight : tensor<16xi8>
// CHECK-NEXT:    serenity.concat {{.*}} {serenity.offset = array<i64: -1>}
// CHECK-NEXT:    serenity.node "A"{{.*}} {serenity.offset = array<i64: 16, 32>}
func.func @view(%x: tensor<16xi8>) -> (tensor<16xi8>, tensor<8xi8>)
    attributes {serenity.concat_model = "view"} {
  %w = serenity.weight : tensor<16xi8>
  %0 = serenity.concat %x, %x axis 0 : (tensor<16xi8>, tensor<16xi8>) -> tensor<32xi8>
  %1:2 = serenity.node "A"(%0, %w) : (tensor<32xi8>, tensor<16xi8>) -> (tensor<16xi8>, tensor<8xi8>)
  return %1#0, %1#1 : tensor<16xi8>, tensor<8xi8>
}

// -----

// Slices are written where the result of the concatenation has them: columns 0
// to 2 and 3 to 7 of one buffer.

// CHECK-LABEL: func.func @slices
// CHECK-SAME:    %arg0: tensor<4xi8> {serenity.offset = 32 : i64}
// CHECK-SAME:    serenity.arena_bytes = 36
// CHECK-NEXT:    serenity.node "A"{{.*}} {serenity.offset = array<i64: 0>}
// CHECK-NEXT:    serenity.node "B"{{.*}} {serenity.offset = array<i64: 3>}
// CHECK-NEXT:    serenity.concat {{.*}} {serenity.offset = array<i64: 0>}
func.func @slices(%x: tensor<4xi8>) -> tensor<4x8xi8> attributes {serenity.concat_model = "slice"} {
  %0 = serenity.node "A"(%x) : (tensor<4xi8>) -> tensor<4x3xi8>
  %1 = serenity.node "B"(%x) : (tensor<4xi8>) -> tensor<4x5xi8>
  %2 = serenity.concat %0, %1 axis 1 : (tensor<4x3xi8>, tensor<4x5xi8>) -> tensor<4x8xi8>
  return %2 : tensor<4x8xi8>
}

// -----

// In place: the sum takes the place of an operand that dies, here the second.

// CHECK-LABEL: func.func @in_place
// CHECK-SAME:    serenity.arena_bytes = 32
// CHECK:         serenity.node "A"{{.*}} {serenity.offset = array<i64: [[PLACE:[0-9]+]]>}
// CHECK-NEXT:    serenity.add {{.*}} {serenity.offset = array<i64: [[PLACE]]>}
func.func @in_place(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) attributes {serenity.in_place = true} {
  %0 = serenity.node "A"(%x) : (tensor<4xf32>) -> tensor<4xf32>
  %1 = serenity.add %x, %0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %x, %1 : tensor<4xf32>, tensor<4xf32>
}

// -----

// Without operations there are still arguments, also one that nobody reads: the
// caller writes it somewhere.

// CHECK-LABEL: func.func @arguments
// CHECK-SAME:    %arg0: tensor<16xi8> {serenity.offset = 0 : i64}, %arg1: tensor<16xi8> {serenity.offset = 16 : i64}, %arg2: i32)
// CHECK-SAME:    serenity.arena_bytes = 32
func.func @arguments(%x: tensor<16xi8>, %unread: tensor<16xi8>, %n: i32) -> tensor<16xi8> {
  return %x : tensor<16xi8>
}

// -----

// The larger of the two branches needs 80 bytes of the scf.if's scratch, and
// their offsets count from there.

// CHECK-LABEL: func.func @regions
// CHECK-SAME:    %arg0: tensor<16xi8> {serenity.offset = 80 : i64}
// CHECK-SAME:    serenity.arena_bytes = 112
// CHECK:         scf.if
// CHECK-NEXT:      serenity.node "A"{{.*}} {serenity.offset = array<i64: 0>}
// CHECK-NEXT:      serenity.node "B"{{.*}} {serenity.offset = array<i64: 64>}
// CHECK:         else
// CHECK-NEXT:      serenity.node "C"{{.*}} {serenity.offset = array<i64: 0>}
// CHECK:         } {serenity.offset = array<i64: 96>, serenity.scratch_offset = 0 : i64}
func.func @regions(%x: tensor<16xi8>, %c: i1) -> tensor<16xi8> {
  %r = scf.if %c -> tensor<16xi8> {
    %0 = serenity.node "A"(%x) : (tensor<16xi8>) -> tensor<64xi8>
    %1 = serenity.node "B"(%0) : (tensor<64xi8>) -> tensor<16xi8>
    scf.yield %1 : tensor<16xi8>
  } else {
    %2 = serenity.node "C"(%x) : (tensor<16xi8>) -> tensor<16xi8>
    scf.yield %2 : tensor<16xi8>
  }
  return %r : tensor<16xi8>
}

// -----

// What an earlier plan said is forgotten, and a function without tensors is
// left alone.

// CHECK-LABEL: func.func @again
// CHECK-SAME:    %arg0: tensor<16xi8> {serenity.offset = 0 : i64}
// CHECK-SAME:    attributes {serenity.arena_bytes = 16 : i64, serenity.arena_lower_bound_bytes = 16 : i64}
// CHECK-NEXT:    serenity.weight : tensor<16xi8>
// CHECK-LABEL: func.func @scalar(%arg0: i32) -> i32 {
func.func @again(%x: tensor<16xi8> {serenity.offset = 64 : i64}) -> tensor<16xi8> attributes {
    serenity.arena_bytes = 99 : i64, serenity.arena_stopped_by = "node-limit", serenity.unmet_capacity_bytes = 1 : i64} {
  %w = serenity.weight {serenity.offset = array<i64: 5>} : tensor<16xi8>
  return %x : tensor<16xi8>
}
func.func @scalar(%x: i32) -> i32 {
  return %x : i32
}
