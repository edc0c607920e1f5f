//===- Constants.cpp - Constant globals of a module -----------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Constants.h"
#include "KernelBuilder.h"
#include "mlir/IR/DialectResourceBlobManager.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::detail;

/// Vectors of any width may be loaded from constants.
static constexpr int64_t alignmentBytes = 64;

memref::GlobalOp Constants::getGlobal(Location loc, ElementsAttr contents) {
  memref::GlobalOp &global = globals[contents];
  if (global)
    return global;
  OpBuilder builder(module.getContext());
  auto type = cast<RankedTensorType>(contents.getType());
  global = memref::GlobalOp::create(
      builder, loc, "serenity_constant", builder.getStringAttr("private"),
      MemRefType::get(type.getShape(), type.getElementType()), contents,
      /*constant=*/true, builder.getI64IntegerAttr(alignmentBytes));
  symbols.insert(global, module.getBody()->begin());
  return global;
}

Value Constants::get(OpBuilder &builder, Location loc, ElementsAttr contents) {
  memref::GlobalOp global = getGlobal(loc, contents);
  return memref::GetGlobalOp::create(builder, loc, global.getType(),
                                     global.getSymName());
}

StringRef serenity::detail::findFlaw(WeightOp weight) {
  if (!weight.getValue())
    return "has no contents";
  auto resource = dyn_cast<DenseResourceElementsAttr>(*weight.getValue());
  if (resource)
    return resource.getRawHandle().getBlob() ? "" : "has no contents";
  return isa<DenseElementsAttr>(*weight.getValue())
             ? ""
             : "has contents that are not dense";
}

/// The type of the contents of `weight`, without signs.
static RankedTensorType getStoredType(WeightOp weight) {
  return RankedTensorType::get(
      weight.getType().getShape(),
      getStoredElement(weight.getType().getElementType()));
}

ElementsAttr serenity::detail::getContents(WeightOp weight) {
  ElementsAttr contents = *weight.getValue();
  RankedTensorType type = getStoredType(weight);
  if (contents.getType() == type)
    return contents;
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(contents))
    return DenseResourceElementsAttr::get(type, resource.getRawHandle());
  return DenseElementsAttr::getFromRawBuffer(
      type, cast<DenseElementsAttr>(contents).getRawData());
}

/// The bytes of the contents of `weight`, one element after the other.
static SmallVector<char> copyBytes(WeightOp weight) {
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(*weight.getValue())) {
    ArrayRef<char> data = resource.getRawHandle().getBlob()->getData();
    return SmallVector<char>(data);
  }
  auto dense = cast<DenseElementsAttr>(*weight.getValue());
  SmallVector<char> bytes(dense.getRawData());
  const size_t repeats = dense.isSplat() ? dense.getNumElements() : 1;
  const size_t size = bytes.size();
  bytes.reserve(size * repeats);
  for (size_t i = 1; i < repeats; ++i)
    bytes.append(bytes.begin(), bytes.begin() + size);
  return bytes;
}

DenseElementsAttr serenity::detail::getContentsFiltersLast(WeightOp weight) {
  RankedTensorType type = getStoredType(weight);
  const int64_t filters = type.getDimSize(0);
  const int64_t size = type.getNumElements() / filters;
  const int64_t width = type.getElementTypeBitWidth() / 8;
  const SmallVector<char> bytes = copyBytes(weight);
  SmallVector<char> moved(bytes.size());
  for (int64_t filter = 0; filter < filters; ++filter)
    for (int64_t i = 0; i < size; ++i)
      std::copy_n(&bytes[(filter * size + i) * width], width,
                  &moved[(i * filters + filter) * width]);
  SmallVector<int64_t> shape(type.getShape().drop_front());
  shape.push_back(filters);
  return DenseElementsAttr::getFromRawBuffer(type.clone(shape), moved);
}
