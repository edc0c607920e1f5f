// Every operation in every form, printed, parsed and printed again; also by way
// of the generic form and of bytecode.

// RUN: serenity-opt %s | serenity-opt | FileCheck %s
// RUN: serenity-opt %s --mlir-print-op-generic | serenity-opt | FileCheck %s
// RUN: serenity-opt %s --emit-bytecode | serenity-opt | FileCheck %s

// CHECK-LABEL: func.func @weight
func.func @weight() {
  // CHECK-NEXT: %weight = serenity.weight : tensor<16x3x3x8xf32>
  %0 = serenity.weight : tensor<16x3x3x8xf32>
  // CHECK-NEXT: serenity.weight dense<[5.000000e-01, -5.000000e-01]> : tensor<2xf32>
  %1 = serenity.weight dense<[0.5, -0.5]> : tensor<2xf32>
  // CHECK-NEXT: serenity.weight {name = "w"} dense<3> : tensor<4xi32>
  %2 = serenity.weight {name = "w"} dense<3> : tensor<4xi32>
  // CHECK-NEXT: serenity.weight dense<1> : tensor<4xi8> as tensor<4x!quant.uniform<i8:f32, 1.000000e-01>>
  %3 = serenity.weight dense<1> : tensor<4xi8> as tensor<4x!quant.uniform<i8:f32, 0.1>>
  // CHECK-NEXT: serenity.weight dense_resource<payload> : tensor<4xui8>
  %4 = serenity.weight dense_resource<payload> : tensor<4xui8>
  // A resource may be absent.
  // CHECK-NEXT: serenity.weight dense_resource<elided> : tensor<4xui8>
  %6 = serenity.weight dense_resource<elided> : tensor<4xui8>
  // CHECK-NEXT: serenity.weight : tensor<2x2x!quant.uniform<i8:f32:1, {1.000000e+00,2.000000e+00}>>
  %5 = serenity.weight : tensor<2x2x!quant.uniform<i8:f32:1, {1.0, 2.0}>>
  return
}

// CHECK-LABEL: func.func @node
func.func @node(%x: tensor<1x7x7x8xf32>) {
  // CHECK-NEXT: %node = serenity.node "MEAN"(%arg0) : (tensor<1x7x7x8xf32>) -> tensor<1x8xf32>
  %0 = serenity.node "MEAN"(%x) : (tensor<1x7x7x8xf32>) -> tensor<1x8xf32>
  // CHECK-NEXT: serenity.node "SVDF"(%node) scratch 128 stateful {rank = 2 : i64} : (tensor<1x8xf32>) -> tensor<1x4xf32>
  %1 = serenity.node "SVDF"(%0) scratch 128 stateful {rank = 2} : (tensor<1x8xf32>) -> tensor<1x4xf32>
  // CHECK-NEXT: %{{.*}}:2 = serenity.node "UNPACK"(%{{.*}}) stateful : (tensor<1x4xf32>) -> (tensor<2xf32>, tensor<2xf32>)
  %2:2 = serenity.node "UNPACK"(%1) stateful : (tensor<1x4xf32>) -> (tensor<2xf32>, tensor<2xf32>)
  // CHECK-NEXT: serenity.node "ASSIGN"() : () -> ()
  serenity.node "ASSIGN"() : () -> ()
  return
}

