//===- Subgraph.cpp - Tensors of a subgraph as values ---------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Subgraph.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinDialect.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::tflite;

//===----------------------------------------------------------------------===//
// WeightStore
//===----------------------------------------------------------------------===//

/// The type of what is stored of `type`.
static RankedTensorType getStoredType(RankedTensorType type) {
  if (auto quantized = dyn_cast<quant::QuantizedType>(type.getElementType()))
    return type.clone(quantized.getStorageType());
  return type;
}

ElementsAttr WeightStore::get(const ModelFile &file, const Tensor &tensor,
                              RankedTensorType type) {
  constexpr size_t alignment = 16;
  ArrayRef<char> contents = file.getContents(tensor);
  if (!keep || contents.empty())
    return {};
  std::optional<DenseResourceElementsHandle> &handle = handles[tensor.buffer()];
  if (!handle)
    handle = DenseResourceElementsHandle::getManagerInterface(file.getContext())
                 .insert("buffer_" + std::to_string(tensor.buffer()),
                         HeapAsmResourceBlob::allocateAndCopyWithAlign(
                             contents, alignment));
  return DenseResourceElementsAttr::get(getStoredType(type), *handle);
}

//===----------------------------------------------------------------------===//
// Subgraph
//===----------------------------------------------------------------------===//

Subgraph::Subgraph(const ModelFile &file, int64_t index,
                   std::vector<TensorRole> roles, WeightStore &weights)
    : file(file), index(index), graph(file.getSubgraph(index)),
      roles(std::move(roles)), weights(weights), types(this->roles.size()),
      values(this->roles.size()) {}

StringRef Subgraph::getName(int32_t tensor) const {
  const flatbuffers::String *name = getTensor(tensor).name();
  return name ? StringRef(name->c_str(), name->size()) : StringRef();
}

Location Subgraph::getNameLoc(int32_t tensor) const {
  return NameLoc::get(StringAttr::get(file.getContext(), getName(tensor)));
}

LogicalResult Subgraph::importTypes(ArrayRef<int32_t> tensors,
                                    const BatchSize &batch) {
  for (int32_t tensor : tensors) {
    if (tensor < 0 || types[tensor])
      continue;
    const bool isConstant = roles[tensor] == TensorRole::Constant;
    FailureOr<RankedTensorType> type =
        importTensorType(file, index, tensor, isConstant, batch);
    if (failed(type))
      return failure();
    if (isConstant && weights.keepsContents() && getTensor(tensor).sparsity())
      return file.emitError() << file.describeTensor(index, tensor)
                              << " is sparse, its contents cannot be kept";
    types[tensor] = *type;
  }
  return success();
}

Value Subgraph::getValue(OpBuilder &builder, int32_t tensor) {
  Value &value = values[tensor];
  if (!value)
    value =
        WeightOp::create(builder, getNameLoc(tensor), types[tensor],
                         weights.get(file, getTensor(tensor), types[tensor]));
  return value;
}
