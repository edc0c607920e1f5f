// The stock mlir-opt schedules a function of TOSA operations, which computes
// what it did before when upstream's own passes lower it.

// REQUIRES: plugin

// DEFINE: %{opt} = mlir-opt %s --load-dialect-plugin=%serenity_plugin \
// DEFINE:   --load-pass-plugin=%serenity_plugin
// DEFINE: %{lower} = mlir-opt --pass-pipeline='builtin.module(func.func(tosa-to-linalg-named,tosa-to-linalg,tosa-to-arith,tosa-to-tensor),empty-tensor-to-alloc-tensor,one-shot-bufferize{bufferize-function-boundaries},convert-linalg-to-loops,expand-strided-metadata,lower-affine,convert-scf-to-cf,convert-to-llvm,reconcile-unrealized-casts)'
// DEFINE: %{run} = mlir-runner --entry-point-result=void \
// DEFINE:   --shared-libs=%mlir_runner_utils,%mlir_c_runner_utils

// RUN: %{opt} --pass-pipeline='builtin.module(serenity-schedule)' \
// RUN:   -o %t.scheduled.mlir
// RUN: FileCheck %s --input-file=%t.scheduled.mlir
// RUN: %{opt} --pass-pipeline='builtin.module(serenity-schedule{strategy=source})' \
// RUN:   | FileCheck %s --check-prefix=SOURCE

// The first line printed has an address.
// RUN: %{lower} %s | %{run} | tail -n +2 > %t.before
// RUN: %{lower} %t.scheduled.mlir | %{run} | tail -n +2 > %t.after
// RUN: FileCheck %s --check-prefix=VALUES --input-file=%t.before
// RUN: diff %t.before %t.after