// CHECK-LABEL: func.func @conv_2d
func.func @conv_2d(%x: tensor<1x8x8x4xf32>, %w: tensor<16x3x3x4xf32>,
    %b: tensor<16xf32>, %acc: tensor<1x6x6x16xf32>, %grouped: tensor<16x3x3x2xf32>) {
  // CHECK-NEXT: serenity.conv_2d %arg0, %arg1 : (tensor<1x8x8x4xf32>, tensor<16x3x3x4xf32>) -> tensor<1x6x6x16xf32>
  %0 = serenity.conv_2d %x, %w : (tensor<1x8x8x4xf32>, tensor<16x3x3x4xf32>) -> tensor<1x6x6x16xf32>
  // CHECK-NEXT: serenity.conv_2d %arg0, %arg1 bias %arg2 stride [2, 2] pad [0, 1, 0, 1] relu6 : (tensor<1x8x8x4xf32>, tensor<16x3x3x4xf32>, tensor<16xf32>) -> tensor<1x4x4x16xf32>
  %1 = serenity.conv_2d %x, %w bias %b stride [2, 2] pad [0, 1, 0, 1] relu6 : (tensor<1x8x8x4xf32>, tensor<16x3x3x4xf32>, tensor<16xf32>) -> tensor<1x4x4x16xf32>
  // CHECK-NEXT: serenity.conv_2d %arg0, %arg1 accumulate %arg3 {tag} : (tensor<1x8x8x4xf32>, tensor<16x3x3x4xf32>, tensor<1x6x6x16xf32>) -> tensor<1x6x6x16xf32>
  %2 = serenity.conv_2d %x, %w accumulate %acc {tag} : (tensor<1x8x8x4xf32>, tensor<16x3x3x4xf32>, tensor<1x6x6x16xf32>) -> tensor<1x6x6x16xf32>
  // CHECK-NEXT: serenity.conv_2d %arg0, %arg4 bias %arg2 accumulate %arg3 pad [1, 1, 1, 1] dilation [2, 2] groups 2 relu : (tensor<1x8x8x4xf32>, tensor<16x3x3x2xf32>, tensor<16xf32>, tensor<1x6x6x16xf32>) -> tensor<1x6x6x16xf32>
  %3 = serenity.conv_2d %x, %grouped bias %b accumulate %acc pad [1, 1, 1, 1] dilation [2, 2] groups 2 relu : (tensor<1x8x8x4xf32>, tensor<16x3x3x2xf32>, tensor<16xf32>, tensor<1x6x6x16xf32>) -> tensor<1x6x6x16xf32>
  // Defaults are not printed.
  // CHECK-NEXT: serenity.conv_2d %arg0, %arg1 : (
  %4 = serenity.conv_2d %x, %w stride [1, 1] pad [0, 0, 0, 0] dilation [1, 1] groups 1 none : (tensor<1x8x8x4xf32>, tensor<16x3x3x4xf32>) -> tensor<1x6x6x16xf32>
  return
}

// CHECK-LABEL: func.func @depthwise_conv_2d
func.func @depthwise_conv_2d(%x: tensor<1x8x8x4xf32>, %w: tensor<1x3x3x8xf32>,
    %b: tensor<8xf32>, %acc: tensor<1x8x8x8xf32>) {
  // CHECK-NEXT: serenity.depthwise_conv_2d %arg0, %arg1 : (tensor<1x8x8x4xf32>, tensor<1x3x3x8xf32>) -> tensor<1x6x6x8xf32>
  %0 = serenity.depthwise_conv_2d %x, %w : (tensor<1x8x8x4xf32>, tensor<1x3x3x8xf32>) -> tensor<1x6x6x8xf32>
  // CHECK-NEXT: serenity.depthwise_conv_2d %arg0, %arg1 bias %arg2 stride [2, 2] pad [0, 1, 0, 1] tanh : (tensor<1x8x8x4xf32>, tensor<1x3x3x8xf32>, tensor<8xf32>) -> tensor<1x4x4x8xf32>
  %1 = serenity.depthwise_conv_2d %x, %w bias %b stride [2, 2] pad [0, 1, 0, 1] tanh : (tensor<1x8x8x4xf32>, tensor<1x3x3x8xf32>, tensor<8xf32>) -> tensor<1x4x4x8xf32>
  // CHECK-NEXT: serenity.depthwise_conv_2d %arg0, %arg1 bias %arg2 accumulate %arg3 pad [2, 2, 2, 2] dilation [2, 2] relu_n1_to_1 : (tensor<1x8x8x4xf32>, tensor<1x3x3x8xf32>, tensor<8xf32>, tensor<1x8x8x8xf32>) -> tensor<1x8x8x8xf32>
  %2 = serenity.depthwise_conv_2d %x, %w bias %b accumulate %acc pad [2, 2, 2, 2] dilation [2, 2] relu_n1_to_1 : (tensor<1x8x8x4xf32>, tensor<1x3x3x8xf32>, tensor<8xf32>, tensor<1x8x8x8xf32>) -> tensor<1x8x8x8xf32>
  return
}

