//===- NodeView.cpp - A node and its tensors ------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NodeView.h"
#include "serenity/Dialect/Serenity/IR/OperatorLocation.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::onnxformat;

std::string NodeView::getKernelName() const {
  const StringRef domain = getDomain(getProto().domain());
  return domain.empty() ? getProto().op_type()
                        : (domain + "." + getProto().op_type()).str();
}

Location NodeView::getLoc() const {
  const StringRef name = node.hasOutput(0)
                             ? graph.getSource(node.outputs[0]).name
                             : StringRef(getProto().name());
  return getOperatorLocation(getFile().getContext(), node.index, name);
}

SmallVector<Type> NodeView::getResultTypes() const {
  SmallVector<Type> types;
  for (int64_t output : node.outputs)
    if (output >= 0)
      types.push_back(graph.getType(output));
  return types;
}

void NodeView::setResults(ResultRange results) const {
  auto result = results.begin();
  for (int64_t output : node.outputs)
    if (output >= 0)
      graph.setValue(output, *result++);
}

int64_t NodeView::getAxis(int64_t axis, int64_t rank, bool isImage) {
  if (axis < -rank || axis >= rank)
    return -1;
  const int64_t dim = axis < 0 ? axis + rank : axis;
  return isImage ? llvm::find(kImageOrder, dim) - kImageOrder : dim;
}

SmallVector<int64_t> NodeView::reorder(ArrayRef<int64_t> numbers,
                                       bool isImage) {
  SmallVector<int64_t> result(numbers);
  if (isImage)
    for (auto [dim, source] : llvm::enumerate(kImageOrder))
      result[dim] = numbers[source];
  return result;
}
