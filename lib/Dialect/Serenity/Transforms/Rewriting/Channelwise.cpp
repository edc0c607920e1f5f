//===- Channelwise.cpp - A product of a concatenation is a sum ------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Pieces.h"
#include "mlir/IR/TypeUtilities.h"
#include "serenity/Dialect/Serenity/IR/Accumulators.h"
#include "serenity/Dialect/Serenity/Transforms/Rewriting/Patterns.h"

using namespace mlir;
using namespace serenity;

namespace {

//===----------------------------------------------------------------------===//
// Accumulators
//===----------------------------------------------------------------------===//

/// The 32-bit integers that count in steps of `scales`, of which there are
/// several if there is one for each index of dimension `axis`. Null if a scale
/// is out of the range of `expressed`.
Type getAccumulatorElement(FloatType expressed, ArrayRef<double> scales,
                           bool perAxis, int32_t axis) {
  const double least =
      llvm::APFloat::getSmallestNormalized(expressed.getFloatSemantics())
          .convertToDouble();
  if (llvm::any_of(scales, [&](double scale) { return scale < least; }))
    return {};
  constexpr unsigned flags = quant::QuantizationFlags::Signed;
  constexpr int64_t min = std::numeric_limits<int32_t>::min();
  constexpr int64_t max = std::numeric_limits<int32_t>::max();
  Type storage = IntegerType::get(expressed.getContext(), 32);
  if (!perAxis)
    return quant::UniformQuantizedType::get(
        flags, storage, expressed, scales.front(), /*zeroPoint=*/0, min, max);
  const SmallVector<int64_t> zeroPoints(scales.size(), 0);
  return quant::UniformQuantizedPerAxisType::get(
      flags, storage, expressed, scales, zeroPoints, axis, min, max);
}

bool isEightBit(Type element) {
  auto quantized = dyn_cast<quant::QuantizedType>(element);
  return quantized && quantized.getStorageTypeIntegralWidth() <= 8;
}

/// The type of the exact partial results of `op`, whose tensors are quantised.
FailureOr<RankedTensorType> getExactType(RewriterBase &rewriter,
                                         ProductOpInterface op) {
  auto result = cast<RankedTensorType>(op->getResult(0).getType());
  Type inputElement = getElementTypeOrSelf(op.getInput());
  Type filterElement = getElementTypeOrSelf(op.getFilter());
  auto input = dyn_cast<quant::UniformQuantizedType>(inputElement);
  if (!input || !isEightBit(input) || !isEightBit(filterElement))
    return rewriter.notifyMatchFailure(
        op, "only products of 8-bit integers, the input's with one scale, are "
            "known to fit a 32-bit accumulator");
  const SmallVector<double> scales = getAccumulatorScales(op);
  const bool perAxis = isa<quant::UniformQuantizedPerAxisType>(filterElement);
  Type element =
      getAccumulatorElement(cast<FloatType>(input.getExpressedType()), scales,
                            perAxis, result.getRank() - 1);
  if (!element)
    return rewriter.notifyMatchFailure(
        op, "the scale of the accumulator is too small for its type");
  return RankedTensorType::get(result.getShape(), element);
}

/// The type of the partial results of `op`.
FailureOr<RankedTensorType> getPartialType(RewriterBase &rewriter,
                                           ProductOpInterface op,
                                           Accumulator accumulator) {
  auto result = cast<RankedTensorType>(op->getResult(0).getType());
  Type element = result.getElementType();
  if (isa<FloatType>(element))
    return result;
  if (!isa<quant::QuantizedType>(element))
    return rewriter.notifyMatchFailure(
        op, "integers without a scale have no accumulator");
  if (accumulator == Accumulator::Result)
    return result;
  if (!getActivationLimits(op.getActivation()))
    return rewriter.notifyMatchFailure(
        op, "the fused activation cannot be applied after the sum");
  return getExactType(rewriter, op);
}

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

/// The dimension of the input and of the filter along which `op` multiplies and
/// adds up, which are those of the concatenation's channels.
struct Contraction {
  int64_t inputAxis;
  int64_t filterAxis;
};

FailureOr<Contraction> getContraction(RewriterBase &rewriter, Conv2DOp op) {
  if (op.getGroups() != 1)
    return rewriter.notifyMatchFailure(op, "the convolution has groups");
  return Contraction{3, 3};
}

FailureOr<Contraction> getContraction(RewriterBase &rewriter,
                                      FullyConnectedOp op) {
  const RankedTensorType input = op.getInput().getType();
  if (input.getShape().back() != op.getFilter().getType().getDimSize(1))
    return rewriter.notifyMatchFailure(
        op, "its rows are not those of the input's last dimension");
  return Contraction{input.getRank() - 1, 1};
}

template <typename ProductOp>
class ChannelwisePartitioning : public OpRewritePattern<ProductOp> {
public:
  ChannelwisePartitioning(MLIRContext *context, Accumulator accumulator)
      : OpRewritePattern<ProductOp>(context), accumulator(accumulator) {}

