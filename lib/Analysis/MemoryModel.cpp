//===- MemoryModel.cpp - How a back end uses memory -----------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Analysis/MemoryModel.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace serenity;

static constexpr llvm::StringLiteral concatModelName = "serenity.concat_model";
static constexpr llvm::StringLiteral inPlaceName = "serenity.in_place";

llvm::StringRef serenity::toString(ConcatModel model) {
  switch (model) {
  case ConcatModel::Copy:
    return "copy";
  case ConcatModel::View:
    return "view";
  case ConcatModel::Slice:
    return "slice";
  }
  llvm_unreachable("unknown concat model");
}

void serenity::recordMemoryModel(Operation *function,
                                 const MemoryModel &model) {
  Builder builder(function->getContext());
  function->setDiscardableAttr(concatModelName,
                               builder.getStringAttr(toString(model.concat)));
  function->setDiscardableAttr(inPlaceName, builder.getBoolAttr(model.inPlace));
}

MemoryModel serenity::getRecordedMemoryModel(Operation *function) {
  MemoryModel model;
  auto name = function->getAttrOfType<StringAttr>(concatModelName);
  for (ConcatModel concat : {ConcatModel::View, ConcatModel::Slice})
    if (name && name.getValue() == toString(concat))
      model.concat = concat;
  if (auto inPlace = function->getAttrOfType<BoolAttr>(inPlaceName))
    model.inPlace = inPlace.getValue();
  return model;
}
