// RUN: serenity-opt %s --canonicalize | FileCheck %s

//===----------------------------------------------------------------------===//
// slice
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func.func @identity_slice
// CHECK-NEXT: return %arg0
func.func @identity_slice(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = serenity.slice %x at [0, 0] : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @real_slice
// CHECK: serenity.slice
func.func @real_slice(%x: tensor<2x3xf32>) -> tensor<1x3xf32> {
  %0 = serenity.slice %x at [0, 0] : (tensor<2x3xf32>) -> tensor<1x3xf32>
  return %0 : tensor<1x3xf32>
}

// The elements mean something else afterwards.
// CHECK-LABEL: func.func @requantising_slice
// CHECK: serenity.slice
func.func @requantising_slice(%x: tensor<3x!quant.uniform<i8:f32, 1.0>>) -> tensor<3x!quant.uniform<i8:f32, 2.0>> {
  %0 = serenity.slice %x at [0] : (tensor<3x!quant.uniform<i8:f32, 1.0>>) -> tensor<3x!quant.uniform<i8:f32, 2.0>>
  return %0 : tensor<3x!quant.uniform<i8:f32, 2.0>>
}

//===----------------------------------------------------------------------===//
// split
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func.func @identity_split
// CHECK-NEXT: return %arg0
func.func @identity_split(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = serenity.split %x axis 1 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// One piece is the input, if the others are empty, but it is not alone.
// CHECK-LABEL: func.func @split_with_empty_piece
// CHECK: serenity.split
func.func @split_with_empty_piece(%x: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x0xf32>) {
  %0:2 = serenity.split %x axis 1 : (tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x0xf32>)
  return %0#0, %0#1 : tensor<2x3xf32>, tensor<2x0xf32>
}

// CHECK-LABEL: func.func @requantising_split
// CHECK: serenity.split
func.func @requantising_split(%x: tensor<3x!quant.uniform<u8:f32, 1.0>>) -> tensor<3x!quant.uniform<u8:f32, 2.0>> {
  %0 = serenity.split %x axis 0 : (tensor<3x!quant.uniform<u8:f32, 1.0>>) -> tensor<3x!quant.uniform<u8:f32, 2.0>>
  return %0 : tensor<3x!quant.uniform<u8:f32, 2.0>>
}

//===----------------------------------------------------------------------===//
// reshape
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func.func @identity_reshape
// CHECK-NEXT: return %arg0
func.func @identity_reshape(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = serenity.reshape %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @reshape_of_reshape
// CHECK-NEXT: %[[RESULT:.*]] = serenity.reshape %arg0 : (tensor<2x3xf32>) -> tensor<3x2xf32>
// CHECK-NEXT: return %[[RESULT]]
func.func @reshape_of_reshape(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
  %0 = serenity.reshape %x : (tensor<2x3xf32>) -> tensor<6xf32>
  %1 = serenity.reshape %0 : (tensor<6xf32>) -> tensor<3x2xf32>
  return %1 : tensor<3x2xf32>
}

// CHECK-LABEL: func.func @reshape_there_and_back
// CHECK-NEXT: return %arg0
func.func @reshape_there_and_back(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = serenity.reshape %x : (tensor<2x3xf32>) -> tensor<6xf32>
  %1 = serenity.reshape %0 : (tensor<6xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// With another reader the first reshape stays, and the input would only live
// for longer.
// CHECK-LABEL: func.func @reshape_read_twice
// CHECK: %[[FIRST:.*]] = serenity.reshape %arg0
// CHECK: serenity.reshape %[[FIRST]]
func.func @reshape_read_twice(%x: tensor<2x3xf32>) -> (tensor<6xf32>, tensor<3x2xf32>) {
  %0 = serenity.reshape %x : (tensor<2x3xf32>) -> tensor<6xf32>
  %1 = serenity.reshape %0 : (tensor<6xf32>) -> tensor<3x2xf32>
  return %0, %1 : tensor<6xf32>, tensor<3x2xf32>
}

// CHECK-LABEL: func.func @requantising_reshape
// CHECK: serenity.reshape
// CHECK: serenity.reshape
func.func @requantising_reshape(%x: tensor<4x!quant.uniform<i8:f32, 1.0>>) -> tensor<2x2x!quant.uniform<i8:f32, 1.0>> {
  %0 = serenity.reshape %x : (tensor<4x!quant.uniform<i8:f32, 1.0>>) -> tensor<4x!quant.uniform<i8:f32, 2.0>>
  %1 = serenity.reshape %0 : (tensor<4x!quant.uniform<i8:f32, 2.0>>) -> tensor<2x2x!quant.uniform<i8:f32, 1.0>>
  return %1 : tensor<2x2x!quant.uniform<i8:f32, 1.0>>
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func.func @sum_of_one
// CHECK-NEXT: return %arg0
func.func @sum_of_one(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = serenity.sum %x : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @limited_sum_of_one
// CHECK-NEXT: %[[CLAMP:.*]] = serenity.clamp %arg0 min 0.000000e+00 max 6.000000e+00 : (tensor<4xf32>) -> tensor<4xf32>
// CHECK-NEXT: return %[[CLAMP]]
func.func @limited_sum_of_one(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = serenity.sum %x relu6 : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// Another type is a requantisation.
// CHECK-LABEL: func.func @requantising_sum_of_one
// CHECK-NEXT: %[[CLAMP:.*]] = serenity.clamp %arg0 : (tensor<4x!quant.uniform<i32:f32, 2.500000e-01>>) -> tensor<4x!quant.uniform<i8:f32, 1.000000e+00>>
// CHECK-NEXT: return %[[CLAMP]]
func.func @requantising_sum_of_one(%x: tensor<4x!quant.uniform<i32:f32, 0.25>>) -> tensor<4x!quant.uniform<i8:f32, 1.0>> {
  %0 = serenity.sum %x : (tensor<4x!quant.uniform<i32:f32, 0.25>>) -> tensor<4x!quant.uniform<i8:f32, 1.0>>
  return %0 : tensor<4x!quant.uniform<i8:f32, 1.0>>
}

// A hyperbolic tangent is not limits.
// CHECK-LABEL: func.func @bent_sum_of_one
// CHECK-NEXT: serenity.sum %arg0 tanh
func.func @bent_sum_of_one(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = serenity.sum %x tanh : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

//===----------------------------------------------------------------------===//
// Concatenations
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func.func @concat_of_one
// CHECK-NEXT: return %arg0
func.func @concat_of_one(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = serenity.concat %x axis 0 : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @concat_of_concat
// CHECK-NEXT: %[[CONCAT:.*]] = serenity.concat %arg0, %arg1, %arg0 axis 0
// CHECK-NEXT: return %[[CONCAT]]
func.func @concat_of_concat(%x: tensor<4xf32>, %y: tensor<2xf32>) -> tensor<10xf32> {
  %0 = serenity.concat %x, %y axis 0 : (tensor<4xf32>, tensor<2xf32>) -> tensor<6xf32>
  %1 = serenity.concat %0, %x axis 0 : (tensor<6xf32>, tensor<4xf32>) -> tensor<10xf32>
  return %1 : tensor<10xf32>
}

// CHECK-LABEL: func.func @concat_along_another_axis
// CHECK-COUNT-2: serenity.concat
func.func @concat_along_another_axis(%x: tensor<1x4xf32>) -> tensor<2x8xf32> {
  %0 = serenity.concat %x, %x axis 0 : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<2x4xf32>
  %1 = serenity.concat %0, %0 axis 1 : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x8xf32>
  return %1 : tensor<2x8xf32>
}

// Something else reads the inner one, whose operands would live for longer.
// CHECK-LABEL: func.func @concat_read_twice
// CHECK-COUNT-2: serenity.concat
func.func @concat_read_twice(%x: tensor<4xf32>) -> (tensor<8xf32>, tensor<12xf32>) {
  %0 = serenity.concat %x, %x axis 0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<8xf32>
  %1 = serenity.concat %0, %x axis 0 : (tensor<8xf32>, tensor<4xf32>) -> tensor<12xf32>
  return %0, %1 : tensor<8xf32>, tensor<12xf32>
}

// The inner one changes the numbers of an operand.
// CHECK-LABEL: func.func @requantising_concat
// CHECK-COUNT-2: serenity.concat
func.func @requantising_concat(%x: tensor<4x!quant.uniform<i8:f32, 1.0>>) -> tensor<12x!quant.uniform<i8:f32, 1.0>> {
  %0 = serenity.concat %x, %x axis 0 : (tensor<4x!quant.uniform<i8:f32, 1.0>>, tensor<4x!quant.uniform<i8:f32, 1.0>>) -> tensor<8x!quant.uniform<i8:f32, 2.0>>
  %1 = serenity.concat %0, %x axis 0 : (tensor<8x!quant.uniform<i8:f32, 2.0>>, tensor<4x!quant.uniform<i8:f32, 1.0>>) -> tensor<12x!quant.uniform<i8:f32, 1.0>>
  return %1 : tensor<12x!quant.uniform<i8:f32, 1.0>>
}

// All slices of a tensor, and all results of a split.
// CHECK-LABEL: func.func @concat_of_slices
// CHECK-NEXT: return %arg0, %arg0
func.func @concat_of_slices(%x: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>) {
  %0 = serenity.slice %x at [0] : (tensor<8xf32>) -> tensor<3xf32>
  %1 = serenity.slice %x at [3] : (tensor<8xf32>) -> tensor<1xf32>
  %2 = serenity.slice %x at [4] : (tensor<8xf32>) -> tensor<4xf32>
  %3 = serenity.concat %0, %1, %2 axis 0 : (tensor<3xf32>, tensor<1xf32>, tensor<4xf32>) -> tensor<8xf32>
  %4:2 = serenity.split %x axis 0 : (tensor<8xf32>) -> (tensor<6xf32>, tensor<2xf32>)
  %5 = serenity.concat %4#0, %4#1 axis 0 : (tensor<6xf32>, tensor<2xf32>) -> tensor<8xf32>
  return %3, %5 : tensor<8xf32>, tensor<8xf32>
}

// CHECK-LABEL: func.func @concat_of_neighbours
// CHECK-NEXT: %[[SLICE:.*]] = serenity.slice %arg0 at [2] : (tensor<8xf32>) -> tensor<5xf32>
// CHECK-NEXT: serenity.concat %[[SLICE]], %arg1 axis 0
func.func @concat_of_neighbours(%x: tensor<8xf32>, %y: tensor<1xf32>) -> tensor<6xf32> {
  %0 = serenity.slice %x at [2] : (tensor<8xf32>) -> tensor<3xf32>
  %1 = serenity.slice %x at [5] : (tensor<8xf32>) -> tensor<2xf32>
  %2 = serenity.concat %0, %1, %y axis 0 : (tensor<3xf32>, tensor<2xf32>, tensor<1xf32>) -> tensor<6xf32>
  return %2 : tensor<6xf32>
}

// In the wrong order.
// CHECK-LABEL: func.func @concat_of_exchanged_parts
// CHECK-COUNT-2: serenity.slice
// CHECK: serenity.concat
// CHECK: serenity.split
// CHECK: serenity.concat
func.func @concat_of_exchanged_parts(%x: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>) {
  %0 = serenity.slice %x at [0] : (tensor<8xf32>) -> tensor<4xf32>
  %1 = serenity.slice %x at [4] : (tensor<8xf32>) -> tensor<4xf32>
  %2 = serenity.concat %1, %0 axis 0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<8xf32>
  %3:2 = serenity.split %x axis 0 : (tensor<8xf32>) -> (tensor<4xf32>, tensor<4xf32>)
  %4 = serenity.concat %3#1, %3#0 axis 0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<8xf32>
  return %2, %4 : tensor<8xf32>, tensor<8xf32>
}

//===----------------------------------------------------------------------===//
// Dead code
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func.func @dead
// CHECK-NEXT: return
func.func @dead(%x: tensor<1x8x8x4xf32>) {
  %0 = serenity.weight : tensor<8x1x1x4xf32>
  %1 = serenity.weight dense<0.0> : tensor<8xf32>
  %2 = serenity.conv_2d %x, %0 bias %1 : (tensor<1x8x8x4xf32>, tensor<8x1x1x4xf32>, tensor<8xf32>) -> tensor<1x8x8x8xf32>
  %3 = serenity.node "MEAN"(%2) : (tensor<1x8x8x8xf32>) -> tensor<1x8xf32>
  return
}

// State outlives the node.
// CHECK-LABEL: func.func @stateful
// CHECK-NEXT: serenity.node "ASSIGN"(%arg0) stateful
func.func @stateful(%x: tensor<4xf32>) {
  serenity.node "ASSIGN"(%x) stateful : (tensor<4xf32>) -> ()
  return
}
