// RUN: serenity-opt %s -split-input-file --serenity-rewrite="kinds=channelwise select=all" | FileCheck %s

// Weights are sliced, the bias goes to the first part, the activation to the
// sum.

// CHECK-LABEL: func.func @conv
// CHECK-SAME: attributes {serenity.accumulator = "exact"}
// CHECK-NOT: serenity.concat
// CHECK-DAG: %[[BIAS:.*]] = serenity.weight dense<[1.000000e+00, 2.000000e+00]>
// CHECK-DAG: %[[V:.*]] = serenity.weight dense<{{\[\[\[\[}}1.000000e+00]]], {{\[\[\[}}4.000000e+00]]]]> : tensor<2x1x1x1xf32>
// CHECK-DAG: %[[W:.*]] = serenity.weight dense<{{\[\[\[\[}}2.000000e+00, 3.000000e+00]]], {{\[\[\[}}5.000000e+00, 6.000000e+00]]]]> : tensor<2x1x1x2xf32>
// CHECK-DAG: %[[P:.*]] = serenity.conv_2d %arg0, %[[V]] bias %[[BIAS]] stride [2, 2] :
// CHECK-DAG: %[[Q:.*]] = serenity.conv_2d %arg1, %[[W]] stride [2, 2] :
// CHECK: %[[SUM:.*]] = serenity.sum %[[P]], %[[Q]] accumulates relu6 :
// CHECK-NEXT: return %[[SUM]]
func.func @conv(%x: tensor<1x2x2x1xf32>, %y: tensor<1x2x2x2xf32>) -> tensor<1x1x1x2xf32> {
  %w = serenity.weight dense<[[[[1.0, 2.0, 3.0]]], [[[4.0, 5.0, 6.0]]]]> : tensor<2x1x1x3xf32>
  %b = serenity.weight dense<[1.0, 2.0]> : tensor<2xf32>
  %0 = serenity.concat %x, %y axis 3 : (tensor<1x2x2x1xf32>, tensor<1x2x2x2xf32>) -> tensor<1x2x2x3xf32>
  %1 = serenity.conv_2d %0, %w bias %b stride [2, 2] relu6 : (tensor<1x2x2x3xf32>, tensor<2x1x1x3xf32>, tensor<2xf32>) -> tensor<1x1x1x2xf32>
  return %1 : tensor<1x1x1x2xf32>
}

// -----

// Half precision, without contents, and a splat.

// CHECK-LABEL: func.func @half
// CHECK-DAG: serenity.weight : tensor<2x3x3x1xf16>
// CHECK-DAG: serenity.weight : tensor<2x3x3x2xf16>
// CHECK: serenity.sum {{.*}} accumulates : (tensor<1x4x4x2xf16>, tensor<1x4x4x2xf16>) -> tensor<1x4x4x2xf16>
// CHECK-DAG: serenity.weight dense<5.000000e-01> : tensor<4x2xf16>
// CHECK-DAG: serenity.weight dense<5.000000e-01> : tensor<4x1xf16>
// CHECK: serenity.sum {{.*}} accumulates tanh : (tensor<2x4xf16>, tensor<2x4xf16>) -> tensor<2x4xf16>
func.func @half(%x: tensor<1x4x4x1xf16>, %y: tensor<1x4x4x2xf16>, %u: tensor<2x2xf16>, %v: tensor<2x1xf16>) -> (tensor<1x4x4x2xf16>, tensor<2x4xf16>) {
  %w = serenity.weight : tensor<2x3x3x3xf16>
  %0 = serenity.concat %x, %y axis 3 : (tensor<1x4x4x1xf16>, tensor<1x4x4x2xf16>) -> tensor<1x4x4x3xf16>
  %1 = serenity.conv_2d %0, %w pad [1, 1, 1, 1] : (tensor<1x4x4x3xf16>, tensor<2x3x3x3xf16>) -> tensor<1x4x4x2xf16>
  %2 = serenity.concat %u, %v axis 1 : (tensor<2x2xf16>, tensor<2x1xf16>) -> tensor<2x3xf16>
  %3 = serenity.weight dense<0.5> : tensor<4x3xf16>
  %4 = serenity.fully_connected %2, %3 tanh : (tensor<2x3xf16>, tensor<4x3xf16>) -> tensor<2x4xf16>
  return %1, %4 : tensor<1x4x4x2xf16>, tensor<2x4xf16>
}

