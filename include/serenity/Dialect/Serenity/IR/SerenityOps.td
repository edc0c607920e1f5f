//===- SerenityOps.td - Operations of the serenity dialect -*- tablegen -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_DIALECT_SERENITY_IR_SERENITYOPS_TD
#define SERENITY_DIALECT_SERENITY_IR_SERENITYOPS_TD

include "mlir/Interfaces/SideEffectInterfaces.td"
include "serenity/Dialect/Serenity/IR/SerenityAttrs.td"
include "serenity/Dialect/Serenity/IR/SerenityInterfaces.td"

class Serenity_Op<string mnemonic, list<Trait> traits = []>
    : Op<SerenityDialect, mnemonic,
         !listconcat(traits, [DeclareOpInterfaceMethods<
             ActivationMemoryOpInterface>])>;

/// A tensor of any element type whose size is known.
def Serenity_Tensor : StaticShapeTensorOf<[AnyType]>;
def Serenity_Tensor4D
    : ConfinedType<Serenity_Tensor, [HasAnyRankOfPred<[4]>], "4-D tensor of known size">;

/// Two numbers, for height and width; one if absent.
def Serenity_HeightWidth : DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">;
/// Rows and columns added on each side: top, bottom, left, right.
def Serenity_Padding2D : DefaultValuedAttr<DenseI64ArrayAttr, "{0, 0, 0, 0}">;
def Serenity_FusedActivation
    : DefaultValuedAttr<Serenity_ActivationAttr, "::serenity::Activation::None">;

//===----------------------------------------------------------------------===//
// Constants and opaque kernels
//===----------------------------------------------------------------------===//

def Serenity_WeightOp : Serenity_Op<"weight", [Pure]> {
  let summary = "constant data, outside activation memory";
  let description = [{
    Weights, biases and other constants. They live in flash or in a region of
    their own and are never counted as activations. The payload is absent where
    only memory is analysed.
  }];
  let arguments = (ins OptionalAttr<ElementsAttr>:$value);
  let results = (outs Serenity_Tensor:$result);
}

def Serenity_NodeOp : Serenity_Op<"node", [
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "any other kernel, opaque but for its memory";
  let description = [{
    `kind` is the kernel's name in the file it came from. A `stateful` node
    reads and writes state outside the network's activations and keeps its
    place relative to the other stateful nodes.
  }];
  let arguments = (ins Variadic<Serenity_Tensor>:$inputs, StrAttr:$kind,
      DefaultValuedAttr<ConfinedAttr<I64Attr, [IntNonNegative]>, "0">:$scratch_bytes,
      UnitAttr:$stateful);
  let results = (outs Variadic<Serenity_Tensor>:$outputs);
}

//===----------------------------------------------------------------------===//
// Products with weights
//===----------------------------------------------------------------------===//

def Serenity_Conv2DOp : Serenity_Op<"conv_2d", [Pure, AttrSizedOperandSegments]> {
  let summary = "two-dimensional convolution";
  let description = [{
    `input` is NHWC, `filter` OHWI, `bias` O. The input's channels are `groups`
    times those of the filter. With an `accumulator`, the products are added to
    that buffer, which the result takes over.
  }];
  let arguments = (ins Serenity_Tensor4D:$input, Serenity_Tensor4D:$filter,
      Optional<Serenity_Tensor>:$bias, Optional<Serenity_Tensor4D>:$accumulator,
      Serenity_HeightWidth:$strides, Serenity_Padding2D:$padding,
      Serenity_HeightWidth:$dilations, DefaultValuedAttr<I64Attr, "1">:$groups,
      Serenity_FusedActivation:$activation);
  let results = (outs Serenity_Tensor4D:$result);
}

def Serenity_DepthwiseConv2DOp
    : Serenity_Op<"depthwise_conv_2d", [Pure, AttrSizedOperandSegments]> {
  let summary = "convolution of every channel with filters of its own";
  let description = [{
    `input` is NHWC with C channels, `filter` 1HWO with O a multiple of C,
    `bias` O. Output channel o is computed from input channel o / (O / C).
  }];
  let arguments = (ins Serenity_Tensor4D:$input, Serenity_Tensor4D:$filter,
      Optional<Serenity_Tensor>:$bias, Optional<Serenity_Tensor4D>:$accumulator,
      Serenity_HeightWidth:$strides, Serenity_Padding2D:$padding,
      Serenity_HeightWidth:$dilations, Serenity_FusedActivation:$activation);
  let results = (outs Serenity_Tensor4D:$result);
}

