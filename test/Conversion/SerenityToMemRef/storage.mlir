// Buffers are what the memory model says: allocations freed after their last
// use, parts of the buffer that values share, or places in the arena.

// RUN: serenity-opt %s --split-input-file --convert-serenity-to-memref --canonicalize | FileCheck %s

// The function owns its argument, the caller the result.

// CHECK-LABEL: func.func @chain(
// CHECK-SAME:    %[[X:.*]]: memref<4xf32>) -> memref<4xf32> {
// CHECK:         %[[FIRST:.*]] = memref.alloc() : memref<16xi8>
// CHECK:         memref.view %[[FIRST]][%c0][] : memref<16xi8> to memref<4xf32>
// CHECK:         memref.dealloc %[[X]]
// CHECK:         %[[SECOND:.*]] = memref.alloc() : memref<16xi8>
// CHECK:         %[[RESULT:.*]] = memref.view %[[SECOND]]
// CHECK:         memref.dealloc %[[FIRST]]
// CHECK-NOT:     memref.dealloc
// CHECK:         return %[[RESULT]]
func.func @chain(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = serenity.clamp %x min 0.0 : (tensor<4xf32>) -> tensor<4xf32>
  %1 = serenity.clamp %0 max 1.0 : (tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// -----

// An argument that nobody reads is freed at once, a result that nobody reads
// after the operation that writes it.

// CHECK-LABEL: func.func @unread(
// CHECK-SAME:    %[[X:.*]]: memref<4xf32>, %[[Y:.*]]: memref<4xf32>)
// CHECK:         memref.dealloc %[[Y]]
// CHECK-NOT:     vector.load
// CHECK:         %[[UNREAD:.*]] = memref.alloc() : memref<16xi8>
// CHECK:         memref.dealloc %[[UNREAD]]
// CHECK-NEXT:    return %[[X]]
func.func @unread(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %0 = serenity.clamp %x min 0.0 : (tensor<4xf32>) -> tensor<4xf32>
  return %x : tensor<4xf32>
}

// -----

// In place, one buffer is enough; the argument itself.

// CHECK-LABEL: func.func @in_place(
// CHECK-SAME:    %[[X:.*]]: memref<4xf32>)
// CHECK-NOT:     memref.alloc
// CHECK-NOT:     memref.dealloc
// CHECK:         return
func.func @in_place(%x: tensor<4xf32>) -> tensor<4xf32>
    attributes {serenity.in_place = true} {
  %0 = serenity.clamp %x min 0.0 : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// Slices are written where the concatenation wants them, and it copies only
// what is not one.

// CHECK-LABEL: func.func @slices(
// CHECK:         %[[BYTES:.*]] = memref.alloc() : memref<48xi8>
// CHECK:         memref.view %[[BYTES]][%c0]{{.*}} to memref<10xf32>
// CHECK:         strided<[6, 1]>
// CHECK-NOT:     memref.alloc
// CHECK:         memref.view %[[BYTES]][%c16]{{.*}} to memref<8xf32>
// CHECK:         strided<[6, 1]>
// CHECK-NOT:     memref.alloc
// CHECK:         return
func.func @slices(%x: tensor<2x4xf32>, %y: tensor<2x2xf32>) -> tensor<2x6xf32>
    attributes {serenity.concat_model = "slice"} {
  %0 = serenity.clamp %x min 0.0 : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %1 = serenity.clamp %y min 0.0 : (tensor<2x2xf32>) -> tensor<2x2xf32>
  %2 = serenity.concat %0, %1 axis 1 : (tensor<2x4xf32>, tensor<2x2xf32>) -> tensor<2x6xf32>
  return %2 : tensor<2x6xf32>
}

// -----

// With a plan, all memory is the caller's arena; another function says where
// in it the arguments belong.

// CHECK-LABEL: func.func @planned(
// CHECK-SAME:    %[[ARENA:.*]]: memref<32xi8>) -> memref<4xf32> {
// CHECK:         memref.view %[[ARENA]][%c0][]
// CHECK:         %[[RESULT:.*]] = memref.view %[[ARENA]][%c16][]
// CHECK:         return %[[RESULT]]
// CHECK-LABEL: func.func @planned_inputs(
// CHECK-SAME:    %[[ARENA:.*]]: memref<32xi8>) -> memref<4xf32> {
// CHECK:         %[[INPUT:.*]] = memref.view %[[ARENA]][%c0][]
// CHECK:         return %[[INPUT]]
// CHECK-NOT:     memref.alloc
func.func @planned(%x: tensor<4xf32> {serenity.offset = 0 : i64}) -> tensor<4xf32>
    attributes {serenity.arena_bytes = 32 : i64} {
  %0 = serenity.clamp %x min 0.0 {serenity.offset = array<i64: 16>} : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// Code of other dialects is left alone.

// CHECK-LABEL: func.func @lowered
// CHECK-NEXT:    return
func.func @lowered(%x: memref<4xf32>) {
  return
}