// -----

// Integers: partial results count in steps of the product of the scales, one
// for each filter; a clamp with the limits of the activation requantises.

!x = !quant.uniform<i8:f32, 0.5:-1>
!w = !quant.uniform<i8:f32:0, {0.25, 0.125}>
!b = !quant.uniform<i32:f32:0, {0.125, 0.0625}>
!y = !quant.uniform<i8:f32, 1.0:3>

// CHECK-LABEL: func.func @quantised
// CHECK: %[[B:.*]] = serenity.weight dense<[1, 2]> : tensor<2xi32> as
// CHECK: %[[V:.*]] = serenity.weight dense<{{\[\[\[\[}}1]]], {{\[\[\[}}-3]]]]> : tensor<2x1x1x1xi8> as
// CHECK: %[[P:.*]] = serenity.conv_2d %arg0, %[[V]] bias %[[B]] : ({{.*}}) -> tensor<1x2x2x2x!quant.uniform<i32:f32:3, {1.250000e-01,6.250000e-02}>>
// CHECK: %[[W:.*]] = serenity.weight dense<{{\[\[\[\[}}2]]], {{\[\[\[}}4]]]]> : tensor<2x1x1x1xi8> as
// CHECK: %[[Q:.*]] = serenity.conv_2d %arg1, %[[W]] : ({{.*}}) -> tensor<1x2x2x2x!quant.uniform<i32:f32:3, {1.250000e-01,6.250000e-02}>>
// CHECK: %[[SUM:.*]] = serenity.sum %[[P]], %[[Q]] accumulates :
// CHECK: serenity.clamp %[[SUM]] min 0.000000e+00 : (tensor<1x2x2x2x!quant.uniform<i32:f32:3, {1.250000e-01,6.250000e-02}>>) -> tensor<1x2x2x2x!quant.uniform<i8:f32, 1.000000e+00:3>>
func.func @quantised(%x: tensor<1x2x2x1x!x>, %y: tensor<1x2x2x1x!x>) -> tensor<1x2x2x2x!y> {
  %w = serenity.weight dense<[[[[1, 2]]], [[[-3, 4]]]]> : tensor<2x1x1x2xi8> as tensor<2x1x1x2x!w>
  %b = serenity.weight dense<[1, 2]> : tensor<2xi32> as tensor<2x!b>
  %0 = serenity.concat %x, %y axis 3 : (tensor<1x2x2x1x!x>, tensor<1x2x2x1x!x>) -> tensor<1x2x2x2x!x>
  %1 = serenity.conv_2d %0, %w bias %b relu : (tensor<1x2x2x2x!x>, tensor<2x1x1x2x!w>, tensor<2x!b>) -> tensor<1x2x2x2x!y>
  return %1 : tensor<1x2x2x2x!y>
}

// -----

// One scale for all filters. The payload is a resource.

!q = !quant.uniform<u8:f32, 0.5:128>

// CHECK-LABEL: func.func @resource
// CHECK: serenity.weight dense_resource<filter_0> : tensor<2x1xi8> as
// CHECK: serenity.fully_connected {{.*}} -> tensor<1x2x!quant.uniform<i32:f32, 2.500000e-01>>
// CHECK: serenity.weight dense_resource<filter_1> : tensor<2x2xi8> as
// CHECK: serenity.clamp
// CHECK-LABEL: {-#
// CHECK-DAG: filter_0: "0x010000000104"
// CHECK-DAG: filter_1: "0x0100000002030506"
func.func @resource(%x: tensor<1x1x!q>, %y: tensor<1x2x!q>) -> tensor<1x2x!q> {
  %w = serenity.weight dense_resource<filter> : tensor<2x3xi8> as tensor<2x3x!q>
  %0 = serenity.concat %x, %y axis 1 : (tensor<1x1x!q>, tensor<1x2x!q>) -> tensor<1x3x!q>
  %1 = serenity.fully_connected %0, %w : (tensor<1x3x!q>, tensor<2x3x!q>) -> tensor<1x2x!q>
  return %1 : tensor<1x2x!q>
}