def Serenity_FullyConnectedOp
    : Serenity_Op<"fully_connected", [Pure, AttrSizedOperandSegments]> {
  let summary = "product of a matrix with every row of the input";
  let description = [{
    `filter` is OI; the input is taken as rows of I elements, whatever its rank,
    and the result has O elements for each row.
  }];
  let arguments = (ins Serenity_Tensor:$input, Serenity_Tensor:$filter,
      Optional<Serenity_Tensor>:$bias, Optional<Serenity_Tensor>:$accumulator,
      Serenity_FusedActivation:$activation);
  let results = (outs Serenity_Tensor:$result);
}

//===----------------------------------------------------------------------===//
// Pooling
//===----------------------------------------------------------------------===//

class Serenity_Pool2DOp<string mnemonic> : Serenity_Op<mnemonic, [Pure]> {
  let arguments = (ins Serenity_Tensor4D:$input, DenseI64ArrayAttr:$kernel,
      Serenity_HeightWidth:$strides, Serenity_Padding2D:$padding,
      Serenity_FusedActivation:$activation);
  let results = (outs Serenity_Tensor4D:$result);
}

def Serenity_MaxPool2DOp : Serenity_Pool2DOp<"max_pool_2d"> {
  let summary = "largest element of each window";
}

def Serenity_AvgPool2DOp : Serenity_Pool2DOp<"avg_pool_2d"> {
  let summary = "mean of the elements of each window, padding excluded";
}

//===----------------------------------------------------------------------===//
// Elementwise
//===----------------------------------------------------------------------===//

class Serenity_BinaryOp<string mnemonic>
    : Serenity_Op<mnemonic, [Pure]> {
  let arguments = (ins Serenity_Tensor:$lhs, Serenity_Tensor:$rhs,
      Serenity_FusedActivation:$activation);
  let results = (outs Serenity_Tensor:$result);
}

def Serenity_AddOp : Serenity_BinaryOp<"add"> {
  let summary = "elementwise sum of two tensors, with broadcast";
}

def Serenity_MulOp : Serenity_BinaryOp<"mul"> {
  let summary = "elementwise product of two tensors, with broadcast";
}

def Serenity_SumOp : Serenity_Op<"sum", [Pure]> {
  let summary = "elementwise sum of any number of tensors, in no order";
  let arguments = (ins Variadic<Serenity_Tensor>:$inputs,
      Serenity_FusedActivation:$activation);
  let results = (outs Serenity_Tensor:$result);
}

def Serenity_ClampOp : Serenity_Op<"clamp", [Pure]> {
  let summary = "elementwise limits; ReLU is a clamp from 0 to infinity";
  let arguments = (ins Serenity_Tensor:$input, F64Attr:$min, F64Attr:$max);
  let results = (outs Serenity_Tensor:$result);
}

def Serenity_SoftmaxOp : Serenity_Op<"softmax", [Pure]> {
  let summary = "softmax along the last dimension, of beta times the input";
  let arguments = (ins Serenity_Tensor:$input,
      DefaultValuedAttr<F64Attr, "1.0">:$beta);
  let results = (outs Serenity_Tensor:$result);
}

//===----------------------------------------------------------------------===//
// Moving data
//===----------------------------------------------------------------------===//

def Serenity_ConcatOp : Serenity_Op<"concat", [Pure]> {
  let summary = "tensors side by side along one dimension";
  let arguments = (ins Variadic<Serenity_Tensor>:$inputs, I64Attr:$axis);
  let results = (outs Serenity_Tensor:$result);
}

def Serenity_SplitOp : Serenity_Op<"split", [Pure]> {
  let summary = "one tensor cut into several along one dimension";
  let arguments = (ins Serenity_Tensor:$input, I64Attr:$axis);
  let results = (outs Variadic<Serenity_Tensor>:$outputs);
}

def Serenity_SliceOp : Serenity_Op<"slice", [Pure]> {
  let summary = "the box of the result's shape that begins at `offsets`";
  let arguments = (ins Serenity_Tensor:$input, DenseI64ArrayAttr:$offsets);
  let results = (outs Serenity_Tensor:$result);
}

def Serenity_PadOp : Serenity_Op<"pad", [Pure]> {
  let summary = "a tensor with `value` around it";
  let arguments = (ins Serenity_Tensor:$input, DenseI64ArrayAttr:$low,
      DenseI64ArrayAttr:$high, DefaultValuedAttr<F64Attr, "0.0">:$value);
  let results = (outs Serenity_Tensor:$result);
}

def Serenity_ReshapeOp : Serenity_Op<"reshape", [Pure]> {
  let summary = "the same elements in another shape";
  let arguments = (ins Serenity_Tensor:$input);
  let results = (outs Serenity_Tensor:$result);
}

#endif // SERENITY_DIALECT_SERENITY_IR_SERENITYOPS_TD
