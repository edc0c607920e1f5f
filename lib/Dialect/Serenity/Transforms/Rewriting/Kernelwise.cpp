//===- Kernelwise.cpp - A kernel of channels, one group at a time ---------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Pieces.h"
#include "serenity/Dialect/Serenity/Transforms/Rewriting/Patterns.h"

using namespace mlir;
using namespace serenity;

namespace {

constexpr int64_t channelAxis = 3;

LogicalResult check(RewriterBase &rewriter, DepthwiseConv2DOp op) {
  if (op.getAccumulator())
    return rewriter.notifyMatchFailure(op, "it accumulates already");
  return failure(
      failed(checkSliceable(rewriter, op, op.getFilter(), "filter")) ||
      failed(checkSliceable(rewriter, op, op.getBias(), "bias")));
}

LogicalResult check(RewriterBase &, MaxPool2DOp) { return success(); }

LogicalResult check(RewriterBase &, AvgPool2DOp) { return success(); }

/// The channels of the result for each channel of the input.
template <typename KernelOp> int64_t getMultiplier(KernelOp op) {
  return op.getType().getDimSize(channelAxis) /
         op.getInput().getType().getDimSize(channelAxis);
}

/// Leaves `part`, a copy of a kernel, the weights of `range`, a range of
/// channels of the result.
void keepWeights(RewriterBase &rewriter, DepthwiseConv2DOp part, Range range) {
  part.getFilterMutable().assign(
      sliceWeight(rewriter, part.getFilter(), channelAxis, range));
  if (part.getBias())
    part.getBiasMutable().assign(
        sliceWeight(rewriter, part.getBias(), 0, range));
}

void keepWeights(RewriterBase &, MaxPool2DOp, Range) {}

void keepWeights(RewriterBase &, AvgPool2DOp, Range) {}

template <typename KernelOp>
class KernelwisePartitioning : public OpRewritePattern<KernelOp> {
public:
  using OpRewritePattern<KernelOp>::OpRewritePattern;

  LogicalResult matchAndRewrite(KernelOp op,
                                PatternRewriter &rewriter) const override {
    std::optional<Pieces> pieces = matchConcat(op.getInput());
    if (!pieces)
      return failure();
    if (pieces->axis != channelAxis)
      return rewriter.notifyMatchFailure(
          op, "the concatenation is not one of channels");
    if (failed(check(rewriter, op)) ||
        failed(checkPieceTypes(rewriter, op, *pieces, op.getInput().getType())))
      return failure();
    const SmallVector<Value> operands(op->getOperands());
    SmallVector<Value> parts;
    for (auto [number, piece] : llvm::enumerate(pieces->parts))
      parts.push_back(makePart(rewriter, op, piece, number));
    rewriter.replaceOpWithNewOp<ConcatOp>(op, op.getType(), parts, channelAxis);
    eraseDead(rewriter, operands);
    return success();
  }

private:
  static Value makePart(RewriterBase &rewriter, KernelOp op, const Piece &piece,
                        size_t number) {
    const Range range = piece.range.scaledBy(getMultiplier(op));
    auto part = cast<KernelOp>(rewriter.clone(*op));
    // Its weights come before it.
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPoint(part);
    part->setLoc(getPartLocation(op.getLoc(), number));
    part.getInputMutable().assign(piece.value);
    keepWeights(rewriter, part, range);
    part.getResult().setType(getPartType(op.getType(), channelAxis, range));
    return part;
  }
};

} // namespace

void serenity::populateKernelwisePatterns(RewritePatternSet &patterns) {
  patterns.add<KernelwisePartitioning<DepthwiseConv2DOp>,
               KernelwisePartitioning<MaxPool2DOp>,
               KernelwisePartitioning<AvgPool2DOp>>(patterns.getContext());
}
