// RUN: serenity-opt %s --serenity-rewrite="kinds=elementwise select=all" | FileCheck %s

// Constants are sliced, repeated operands shared.

// CHECK-LABEL: func.func @constants
// CHECK-DAG: %[[ALL:.*]] = serenity.weight dense<2.000000e+00> : tensor<1xf32>
// CHECK-DAG: %[[B:.*]] = serenity.weight dense<1.000000e+00> : tensor<1xf32>
// CHECK-DAG: %[[C:.*]] = serenity.weight dense<[2.000000e+00, 3.000000e+00]> : tensor<2xf32>
// CHECK-DAG: %[[X:.*]] = serenity.add %arg0, %[[B]] relu : (tensor<1x2x2x1xf32>, tensor<1xf32>) -> tensor<1x2x2x1xf32>
// CHECK-DAG: %[[Y:.*]] = serenity.add %arg1, %[[C]] relu : (tensor<1x2x2x2xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
// CHECK-DAG: %[[P:.*]] = serenity.mul %[[ALL]], %[[X]]
// CHECK-DAG: %[[Q:.*]] = serenity.mul %[[ALL]], %[[Y]]
// CHECK: serenity.concat %[[P]], %[[Q]] axis 3
func.func @constants(%x: tensor<1x2x2x1xf32>, %y: tensor<1x2x2x2xf32>) -> tensor<1x2x2x3xf32> {
  %b = serenity.weight dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %s = serenity.weight dense<2.0> : tensor<1xf32>
  %0 = serenity.concat %x, %y axis 3 : (tensor<1x2x2x1xf32>, tensor<1x2x2x2xf32>) -> tensor<1x2x2x3xf32>
  %1 = serenity.add %0, %b relu : (tensor<1x2x2x3xf32>, tensor<3xf32>) -> tensor<1x2x2x3xf32>
  %2 = serenity.mul %s, %1 : (tensor<1xf32>, tensor<1x2x2x3xf32>) -> tensor<1x2x2x3xf32>
  return %2 : tensor<1x2x2x3xf32>
}

// Concatenations of the same pieces, along any dimension.

// CHECK-LABEL: func.func @pairs
// CHECK: %[[P:.*]] = serenity.sum %arg0, %arg1, %arg0 : (tensor<1x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
// CHECK: %[[Q:.*]] = serenity.sum %arg1, %arg1, %arg1
// CHECK: serenity.concat %[[P]], %[[Q]] axis 0
func.func @pairs(%x: tensor<1x4xf32>, %y: tensor<1x4xf32>) -> tensor<2x4xf32> {
  %0 = serenity.concat %x, %y axis 0 : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<2x4xf32>
  %1 = serenity.concat %y, %y axis 0 : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<2x4xf32>
  %2 = serenity.sum %0, %1, %0 : (tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  return %2 : tensor<2x4xf32>
}
