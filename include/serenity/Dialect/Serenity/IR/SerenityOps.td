//===- SerenityOps.td - Operations of the serenity dialect -*- tablegen -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_DIALECT_SERENITY_IR_SERENITYOPS_TD
#define SERENITY_DIALECT_SERENITY_IR_SERENITYOPS_TD

include "mlir/IR/OpAsmInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "serenity/Dialect/Serenity/IR/SerenityAttrs.td"
include "serenity/Dialect/Serenity/IR/SerenityInterfaces.td"

//===----------------------------------------------------------------------===//
// Types and attributes of the operations
//===----------------------------------------------------------------------===//

def Serenity_Quantized : AnyTypeOf<[
    Type<CPred<"::llvm::isa<::mlir::quant::UniformQuantizedType>($_self)">>,
    Type<CPred<"::llvm::isa<::mlir::quant::UniformQuantizedPerAxisType>($_self)">>],
    "uniformly quantised type">;

/// What kernels compute with.
def Serenity_Number : AnyTypeOf<[
    F16, BF16, F32, F64, AnySignlessInteger, AnyUnsignedInteger, Serenity_Quantized],
    "float, signless or unsigned integer or uniformly quantised type">;

/// What runtimes store.
def Serenity_Element : AnyTypeOf<[Serenity_Number, Complex<F32>, Complex<F64>],
    "float, integer, uniformly quantised or complex type">;

/// A tensor whose bytes can be counted.
class Serenity_TensorOf<Type element> : ConfinedType<
    StaticShapeTensorOf<[element]>,
    [CPred<"::serenity::getStorageBytes($_self).has_value()">],
    !strconcat("tensor of known size below 2^63 bytes of ", element.summary, " values"),
    "::mlir::RankedTensorType">;

def Serenity_Tensor : Serenity_TensorOf<Serenity_Element>;
def Serenity_NumberTensor : Serenity_TensorOf<Serenity_Number>;
def Serenity_FilledTensor : ConfinedType<Serenity_NumberTensor,
    [CPred<"!::llvm::is_contained(::llvm::cast<::mlir::ShapedType>($_self).getShape(), 0)">],
    !strconcat(Serenity_NumberTensor.summary, " without an empty dimension"),
    "::mlir::RankedTensorType">;
def Serenity_Image : ConfinedType<Serenity_FilledTensor, [HasAnyRankOfPred<[4]>],
    !strconcat("4-D ", Serenity_FilledTensor.summary), "::mlir::RankedTensorType">;

/// Two numbers, for height and width; one if absent.
def Serenity_HeightWidth : DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">;
/// Rows and columns added on each side: top, bottom, left, right.
def Serenity_Padding2D : DefaultValuedAttr<DenseI64ArrayAttr, "{0, 0, 0, 0}">;
def Serenity_FusedActivation
    : DefaultValuedAttr<Serenity_ActivationAttr, "::serenity::Activation::None">;

//===----------------------------------------------------------------------===//
// Base class
//===----------------------------------------------------------------------===//

def Serenity_ScalesMatchShapes : NativeOpTrait<"ScalesMatchShapes"> {
  let cppNamespace = "::serenity";
}

