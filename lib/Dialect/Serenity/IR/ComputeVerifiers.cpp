//===- ComputeVerifiers.cpp - Verifiers of what computes ------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Checks.h"
#include "mlir/Dialect/Traits.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::detail;

//===----------------------------------------------------------------------===//
// Products with weights
//===----------------------------------------------------------------------===//

/// Scales for each channel of a filter must be those of the output channels,
/// which `channelAxis` numbers.
static LogicalResult verifyFilterScales(Operation *op, RankedTensorType filter,
                                        int64_t channelAxis) {
  auto perAxis =
      dyn_cast<quant::UniformQuantizedPerAxisType>(filter.getElementType());
  if (!perAxis)
    return success();
  return verifySize(op, "quantised dimension of 'filter'",
                    perAxis.getQuantizedDimension(), channelAxis);
}

/// A bias, if there is one, has a number of the input's kind for each of
/// `channels`.
static LogicalResult verifyBias(Operation *op, Value bias, Value input,
                                int64_t channels) {
  if (!bias)
    return success();
  return failure(failed(verifyShape(op, "'bias'", bias.getType(), channels)) ||
                 failed(verifySameKind(op, "'bias'", bias.getType(), "'input'",
                                       input.getType())));
}

/// An accumulator, if there is one, becomes the result.
static LogicalResult verifyAccumulator(Operation *op, Value accumulator,
                                       Type result) {
  if (!accumulator || accumulator.getType() == result)
    return success();
  return op->emitOpError() << "'accumulator' has type " << accumulator.getType()
                           << ", but 'result' has " << result;
}

/// What every product with a filter promises, whose output channels are
/// dimension `channelAxis` of the filter and the last of the result.
template <typename ProductOp>
static LogicalResult verifyProduct(ProductOp op, int64_t channelAxis) {
  RankedTensorType input = op.getInput().getType();
  RankedTensorType filter = op.getFilter().getType();
  RankedTensorType result = op.getType();
  int64_t channels = filter.getDimSize(channelAxis);
  return failure(
      failed(verifySize(op, "number of channels of 'result'",
                        result.getShape().back(), channels)) ||
      failed(verifySameKind(op, "'filter'", filter, "'input'", input)) ||
      failed(verifySameKind(op, "'result'", result, "'input'", input)) ||
      failed(verifyFilterScales(op, filter, channelAxis)) ||
      failed(verifyBias(op, op.getBias(), op.getInput(), channels)) ||
      failed(verifyAccumulator(op, op.getAccumulator(), result)));
}

/// The window of a convolution, whose filter has height and width in the
/// middle.
template <typename ConvOp> static Window getConvWindow(ConvOp op) {
  return {op.getInput().getType(),
          op.getType(),
          op.getFilter().getType().getShape().slice(1, 2),
          op.getStrides(),
          op.getPadding(),
          op.getDilations()};
}

/// The channels of the input and of the result must divide among the groups.
static LogicalResult verifyGroups(Conv2DOp op) {
  int64_t groups = op.getGroups();
  if (groups < 1)
    return op.emitOpError()
           << "'groups' is " << groups << ", expected at least 1";
  ArrayRef<int64_t> filter = op.getFilter().getType().getShape();
  if (failed(verifySize(op, "number of channels of 'input'",
                        op.getInput().getType().getDimSize(3),
                        llvm::SaturatingMultiply<uint64_t>(filter[3], groups))))
    return failure();
  if (filter[0] % groups != 0)
    return op.emitOpError() << filter[0] << " filters do not divide among "
                            << groups << " groups";
  return success();
}

LogicalResult Conv2DOp::verify() {
  return failure(failed(verifyGroups(*this)) ||
                 failed(verifyWindow(*this, getConvWindow(*this))) ||
                 failed(verifyProduct(*this, /*channelAxis=*/0)));
}

LogicalResult DepthwiseConv2DOp::verify() {
  int64_t inputs = getInput().getType().getDimSize(3);
  ArrayRef<int64_t> filter = getFilter().getType().getShape();
  if (failed(verifySize(*this, "first dimension of 'filter'", filter[0], 1)))
    return failure();
  if (filter[3] % inputs != 0)
    return emitOpError() << "number of channels of 'filter' is " << filter[3]
                         << ", expected a multiple of the input's " << inputs;
  return failure(failed(verifyWindow(*this, getConvWindow(*this))) ||
                 failed(verifyProduct(*this, /*channelAxis=*/3)));
}

