// What cannot be lowered, one error for each reason.

// RUN: serenity-opt %s --split-input-file --verify-diagnostics --convert-serenity-to-memref

func.func @node(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{'serenity.node' op has no kernel for 'MEAN'}}
  %0 = serenity.node "MEAN"(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @other_dialect(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{'arith.negf' op cannot be lowered: it has no kernel}}
  %0 = arith.negf %x : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @elided(%x: tensor<1x4xf32>) -> tensor<1x2xf32> {
  // expected-error @+1 {{'serenity.weight' op has no contents}}
  %w = serenity.weight : tensor<2x4xf32>
  %0 = serenity.fully_connected %x, %w : (tensor<1x4xf32>, tensor<2x4xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// -----

func.func @unformed(%x: tensor<1x2x2x2xf32>, %y: tensor<1x2x2x3xf32>) -> tensor<1x2x2x1xf32> {
  %v = serenity.weight dense<1.0> : tensor<1x1x1x2xf32>
  %w = serenity.weight dense<1.0> : tensor<1x1x1x3xf32>
  %0 = serenity.conv_2d %x, %v : (tensor<1x2x2x2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x2x2x1xf32>
  %1 = serenity.conv_2d %y, %w : (tensor<1x2x2x3xf32>, tensor<1x1x1x3xf32>) -> tensor<1x2x2x1xf32>
  // expected-error @+1 {{'serenity.sum' op is no kernel: its operands add to one buffer once 'serenity-form-accumulations' has made a chain of them}}
  %2 = serenity.sum %0, %1 accumulates : (tensor<1x2x2x1xf32>, tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32>
  return %2 : tensor<1x2x2x1xf32>
}

// -----

func.func @bfloat(%x: tensor<1x4xbf16>) -> tensor<1x4xbf16> {
  // expected-error @+1 {{'serenity.add' op has no kernel for elements of type 'bf16'}}
  %0 = serenity.add %x, %x : (tensor<1x4xbf16>, tensor<1x4xbf16>) -> tensor<1x4xbf16>
  return %0 : tensor<1x4xbf16>
}

// -----

func.func @view(%x: tensor<4xf32>) -> tensor<8xf32> attributes {serenity.concat_model = "view"} {
  // expected-error @+1 {{'serenity.concat' op cannot be lowered under the concat model 'view'}}
  %0 = serenity.concat %x, %x axis 0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----

func.func @constant() -> (tensor<4xf32>) {
  %0 = serenity.weight dense<1.0> : tensor<4xf32>
  // expected-error @+1 {{cannot be lowered: result #0 is a constant}}
  return %0 : tensor<4xf32>
}

// -----

// expected-error @+1 {{cannot be lowered: 'tensor<0x4xf32>' is empty}}
func.func @empty(%x: tensor<0x4xf32>) -> tensor<0x4xf32> {
  return %x : tensor<0x4xf32>
}

// -----

// expected-error @+1 {{cannot be lowered: no memory holds elements of type 'i1'}}
func.func @bits(%x: tensor<4xi1>) -> tensor<4xi1> {
  return %x : tensor<4xi1>
}

// -----

// expected-error @+1 {{cannot be lowered: 'index' is not a tensor}}
func.func @index(%x: index, %y: tensor<4xf32>) -> tensor<4xf32> {
  return %y : tensor<4xf32>
}

// -----

func.func @integers(%x: tensor<4xi32>) -> tensor<4xi32> {
  // expected-error @+1 {{'serenity.add' op has no kernel for elements of type 'i32'}}
  %0 = serenity.add %x, %x : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  return %0 : tensor<4xi32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
func.func @tanh(%x: tensor<4x!q>) -> tensor<4x!q> {
  // expected-error @+1 {{'serenity.add' op has no kernel with activation 'tanh' for elements of type '!quant.uniform<i8:f32, 5.000000e-01>'}}
  %0 = serenity.add %x, %x tanh : (tensor<4x!q>, tensor<4x!q>) -> tensor<4x!q>
  return %0 : tensor<4x!q>
}

// -----

func.func @signed_concat(%x: tensor<4x!quant.uniform<i8:f32, 0.5>>)
    -> tensor<4x!quant.uniform<i8:f32, 0.25>> {
  // expected-error @+1 {{'serenity.concat' op has no kernel from '!quant.uniform<i8:f32, 5.000000e-01>' to '!quant.uniform<i8:f32, 2.500000e-01>', which are scaled differently}}
  %0 = serenity.concat %x axis 0
     : (tensor<4x!quant.uniform<i8:f32, 0.5>>) -> tensor<4x!quant.uniform<i8:f32, 0.25>>
  return %0 : tensor<4x!quant.uniform<i8:f32, 0.25>>
}

// -----

!a = !quant.uniform<i8:f32, 0.5>
!b = !quant.uniform<i8:f32, 0.5:1>
func.func @pool(%x: tensor<1x2x2x1x!a>) -> tensor<1x1x1x1x!b> {
  // expected-error @+1 {{'serenity.max_pool_2d' op has no kernel from '!quant.uniform<i8:f32, 5.000000e-01>' to '!quant.uniform<i8:f32, 5.000000e-01:1>', which are scaled differently}}
  %0 = serenity.max_pool_2d %x kernel [2, 2] : (tensor<1x2x2x1x!a>) -> tensor<1x1x1x1x!b>
  return %0 : tensor<1x1x1x1x!b>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
func.func @accumulate(%x: tensor<1x4x!q>, %y: tensor<1x2x!q>) -> tensor<1x2x!q> {
  %w = serenity.weight dense<1> : tensor<2x4xi8> as tensor<2x4x!q>
  // expected-error @+1 {{'serenity.fully_connected' op accumulates in elements of type '!quant.uniform<i8:f32, 5.000000e-01>', which kernels have rounded already}}
  %0 = serenity.fully_connected %x, %w accumulate %y
     : (tensor<1x4x!q>, tensor<2x4x!q>, tensor<1x2x!q>) -> tensor<1x2x!q>
  return %0 : tensor<1x2x!q>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
func.func @softmax(%x: tensor<1x4x!q>) -> tensor<1x4x!q> {
  // expected-error @+1 {{'serenity.softmax' op has no kernel from '!quant.uniform<i8:f32, 5.000000e-01>' to '!quant.uniform<i8:f32, 5.000000e-01>', only to probabilities in steps of 1/256}}
  %0 = serenity.softmax %x : (tensor<1x4x!q>) -> tensor<1x4x!q>
  return %0 : tensor<1x4x!q>
}

// -----

// expected-error @+1 {{cannot be lowered: there is an arena, but no offset in it}}
func.func @unplanned(%x: tensor<4xf32>) -> tensor<4xf32> attributes {serenity.arena_bytes = 32 : i64} {
  %0 = serenity.clamp %x min 0.0 {serenity.offset = array<i64: 16>} : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @outside(%x: tensor<4xf32> {serenity.offset = 0 : i64}) -> tensor<4xf32> attributes {serenity.arena_bytes = 31 : i64} {
  // expected-error @+1 {{cannot be lowered: 16 bytes at offset 16 are not inside the arena of 31}}
  %0 = serenity.clamp %x min 0.0 {serenity.offset = array<i64: 16>} : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
