// RUN: serenity-opt %s -split-input-file --serenity-rewrite="kinds=kernelwise select=all" | FileCheck %s
// RUN: serenity-opt %s -split-input-file --serenity-rewrite="kinds=kernelwise,channelwise select=all" | FileCheck %s --check-prefix=BOTH

// Two output channels for each input channel; quantisation of each channel.

!x = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8:f32:3, {0.25, 0.125, 0.5, 1.0}>
!b = !quant.uniform<i32:f32:0, {0.125, 0.0625, 0.25, 0.5}>

// CHECK-LABEL: func.func @depthwise
// CHECK-DAG: %[[V:.*]] = serenity.weight dense<{{\[\[\[\[}}1, 2]]]]> : tensor<1x1x1x2xi8> as tensor<1x1x1x2x!quant.uniform<i8:f32:3, {2.500000e-01,1.250000e-01}>>
// CHECK-DAG: %[[B:.*]] = serenity.weight dense<[5, 6]> : tensor<2xi32> as tensor<2x!quant.uniform<i32:f32:0, {1.250000e-01,6.250000e-02}>>
// CHECK-DAG: %[[W:.*]] = serenity.weight dense<{{\[\[\[\[}}3, 4]]]]> : tensor<1x1x1x2xi8> as tensor<1x1x1x2x!quant.uniform<i8:f32:3, {5.000000e-01,1.000000e+00}>>
// CHECK-DAG: %[[C:.*]] = serenity.weight dense<[7, 8]> : tensor<2xi32> as tensor<2x!quant.uniform<i32:f32:0, {2.500000e-01,5.000000e-01}>>
// CHECK-DAG: %[[P:.*]] = serenity.depthwise_conv_2d %arg0, %[[V]] bias %[[B]] relu : {{.*}} -> tensor<1x2x2x2x
// CHECK-DAG: %[[Q:.*]] = serenity.depthwise_conv_2d %arg1, %[[W]] bias %[[C]] relu : {{.*}} -> tensor<1x2x2x2x
// CHECK: %[[CONCAT:.*]] = serenity.concat %[[P]], %[[Q]] axis 3
// CHECK-NEXT: return %[[CONCAT]]
func.func @depthwise(%x: tensor<1x2x2x1x!x>, %y: tensor<1x2x2x1x!x>) -> tensor<1x2x2x4x!x> {
  %w = serenity.weight dense<[[[[1, 2, 3, 4]]]]> : tensor<1x1x1x4xi8> as tensor<1x1x1x4x!w>
  %b = serenity.weight dense<[5, 6, 7, 8]> : tensor<4xi32> as tensor<4x!b>
  %0 = serenity.concat %x, %y axis 3 : (tensor<1x2x2x1x!x>, tensor<1x2x2x1x!x>) -> tensor<1x2x2x2x!x>
  %1 = serenity.depthwise_conv_2d %0, %w bias %b relu : (tensor<1x2x2x2x!x>, tensor<1x1x1x4x!w>, tensor<4x!b>) -> tensor<1x2x2x4x!x>
  return %1 : tensor<1x2x2x4x!x>
}

// -----

// CHECK-LABEL: func.func @pools
// CHECK-DAG: serenity.max_pool_2d %arg0 kernel [2, 2] stride [2, 2] : (tensor<1x4x4x1xf32>) -> tensor<1x2x2x1xf32>
// CHECK-DAG: serenity.max_pool_2d %arg1 kernel [2, 2] stride [2, 2] : (tensor<1x4x4x2xf32>) -> tensor<1x2x2x2xf32>
// CHECK-DAG: serenity.avg_pool_2d {{.*}} kernel [2, 2] relu : (tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32>
// CHECK-DAG: serenity.avg_pool_2d {{.*}} kernel [2, 2] relu : (tensor<1x2x2x2xf32>) -> tensor<1x1x1x2xf32>
// CHECK: serenity.concat
// CHECK-NEXT: return
func.func @pools(%x: tensor<1x4x4x1xf32>, %y: tensor<1x4x4x2xf32>) -> tensor<1x1x1x3xf32> {
  %0 = serenity.concat %x, %y axis 3 : (tensor<1x4x4x1xf32>, tensor<1x4x4x2xf32>) -> tensor<1x4x4x3xf32>
  %1 = serenity.max_pool_2d %0 kernel [2, 2] stride [2, 2] : (tensor<1x4x4x3xf32>) -> tensor<1x2x2x3xf32>
  %2 = serenity.avg_pool_2d %1 kernel [2, 2] relu : (tensor<1x2x2x3xf32>) -> tensor<1x1x1x3xf32>
  return %2 : tensor<1x1x1x3xf32>
}

// -----

// The concatenation goes if a pointwise convolution reads what is left of it.

// CHECK-LABEL: func.func @depthwise_then_pointwise
// CHECK: serenity.concat
// CHECK-NEXT: serenity.conv_2d
// BOTH-LABEL: func.func @depthwise_then_pointwise
// BOTH-NOT: serenity.concat
// BOTH-COUNT-2: serenity.depthwise_conv_2d
// BOTH-NOT: serenity.concat
// BOTH-COUNT-2: serenity.conv_2d
// BOTH-NEXT: serenity.sum
func.func @depthwise_then_pointwise(%x: tensor<1x4x4x1xf32>, %y: tensor<1x4x4x2xf32>) -> tensor<1x4x4x8xf32> {
  %w = serenity.weight : tensor<1x3x3x3xf32>
  %v = serenity.weight : tensor<8x1x1x3xf32>
  %0 = serenity.concat %x, %y axis 3 : (tensor<1x4x4x1xf32>, tensor<1x4x4x2xf32>) -> tensor<1x4x4x3xf32>
  %1 = serenity.depthwise_conv_2d %0, %w pad [1, 1, 1, 1] : (tensor<1x4x4x3xf32>, tensor<1x3x3x3xf32>) -> tensor<1x4x4x3xf32>
  %2 = serenity.conv_2d %1, %v : (tensor<1x4x4x3xf32>, tensor<8x1x1x3xf32>) -> tensor<1x4x4x8xf32>
  return %2 : tensor<1x4x4x8xf32>
}
