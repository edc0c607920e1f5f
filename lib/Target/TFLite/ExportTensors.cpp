//===- ExportTensors.cpp - Values as tensors ------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExportTensors.h"
#include "TensorTypes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "serenity/Dialect/Serenity/IR/ActivationMemory.h"
#include "serenity/Dialect/Serenity/IR/OperatorLocation.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::tflite;

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

/// The bytes that `weight` holds, as files have them; nothing if there are none
/// or if they are packed in another way.
static std::vector<uint8_t> readContents(WeightOp weight) {
  ArrayRef<char> bytes;
  int64_t repeat = 1;
  ElementsAttr payload = weight.getValueAttr();
  if (auto resource = dyn_cast_if_present<DenseResourceElementsAttr>(payload)) {
    if (const AsmResourceBlob *blob = resource.getRawHandle().getBlob())
      bytes = blob->getData();
  } else if (auto dense = dyn_cast_if_present<DenseElementsAttr>(payload)) {
    bytes = dense.getRawData();
    repeat = dense.isSplat() ? dense.getNumElements() : 1;
  }
  const int64_t numBytes = bytes.size();
  if (numBytes == 0 || *getStorageBytes(weight.getType()) % numBytes != 0 ||
      *getStorageBytes(weight.getType()) / numBytes != repeat)
    return {};
  std::vector<uint8_t> contents;
  for (int64_t i = 0; i < repeat; ++i)
    contents.insert(contents.end(), bytes.begin(), bytes.end());
  return contents;
}

bool tflite::mayStandFor(WeightOp weight, WeightOp original) {
  return weight.getType() == original.getType() &&
         (!weight.getValueAttr() ||
          readContents(weight) == readContents(original));
}

/// The constant of the base with the contents of `weight`, else a new one.
FailureOr<int32_t> ExportTensors::getWeight(WeightOp weight) {
  std::vector<uint8_t> contents = readContents(weight);
  if (contents.empty())
    return weight.emitOpError("has no contents to write: import the base with "
                              "--weights=keep");
  for (auto [tensor, value] : llvm::enumerate(original.values)) {
    auto constant = value ? value.getDefiningOp<WeightOp>() : WeightOp();
    if (constant && mayStandFor(weight, constant))
      return tensor;
  }
  return add(weight.getLoc(), weight.getType(), std::move(contents));
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

ExportTensors::ExportTensors(const ModelFile &base, int64_t subgraph,
                             const ImportedSubgraph &original)
    : base(base), subgraph(subgraph), original(original),
      taken(original.values.size()) {
  for (auto [tensor, value] : llvm::enumerate(original.values))
    if (value)
      baseTensors[value] = tensor;
}

LogicalResult ExportTensors::assign(Value value, int32_t tensor) {
  if (taken[tensor])
    return emitError(value.getLoc())
           << base.describeTensor(subgraph, tensor)
           << " of the base file would have to hold two values";
  taken[tensor] = true;
  tensors[value] = tensor;
  return success();
}

LogicalResult ExportTensors::assignNew(Value value) {
  FailureOr<int32_t> tensor =
      add(value.getLoc(), cast<RankedTensorType>(value.getType()), {});
  if (succeeded(tensor))
    tensors[value] = *tensor;
  return tensor;
}

std::optional<int32_t> ExportTensors::find(Value value) const {
  auto it = tensors.find(value);
  return it == tensors.end() ? std::nullopt : std::optional(it->second);
}

FailureOr<int32_t> ExportTensors::getTensor(Value value) {
  auto it = tensors.find(value);
  if (it != tensors.end())
    return it->second;
  FailureOr<int32_t> tensor = getWeight(value.getDefiningOp<WeightOp>());
  if (succeeded(tensor))
    tensors[value] = *tensor;
  return tensor;
}

int32_t ExportTensors::addIntegers(ArrayRef<int32_t> shape,
                                   ArrayRef<int32_t> values) {
  NewTensor tensor;
  tensor.description.type = tflite::TensorType::INT32;
  tensor.description.shape = shape.vec();
  tensor.contents.resize(values.size() * sizeof(int32_t));
  llvm::copy(values, reinterpret_cast<int32_t *>(tensor.contents.data()));
  return add(std::move(tensor));
}

FailureOr<int32_t> ExportTensors::add(Location loc, RankedTensorType type,
                                      std::vector<uint8_t> contents) {
  FailureOr<TensorT> description = exportTensorType(loc, type);
  if (failed(description))
    return failure();
  description->name = getLocationName(loc);
  return add({std::move(*description), std::move(contents)});
}

int32_t ExportTensors::add(NewTensor tensor) {
  newTensors.push_back(std::move(tensor));
  return original.values.size() + newTensors.size() - 1;
}
