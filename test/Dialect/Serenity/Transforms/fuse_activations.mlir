// RUN: serenity-opt %s --serenity-fuse-activations --mlir-print-local-scope --mlir-print-debuginfo | FileCheck %s

// CHECK-LABEL: func.func @limits
func.func @limits(%x: tensor<1x4x4x8xf32>, %w: tensor<8x1x1x8xf32>) -> tensor<1x4x4x8xf32> {
  // The operator that the kernel came from stays the first in its location.
  // CHECK-NEXT: serenity.conv_2d %{{.*}}, %{{.*}} relu : {{.*}} loc(fused[fused<#serenity.operator<3>>["conv"], fused<#serenity.operator<4>>["relu"]])
  %0 = serenity.conv_2d %x, %w : (tensor<1x4x4x8xf32>, tensor<8x1x1x8xf32>) -> tensor<1x4x4x8xf32> loc(fused<#serenity.operator<3>>["conv"])
  %1 = serenity.clamp %0 min 0.0 : (tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32> loc(fused<#serenity.operator<4>>["relu"])
  // CHECK-NEXT: serenity.add %{{.*}}, %{{.*}} relu6 :
  %2 = serenity.add %1, %x : (tensor<1x4x4x8xf32>, tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32>
  %3 = serenity.clamp %2 min 0.0 max 6.0 : (tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32>
  // CHECK-NEXT: serenity.max_pool_2d %{{.*}} kernel [1, 1] relu_n1_to_1 :
  %4 = serenity.max_pool_2d %3 kernel [1, 1] : (tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32>
  %5 = serenity.clamp %4 min -1.0 max 1.0 : (tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32>
  // CHECK-NEXT: return
  return %5 : tensor<1x4x4x8xf32>
}

// Nothing but these limits, and not if something else reads what is limited,
// if an activation is there already, or if the operation cannot have one.

// CHECK-LABEL: func.func @kept
func.func @kept(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  // CHECK-COUNT-5: serenity.clamp
  %0 = serenity.add %x, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = serenity.clamp %0 min 0.0 max 3.0 : (tensor<4xf32>) -> tensor<4xf32>
  %2 = serenity.add %x, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = serenity.clamp %2 min 0.0 : (tensor<4xf32>) -> tensor<4xf32>
  %4 = serenity.add %x, %x relu6 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %5 = serenity.clamp %4 min 0.0 : (tensor<4xf32>) -> tensor<4xf32>
  %6 = serenity.node "SIN"(%x) : (tensor<4xf32>) -> tensor<4xf32>
  %7 = serenity.clamp %6 min 0.0 : (tensor<4xf32>) -> tensor<4xf32>
  %8 = serenity.clamp %x min 0.0 : (tensor<4xf32>) -> tensor<4xf32>
  return %1, %2, %3, %5, %7 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// The limits would be those of another scale.

// CHECK-LABEL: func.func @requantised
func.func @requantised(%x: tensor<4x!quant.uniform<i8:f32, 0.5>>) -> tensor<4x!quant.uniform<i8:f32, 0.25>> {
  // CHECK: serenity.clamp
  %0 = serenity.add %x, %x : (tensor<4x!quant.uniform<i8:f32, 0.5>>, tensor<4x!quant.uniform<i8:f32, 0.5>>) -> tensor<4x!quant.uniform<i8:f32, 0.5>>
  %1 = serenity.clamp %0 min 0.0 : (tensor<4x!quant.uniform<i8:f32, 0.5>>) -> tensor<4x!quant.uniform<i8:f32, 0.25>>
  return %1 : tensor<4x!quant.uniform<i8:f32, 0.25>>
}
