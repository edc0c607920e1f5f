// One case for each rule of the verifiers.

// RUN: serenity-opt %s --split-input-file --verify-diagnostics

//----------------------------------------------------------------------//
// Types
//----------------------------------------------------------------------//

// A size that is not known.
func.func @case(%x: tensor<?xf32>) {
  // expected-error @+1 {{operand #0 must be tensor of known size below 2^63 bytes}}
  %0 = serenity.reshape %x : (tensor<?xf32>) -> tensor<4xf32>
  return
}

// -----

// 2^62 elements of four bytes.
func.func @case() {
  // expected-error @+1 {{result #0 must be tensor of known size below 2^63 bytes}}
  %0 = serenity.weight : tensor<4611686018427387904xf32>
  return
}

// -----

// Dimensions whose product overflows before the last makes it empty.
func.func @case() {
  // expected-error @+1 {{result #0 must be tensor of known size below 2^63 bytes}}
  %0 = serenity.weight : tensor<9223372036854775807x9223372036854775807x0xi8>
  return
}

// -----

// Signed integers are written without a sign.
func.func @case() {
  // expected-error @+1 {{result #0 must be tensor of known size below 2^63 bytes of float, integer, uniformly quantised or complex type values}}
  %0 = serenity.weight : tensor<4xsi8>
  return
}

// -----

// Quantised otherwise than uniformly.
func.func @case() {
  // expected-error @+1 {{uniformly quantised or complex type values, but got 'tensor<4x!quant.any<i8:f32>>'}}
  %0 = serenity.weight : tensor<4x!quant.any<i8:f32>>
  return
}

// -----

// No kernel computes with complex numbers.
func.func @case(%x: tensor<4xcomplex<f32>>) {
  // expected-error @+1 {{operand #0 must be tensor of known size below 2^63 bytes of float, signless or unsigned integer or uniformly quantised type values}}
  %0 = serenity.softmax %x : (tensor<4xcomplex<f32>>) -> tensor<4xcomplex<f32>>
  return
}

// -----

// Scales for a dimension that is not there.
func.func @case() {
  // expected-error @+1 {{result #0 has scales for dimension 1, but its rank is 1}}
  %0 = serenity.weight : tensor<2x!quant.uniform<i8:f32:1, {1.0, 2.0}>>
  return
}

// -----

// Too few scales, on an operand.
func.func @case(%x: tensor<3x!quant.uniform<i8:f32:0, {1.0, 2.0}>>) {
  // expected-error @+1 {{number of scales for dimension 0 of operand #0 is 2, expected 3}}
  serenity.node "A"(%x) : (tensor<3x!quant.uniform<i8:f32:0, {1.0, 2.0}>>) -> ()
  return
}

// -----

//----------------------------------------------------------------------//
// weight and node
//----------------------------------------------------------------------//

// A payload of another shape.
func.func @case() {
  // expected-error @+1 {{payload has type 'tensor<2xf32>', expected 'tensor<4xf32>'}}
  %0 = serenity.weight dense<1.0> : tensor<2xf32> as tensor<4xf32>
  return
}

// -----

