//===- Graph.cpp - A network and the function built from it ---------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Graph.h"
#include "Contents.h"
#include "Layout.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/BuiltinDialect.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::onnxformat;

Graph::Graph(const ModelFile &file, const Network &network, bool keepWeights)
    : file(file), network(network), keepWeights(keepWeights),
      images(findImages(network)), values(network.values.size()) {}

RankedTensorType Graph::getType(int64_t value) const {
  ArrayRef<int64_t> order;
  if (isImage(value))
    order = kImageOrder;
  return llvm::cantFail(
      getTensorType(getSource(value).type, file.getContext(), order));
}

Location Graph::getNameLoc(int64_t value) const {
  return NameLoc::get(
      StringAttr::get(file.getContext(), getSource(value).name));
}

LogicalResult Graph::readContents() {
  const std::vector<int64_t> reads = network.countReads();
  for (size_t value = 0; keepWeights && value < reads.size(); ++value) {
    if (!isConstant(value) || reads[value] == 0)
      continue;
    auto bytes = readBytes(file, getSource(value));
    if (!bytes)
      return file.emitError() << "constant " << quote(getSource(value).name)
                              << ": " << llvm::toString(bytes.takeError());
    contents[value] = std::move(*bytes);
  }
  return success();
}

Value Graph::getValue(OpBuilder &builder, int64_t value) {
  if (isConstant(value))
    return getWeight(builder, value, {getSource(value).type.shape, {}});
  return values[value];
}

std::vector<double> Graph::getReals(int64_t value) const {
  return unpackReals(contents.at(value), getSource(value).type.element);
}

Value Graph::createWeight(OpBuilder &builder, int64_t value,
                          RankedTensorType type, StringRef bytes) {
  constexpr size_t alignment = 16;
  ElementsAttr payload;
  if (keepWeights)
    payload = DenseResourceElementsAttr::get(
        type,
        DenseResourceElementsHandle::getManagerInterface(file.getContext())
            .insert(
                "constant_" + std::to_string(numResources++),
                HeapAsmResourceBlob::allocateAndCopyWithAlign(
                    ArrayRef<char>(bytes.data(), bytes.size()), alignment)));
  return WeightOp::create(builder, getNameLoc(value), type, payload);
}

Value Graph::getWeight(OpBuilder &builder, int64_t value,
                       const WeightLayout &layout) {
  Value &weight = weights[{value, layout}];
  if (weight)
    return weight;
  RankedTensorType type = llvm::cantFail(
      getTensorType({getSource(value).type.element, layout.shape},
                    file.getContext(), layout.order));
  std::string bytes = contents[value];
  if (!layout.order.empty() && !bytes.empty())
    bytes =
        transpose(bytes, layout.shape,
                  *getStorageBytes(type) / type.getNumElements(), layout.order);
  weight = createWeight(builder, value, type, bytes);
  return weight;
}
