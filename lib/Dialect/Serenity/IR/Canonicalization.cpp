//===- Canonicalization.cpp - Folding what does nothing -------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/PatternMatch.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"

using namespace mlir;
using namespace serenity;

OpFoldResult SliceOp::fold(FoldAdaptor) {
  // A slice of the input's size begins at its origin.
  return getType() == getInput().getType() ? OpFoldResult(getInput())
                                           : OpFoldResult();
}

LogicalResult SplitOp::fold(FoldAdaptor,
                            SmallVectorImpl<OpFoldResult> &results) {
  if (getNumResults() != 1 || getResult(0).getType() != getInput().getType())
    return failure();
  results.push_back(getInput());
  return success();
}

/// Reads the input of `producer`, a reshape, instead of its result. Not if
/// something else reads the result: that would keep the input alive for longer
/// and free nothing. Not if the element types differ, as the elements may then
/// mean something else.
static OpFoldResult bypass(ReshapeOp reshape, ReshapeOp producer) {
  Type element = reshape.getType().getElementType();
  if (!producer->hasOneUse() ||
      producer.getType().getElementType() != element ||
      producer.getInput().getType().getElementType() != element)
    return {};
  reshape.getInputMutable().assign(producer.getInput());
  return reshape.getResult();
}

OpFoldResult ReshapeOp::fold(FoldAdaptor) {
  if (getType() == getInput().getType())
    return getInput();
  auto producer = getInput().getDefiningOp<ReshapeOp>();
  return producer ? bypass(*this, producer) : OpFoldResult();
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

/// A sum of one operand is that operand, or its limits where it has an
/// activation or another type.
LogicalResult SumOp::canonicalize(SumOp op, PatternRewriter &rewriter) {
  if (op.getInputs().size() != 1)
    return failure();
  Value input = op.getInputs().front();
  if (input.getType() == op.getType() && op.getActivation() == Activation::None)
    return rewriter.replaceOp(op, input), success();
  std::optional<ActivationLimits> limits =
      getActivationLimits(op.getActivation());
  if (!limits)
    return rewriter.notifyMatchFailure(op, "its activation is not a clamp");
  rewriter.replaceOpWithNewOp<ClampOp>(op, op.getType(), input,
                                       rewriter.getF64FloatAttr(limits->min),
                                       rewriter.getF64FloatAttr(limits->max));
  return success();
}

//===----------------------------------------------------------------------===//
// Concatenations
//===----------------------------------------------------------------------===//

/// The tensor that `op` puts together again; null if it is not all results of
/// one split, in order, which nothing else reads.
static Value getWhole(ConcatOp op) {
  auto split = op.getInputs().front().getDefiningOp<SplitOp>();
  if (!split || split.getAxis() != op.getAxis() ||
      !llvm::equal(split.getResults(), op.getInputs()) ||
      !llvm::all_of(split.getResults(),
                    [](Value piece) { return piece.hasOneUse(); }))
    return {};
  return split.getInput();
}

OpFoldResult ConcatOp::fold(FoldAdaptor) {
  Value whole = getInputs().size() == 1 ? getInputs().front() : getWhole(*this);
  return whole && whole.getType() == getType() ? whole : Value();
}

/// The concatenation whose operands may take the place of `input` in `outer`.
/// Not one that something else reads: its operands would live for longer.
static ConcatOp getInnerConcat(ConcatOp outer, Value input) {
  auto inner = input.getDefiningOp<ConcatOp>();
  if (!inner || !inner->hasOneUse() || inner.getAxis() != outer.getAxis())
    return {};
  Type element = inner.getType().getElementType();
  for (Value piece : inner.getInputs())
    if (cast<RankedTensorType>(piece.getType()).getElementType() != element)
      return {};
  return inner;
}

/// The type of the slice that is `head` and `tail`, if the tail begins where
/// the head ends along `axis` of the same tensor and nothing else reads them;
/// null if not.
static RankedTensorType getJoinedType(SliceOp head, SliceOp tail,
                                      int64_t axis) {
  if (!head || !tail || head.getInput() != tail.getInput() ||
      !head->hasOneUse() || !tail->hasOneUse())
    return {};
  Type element = head.getType().getElementType();
  if (element != tail.getType().getElementType() ||
      isa<quant::UniformQuantizedPerAxisType>(element))
    return {};
  SmallVector<int64_t> end(head.getOffsets());
  end[axis] += head.getType().getDimSize(axis);
  if (ArrayRef<int64_t>(end) != tail.getOffsets())
    return {};
  SmallVector<int64_t> shape(head.getType().getShape());
  shape[axis] += tail.getType().getDimSize(axis);
  return RankedTensorType::get(shape, element);
}

/// The operands of `op` with those of inner concatenations in their place.
static SmallVector<Value> flatten(ConcatOp op) {
  SmallVector<Value> inputs;
  for (Value input : op.getInputs()) {
    if (ConcatOp inner = getInnerConcat(op, input))
      llvm::append_range(inputs, inner.getInputs());
    else
      inputs.push_back(input);
  }
  return inputs;
}

/// The operands of `op` with pairs of slices that are side by side in one.
static SmallVector<Value> joinSlices(ConcatOp op, PatternRewriter &rewriter) {
  SmallVector<Value> inputs;
  for (Value input : op.getInputs()) {
    auto head =
        inputs.empty() ? SliceOp() : inputs.back().getDefiningOp<SliceOp>();
    RankedTensorType joined =
        getJoinedType(head, input.getDefiningOp<SliceOp>(), op.getAxis());
    if (joined)
      inputs.back() = SliceOp::create(rewriter, head.getLoc(), joined,
                                      head.getInput(), head.getOffsets());
    else
      inputs.push_back(input);
  }
  return inputs;
}

LogicalResult ConcatOp::canonicalize(ConcatOp op, PatternRewriter &rewriter) {
  SmallVector<Value> inputs = flatten(op);
  if (inputs.size() == op.getInputs().size())
    inputs = joinSlices(op, rewriter);
  if (llvm::equal(inputs, op.getInputs()))
    return failure();
  rewriter.modifyOpInPlace(op, [&] { op.getInputsMutable().assign(inputs); });
  return success();
}