// A payload of another width than the quantised type stores.
func.func @case() {
  // expected-error @+1 {{payload has type 'tensor<4xi32>', expected 'tensor<4xi8>'}}
  %0 = serenity.weight dense<1> : tensor<4xi32> as tensor<4x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

// A payload that is no tensor.
func.func @case() {
  // expected-error @+1 {{expected the elements of a tensor}}
  %0 = serenity.weight 1 : i32 as tensor<4xf32>
  return
}

// -----

// A resource with a byte too few.
func.func @case() {
  // expected-error @+1 {{number of bytes of the payload is 3, expected 4}}
  %0 = serenity.weight dense_resource<short> : tensor<4xi8>
  return
}

{-#
  dialect_resources: { builtin: { short: "0x01000000010203" } }
#-}

// -----

// Negative scratch.
func.func @case() {
  // expected-error @+1 {{attribute 'scratch_bytes' failed to satisfy constraint: 64-bit signless integer attribute whose value is non-negative}}
  %0 = serenity.node "A"() scratch -1 : () -> tensor<4xf32>
  return
}

// -----

//----------------------------------------------------------------------//
// conv_2d
//----------------------------------------------------------------------//

// An unknown activation.
func.func @case(%x: tensor<1x8x8x4xf32>, %w: tensor<16x3x3x4xf32>) {
  // expected-error @+1 {{unknown activation 'relu7'}}
  %0 = serenity.conv_2d %x, %w relu7 : (tensor<1x8x8x4xf32>, tensor<16x3x3x4xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

// A matrix is no image.
func.func @case(%x: tensor<8x8xf32>, %w: tensor<16x3x3x4xf32>) {
  // expected-error @+1 {{operand #0 must be 4-D tensor}}
  %0 = serenity.conv_2d %x, %w : (tensor<8x8xf32>, tensor<16x3x3x4xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

// A filter without rows.
func.func @case(%x: tensor<1x8x8x4xf32>, %w: tensor<16x0x3x4xf32>) {
  // expected-error @+1 {{operand #1 must be 4-D tensor of known size below 2^63 bytes of float, signless or unsigned integer or uniformly quantised type values without an empty dimension}}
  %0 = serenity.conv_2d %x, %w : (tensor<1x8x8x4xf32>, tensor<16x0x3x4xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

// A number of strides.
func.func @case(%x: tensor<1x8x8x4xf32>, %w: tensor<16x3x3x4xf32>) {
  // expected-error @+1 {{'strides' has 1 numbers, expected 2}}
  %0 = serenity.conv_2d %x, %w stride [2] : (tensor<1x8x8x4xf32>, tensor<16x3x3x4xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

// A stride of nothing.
func.func @case(%x: tensor<1x8x8x4xf32>, %w: tensor<16x3x3x4xf32>) {
  // expected-error @+1 {{'strides' is 0 at position 1, expected at least 1}}
  %0 = serenity.conv_2d %x, %w stride [1, 0] : (tensor<1x8x8x4xf32>, tensor<16x3x3x4xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

// A number of paddings.
func.func @case(%x: tensor<1x8x8x4xf32>, %w: tensor<16x3x3x4xf32>) {
  // expected-error @+1 {{'padding' has 2 numbers, expected 4}}
  %0 = serenity.conv_2d %x, %w pad [1, 1] : (tensor<1x8x8x4xf32>, tensor<16x3x3x4xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

// Negative padding.
func.func @case(%x: tensor<1x8x8x4xf32>, %w: tensor<16x3x3x4xf32>) {
  // expected-error @+1 {{'padding' is -1 at position 3, expected at least 0}}
  %0 = serenity.conv_2d %x, %w pad [0, 0, 0, -1] : (tensor<1x8x8x4xf32>, tensor<16x3x3x4xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

// A dilation of nothing.
func.func @case(%x: tensor<1x8x8x4xf32>, %w: tensor<16x3x3x4xf32>) {
  // expected-error @+1 {{'dilations' is 0 at position 0, expected at least 1}}
  %0 = serenity.conv_2d %x, %w dilation [0, 1] : (tensor<1x8x8x4xf32>, tensor<16x3x3x4xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

// Groups of nothing.
func.func @case(%x: tensor<1x8x8x4xf32>, %w: tensor<16x3x3x4xf32>) {
  // expected-error @+1 {{'groups' is 0, expected at least 1}}
  %0 = serenity.conv_2d %x, %w groups 0 : (tensor<1x8x8x4xf32>, tensor<16x3x3x4xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

// Input channels are groups times filter channels.
func.func @case(%x: tensor<1x8x8x4xf32>, %w: tensor<16x3x3x4xf32>) {
  // expected-error @+1 {{number of channels of 'input' is 4, expected 8}}
  %0 = serenity.conv_2d %x, %w groups 2 : (tensor<1x8x8x4xf32>, tensor<16x3x3x4xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

// Filters that do not divide among the groups.
func.func @case(%x: tensor<1x8x8x4xf32>, %w: tensor<15x3x3x2xf32>) {
  // expected-error @+1 {{15 filters do not divide among 2 groups}}
  %0 = serenity.conv_2d %x, %w groups 2 : (tensor<1x8x8x4xf32>, tensor<15x3x3x2xf32>) -> tensor<1x6x6x15xf32>
  return
}

// -----

// The batch does not change.
func.func @case(%x: tensor<1x8x8x4xf32>, %w: tensor<16x3x3x4xf32>) {
  // expected-error @+1 {{batch of 'result' is 2, expected 1}}
  %0 = serenity.conv_2d %x, %w : (tensor<1x8x8x4xf32>, tensor<16x3x3x4xf32>) -> tensor<2x6x6x16xf32>
  return
}

// -----

// The window is larger than the image.
func.func @case(%x: tensor<1x8x8x4xf32>, %w: tensor<16x9x3x4xf32>) {
  // expected-error @+1 {{window of height 9 does not fit the padded input's 8}}
  %0 = serenity.conv_2d %x, %w : (tensor<1x8x8x4xf32>, tensor<16x9x3x4xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

// The dilated window is larger than the padded image: (3 - 1) * 5 + 1 columns.
func.func @case(%x: tensor<1x8x8x4xf32>, %w: tensor<16x3x3x4xf32>) {
  // expected-error @+1 {{window of width 11 does not fit the padded input's 9}}
  %0 = serenity.conv_2d %x, %w pad [0, 0, 1, 0] dilation [1, 5] : (tensor<1x8x8x4xf32>, tensor<16x3x3x4xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

// A height that is not (8 + 0 + 1 - 3) / 2 + 1 = 4.
func.func @case(%x: tensor<1x8x8x4xf32>, %w: tensor<16x3x3x4xf32>) {
  // expected-error @+1 {{height of 'result' is 5, expected 4}}
  %0 = serenity.conv_2d %x, %w stride [2, 2] pad [0, 1, 0, 1] : (tensor<1x8x8x4xf32>, tensor<16x3x3x4xf32>) -> tensor<1x5x4x16xf32>
  return
}

// -----

// A width that is not (8 - 3) / 1 + 1 = 6.
func.func @case(%x: tensor<1x8x8x4xf32>, %w: tensor<16x3x3x4xf32>) {
  // expected-error @+1 {{width of 'result' is 8, expected 6}}
  %0 = serenity.conv_2d %x, %w : (tensor<1x8x8x4xf32>, tensor<16x3x3x4xf32>) -> tensor<1x6x8x16xf32>
  return
}

// -----

// Padding and dilation saturate instead of overflowing.
func.func @case(%x: tensor<1x8x8x4xf32>, %w: tensor<16x3x3x4xf32>) {
  // expected-error @+1 {{height of 'result' is 6, expected 18446744073709551613}}
  %0 = serenity.conv_2d %x, %w pad [9223372036854775807, 9223372036854775807, 0, 0] : (tensor<1x8x8x4xf32>, tensor<16x3x3x4xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

// The result has a channel for each filter.
func.func @case(%x: tensor<1x8x8x4xf32>, %w: tensor<16x3x3x4xf32>) {
  // expected-error @+1 {{number of channels of 'result' is 8, expected 16}}
  %0 = serenity.conv_2d %x, %w : (tensor<1x8x8x4xf32>, tensor<16x3x3x4xf32>) -> tensor<1x6x6x8xf32>
  return
}

// -----

// Integer filters do not go with float inputs.
func.func @case(%x: tensor<1x8x8x4xf32>, %w: tensor<16x3x3x4x!quant.uniform<i8:f32, 0.5>>) {
  // expected-error @+1 {{'filter' stores 'i8', but 'input' stores 'f32'}}
  %0 = serenity.conv_2d %x, %w : (tensor<1x8x8x4xf32>, tensor<16x3x3x4x!quant.uniform<i8:f32, 0.5>>) -> tensor<1x6x6x16xf32>
  return
}

// -----

// Nor do floats of another width.
func.func @case(%x: tensor<1x8x8x4xf32>, %w: tensor<16x3x3x4xf16>) {
  // expected-error @+1 {{'filter' stores 'f16', but 'input' stores 'f32'}}
  %0 = serenity.conv_2d %x, %w : (tensor<1x8x8x4xf32>, tensor<16x3x3x4xf16>) -> tensor<1x6x6x16xf32>
  return
}

// -----

// Nor an integer result.
func.func @case(%x: tensor<1x8x8x4xf32>, %w: tensor<16x3x3x4xf32>) {
  // expected-error @+1 {{'result' stores 'i32', but 'input' stores 'f32'}}
  %0 = serenity.conv_2d %x, %w : (tensor<1x8x8x4xf32>, tensor<16x3x3x4xf32>) -> tensor<1x6x6x16xi32>
  return
}

// -----

// Scales for the input channels of the filter.
func.func @case(%x: tensor<1x8x8x4xi8>, %w: tensor<16x3x3x4x!quant.uniform<i8:f32:1, {1.0, 2.0, 3.0}>>) {
  // expected-error @+1 {{quantised dimension of 'filter' is 1, expected 0}}
  %0 = serenity.conv_2d %x, %w : (tensor<1x8x8x4xi8>, tensor<16x3x3x4x!quant.uniform<i8:f32:1, {1.0, 2.0, 3.0}>>) -> tensor<1x6x6x16xi8>
  return
}

// -----

// A bias for each channel.
func.func @case(%x: tensor<1x8x8x4xf32>, %w: tensor<16x3x3x4xf32>, %b: tensor<8xf32>) {
  // expected-error @+1 {{'bias' has shape [8], expected [16]}}
  %0 = serenity.conv_2d %x, %w bias %b : (tensor<1x8x8x4xf32>, tensor<16x3x3x4xf32>, tensor<8xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

// A bias is a vector.
func.func @case(%x: tensor<1x8x8x4xf32>, %w: tensor<16x3x3x4xf32>, %b: tensor<1x16xf32>) {
  // expected-error @+1 {{'bias' has shape [1, 16], expected [16]}}
  %0 = serenity.conv_2d %x, %w bias %b : (tensor<1x8x8x4xf32>, tensor<16x3x3x4xf32>, tensor<1x16xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

// An integer bias.
func.func @case(%x: tensor<1x8x8x4xf32>, %w: tensor<16x3x3x4xf32>, %b: tensor<16xi32>) {
  // expected-error @+1 {{'bias' stores 'i32', but 'input' stores 'f32'}}
  %0 = serenity.conv_2d %x, %w bias %b : (tensor<1x8x8x4xf32>, tensor<16x3x3x4xf32>, tensor<16xi32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

// The accumulator becomes the result.
func.func @case(%x: tensor<1x8x8x4xf32>, %w: tensor<16x3x3x4xf32>, %a: tensor<1x6x6x8xf32>) {
  // expected-error @+1 {{'accumulator' has type 'tensor<1x6x6x8xf32>', but 'result' has 'tensor<1x6x6x16xf32>'}}
  %0 = serenity.conv_2d %x, %w accumulate %a : (tensor<1x8x8x4xf32>, tensor<16x3x3x4xf32>, tensor<1x6x6x8xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

//----------------------------------------------------------------------//
// depthwise_conv_2d
//----------------------------------------------------------------------//

// One filter for each channel.
func.func @case(%x: tensor<1x8x8x4xf32>, %w: tensor<2x3x3x8xf32>) {
  // expected-error @+1 {{first dimension of 'filter' is 2, expected 1}}
  %0 = serenity.depthwise_conv_2d %x, %w : (tensor<1x8x8x4xf32>, tensor<2x3x3x8xf32>) -> tensor<1x6x6x8xf32>
  return
}

// -----

// Output channels are a multiple of input channels.
func.func @case(%x: tensor<1x8x8x4xf32>, %w: tensor<1x3x3x6xf32>) {
  // expected-error @+1 {{number of channels of 'filter' is 6, expected a multiple of the input's 4}}
  %0 = serenity.depthwise_conv_2d %x, %w : (tensor<1x8x8x4xf32>, tensor<1x3x3x6xf32>) -> tensor<1x6x6x6xf32>
  return
}

// -----

// The window rules are those of conv_2d.
func.func @case(%x: tensor<1x8x8x4xf32>, %w: tensor<1x3x3x8xf32>) {
  // expected-error @+1 {{height of 'result' is 6, expected 8}}
  %0 = serenity.depthwise_conv_2d %x, %w pad [1, 1, 0, 0] : (tensor<1x8x8x4xf32>, tensor<1x3x3x8xf32>) -> tensor<1x6x6x8xf32>
  return
}

// -----

// The result has a channel for each filter.
func.func @case(%x: tensor<1x8x8x4xf32>, %w: tensor<1x3x3x8xf32>) {
  // expected-error @+1 {{number of channels of 'result' is 4, expected 8}}
  %0 = serenity.depthwise_conv_2d %x, %w : (tensor<1x8x8x4xf32>, tensor<1x3x3x8xf32>) -> tensor<1x6x6x4xf32>
  return
}

// -----

// Scales for the height of the filter.
func.func @case(%x: tensor<1x8x8x4xi8>, %w: tensor<1x3x3x8x!quant.uniform<i8:f32:1, {1.0, 2.0, 3.0}>>) {
  // expected-error @+1 {{quantised dimension of 'filter' is 1, expected 3}}
  %0 = serenity.depthwise_conv_2d %x, %w : (tensor<1x8x8x4xi8>, tensor<1x3x3x8x!quant.uniform<i8:f32:1, {1.0, 2.0, 3.0}>>) -> tensor<1x6x6x8xi8>
  return
}

// -----

//----------------------------------------------------------------------//
// fully_connected
//----------------------------------------------------------------------//

// A filter is a matrix.
func.func @case(%x: tensor<2x64xf32>, %w: tensor<10xf32>) {
  // expected-error @+1 {{rank of 'filter' is 1 and of 'result' 2, expected 2 and at least 1}}
  %0 = serenity.fully_connected %x, %w : (tensor<2x64xf32>, tensor<10xf32>) -> tensor<2x10xf32>
  return
}

// -----

// A result has rows.
func.func @case(%x: tensor<2x64xf32>, %w: tensor<10x64xf32>) {
  // expected-error @+1 {{rank of 'filter' is 2 and of 'result' 0, expected 2 and at least 1}}
  %0 = serenity.fully_connected %x, %w : (tensor<2x64xf32>, tensor<10x64xf32>) -> tensor<f32>
  return
}

// -----

// Rows that the filter cannot multiply.
func.func @case(%x: tensor<2x65xf32>, %w: tensor<10x64xf32>) {
  // expected-error @+1 {{the 130 elements of 'input' are not rows of 64}}
  %0 = serenity.fully_connected %x, %w : (tensor<2x65xf32>, tensor<10x64xf32>) -> tensor<2x10xf32>
  return
}

// -----

// The result has an element for each row of the filter.
func.func @case(%x: tensor<2x64xf32>, %w: tensor<10x64xf32>) {
  // expected-error @+1 {{number of channels of 'result' is 12, expected 10}}
  %0 = serenity.fully_connected %x, %w : (tensor<2x64xf32>, tensor<10x64xf32>) -> tensor<2x12xf32>
  return
}

// -----

// The result has a row for each row of the input.
func.func @case(%x: tensor<2x64xf32>, %w: tensor<10x64xf32>) {
  // expected-error @+1 {{number of rows of 'result' is 3, expected 2}}
  %0 = serenity.fully_connected %x, %w : (tensor<2x64xf32>, tensor<10x64xf32>) -> tensor<3x10xf32>
  return
}

// -----

// Integer filters do not go with float inputs.
func.func @case(%x: tensor<2x64xf32>, %w: tensor<10x64xui8>) {
  // expected-error @+1 {{'filter' stores 'ui8', but 'input' stores 'f32'}}
  %0 = serenity.fully_connected %x, %w : (tensor<2x64xf32>, tensor<10x64xui8>) -> tensor<2x10xf32>
  return
}

// -----

//----------------------------------------------------------------------//
// Pooling
//----------------------------------------------------------------------//

// A number of sides.
func.func @case(%x: tensor<1x8x8x4xf32>) {
  // expected-error @+1 {{'kernel' has 1 numbers, expected 2}}
  %0 = serenity.max_pool_2d %x kernel [3] : (tensor<1x8x8x4xf32>) -> tensor<1x8x8x4xf32>
  return
}

// -----

// A window without columns.
func.func @case(%x: tensor<1x8x8x4xf32>) {
  // expected-error @+1 {{'kernel' is 0 at position 1, expected at least 1}}
  %0 = serenity.max_pool_2d %x kernel [3, 0] : (tensor<1x8x8x4xf32>) -> tensor<1x8x8x4xf32>
  return
}

// -----

// A height that is not (8 - 3) / 1 + 1 = 6.
func.func @case(%x: tensor<1x8x8x4xf32>) {
  // expected-error @+1 {{height of 'result' is 8, expected 6}}
  %0 = serenity.max_pool_2d %x kernel [3, 3] : (tensor<1x8x8x4xf32>) -> tensor<1x8x8x4xf32>
  return
}

// -----

// A window that sees only padding.
func.func @case(%x: tensor<1x8x8x4xf32>) {
  // expected-error @+1 {{'padding' is 3 at position 2, expected less than the kernel's 3}}
  %0 = serenity.max_pool_2d %x kernel [3, 3] pad [0, 0, 3, 0] : (tensor<1x8x8x4xf32>) -> tensor<1x6x9x4xf32>
  return
}

// -----

// Channels stay.
func.func @case(%x: tensor<1x8x8x4xf32>) {
  // expected-error @+1 {{number of channels of 'result' is 8, expected 4}}
  %0 = serenity.max_pool_2d %x kernel [3, 3] : (tensor<1x8x8x4xf32>) -> tensor<1x6x6x8xf32>
  return
}

// -----

// Elements are moved.
func.func @case(%x: tensor<1x8x8x4xf32>) {
  // expected-error @+1 {{'result' stores 'f16', but 'input' stores 'f32'}}
  %0 = serenity.max_pool_2d %x kernel [3, 3] : (tensor<1x8x8x4xf32>) -> tensor<1x6x6x4xf16>
  return
}

// -----

// The same rules hold.
func.func @case(%x: tensor<1x8x8x4xf32>) {
  // expected-error @+1 {{width of 'result' is 2, expected 1}}
  %0 = serenity.avg_pool_2d %x kernel [8, 8] : (tensor<1x8x8x4xf32>) -> tensor<1x1x2x4xf32>
  return
}

// -----

//----------------------------------------------------------------------//
// Elementwise
//----------------------------------------------------------------------//

// Shapes that do not broadcast.
func.func @case(%x: tensor<2x3xf32>, %y: tensor<2xf32>) {
  // expected-error @+1 {{shapes [2, 3] and [2] do not broadcast}}
  %0 = serenity.add %x, %y : (tensor<2x3xf32>, tensor<2xf32>) -> tensor<2x3xf32>
  return
}

// -----

// The result has the common shape.
func.func @case(%x: tensor<2x3xf32>, %y: tensor<2x1x3xf32>) {
  // expected-error @+1 {{'result' has shape [2, 3], expected [2, 2, 3]}}
  %0 = serenity.add %x, %y : (tensor<2x3xf32>, tensor<2x1x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

// Operands of two types.
func.func @case(%x: tensor<4xf32>, %y: tensor<4xf16>) {
  // expected-error @+1 {{'rhs' stores 'f16', but 'lhs' stores 'f32'}}
  %0 = serenity.add %x, %y : (tensor<4xf32>, tensor<4xf16>) -> tensor<4xf32>
  return
}

// -----

// Signedness counts.
func.func @case(%x: tensor<4x!quant.uniform<u8:f32, 1.0>>, %y: tensor<4x!quant.uniform<i8:f32, 1.0>>) {
  // expected-error @+1 {{'rhs' stores 'i8', but 'lhs' stores 'ui8'}}
  %0 = serenity.add %x, %y : (tensor<4x!quant.uniform<u8:f32, 1.0>>, tensor<4x!quant.uniform<i8:f32, 1.0>>) -> tensor<4x!quant.uniform<u8:f32, 1.0>>
  return
}

// -----

// A float product of integers.
func.func @case(%x: tensor<4xi8>, %y: tensor<4xi8>) {
  // expected-error @+1 {{'result' stores 'f32', but 'lhs' stores 'i8'}}
  %0 = serenity.mul %x, %y : (tensor<4xi8>, tensor<4xi8>) -> tensor<4xf32>
  return
}

// -----

// A sum of nothing.
func.func @case() {
  // expected-error @+1 {{has 0 operands, expected at least 1}}
  %0 = "serenity.sum"() : () -> tensor<4xf32>
  return
}

// -----

// Sums do not broadcast.
func.func @case(%x: tensor<4xf32>, %y: tensor<1xf32>) {
  // expected-error @+1 {{operand #1 has shape [1], expected [4]}}
  %0 = serenity.sum %x, %y : (tensor<4xf32>, tensor<1xf32>) -> tensor<4xf32>
  return
}

// -----

// Operands of two types.
func.func @case(%x: tensor<4xi8>, %y: tensor<4xi16>) {
  // expected-error @+1 {{operand #1 stores 'i16', but operand #0 stores 'i8'}}
  %0 = serenity.sum %x, %y : (tensor<4xi8>, tensor<4xi16>) -> tensor<4xi32>
  return
}

// -----

// What accumulates is of one type.
func.func @sum_accumulates_in_one_type(%x: tensor<4x!quant.uniform<i32:f32, 0.5>>) -> tensor<4x!quant.uniform<i32:f32, 0.25>> {
  // expected-error @+1 {{operand #0 has type 'tensor<4x!quant.uniform<i32:f32, 5.000000e-01>>', but the sum accumulates into 'tensor<4x!quant.uniform<i32:f32, 2.500000e-01>>'}}
  %0 = serenity.sum %x accumulates : (tensor<4x!quant.uniform<i32:f32, 0.5>>) -> tensor<4x!quant.uniform<i32:f32, 0.25>>
  return %0 : tensor<4x!quant.uniform<i32:f32, 0.25>>
}

// -----

// An integer sum of floats.
func.func @case(%x: tensor<4xf32>, %y: tensor<4xf32>) {
  // expected-error @+1 {{'result' stores 'i32', but operand #0 stores 'f32'}}
  %0 = serenity.sum %x, %y : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi32>
  return
}

// -----

// Limits in the wrong order.
func.func @case(%x: tensor<4xf32>) {
  // expected-error @+1 {{'min' is 6.000000e+00, expected at most the 'max' of 0.000000e+00}}
  %0 = serenity.clamp %x min 6.0 max 0.0 : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

// A limit that is not a number.
func.func @case(%x: tensor<4xf32>) {
  // expected-error @+1 {{expected at most the 'max' of 1.000000e+00}}
  %0 = serenity.clamp %x min 0x7FF8000000000000 max 1.0 : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

// Another shape.
func.func @case(%x: tensor<4xf32>) {
  // expected-error @+1 {{'result' has shape [2, 2], expected [4]}}
  %0 = serenity.clamp %x min 0.0 : (tensor<4xf32>) -> tensor<2x2xf32>
  return
}

// -----

// Another kind.
func.func @case(%x: tensor<4xf32>) {
  // expected-error @+1 {{'result' stores 'i8', but 'input' stores 'f32'}}
  %0 = serenity.clamp %x min 0.0 : (tensor<4xf32>) -> tensor<4xi8>
  return
}

// -----

// A factor that is not finite.
func.func @case(%x: tensor<4xf32>) {
  // expected-error @+1 {{expected a finite number}}
  %0 = serenity.softmax %x beta 0x7FF0000000000000 : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

// A scalar has no last dimension.
func.func @case(%x: tensor<f32>) {
  // expected-error @+1 {{rank of 'result' is 0, expected at least 1}}
  %0 = serenity.softmax %x : (tensor<f32>) -> tensor<f32>
  return
}

// -----

// Another shape.
func.func @case(%x: tensor<4xf32>) {
  // expected-error @+1 {{'result' has shape [2, 2], expected [4]}}
  %0 = serenity.softmax %x : (tensor<4xf32>) -> tensor<2x2xf32>
  return
}

// -----

//----------------------------------------------------------------------//
// Moving data
//----------------------------------------------------------------------//

// Nothing to put together.
func.func @case() {
  // expected-error @+1 {{has 0 operands, expected at least 1}}
  %0 = "serenity.concat"() <{axis = 0 : i64}> : () -> tensor<4xf32>
  return
}

// -----

// An axis counted from the end.
func.func @case(%x: tensor<2x3xf32>, %y: tensor<2x3xf32>) {
  // expected-error @+1 {{'axis' is -1, expected at least 0 and below the rank of 2}}
  %0 = serenity.concat %x, %y axis -1 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x6xf32>
  return
}

// -----

// An axis past the end.
func.func @case(%x: tensor<2x3xf32>, %y: tensor<2x3xf32>) {
  // expected-error @+1 {{'axis' is 2, expected at least 0 and below the rank of 2}}
  %0 = serenity.concat %x, %y axis 2 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x6xf32>
  return
}

// -----

// Operands differ along the axis only.
func.func @case(%x: tensor<2x3xf32>, %y: tensor<1x3xf32>) {
  // expected-error @+1 {{operand #1 has shape [1, 3], expected [2, 3]}}
  %0 = serenity.concat %x, %y axis 1 : (tensor<2x3xf32>, tensor<1x3xf32>) -> tensor<2x6xf32>
  return
}

// -----

// Operands have the rank of the result.
func.func @case(%x: tensor<2x3xf32>, %y: tensor<3xf32>) {
  // expected-error @+1 {{operand #1 has shape [3], expected [2, 6]}}
  %0 = serenity.concat %x, %y axis 1 : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x6xf32>
  return
}

// -----

// Operands have the type of the result.
func.func @case(%x: tensor<2x3xf32>, %y: tensor<2x3xf16>) {
  // expected-error @+1 {{operand #1 stores 'f16', but 'result' stores 'f32'}}
  %0 = serenity.concat %x, %y axis 1 : (tensor<2x3xf32>, tensor<2x3xf16>) -> tensor<2x6xf32>
  return
}

// -----

// The sizes add up.
func.func @case(%x: tensor<2x3xf32>, %y: tensor<2x3xf32>) {
  // expected-error @+1 {{sum of the operands' sizes along axis 1 is 6, expected 7}}
  %0 = serenity.concat %x, %y axis 1 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x7xf32>
  return
}

// -----

// No pieces.
func.func @case(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{has 0 results, expected at least 1}}
  serenity.split %x axis 1 : (tensor<2x3xf32>) -> ()
  return
}

// -----

// An axis past the end.
func.func @case(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{'axis' is 2, expected at least 0 and below the rank of 2}}
  %0 = serenity.split %x axis 2 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

// Pieces differ along the axis only.
func.func @case(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{result #1 has shape [1, 2], expected [2, 2]}}
  %0:2 = serenity.split %x axis 1 : (tensor<2x3xf32>) -> (tensor<2x1xf32>, tensor<1x2xf32>)
  return
}

// -----

// Pieces have the type of the input.
func.func @case(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{result #1 stores 'i32', but 'input' stores 'f32'}}
  %0:2 = serenity.split %x axis 1 : (tensor<2x3xf32>) -> (tensor<2x1xf32>, tensor<2x2xi32>)
  return
}

// -----

// The sizes add up.
func.func @case(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{sum of the results' sizes along axis 1 is 2, expected 3}}
  %0:2 = serenity.split %x axis 1 : (tensor<2x3xf32>) -> (tensor<2x1xf32>, tensor<2x1xf32>)
  return
}

// -----

// A slice keeps the rank.
func.func @case(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{rank of 'result' is 1, expected 2}}
  %0 = serenity.slice %x at [0, 0] : (tensor<2x3xf32>) -> tensor<3xf32>
  return
}

// -----

// An offset for each dimension.
func.func @case(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{'offsets' has 1 numbers, expected 2}}
  %0 = serenity.slice %x at [0] : (tensor<2x3xf32>) -> tensor<1x3xf32>
  return
}

// -----

// A negative offset.
func.func @case(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{'offsets' is -1 at position 1, expected at least 0}}
  %0 = serenity.slice %x at [0, -1] : (tensor<2x3xf32>) -> tensor<1x3xf32>
  return
}

// -----

// Past the end.
func.func @case(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{slice of dimension 1 ends at 4, but 'input' has 3}}
  %0 = serenity.slice %x at [0, 1] : (tensor<2x3xf32>) -> tensor<1x3xf32>
  return
}

// -----

// Far past the end.
func.func @case(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{slice of dimension 1 ends at 9223372036854775810, but 'input' has 3}}
  %0 = serenity.slice %x at [0, 9223372036854775807] : (tensor<2x3xf32>) -> tensor<1x3xf32>
  return
}

// -----

// Another type.
func.func @case(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{'result' stores 'i32', but 'input' stores 'f32'}}
  %0 = serenity.slice %x at [0, 0] : (tensor<2x3xf32>) -> tensor<1x3xi32>
  return
}

// -----

// Padding keeps the rank.
func.func @case(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{rank of 'result' is 3, expected 2}}
  %0 = serenity.pad %x low [0, 0] high [0, 0] : (tensor<2x3xf32>) -> tensor<1x2x3xf32>
  return
}

// -----

// A number before each dimension.
func.func @case(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{'low' has 1 numbers, expected 2}}
  %0 = serenity.pad %x low [0] high [0, 0] : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

// A number after each dimension.
func.func @case(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{'high' has 3 numbers, expected 2}}
  %0 = serenity.pad %x low [0, 0] high [0, 0, 0] : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

// Negative padding.
func.func @case(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{'high' is -1 at position 0, expected at least 0}}
  %0 = serenity.pad %x low [0, 0] high [-1, 0] : (tensor<2x3xf32>) -> tensor<1x3xf32>
  return
}

// -----

// A size that is not 1 + 3 + 2 = 6.
func.func @case(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{dimension 1 of 'result' is 5, expected 6}}
  %0 = serenity.pad %x low [0, 1] high [0, 2] : (tensor<2x3xf32>) -> tensor<2x5xf32>
  return
}

// -----

// Another type.
func.func @case(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{'result' stores 'f16', but 'input' stores 'f32'}}
  %0 = serenity.pad %x low [0, 0] high [0, 0] : (tensor<2x3xf32>) -> tensor<2x3xf16>
  return
}

// -----

// Another number of elements.
func.func @case(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{number of elements of 'result' is 5, expected 6}}
  %0 = serenity.reshape %x : (tensor<2x3xf32>) -> tensor<5xf32>
  return
}

// -----

// Another type.
func.func @case(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{'result' stores 'i32', but 'input' stores 'f32'}}
  %0 = serenity.reshape %x : (tensor<2x3xf32>) -> tensor<6xi32>
  return
}