LogicalResult FullyConnectedOp::verify() {
  RankedTensorType input = getInput().getType();
  RankedTensorType filter = getFilter().getType();
  if (filter.getRank() != 2 || getType().getRank() == 0)
    return emitOpError() << "rank of 'filter' is " << filter.getRank()
                         << " and of 'result' " << getType().getRank()
                         << ", expected 2 and at least 1";
  int64_t length = filter.getDimSize(1);
  if (input.getNumElements() % length != 0)
    return emitOpError() << "the " << input.getNumElements()
                         << " elements of 'input' are not rows of " << length;
  if (failed(verifyProduct(*this, /*channelAxis=*/0)))
    return failure();
  return verifySize(*this, "number of rows of 'result'",
                    getType().getNumElements() / filter.getDimSize(0),
                    input.getNumElements() / length);
}

//===----------------------------------------------------------------------===//
// Pooling
//===----------------------------------------------------------------------===//

/// No window may lie in the padding alone: it would have no largest element and
/// no mean.
static LogicalResult verifyPoolPadding(Operation *op, ArrayRef<int64_t> padding,
                                       ArrayRef<int64_t> kernel) {
  for (auto [side, amount] : llvm::enumerate(padding))
    if (amount >= kernel[side / 2])
      return op->emitOpError()
             << "'padding' is " << amount << " at position " << side
             << ", expected less than the kernel's " << kernel[side / 2];
  return success();
}

template <typename PoolOp> static LogicalResult verifyPool(PoolOp op) {
  RankedTensorType input = op.getInput().getType();
  RankedTensorType result = op.getType();
  constexpr int64_t dilations[] = {1, 1};
  Window window = {input,           result,          op.getKernel(),
                   op.getStrides(), op.getPadding(), dilations};
  return failure(
      failed(verifyWindow(op, window)) ||
      failed(verifyPoolPadding(op, op.getPadding(), op.getKernel())) ||
      failed(verifySize(op, "number of channels of 'result'",
                        result.getDimSize(3), input.getDimSize(3))) ||
      failed(verifySameStorage(op, "'result'", result, "'input'", input)));
}

LogicalResult MaxPool2DOp::verify() { return verifyPool(*this); }

LogicalResult AvgPool2DOp::verify() { return verifyPool(*this); }

//===----------------------------------------------------------------------===//
// Elementwise
//===----------------------------------------------------------------------===//

template <typename BinaryOp> static LogicalResult verifyBinary(BinaryOp op) {
  RankedTensorType lhs = op.getLhs().getType();
  RankedTensorType rhs = op.getRhs().getType();
  SmallVector<int64_t> shape;
  if (!OpTrait::util::getBroadcastedShape(lhs.getShape(), rhs.getShape(),
                                          shape))
    return op.emitOpError() << "shapes [" << lhs.getShape() << "] and ["
                            << rhs.getShape() << "] do not broadcast";
  return failure(
      failed(verifyShape(op, "'result'", op.getType(), shape)) ||
      failed(verifySameStorage(op, "'rhs'", rhs, "'lhs'", lhs)) ||
      failed(verifySameKind(op, "'result'", op.getType(), "'lhs'", lhs)));
}

LogicalResult AddOp::verify() { return verifyBinary(*this); }

LogicalResult MulOp::verify() { return verifyBinary(*this); }

/// A function of the elements of `input` keeps its shape and kind.
static LogicalResult verifyUnary(Operation *op, Value input,
                                 RankedTensorType result) {
  auto type = cast<RankedTensorType>(input.getType());
  return failure(
      failed(verifyShape(op, "'result'", result, type.getShape())) ||
      failed(verifySameKind(op, "'result'", result, "'input'", type)));
}

LogicalResult SumOp::verify() {
  if (getInputs().empty())
    return emitOpError() << "has 0 operands, expected at least 1";
  Type first = getInputs().front().getType();
  for (auto [number, input] : llvm::enumerate(getInputs())) {
    if (failed(verifyShape(*this, "operand #" + Twine(number), input.getType(),
                           getType().getShape())) ||
        failed(verifySameStorage(*this, "operand #" + Twine(number),
                                 input.getType(), "operand #0", first)))
      return failure();
    if (getAccumulates() && input.getType() != getType())
      return emitOpError() << "operand #" << number << " has type "
                           << input.getType()
                           << ", but the sum accumulates into " << getType();
  }
  return verifySameKind(*this, "'result'", getType(), "operand #0", first);
}

LogicalResult ClampOp::verify() {
  double min = getMin().convertToDouble();
  double max = getMax().convertToDouble();
  // Also false if either is not a number.
  if (!(min <= max))
    return emitOpError() << "'min' is " << min
                         << ", expected at most the 'max' of " << max;
  return verifyUnary(*this, getInput(), getType());
}

LogicalResult SoftmaxOp::verify() {
  if (!getBeta().isFinite())
    return emitOpError() << "'beta' is " << getBeta().convertToDouble()
                         << ", expected a finite number";
  if (getType().getRank() == 0)
    return emitOpError() << "rank of 'result' is 0, expected at least 1";
  return verifyUnary(*this, getInput(), getType());
}
