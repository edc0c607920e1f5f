//===- OperatorView.cpp - An operator and its tensors ---------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OperatorView.h"
#include "serenity/Dialect/Serenity/IR/OperatorLocation.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::tflite;

Location OperatorView::getLoc() const {
  return getOperatorLocation(getFile().getContext(), index,
                             outputs.empty() ? ""
                                             : graph.getName(outputs.front()));
}

SmallVector<Type> OperatorView::getResultTypes() const {
  SmallVector<Type> types;
  for (int32_t tensor : outputs)
    if (graph.hasValue(tensor))
      types.push_back(graph.getType(tensor));
  return types;
}

SmallVector<Value> OperatorView::getOperands(OpBuilder &builder) const {
  SmallVector<Value> values;
  for (int32_t tensor : inputs)
    if (graph.hasValue(tensor))
      values.push_back(graph.getValue(builder, tensor));
  return values;
}

void OperatorView::setResults(ResultRange results) const {
  auto result = results.begin();
  for (int32_t tensor : outputs)
    if (graph.hasValue(tensor))
      graph.setValue(tensor, *result++);
}

bool OperatorView::touchesVariables() const {
  auto isVariable = [&](int32_t tensor) {
    return tensor >= 0 && !graph.hasValue(tensor);
  };
  const auto *mutating = op.mutating_variable_inputs();
  return llvm::any_of(inputs, isVariable) ||
         llvm::any_of(outputs, isVariable) ||
         (mutating &&
          llvm::any_of(*mutating, [](uint8_t flag) { return flag != 0; }));
}