// A branch is a wide tensor of 512 bytes and a narrow one of 128. The source
// holds the three wide ones at once, 128 + 3 * 512 = 1664 bytes with the input.
// One branch after the other, the peak is where the second one ends: the input,
// which the third wants, the first narrow tensor, and both of the second,
// 128 + 128 + 512 + 128 = 896.
// SOURCE: func.func @network
// SOURCE-SAME: serenity.peak_bytes = 1664
// CHECK: func.func @network
// CHECK-SAME: serenity.peak_bytes = 896
// CHECK-SAME: serenity.proven_optimal = true
// CHECK: [[A:%.+]] = tosa.conv2d %arg0
// CHECK-NEXT: tosa.depthwise_conv2d [[A]]
// CHECK-NEXT: [[B:%.+]] = tosa.conv2d %arg0
// CHECK-NEXT: tosa.depthwise_conv2d [[B]]
// CHECK-NEXT: [[C:%.+]] = tosa.conv2d %arg0
// CHECK-NEXT: tosa.depthwise_conv2d [[C]]
// CHECK-NEXT: tosa.concat
// CHECK: tosa.conv2d
// CHECK: tosa.add
func.func @network(%input: tensor<1x4x4x2xf32>) -> tensor<1x2x2x8xf32> {
  %zero = "tosa.const"() {values = dense<0.0> : tensor<1xf32>}
      : () -> tensor<1xf32>
  %bias = "tosa.const"() {values = dense<[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]> : tensor<8xf32>}
      : () -> tensor<8xf32>
  %point = "tosa.const"() {values = dense<[[[[1.0, -1.0]]], [[[-3.0, 4.0]]], [[[2.0, 0.0]]], [[[-2.0, -4.0]]],
                                           [[[3.0, 1.0]]], [[[-1.0, -3.0]]], [[[4.0, 2.0]]], [[[0.0, -2.0]]]]>
                              : tensor<8x1x1x2xf32>}
      : () -> tensor<8x1x1x2xf32>
  %twice = "tosa.const"() {values = dense<2.0> : tensor<8x1x1x2xf32>}
      : () -> tensor<8x1x1x2xf32>
  %thrice = "tosa.const"() {values = dense<-3.0> : tensor<8x1x1x2xf32>}
      : () -> tensor<8x1x1x2xf32>
  %depth = "tosa.const"() {values = dense<[[[[1.0], [2.0], [3.0], [4.0], [1.0], [2.0], [3.0], [4.0]],
                                            [[1.0], [1.0], [1.0], [1.0], [2.0], [2.0], [2.0], [2.0]]],
                                           [[[0.0], [1.0], [0.0], [1.0], [0.0], [1.0], [0.0], [1.0]],
                                            [[3.0], [3.0], [3.0], [3.0], [1.0], [1.0], [1.0], [1.0]]]]>
                              : tensor<2x2x8x1xf32>}
      : () -> tensor<2x2x8x1xf32>
  %merge = "tosa.const"() {values = dense<1.0> : tensor<8x1x1x24xf32>}
      : () -> tensor<8x1x1x24xf32>
  %wide_a = tosa.conv2d %input, %point, %bias, %zero, %zero
      {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>}
      : (tensor<1x4x4x2xf32>, tensor<8x1x1x2xf32>, tensor<8xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x8xf32>
  %wide_b = tosa.conv2d %input, %twice, %bias, %zero, %zero
      {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>}
      : (tensor<1x4x4x2xf32>, tensor<8x1x1x2xf32>, tensor<8xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x8xf32>
  %wide_c = tosa.conv2d %input, %thrice, %bias, %zero, %zero
      {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>}
      : (tensor<1x4x4x2xf32>, tensor<8x1x1x2xf32>, tensor<8xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x8xf32>
  %narrow_a = tosa.depthwise_conv2d %wide_a, %depth, %bias, %zero, %zero
      {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>}
      : (tensor<1x4x4x8xf32>, tensor<2x2x8x1xf32>, tensor<8xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x8xf32>
  %narrow_b = tosa.depthwise_conv2d %wide_b, %depth, %bias, %zero, %zero
      {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>}
      : (tensor<1x4x4x8xf32>, tensor<2x2x8x1xf32>, tensor<8xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x8xf32>
  %narrow_c = tosa.depthwise_conv2d %wide_c, %depth, %bias, %zero, %zero
      {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>}
      : (tensor<1x4x4x8xf32>, tensor<2x2x8x1xf32>, tensor<8xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x8xf32>
  %all = tosa.concat %narrow_a, %narrow_b, %narrow_c {axis = 3 : i32}
      : (tensor<1x2x2x8xf32>, tensor<1x2x2x8xf32>, tensor<1x2x2x8xf32>) -> tensor<1x2x2x24xf32>
  %merged = tosa.conv2d %all, %merge, %bias, %zero, %zero
      {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>}
      : (tensor<1x2x2x24xf32>, tensor<8x1x1x24xf32>, tensor<8xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x8xf32>
  %result = tosa.add %merged, %narrow_a
      : (tensor<1x2x2x8xf32>, tensor<1x2x2x8xf32>) -> tensor<1x2x2x8xf32>
  return %result : tensor<1x2x2x8xf32>
}

// VALUES: {{\[\[\[\[}}680, 629, 696, 715, 678, 730, 706, 756]
func.func private @printMemrefF32(memref<*xf32>) attributes {llvm.emit_c_interface}

func.func @main() {
  %input = arith.constant dense<[[[[2.0, 0.0], [-2.0, -4.0], [3.0, 1.0], [-1.0, -3.0]],
                                  [[4.0, 2.0], [0.0, -2.0], [-4.0, 3.0], [1.0, -1.0]],
                                  [[-3.0, 4.0], [2.0, 0.0], [-2.0, -4.0], [3.0, 1.0]],
                                  [[-1.0, -3.0], [4.0, 2.0], [0.0, -2.0], [-4.0, 3.0]]]]> : tensor<1x4x4x2xf32>
  %result = call @network(%input) : (tensor<1x4x4x2xf32>) -> tensor<1x2x2x8xf32>
  %unranked = tensor.cast %result : tensor<1x2x2x8xf32> to tensor<*xf32>
  %buffer = bufferization.to_buffer %unranked : tensor<*xf32> to memref<*xf32>
  call @printMemrefF32(%buffer) : (memref<*xf32>) -> ()
  return
}