/// Results are named after their operation: `%concat_3`.
class Serenity_Op<string mnemonic, list<Trait> traits = []>
    : Op<SerenityDialect, mnemonic, !listconcat(traits, [
        Serenity_ScalesMatchShapes,
        DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmResultNames"]>])> {
  let extraClassDefinition = [{
    void $cppClass::getAsmResultNames(::mlir::OpAsmSetValueNameFn setName) {
      if (getOperation()->getNumResults() != 0)
        setName(getOperation()->getResult(0), "}] # mnemonic # [{");
    }
  }];
}

//===----------------------------------------------------------------------===//
// Constants and opaque kernels
//===----------------------------------------------------------------------===//

def Serenity_WeightOp : Serenity_Op<"weight", [
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
    DeclareOpInterfaceMethods<ActivationMemoryOpInterface, ["getResultMemory"]>]> {
  let summary = "constant data, outside activation memory";
  let description = [{
    Weights, biases and other constants. They live in flash or in a region of
    their own and are never counted as activations. The payload is absent where
    only memory is analysed; two weights without one are not the same weight,
    which an effect (they allocate their result) tells common subexpression
    elimination. The payload of a quantised tensor has the storage type as its
    element type. A resource holds the bytes of `getStorageBytes`.

    ```mlir
    %0 = serenity.weight : tensor<16x3x3x8xf32>
    %1 = serenity.weight dense<[0.5, -0.5]> : tensor<2xf32>
    %2 = serenity.weight dense_resource<stem> : tensor<8xi8>
           as tensor<8x!quant.uniform<i8:f32, 0.1>>
    ```
  }];
  let arguments = (ins OptionalAttr<ElementsAttr>:$value);
  let results = (outs Serenity_Tensor:$result);
  let assemblyFormat = "attr-dict custom<Payload>($value, type($result))";
  let hasVerifier = 1;
}

def Serenity_NodeOp : Serenity_Op<"node", [
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
    DeclareOpInterfaceMethods<ActivationMemoryOpInterface>]> {
  let summary = "any other kernel, opaque but for its memory";
  let description = [{
    `kind` is the kernel's name in the file it came from; its parameters may
    follow as discardable attributes. It needs `scratch_bytes` only while it
    runs. A `stateful` node reads and writes state outside the network's
    activations and keeps its place relative to the other stateful nodes.

    ```mlir
    %0 = serenity.node "MEAN"(%x) {keep_dims} : (tensor<1x7x7x8xf32>) -> tensor<1x8xf32>
    %1 = serenity.node "SVDF"(%0) scratch 128 stateful : (tensor<1x8xf32>) -> tensor<1x4xf32>
    ```
  }];
  let arguments = (ins Variadic<Serenity_Tensor>:$inputs, StrAttr:$kind,
      DefaultValuedAttr<ConfinedAttr<I64Attr, [IntNonNegative]>, "0">:$scratch_bytes,
      UnitAttr:$stateful);
  let results = (outs Variadic<Serenity_Tensor>:$outputs);
  let assemblyFormat = [{
    $kind `(` $inputs `)` (`scratch` $scratch_bytes^)? (`stateful` $stateful^)?
    attr-dict `:` functional-type($inputs, $outputs)
  }];
}

//===----------------------------------------------------------------------===//
// Products with weights
//===----------------------------------------------------------------------===//

/// A kernel that may add to a buffer instead of filling a new one.
class Serenity_ProductOp<string mnemonic> : Serenity_Op<mnemonic, [
    Pure, AttrSizedOperandSegments, ProductOpInterface,
    DeclareOpInterfaceMethods<ActivationMemoryOpInterface, ["getResultMemory"]>]>;

def Serenity_Conv2DOp : Serenity_ProductOp<"conv_2d"> {
  let summary = "two-dimensional convolution";
  let description = [{
    `input` is NHWC, `filter` OHWI, `bias` O. The input's channels are `groups`
    times those of the filter; the result's channels are divided among the
    groups. Strides, dilations and the padding (top, bottom, left, right) give
    the result's height and width exactly. With an `accumulator`, which has the
    result's type, the products are added to that buffer, which the result takes
    over. The activation applies to the complete result.

    ```mlir
    %0 = serenity.conv_2d %x, %w bias %b stride [2, 2] pad [0, 1, 0, 1] relu6
       : (tensor<1x8x8x4xf32>, tensor<16x3x3x4xf32>, tensor<16xf32>) -> tensor<1x4x4x16xf32>
    %1 = serenity.conv_2d %y, %v accumulate %0
       : (tensor<1x4x4x4xf32>, tensor<16x1x1x4xf32>, tensor<1x4x4x16xf32>) -> tensor<1x4x4x16xf32>
    ```
  }];
  let arguments = (ins Serenity_Image:$input, Serenity_Image:$filter,
      Optional<Serenity_NumberTensor>:$bias, Optional<Serenity_Image>:$accumulator,
      Serenity_HeightWidth:$strides, Serenity_Padding2D:$padding,
      Serenity_HeightWidth:$dilations, DefaultValuedAttr<I64Attr, "1">:$groups,
      Serenity_FusedActivation:$activation);
  let results = (outs Serenity_Image:$result);
  let assemblyFormat = [{
    $input `,` $filter (`bias` $bias^)? (`accumulate` $accumulator^)?
    (`stride` $strides^)? (`pad` $padding^)? (`dilation` $dilations^)?
    (`groups` $groups^)? (custom<Activation>($activation)^)?
    attr-dict `:` functional-type(operands, $result)
  }];
  let hasVerifier = 1;
}

def Serenity_DepthwiseConv2DOp : Serenity_ProductOp<"depthwise_conv_2d"> {
  let summary = "convolution of every channel with filters of its own";
  let description = [{
    `input` is NHWC with C channels, `filter` 1HWO with O a multiple of C,
    `bias` O. Output channel o is computed from input channel o / (O / C). The
    rest is as in `serenity.conv_2d`.

    ```mlir
    %0 = serenity.depthwise_conv_2d %x, %w bias %b pad [1, 1, 1, 1] relu
       : (tensor<1x8x8x4xf32>, tensor<1x3x3x8xf32>, tensor<8xf32>) -> tensor<1x8x8x8xf32>
    ```
  }];
  let arguments = (ins Serenity_Image:$input, Serenity_Image:$filter,
      Optional<Serenity_NumberTensor>:$bias, Optional<Serenity_Image>:$accumulator,
      Serenity_HeightWidth:$strides, Serenity_Padding2D:$padding,
      Serenity_HeightWidth:$dilations, Serenity_FusedActivation:$activation);
  let results = (outs Serenity_Image:$result);
  let assemblyFormat = [{
    $input `,` $filter (`bias` $bias^)? (`accumulate` $accumulator^)?
    (`stride` $strides^)? (`pad` $padding^)? (`dilation` $dilations^)?
    (custom<Activation>($activation)^)?
    attr-dict `:` functional-type(operands, $result)
  }];
  let hasVerifier = 1;
}

def Serenity_FullyConnectedOp : Serenity_ProductOp<"fully_connected"> {
  let summary = "product of a matrix with every row of the input";
  let description = [{
    `filter` is OI; the input is taken as rows of I elements, whatever its rank,
    and the result has O elements for each row, so O is its last dimension. An
    `accumulator` is as in `serenity.conv_2d`.

    ```mlir
    %0 = serenity.fully_connected %x, %w bias %b
       : (tensor<1x64xf32>, tensor<10x64xf32>, tensor<10xf32>) -> tensor<1x10xf32>
    ```
  }];
  let arguments = (ins Serenity_FilledTensor:$input, Serenity_FilledTensor:$filter,
      Optional<Serenity_NumberTensor>:$bias,
      Optional<Serenity_NumberTensor>:$accumulator,
      Serenity_FusedActivation:$activation);
  let results = (outs Serenity_NumberTensor:$result);
  let assemblyFormat = [{
    $input `,` $filter (`bias` $bias^)? (`accumulate` $accumulator^)?
    (custom<Activation>($activation)^)?
    attr-dict `:` functional-type(operands, $result)
  }];
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Pooling
//===----------------------------------------------------------------------===//

class Serenity_Pool2DOp<string mnemonic>
    : Serenity_Op<mnemonic, [Pure, DeclareOpInterfaceMethods<ActivationMemoryOpInterface>]> {
  let arguments = (ins Serenity_Image:$input, DenseI64ArrayAttr:$kernel,
      Serenity_HeightWidth:$strides, Serenity_Padding2D:$padding,
      Serenity_FusedActivation:$activation);
  let results = (outs Serenity_Image:$result);
  let assemblyFormat = [{
    $input `kernel` $kernel (`stride` $strides^)? (`pad` $padding^)?
    (custom<Activation>($activation)^)?
    attr-dict `:` functional-type($input, $result)
  }];
  let hasVerifier = 1;
}

def Serenity_MaxPool2DOp : Serenity_Pool2DOp<"max_pool_2d"> {
  let summary = "largest element of each window";
  let description = [{
    Windows of `kernel` (height, width) rows and columns, channel by channel;
    padding never wins.

    ```mlir
    %0 = serenity.max_pool_2d %x kernel [3, 3] stride [2, 2] pad [0, 1, 0, 1]
       : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32>
    ```
  }];
}

def Serenity_AvgPool2DOp : Serenity_Pool2DOp<"avg_pool_2d"> {
  let summary = "mean of the elements of each window, padding excluded";
  let description = [{
    Windows of `kernel` (height, width) rows and columns, channel by channel; the
    divisor is the number of elements that are not padding.

    ```mlir
    %0 = serenity.avg_pool_2d %x kernel [7, 7] : (tensor<1x7x7x4xf32>) -> tensor<1x1x1x4xf32>
    ```
  }];
}

//===----------------------------------------------------------------------===//
// Elementwise
//===----------------------------------------------------------------------===//

/// A kernel that reads an element no later than it writes the same element.
class Serenity_ElementwiseOp<string mnemonic> : Serenity_Op<mnemonic, [
    Pure, DeclareOpInterfaceMethods<ActivationMemoryOpInterface, ["mayOverwrite"]>]>;

class Serenity_BinaryOp<string mnemonic> : Serenity_ElementwiseOp<mnemonic> {
  let arguments = (ins Serenity_NumberTensor:$lhs, Serenity_NumberTensor:$rhs,
      Serenity_FusedActivation:$activation);
  let results = (outs Serenity_NumberTensor:$result);
  let assemblyFormat = [{
    $lhs `,` $rhs (custom<Activation>($activation)^)?
    attr-dict `:` functional-type(operands, $result)
  }];
  let hasVerifier = 1;
}

def Serenity_AddOp : Serenity_BinaryOp<"add"> {
  let summary = "elementwise sum of two tensors, with broadcast";
  let description = [{
    Shapes are aligned at their last dimensions; a dimension of one, or a missing
    one, is repeated to fit the other's.

    ```mlir
    %0 = serenity.add %x, %b relu : (tensor<1x8x8x4xf32>, tensor<4xf32>) -> tensor<1x8x8x4xf32>
    ```
  }];
}

def Serenity_MulOp : Serenity_BinaryOp<"mul"> {
  let summary = "elementwise product of two tensors, with broadcast";
  let description = [{
    Shapes broadcast as in `serenity.add`.

    ```mlir
    %0 = serenity.mul %x, %s : (tensor<1x8x8x4xf32>, tensor<1x1x1x4xf32>) -> tensor<1x8x8x4xf32>
    ```
  }];
}

def Serenity_SumOp : Serenity_Op<"sum", [
    Pure, DeclareOpInterfaceMethods<ActivationMemoryOpInterface,
                                    ["getResultMemory", "mayOverwrite"]>]> {
  let summary = "elementwise sum of any number of tensors, in no order";
  let description = [{
    All tensors have the result's shape. Rewritings leave the partial results of
    a kernel in one sum that `accumulates`: all types are equal, and where every
    operand is a product that nobody else reads, all of them are added to one
    buffer, in whatever order they run. Such a sum is no kernel of its own;
    `serenity-form-accumulations` makes a chain of it once the order is fixed.

    ```mlir
    %0 = serenity.sum %a, %b, %c relu6
       : (tensor<1x4x4x8xf32>, tensor<1x4x4x8xf32>, tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32>
    %1 = serenity.sum %p, %q accumulates
       : (tensor<1x4x4x8xf32>, tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32>
    ```
  }];
  let arguments = (ins Variadic<Serenity_NumberTensor>:$inputs,
      UnitAttr:$accumulates, Serenity_FusedActivation:$activation);
  let results = (outs Serenity_NumberTensor:$result);
  let assemblyFormat = [{
    $inputs (`accumulates` $accumulates^)? (custom<Activation>($activation)^)?
    attr-dict `:` functional-type($inputs, $result)
  }];
  let extraClassDeclaration = [{
    /// Whether the operands are added to one buffer by the kernels that compute
    /// them: the sum accumulates, and every operand is a product that may (see
    /// `mayAccumulate`).
    bool isAccumulation();
  }];
  let hasCanonicalizeMethod = 1;
  let hasVerifier = 1;
}

def Serenity_ClampOp : Serenity_ElementwiseOp<"clamp"> {
  let summary = "elementwise limits; ReLU is a clamp from 0 to infinity";
  let description = [{
    The limits are real values, also for a quantised tensor; an absent one is
    infinite.

    ```mlir
    %0 = serenity.clamp %x min 0.0 max 6.0 : (tensor<1x8xf32>) -> tensor<1x8xf32>
    ```
  }];
  let arguments = (ins Serenity_NumberTensor:$input,
      DefaultValuedAttr<F64Attr, "-::std::numeric_limits<double>::infinity()">:$min,
      DefaultValuedAttr<F64Attr, "::std::numeric_limits<double>::infinity()">:$max);
  let results = (outs Serenity_NumberTensor:$result);
  let assemblyFormat = [{
    $input (`min` $min^)? (`max` $max^)?
    attr-dict `:` functional-type($input, $result)
  }];
  let hasVerifier = 1;
}

def Serenity_SoftmaxOp : Serenity_Op<"softmax", [
    Pure, DeclareOpInterfaceMethods<ActivationMemoryOpInterface>]> {
  let summary = "softmax along the last dimension, of beta times the input";
  let description = [{
    ```mlir
    %0 = serenity.softmax %x beta 2.0 : (tensor<1x10xf32>) -> tensor<1x10xf32>
    ```
  }];
  let arguments = (ins Serenity_NumberTensor:$input,
      DefaultValuedAttr<F64Attr, "1.0">:$beta);
  let results = (outs Serenity_NumberTensor:$result);
  let assemblyFormat = [{
    $input (`beta` $beta^)? attr-dict `:` functional-type($input, $result)
  }];
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Moving data
//===----------------------------------------------------------------------===//

def Serenity_ConcatOp : Serenity_Op<"concat", [Pure,
    DeclareOpInterfaceMethods<ActivationMemoryOpInterface, ["getResultMemory"]>]> {
  let summary = "tensors side by side along one dimension";
  let description = [{
    The operands differ in dimension `axis` only. Where the result is stored
    depends on the concat model: in a buffer of its own, nowhere (its readers
    read the operands), or around the operands.

    ```mlir
    %0 = serenity.concat %a, %b axis 3
       : (tensor<1x8x8x4xf32>, tensor<1x8x8x12xf32>) -> tensor<1x8x8x16xf32>
    ```
  }];
  let arguments = (ins Variadic<Serenity_Tensor>:$inputs, I64Attr:$axis);
  let results = (outs Serenity_Tensor:$result);
  let assemblyFormat = [{
    $inputs `axis` $axis attr-dict `:` functional-type($inputs, $result)
  }];
  let hasCanonicalizeMethod = 1;
  let hasFolder = 1;
  let hasVerifier = 1;
}

def Serenity_SplitOp : Serenity_Op<"split", [
    Pure, DeclareOpInterfaceMethods<ActivationMemoryOpInterface>]> {
  let summary = "one tensor cut into several along one dimension";
  let description = [{
    The results, in order, are the pieces of the input along dimension `axis`;
    their sizes may differ.

    ```mlir
    %0:2 = serenity.split %x axis 3
         : (tensor<1x8x8x16xf32>) -> (tensor<1x8x8x4xf32>, tensor<1x8x8x12xf32>)
    ```
  }];
  let arguments = (ins Serenity_Tensor:$input, I64Attr:$axis);
  let results = (outs Variadic<Serenity_Tensor>:$outputs);
  let assemblyFormat = [{
    $input `axis` $axis attr-dict `:` functional-type($input, $outputs)
  }];
  let hasFolder = 1;
  let hasVerifier = 1;
}

def Serenity_SliceOp : Serenity_Op<"slice", [
    Pure, DeclareOpInterfaceMethods<ActivationMemoryOpInterface>]> {
  let summary = "the box of the result's shape that begins at `offsets`";
  let description = [{
    ```mlir
    %0 = serenity.slice %x at [0, 0, 0, 4] : (tensor<1x8x8x16xf32>) -> tensor<1x8x8x12xf32>
    ```
  }];
  let arguments = (ins Serenity_Tensor:$input, DenseI64ArrayAttr:$offsets);
  let results = (outs Serenity_Tensor:$result);
  let assemblyFormat = [{
    $input `at` $offsets attr-dict `:` functional-type($input, $result)
  }];
  let hasFolder = 1;
  let hasVerifier = 1;
}

def Serenity_PadOp : Serenity_Op<"pad", [
    Pure, DeclareOpInterfaceMethods<ActivationMemoryOpInterface>]> {
  let summary = "a tensor with `value` around it";
  let description = [{
    `low` and `high` elements are added before and after each dimension. `value`
    is a real value, also for a quantised tensor.

    ```mlir
    %0 = serenity.pad %x low [0, 1, 1, 0] high [0, 2, 2, 0] value 1.0
       : (tensor<1x8x8x4xf32>) -> tensor<1x11x11x4xf32>
    ```
  }];
  let arguments = (ins Serenity_NumberTensor:$input, DenseI64ArrayAttr:$low,
      DenseI64ArrayAttr:$high, DefaultValuedAttr<F64Attr, "0.0">:$value);
  let results = (outs Serenity_NumberTensor:$result);
  let assemblyFormat = [{
    $input `low` $low `high` $high (`value` $value^)?
    attr-dict `:` functional-type($input, $result)
  }];
  let hasVerifier = 1;
}

def Serenity_ReshapeOp : Serenity_Op<"reshape", [
    Pure, DeclareOpInterfaceMethods<ActivationMemoryOpInterface, ["mayOverwrite"]>]> {
  let summary = "the same elements in another shape";
  let description = [{
    The result has a buffer of its own, because runtimes copy; one that works in
    place writes it over the input.

    ```mlir
    %0 = serenity.reshape %x : (tensor<1x1x1x64xf32>) -> tensor<1x64xf32>
    ```
  }];
  let arguments = (ins Serenity_Tensor:$input);
  let results = (outs Serenity_Tensor:$result);
  let assemblyFormat = [{
    $input attr-dict `:` functional-type($input, $result)
  }];
  let hasFolder = 1;
  let hasVerifier = 1;
}

#endif // SERENITY_DIALECT_SERENITY_IR_SERENITYOPS_TD
