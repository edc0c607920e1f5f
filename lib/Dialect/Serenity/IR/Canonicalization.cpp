//===- Canonicalization.cpp - Folding what does nothing -------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

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