// CHECK-LABEL: func.func @fully_connected
func.func @fully_connected(%x: tensor<1x64xf32>, %w: tensor<10x64xf32>,
    %b: tensor<10xf32>, %acc: tensor<1x10xf32>) {
  // CHECK-NEXT: serenity.fully_connected %arg0, %arg1 : (tensor<1x64xf32>, tensor<10x64xf32>) -> tensor<1x10xf32>
  %0 = serenity.fully_connected %x, %w : (tensor<1x64xf32>, tensor<10x64xf32>) -> tensor<1x10xf32>
  // CHECK-NEXT: serenity.fully_connected %arg0, %arg1 bias %arg2 accumulate %arg3 relu : (tensor<1x64xf32>, tensor<10x64xf32>, tensor<10xf32>, tensor<1x10xf32>) -> tensor<1x10xf32>
  %1 = serenity.fully_connected %x, %w bias %b accumulate %acc relu : (tensor<1x64xf32>, tensor<10x64xf32>, tensor<10xf32>, tensor<1x10xf32>) -> tensor<1x10xf32>
  return
}

// CHECK-LABEL: func.func @pool_2d
func.func @pool_2d(%x: tensor<1x8x8x4xf32>) {
  // CHECK-NEXT: serenity.max_pool_2d %arg0 kernel [3, 3] stride [2, 2] pad [0, 1, 0, 1] relu : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32>
  %0 = serenity.max_pool_2d %x kernel [3, 3] stride [2, 2] pad [0, 1, 0, 1] relu : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32>
  // CHECK-NEXT: serenity.avg_pool_2d %arg0 kernel [8, 8] : (tensor<1x8x8x4xf32>) -> tensor<1x1x1x4xf32>
  %1 = serenity.avg_pool_2d %x kernel [8, 8] : (tensor<1x8x8x4xf32>) -> tensor<1x1x1x4xf32>
  return
}

