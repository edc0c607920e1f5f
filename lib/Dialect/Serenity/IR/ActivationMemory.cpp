//===- ActivationMemory.cpp - How operations use memory -------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Dialect/Serenity/IR/ActivationMemory.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace serenity;

#include "serenity/Dialect/Serenity/IR/SerenityInterfaces.cpp.inc"

/// Bits of one element of `type`, nothing if it cannot be stored.
static std::optional<int64_t> getElementBits(Type type) {
  if (auto quantized = dyn_cast<quant::QuantizedType>(type))
    return quantized.getStorageTypeIntegralWidth();
  if (auto complex = dyn_cast<ComplexType>(type))
    return 2 * int64_t(complex.getElementType().getIntOrFloatBitWidth());
  if (isa<IndexType>(type))
    return IndexType::kInternalStorageBitWidth;
  if (!type.isIntOrFloat())
    return std::nullopt;
  return type.isInteger(1) ? 8 : type.getIntOrFloatBitWidth();
}

/// The number of elements of `type`, nothing if its dimensions, empty ones left
/// out, multiply to more than the range holds.
static std::optional<int64_t> countElements(ShapedType type) {
  int64_t count = 1;
  for (int64_t size : type.getShape())
    if (size != 0 && llvm::MulOverflow(count, size, count))
      return std::nullopt;
  return llvm::is_contained(type.getShape(), 0) ? 0 : count;
}

std::optional<int64_t> serenity::getStorageBytes(Type type) {
  auto shaped = dyn_cast<ShapedType>(type);
  if (!shaped || !shaped.hasStaticShape())
    return std::nullopt;
  std::optional<int64_t> bits = getElementBits(shaped.getElementType());
  std::optional<int64_t> count = countElements(shaped);
  if (!bits || !count)
    return std::nullopt;
  // Whole groups of eight elements first: their bits are whole bytes, so only a
  // size that really exceeds the range overflows.
  int64_t rest = llvm::divideCeilSigned(*count % 8 * *bits, 8);
  int64_t bytes;
  if (llvm::MulOverflow(*count / 8, *bits, bytes) ||
      llvm::AddOverflow(bytes, rest, bytes))
    return std::nullopt;
  return bytes;
}
