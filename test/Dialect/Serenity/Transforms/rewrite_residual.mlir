// RUN: serenity-opt %s --serenity-rewrite="kinds=residual select=all" | FileCheck %s
// RUN: serenity-opt %s --serenity-rewrite="kinds=residual,channelwise select=all" | FileCheck %s --check-prefix=BOTH

// CHECK-LABEL: func.func @add
// CHECK: %[[P:.*]] = serenity.conv_2d %arg0
// CHECK: %[[Q:.*]] = serenity.depthwise_conv_2d %arg0
// CHECK: %[[SUM:.*]] = serenity.sum %[[P]], %[[Q]] accumulates relu
// CHECK-NEXT: return %[[SUM]]
func.func @add(%x: tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32> {
  %w = serenity.weight : tensor<8x1x1x8xf32>
  %v = serenity.weight : tensor<1x1x1x8xf32>
  %0 = serenity.conv_2d %x, %w : (tensor<1x4x4x8xf32>, tensor<8x1x1x8xf32>) -> tensor<1x4x4x8xf32>
  %1 = serenity.depthwise_conv_2d %x, %v : (tensor<1x4x4x8xf32>, tensor<1x1x1x8xf32>) -> tensor<1x4x4x8xf32>
  %2 = serenity.add %0, %1 relu : (tensor<1x4x4x8xf32>, tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32>
  return %2 : tensor<1x4x4x8xf32>
}

// A sum of sums: all partial results go to one buffer.

// CHECK-LABEL: func.func @nested
// CHECK: serenity.concat
// CHECK: serenity.sum {{.*}} accumulates
// BOTH-LABEL: func.func @nested
// BOTH-COUNT-3: serenity.conv_2d
// BOTH-NEXT: serenity.sum %{{[^,]*}}, %{{[^,]*}}, %{{[^,]*}} accumulates :
// BOTH-NEXT: return
func.func @nested(%x: tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32> {
  %w = serenity.weight : tensor<8x1x1x8xf32>
  %v = serenity.weight : tensor<8x1x1x16xf32>
  %0 = serenity.conv_2d %x, %w : (tensor<1x4x4x8xf32>, tensor<8x1x1x8xf32>) -> tensor<1x4x4x8xf32>
  %1 = serenity.concat %x, %x axis 3 : (tensor<1x4x4x8xf32>, tensor<1x4x4x8xf32>) -> tensor<1x4x4x16xf32>
  %2 = serenity.conv_2d %1, %v : (tensor<1x4x4x16xf32>, tensor<8x1x1x16xf32>) -> tensor<1x4x4x8xf32>
  %3 = serenity.sum %0, %2 : (tensor<1x4x4x8xf32>, tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32>
  return %3 : tensor<1x4x4x8xf32>
}