// CHECK-LABEL: func.func @elementwise
func.func @elementwise(%x: tensor<1x2x2x4xf32>, %y: tensor<4xf32>) {
  // CHECK-NEXT: %add = serenity.add %arg0, %arg1 relu : (tensor<1x2x2x4xf32>, tensor<4xf32>) -> tensor<1x2x2x4xf32>
  %0 = serenity.add %x, %y relu : (tensor<1x2x2x4xf32>, tensor<4xf32>) -> tensor<1x2x2x4xf32>
  // CHECK-NEXT: %mul = serenity.mul %arg0, %add : (tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>) -> tensor<1x2x2x4xf32>
  %1 = serenity.mul %x, %0 : (tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>) -> tensor<1x2x2x4xf32>
  // CHECK-NEXT: %sum = serenity.sum %arg0, %add, %mul relu6 : (tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>) -> tensor<1x2x2x4xf32>
  %2 = serenity.sum %x, %0, %1 relu6 : (tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>) -> tensor<1x2x2x4xf32>
  // CHECK-NEXT: serenity.sum %arg0, %add accumulates relu : (tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>) -> tensor<1x2x2x4xf32>
  %accumulated = serenity.sum %x, %0 accumulates relu : (tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>) -> tensor<1x2x2x4xf32>
  // CHECK-NEXT: serenity.sum %sum : (tensor<1x2x2x4xf32>) -> tensor<1x2x2x4xf32>
  %3 = serenity.sum %2 : (tensor<1x2x2x4xf32>) -> tensor<1x2x2x4xf32>
  // CHECK-NEXT: serenity.clamp %arg1 min 0.000000e+00 : (tensor<4xf32>) -> tensor<4xf32>
  %4 = serenity.clamp %y min 0.0 : (tensor<4xf32>) -> tensor<4xf32>
  // CHECK-NEXT: serenity.clamp %arg1 max 6.000000e+00 : (tensor<4xf32>) -> tensor<4xf32>
  %5 = serenity.clamp %y max 6.0 : (tensor<4xf32>) -> tensor<4xf32>
  // CHECK-NEXT: serenity.clamp %arg1 min -1.000000e+00 max 1.000000e+00 {tag} : (tensor<4xf32>) -> tensor<4xf32>
  %6 = serenity.clamp %y min -1.0 max 1.0 {tag} : (tensor<4xf32>) -> tensor<4xf32>
  // CHECK-NEXT: serenity.clamp %arg1 : (tensor<4xf32>) -> tensor<4xf32>
  %7 = serenity.clamp %y : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// CHECK-LABEL: func.func @softmax
func.func @softmax(%x: tensor<1x10xf32>) {
  // CHECK-NEXT: serenity.softmax %arg0 : (tensor<1x10xf32>) -> tensor<1x10xf32>
  %0 = serenity.softmax %x : (tensor<1x10xf32>) -> tensor<1x10xf32>
  // CHECK-NEXT: serenity.softmax %arg0 beta 2.000000e+00 : (tensor<1x10xf32>) -> tensor<1x10xf32>
  %1 = serenity.softmax %x beta 2.0 : (tensor<1x10xf32>) -> tensor<1x10xf32>
  return
}

// CHECK-LABEL: func.func @move
func.func @move(%x: tensor<2x6xi1>, %y: tensor<2x2xi1>, %z: tensor<2x6xf32>) {
  // CHECK-NEXT: %concat = serenity.concat %arg0, %arg1 axis 1 : (tensor<2x6xi1>, tensor<2x2xi1>) -> tensor<2x8xi1>
  %0 = serenity.concat %x, %y axis 1 : (tensor<2x6xi1>, tensor<2x2xi1>) -> tensor<2x8xi1>
  // CHECK-NEXT: %split:2 = serenity.split %concat axis 1 : (tensor<2x8xi1>) -> (tensor<2x3xi1>, tensor<2x5xi1>)
  %1:2 = serenity.split %0 axis 1 : (tensor<2x8xi1>) -> (tensor<2x3xi1>, tensor<2x5xi1>)
  // CHECK-NEXT: serenity.split %split#0 axis 0 : (tensor<2x3xi1>) -> tensor<2x3xi1>
  %2 = serenity.split %1#0 axis 0 : (tensor<2x3xi1>) -> tensor<2x3xi1>
  // CHECK-NEXT: serenity.slice %arg0 at [1, 2] : (tensor<2x6xi1>) -> tensor<1x3xi1>
  %3 = serenity.slice %x at [1, 2] : (tensor<2x6xi1>) -> tensor<1x3xi1>
  // CHECK-NEXT: serenity.pad %arg2 low [0, 1] high [1, 0] : (tensor<2x6xf32>) -> tensor<3x7xf32>
  %4 = serenity.pad %z low [0, 1] high [1, 0] : (tensor<2x6xf32>) -> tensor<3x7xf32>
  // CHECK-NEXT: serenity.pad %arg2 low [0, 0] high [0, 2] value 1.000000e+00 : (tensor<2x6xf32>) -> tensor<2x8xf32>
  %5 = serenity.pad %z low [0, 0] high [0, 2] value 1.0 : (tensor<2x6xf32>) -> tensor<2x8xf32>
  // CHECK-NEXT: serenity.reshape %arg2 : (tensor<2x6xf32>) -> tensor<12xf32>
  %6 = serenity.reshape %z : (tensor<2x6xf32>) -> tensor<12xf32>
  // A scalar has no offsets.
  %7 = serenity.weight : tensor<f32>
  // CHECK: serenity.slice %{{.*}} at [] : (tensor<f32>) -> tensor<f32>
  %8 = serenity.slice %7 at [] : (tensor<f32>) -> tensor<f32>
  return
}

// CHECK-LABEL: func.func @attributes
// CHECK-SAME: attributes {serenity.concat_model = "copy", serenity.peak_bytes = 64 : i64, serenity.proven_optimal = true}
func.func @attributes(%x: tensor<16xi8>) -> tensor<16xi8> attributes {
    serenity.peak_bytes = 64 : i64, serenity.proven_optimal = true, serenity.concat_model = "copy"} {
  // CHECK: serenity.reshape %{{.*}} {serenity.live_bytes = 32 : i64, serenity.offset = array<i64: 16>}
  %0 = serenity.reshape %x {serenity.offset = array<i64: 16>, serenity.live_bytes = 32 : i64} : (tensor<16xi8>) -> tensor<16xi8>
  return %0 : tensor<16xi8>
}

{-#
  dialect_resources: { builtin: { payload: "0x0400000001020304" } }
#-}