  LogicalResult matchAndRewrite(ProductOp op,
                                PatternRewriter &rewriter) const override {
    std::optional<Pieces> pieces = matchConcat(op.getInput());
    if (!pieces)
      return failure();
    FailureOr<Contraction> contraction = getContraction(rewriter, op);
    if (failed(contraction) || failed(check(rewriter, op, *pieces)))
      return failure();
    if (pieces->axis != contraction->inputAxis)
      return rewriter.notifyMatchFailure(
          op, "the concatenation is not one of channels");
    FailureOr<RankedTensorType> type =
        getPartialType(rewriter, op, accumulator);
    if (failed(type))
      return failure();
    const SmallVector<Value> operands(op->getOperands());
    finish(rewriter, op,
           makePartials(rewriter, op, *pieces, contraction->filterAxis, *type));
    eraseDead(rewriter, operands);
    return success();
  }

private:
  static LogicalResult check(RewriterBase &rewriter, ProductOp op,
                             const Pieces &pieces) {
    if (op.getAccumulator())
      return rewriter.notifyMatchFailure(op, "it accumulates already");
    return failure(
        failed(
            checkPieceTypes(rewriter, op, pieces, op.getInput().getType())) ||
        failed(checkSliceable(rewriter, op, op.getFilter(), "filter")));
  }

  /// One product for each of `pieces`; the first has the bias.
  static SmallVector<Value> makePartials(RewriterBase &rewriter, ProductOp op,
                                         const Pieces &pieces,
                                         int64_t filterAxis,
                                         RankedTensorType type) {
    SmallVector<Value> partials;
    for (auto [number, piece] : llvm::enumerate(pieces.parts)) {
      Value filter =
          sliceWeight(rewriter, op.getFilter(), filterAxis, piece.range);
      auto partial = cast<ProductOp>(rewriter.clone(*op));
      partial->setLoc(getPartLocation(op.getLoc(), number));
      partial.getInputMutable().assign(piece.value);
      partial.getFilterMutable().assign(filter);
      if (number != 0)
        partial.getBiasMutable().clear();
      partial.setActivation(Activation::None);
      partial.getResult().setType(type);
      partials.push_back(partial);
    }
    return partials;
  }

  /// Replaces `op` by the sum of `partials`, with its activation, in its type.
  static void finish(RewriterBase &rewriter, ProductOp op,
                     ValueRange partials) {
    const Type type = partials.front().getType();
    const bool requantises = type != op.getType();
    auto sum = SumOp::create(
        rewriter, op.getLoc(), type, partials, /*accumulates=*/true,
        requantises ? Activation::None : op.getActivation());
    if (!requantises)
      return rewriter.replaceOp(op, sum);
    const ActivationLimits limits = *getActivationLimits(op.getActivation());
    rewriter.replaceOpWithNewOp<ClampOp>(op, op.getType(), sum,
                                         llvm::APFloat(limits.min),
                                         llvm::APFloat(limits.max));
  }

  Accumulator accumulator;
};

} // namespace

void serenity::populateChannelwisePatterns(RewritePatternSet &patterns,
                                           Accumulator accumulator) {
  patterns.add<ChannelwisePartitioning<Conv2DOp>,
               ChannelwisePartitioning<FullyConnectedOp>>(patterns.getContext(),
                                                          accumulator);
}
