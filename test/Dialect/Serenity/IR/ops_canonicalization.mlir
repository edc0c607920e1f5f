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
