// RUN: serenity-opt %s --serenity-form-accumulations --remarks-filter=serenity 2> %t.remarks | FileCheck %s
// RUN: FileCheck %s --check-prefix=REMARKS < %t.remarks

// The first product in the block fills the buffer, the last one limits it.

// CHECK-LABEL: func.func @chain
// CHECK: %[[Q:.*]] = serenity.conv_2d %arg1, %{{.*}} :
// CHECK: %[[P:.*]] = serenity.conv_2d %arg0, %{{.*}} accumulate %[[Q]] :
// CHECK: %[[R:.*]] = serenity.conv_2d %arg0, %{{.*}} bias %{{.*}} accumulate %[[P]] relu :
// CHECK-NEXT: return %[[R]]
func.func @chain(%x: tensor<1x4x4x8xf32>, %y: tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32> {
  %w = serenity.weight : tensor<8x1x1x8xf32>
  %b = serenity.weight : tensor<8xf32>
  %q = serenity.conv_2d %y, %w : (tensor<1x4x4x8xf32>, tensor<8x1x1x8xf32>) -> tensor<1x4x4x8xf32>
  %p = serenity.conv_2d %x, %w : (tensor<1x4x4x8xf32>, tensor<8x1x1x8xf32>) -> tensor<1x4x4x8xf32>
  %r = serenity.conv_2d %x, %w bias %b : (tensor<1x4x4x8xf32>, tensor<8x1x1x8xf32>, tensor<8xf32>) -> tensor<1x4x4x8xf32>
  %0 = serenity.sum %r, %p, %q accumulates relu : (tensor<1x4x4x8xf32>, tensor<1x4x4x8xf32>, tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32>
  return %0 : tensor<1x4x4x8xf32>
}

// A sum that does not accumulate is a kernel of its own.

// CHECK-LABEL: func.func @plain_sum
// CHECK: serenity.sum
func.func @plain_sum(%x: tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32> {
  %w = serenity.weight : tensor<8x1x1x8xf32>
  %p = serenity.conv_2d %x, %w : (tensor<1x4x4x8xf32>, tensor<8x1x1x8xf32>) -> tensor<1x4x4x8xf32>
  %q = serenity.conv_2d %x, %w : (tensor<1x4x4x8xf32>, tensor<8x1x1x8xf32>) -> tensor<1x4x4x8xf32>
  %0 = serenity.sum %p, %q : (tensor<1x4x4x8xf32>, tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32>
  return %0 : tensor<1x4x4x8xf32>
}

// Something else reads a product.

// CHECK-LABEL: func.func @read_twice
// CHECK: serenity.sum {{.*}} accumulates
// REMARKS: [Missed] NotAccumulated | Category:serenity:form-accumulations | Reason="an operand is not a product that nobody else reads and that may accumulate"
func.func @read_twice(%x: tensor<1x4x4x8xf32>) -> (tensor<1x4x4x8xf32>, tensor<1x4x4x8xf32>) {
  %w = serenity.weight : tensor<8x1x1x8xf32>
  %p = serenity.conv_2d %x, %w : (tensor<1x4x4x8xf32>, tensor<8x1x1x8xf32>) -> tensor<1x4x4x8xf32>
  %q = serenity.conv_2d %x, %w : (tensor<1x4x4x8xf32>, tensor<8x1x1x8xf32>) -> tensor<1x4x4x8xf32>
  %0 = serenity.sum %p, %q accumulates : (tensor<1x4x4x8xf32>, tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32>
  return %0, %p : tensor<1x4x4x8xf32>, tensor<1x4x4x8xf32>
}
