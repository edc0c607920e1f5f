//===- Residual.cpp - Products that are added share a buffer --------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Dialect/Serenity/IR/Serenity.h"
#include "serenity/Dialect/Serenity/Transforms/Rewriting/Patterns.h"

using namespace mlir;
using namespace serenity;

namespace {

/// The accumulating sum that makes `value`, if it may be opened: it has no
/// activation, and nothing else reads it.
SumOp getInnerSum(Value value) {
  auto sum = value.getDefiningOp<SumOp>();
  return sum && value.hasOneUse() && sum.isAccumulation() &&
                 sum.getActivation() == Activation::None
             ? sum
             : SumOp();
}

bool isProduct(Value value) {
  return value.getDefiningOp<ProductOpInterface>() || getInnerSum(value);
}

/// Merges an elementwise sum of products, `add` or `sum`.
template <typename AddingOp>
class ResidualMerging : public OpRewritePattern<AddingOp> {
public:
  ResidualMerging(MLIRContext *context, Accumulator accumulator)
      : OpRewritePattern<AddingOp>(context), accumulator(accumulator) {}

  LogicalResult matchAndRewrite(AddingOp op,
                                PatternRewriter &rewriter) const override {
    if (llvm::none_of(op->getOperands(), isProduct) || isMerged(op))
      return failure();
    if (failed(checkTypes(rewriter, op)))
      return failure();
    SmallVector<Value> products;
    SmallVector<SumOp> innerSums;
    for (OpOperand &operand : op->getOpOperands())
      if (failed(collect(rewriter, operand, products, innerSums)))
        return failure();
    for (Value product : products)
      rewriter.modifyOpInPlace(product.getDefiningOp(),
                               [&] { product.setType(op.getType()); });
    rewriter.replaceOpWithNewOp<SumOp>(op, op.getType(), products,
                                       /*accumulates=*/true,
                                       op.getActivation());
    for (SumOp inner : innerSums)
      rewriter.eraseOp(inner);
    return success();
  }

private:
  static bool isMerged(AddOp) { return false; }
  static bool isMerged(SumOp op) { return op.getAccumulates(); }

  /// Fails with a reason if the operands cannot be added in the result's type.
  LogicalResult checkTypes(RewriterBase &rewriter, AddingOp op) const {
    const RankedTensorType type = op.getType();
    const bool isFloat = isa<FloatType>(type.getElementType());
    if (!isFloat && accumulator == Accumulator::Exact)
      return rewriter.notifyMatchFailure(
          op, "integer products have scales of their own and are rounded one "
              "by one, so that no accumulator gives the same sum");
    for (Value operand : op->getOperands()) {
      auto operandType = cast<RankedTensorType>(operand.getType());
      if (operandType.getShape() != type.getShape() ||
          (isFloat && operandType != type))
        return rewriter.notifyMatchFailure(op, [&](Diagnostic &reason) {
          reason << "an operand has type " << operandType << ", the result "
                 << type;
        });
    }
    return success();
  }

  /// Adds to `products` those that `operand` is the sum of.
  static LogicalResult collect(RewriterBase &rewriter, OpOperand &operand,
                               SmallVectorImpl<Value> &products,
                               SmallVectorImpl<SumOp> &innerSums) {
    Value value = operand.get();
    if (SumOp inner = getInnerSum(value)) {
      innerSums.push_back(inner);
      llvm::append_range(products, inner.getInputs());
      return success();
    }
    if (getFreeProduct(value)) {
      products.push_back(value);
      return success();
    }
    return rewriter.notifyMatchFailure(
        operand.getOwner(), [&](Diagnostic &reason) {
          reason << "operand #" << operand.getOperandNumber()
                 << " is not a product that nobody else reads, without an "
                    "activation of its own";
        });
  }

  Accumulator accumulator;
};

} // namespace

void serenity::populateResidualPatterns(RewritePatternSet &patterns,
                                        Accumulator accumulator) {
  patterns.add<ResidualMerging<AddOp>, ResidualMerging<SumOp>>(
      patterns.getContext(), accumulator);
}