{-#
  dialect_resources: {
    builtin: {
      filter: "0x01000000010203040506"
    }
  }
#-}

// -----

// Elementwise kernels and pads in between move to the pieces; a concatenation
// that something else reads stays.

// CHECK-LABEL: func.func @seen_through
// CHECK: %[[CONCAT:.*]] = serenity.concat %arg0, %arg1
// CHECK-DAG: %[[X:.*]] = serenity.clamp %arg0 min 0.000000e+00
// CHECK-DAG: %[[Y:.*]] = serenity.clamp %arg1 min 0.000000e+00
// CHECK-DAG: %[[PX:.*]] = serenity.pad %[[X]]
// CHECK-DAG: %[[PY:.*]] = serenity.pad %[[Y]]
// CHECK-DAG: serenity.conv_2d %[[PX]]
// CHECK-DAG: serenity.conv_2d %[[PY]]
// CHECK: serenity.sum
// CHECK: return %{{.*}}, %[[CONCAT]]
func.func @seen_through(%x: tensor<1x2x2x1xf32>, %y: tensor<1x2x2x2xf32>) -> (tensor<1x4x4x2xf32>, tensor<1x2x2x3xf32>) {
  %w = serenity.weight : tensor<2x1x1x3xf32>
  %0 = serenity.concat %x, %y axis 3 : (tensor<1x2x2x1xf32>, tensor<1x2x2x2xf32>) -> tensor<1x2x2x3xf32>
  %1 = serenity.clamp %0 min 0.0 : (tensor<1x2x2x3xf32>) -> tensor<1x2x2x3xf32>
  %2 = serenity.pad %1 low [0, 1, 1, 0] high [0, 1, 1, 0] : (tensor<1x2x2x3xf32>) -> tensor<1x4x4x3xf32>
  %3 = serenity.conv_2d %2, %w : (tensor<1x4x4x3xf32>, tensor<2x1x1x3xf32>) -> tensor<1x4x4x2xf32>
  return %3, %0 : tensor<1x4x4x2xf32>, tensor<1x2x2x3xf32>
}

// -----

// A concatenation inside another is opened, unless something else reads it.

// CHECK-LABEL: func.func @nested
// CHECK-NOT: serenity.concat
// CHECK-COUNT-3: serenity.conv_2d
// CHECK: serenity.concat
// CHECK-COUNT-2: serenity.conv_2d
func.func @nested(%x: tensor<1x2x2x1xf32>) -> (tensor<1x2x2x2xf32>, tensor<1x2x2x2xf32>, tensor<1x2x2x2xf32>) {
  %v = serenity.weight : tensor<2x1x1x3xf32>
  %0 = serenity.concat %x, %x axis 3 : (tensor<1x2x2x1xf32>, tensor<1x2x2x1xf32>) -> tensor<1x2x2x2xf32>
  %1 = serenity.concat %0, %x axis 3 : (tensor<1x2x2x2xf32>, tensor<1x2x2x1xf32>) -> tensor<1x2x2x3xf32>
  %2 = serenity.conv_2d %1, %v : (tensor<1x2x2x3xf32>, tensor<2x1x1x3xf32>) -> tensor<1x2x2x2xf32>
  %w = serenity.weight : tensor<2x1x1x3xf32>
  %3 = serenity.concat %x, %x axis 3 : (tensor<1x2x2x1xf32>, tensor<1x2x2x1xf32>) -> tensor<1x2x2x2xf32>
  %4 = serenity.concat %3, %x axis 3 : (tensor<1x2x2x2xf32>, tensor<1x2x2x1xf32>) -> tensor<1x2x2x3xf32>
  %5 = serenity.conv_2d %4, %w : (tensor<1x2x2x3xf32>, tensor<2x1x1x3xf32>) -> tensor<1x2x2x2xf32>
  return %2, %5, %3 : tensor<1x2x2x2xf32>, tensor<1x2x2x2xf32>, tensor<1x2x2x2xf32>
}
