// RUN: serenity-opt %s -o %t.mlir --serenity-rewrite="select=all report=%t.json" --remarks-filter=serenity 2>&1 | FileCheck %s
// RUN: FileCheck %s --check-prefix=UNCHANGED < %t.mlir
// RUN: FileCheck %s --check-prefix=REPORT < %t.json

// Every reason for which a kernel that reads a concatenation, or an addition of
// products, is left as it is.

// UNCHANGED-NOT: accumulates
// UNCHANGED-NOT: serenity.accumulator

// REPORT:      "function": "groups",
// REPORT:      "sites": [
// REPORT-NEXT:   {
// REPORT-NEXT:     "index": 2,
// REPORT-NEXT:     "kind": null,
// REPORT-NEXT:     "name": "serenity.conv_2d#2",
// REPORT-NEXT:     "other_peak_bytes": null,
// REPORT-NEXT:     "reason": "the convolution has groups",
// REPORT-NEXT:     "rewritten": false

// CHECK: [Missed] NotRewritten | Category:serenity:rewrite | Function=groups | Kernel=serenity.conv_2d#2, Reason="the convolution has groups"
func.func @groups(%x: tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32> {
  %w = serenity.weight : tensor<2x1x1x2xf32>
  %0 = serenity.concat %x, %x axis 3 : (tensor<1x2x2x2xf32>, tensor<1x2x2x2xf32>) -> tensor<1x2x2x4xf32>
  %1 = serenity.conv_2d %0, %w groups 2 : (tensor<1x2x2x4xf32>, tensor<2x1x1x2xf32>) -> tensor<1x2x2x2xf32>
  return %1 : tensor<1x2x2x2xf32>
}

// CHECK: Function=rows | Kernel=serenity.conv_2d#2, Reason="the concatenation is not one of channels"
// CHECK: Function=rows | Kernel=serenity.depthwise_conv_2d#4, Reason="the concatenation is not one of channels"
func.func @rows(%x: tensor<1x2x2x2xf32>) -> (tensor<1x4x2x2xf32>, tensor<1x4x2x2xf32>) {
  %w = serenity.weight : tensor<2x1x1x2xf32>
  %0 = serenity.concat %x, %x axis 1 : (tensor<1x2x2x2xf32>, tensor<1x2x2x2xf32>) -> tensor<1x4x2x2xf32>
  %1 = serenity.conv_2d %0, %w : (tensor<1x4x2x2xf32>, tensor<2x1x1x2xf32>) -> tensor<1x4x2x2xf32>
  %v = serenity.weight : tensor<1x1x1x2xf32>
  %2 = serenity.depthwise_conv_2d %0, %v : (tensor<1x4x2x2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x4x2x2xf32>
  return %1, %2 : tensor<1x4x2x2xf32>, tensor<1x4x2x2xf32>
}

// CHECK: Function=flattened | Kernel=serenity.fully_connected#2, Reason="its rows are not those of the input's last dimension"
func.func @flattened(%x: tensor<2x2xf32>) -> tensor<1x2xf32> {
  %w = serenity.weight : tensor<2x8xf32>
  %0 = serenity.concat %x, %x axis 1 : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x4xf32>
  %1 = serenity.fully_connected %0, %w : (tensor<2x4xf32>, tensor<2x8xf32>) -> tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}

// CHECK: Function=accumulating | Kernel=serenity.conv_2d#2, Reason="it accumulates already"
func.func @accumulating(%x: tensor<1x2x2x2xf32>, %y: tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32> {
  %w = serenity.weight : tensor<2x1x1x4xf32>
  %0 = serenity.concat %x, %x axis 3 : (tensor<1x2x2x2xf32>, tensor<1x2x2x2xf32>) -> tensor<1x2x2x4xf32>
  %1 = serenity.conv_2d %0, %w accumulate %y : (tensor<1x2x2x4xf32>, tensor<2x1x1x4xf32>, tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32>
  return %1 : tensor<1x2x2x2xf32>
}

// CHECK: Function=computed_filter | Kernel=serenity.conv_2d#1, Reason="'filter' is not a constant whose elements are whole bytes"
func.func @computed_filter(%x: tensor<1x2x2x2xf32>, %w: tensor<2x1x1x4xf32>) -> tensor<1x2x2x2xf32> {
  %0 = serenity.concat %x, %x axis 3 : (tensor<1x2x2x2xf32>, tensor<1x2x2x2xf32>) -> tensor<1x2x2x4xf32>
  %1 = serenity.conv_2d %0, %w : (tensor<1x2x2x4xf32>, tensor<2x1x1x4xf32>) -> tensor<1x2x2x2xf32>
  return %1 : tensor<1x2x2x2xf32>
}

!q = !quant.uniform<i8:f32, 0.5>
!r = !quant.uniform<i8:f32, 0.25>
!n = !quant.uniform<i4:f32, 0.5>
!s = !quant.uniform<i16:f32, 0.5>
!tiny = !quant.uniform<i8:f32, 1.0e-30>

// CHECK: Function=narrow_filter | Kernel=serenity.depthwise_conv_2d#2, Reason="'filter' is not a constant whose elements are whole bytes"
func.func @narrow_filter(%x: tensor<1x1x1x1x!q>) -> tensor<1x1x1x2x!q> {
  %w = serenity.weight dense<[[[[1, 2]]]]> : tensor<1x1x1x2xi4> as tensor<1x1x1x2x!n>
  %0 = serenity.concat %x, %x axis 3 : (tensor<1x1x1x1x!q>, tensor<1x1x1x1x!q>) -> tensor<1x1x1x2x!q>
  %1 = serenity.depthwise_conv_2d %0, %w : (tensor<1x1x1x2x!q>, tensor<1x1x1x2x!n>) -> tensor<1x1x1x2x!q>
  return %1 : tensor<1x1x1x2x!q>
}

// CHECK: Function=requantising | Kernel=serenity.max_pool_2d#1, Reason="a part of the concatenation has type 'tensor<1x1x1x1x!quant.uniform<i8:f32, 2.500000e-01>>', expected 'tensor<1x1x1x1x!quant.uniform<i8:f32, 5.000000e-01>>'"
func.func @requantising(%x: tensor<1x1x1x1x!q>, %y: tensor<1x1x1x1x!r>) -> tensor<1x1x1x2x!q> {
  %0 = serenity.concat %x, %y axis 3 : (tensor<1x1x1x1x!q>, tensor<1x1x1x1x!r>) -> tensor<1x1x1x2x!q>
  %1 = serenity.max_pool_2d %0 kernel [1, 1] : (tensor<1x1x1x2x!q>) -> tensor<1x1x1x2x!q>
  return %1 : tensor<1x1x1x2x!q>
}

// CHECK: Function=bent | Kernel=serenity.conv_2d#2, Reason="the fused activation cannot be applied after the sum"
func.func @bent(%x: tensor<1x1x1x1x!q>) -> tensor<1x1x1x2x!q> {
  %w = serenity.weight : tensor<2x1x1x2x!q>
  %0 = serenity.concat %x, %x axis 3 : (tensor<1x1x1x1x!q>, tensor<1x1x1x1x!q>) -> tensor<1x1x1x2x!q>
  %1 = serenity.conv_2d %0, %w tanh : (tensor<1x1x1x2x!q>, tensor<2x1x1x2x!q>) -> tensor<1x1x1x2x!q>
  return %1 : tensor<1x1x1x2x!q>
}

// CHECK: Function=wide | Kernel=serenity.conv_2d#2, Reason="only products of 8-bit integers, the input's with one scale, are known to fit a 32-bit accumulator"
func.func @wide(%x: tensor<1x1x1x1x!s>) -> tensor<1x1x1x2x!s> {
  %w = serenity.weight : tensor<2x1x1x2x!q>
  %0 = serenity.concat %x, %x axis 3 : (tensor<1x1x1x1x!s>, tensor<1x1x1x1x!s>) -> tensor<1x1x1x2x!s>
  %1 = serenity.conv_2d %0, %w : (tensor<1x1x1x2x!s>, tensor<2x1x1x2x!q>) -> tensor<1x1x1x2x!s>
  return %1 : tensor<1x1x1x2x!s>
}

// CHECK: Function=tiny | Kernel=serenity.conv_2d#2, Reason="the scale of the accumulator is too small for its type"
func.func @tiny(%x: tensor<1x1x1x1x!tiny>) -> tensor<1x1x1x2x!q> {
  %w = serenity.weight : tensor<2x1x1x2x!tiny>
  %0 = serenity.concat %x, %x axis 3 : (tensor<1x1x1x1x!tiny>, tensor<1x1x1x1x!tiny>) -> tensor<1x1x1x2x!tiny>
  %1 = serenity.conv_2d %0, %w : (tensor<1x1x1x2x!tiny>, tensor<2x1x1x2x!tiny>) -> tensor<1x1x1x2x!q>
  return %1 : tensor<1x1x1x2x!q>
}

// CHECK: Function=plain_integers | Kernel=serenity.conv_2d#2, Reason="integers without a scale have no accumulator"
func.func @plain_integers(%x: tensor<1x1x1x1xi8>) -> tensor<1x1x1x2xi32> {
  %w = serenity.weight : tensor<2x1x1x2xi8>
  %0 = serenity.concat %x, %x axis 3 : (tensor<1x1x1x1xi8>, tensor<1x1x1x1xi8>) -> tensor<1x1x1x2xi8>
  %1 = serenity.conv_2d %0, %w : (tensor<1x1x1x2xi8>, tensor<2x1x1x2xi8>) -> tensor<1x1x1x2xi32>
  return %1 : tensor<1x1x1x2xi32>
}

// CHECK: Function=unequal_pieces | Kernel=serenity.add#2, Reason="operand #1 is neither a constant nor a concatenation of as many elements each"
// CHECK: Function=unequal_pieces | Kernel=serenity.pad#3, Reason="it pads the dimension of the concatenation"
func.func @unequal_pieces(%x: tensor<1xf32>, %y: tensor<2xf32>) -> (tensor<3xf32>, tensor<4xf32>) {
  %0 = serenity.concat %x, %y axis 0 : (tensor<1xf32>, tensor<2xf32>) -> tensor<3xf32>
  %1 = serenity.concat %y, %x axis 0 : (tensor<2xf32>, tensor<1xf32>) -> tensor<3xf32>
  %2 = serenity.add %0, %1 : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  %3 = serenity.pad %0 low [1] high [0] : (tensor<3xf32>) -> tensor<4xf32>
  return %2, %3 : tensor<3xf32>, tensor<4xf32>
}

// CHECK: Function=rounded_products | Kernel=serenity.add#3, Reason="integer products have scales of their own and are rounded one by one, so that no accumulator gives the same sum"
func.func @rounded_products(%x: tensor<1x1x1x1x!q>) -> tensor<1x1x1x1x!q> {
  %w = serenity.weight : tensor<1x1x1x1x!q>
  %0 = serenity.conv_2d %x, %w : (tensor<1x1x1x1x!q>, tensor<1x1x1x1x!q>) -> tensor<1x1x1x1x!q>
  %1 = serenity.conv_2d %x, %w : (tensor<1x1x1x1x!q>, tensor<1x1x1x1x!q>) -> tensor<1x1x1x1x!q>
  %2 = serenity.add %0, %1 : (tensor<1x1x1x1x!q>, tensor<1x1x1x1x!q>) -> tensor<1x1x1x1x!q>
  return %2 : tensor<1x1x1x1x!q>
}

// CHECK: Function=plain_operand | Kernel=serenity.add#2, Reason="operand #1 is not a product that nobody else reads, without an activation of its own"
func.func @plain_operand(%x: tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> {
  %w = serenity.weight : tensor<1x1x1x1xf32>
  %0 = serenity.conv_2d %x, %w : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
  %1 = serenity.add %0, %x : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
  return %1 : tensor<1x1x1x1xf32>
}

// CHECK: Function=read_twice | Kernel=serenity.add#2, Reason="operand #0 is not a product that nobody else reads, without an activation of its own"
func.func @read_twice(%x: tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> {
  %w = serenity.weight : tensor<1x1x1x1xf32>
  %0 = serenity.conv_2d %x, %w : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
  %1 = serenity.add %0, %0 : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
  return %1 : tensor<1x1x1x1xf32>
}

// CHECK: Function=limited_product | Kernel=serenity.add#3, Reason="operand #0 is not a product that nobody else reads, without an activation of its own"
func.func @limited_product(%x: tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> {
  %w = serenity.weight : tensor<1x1x1x1xf32>
  %0 = serenity.conv_2d %x, %w relu : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
  %1 = serenity.conv_2d %x, %w : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
  %2 = serenity.add %0, %1 : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
  return %2 : tensor<1x1x1x1xf32>
}

// CHECK: Function=broadcast | Kernel=serenity.add#3, Reason="an operand has type 'tensor<1x1x1x1xf32>', the result 'tensor<1x2x2x1xf32>'"
func.func @broadcast(%x: tensor<1x1x1x1xf32>, %y: tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32> {
  %w = serenity.weight : tensor<1x1x1x1xf32>
  %0 = serenity.conv_2d %x, %w : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
  %1 = serenity.conv_2d %y, %w : (tensor<1x2x2x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x2x2x1xf32>
  %2 = serenity.add %0, %1 : (tensor<1x1x1x1xf32>, tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32>
  return %2 : tensor<1x2x2x1xf32>
}

// CHECK: Function=dynamic | Reason="the size of 'arg0' is not known"
func.func @dynamic(%x: tensor<?xi8>) -> tensor<?xi8> {
  return %x : tensor<?xi8>
}

// CHECK: Function=blocks | Reason="the function has several blocks"
func.func @blocks(%x: tensor<16xi8>) -> tensor<16xi8> {
  cf.br ^next
^next:
  return %x : tensor<16xi8>
}

// CHECK: Function=regions | Reason="an operation has regions of its own"
func.func @regions(%x: tensor<16xi8>, %c: i1) -> tensor<16xi8> {
  %0 = scf.if %c -> tensor<16xi8> {
    scf.yield %x : tensor<16xi8>
  } else {
    scf.yield %x : tensor<16xi8>
  }
  return %0 : tensor<16xi8>
}
