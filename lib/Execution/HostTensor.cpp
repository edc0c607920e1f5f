//===- HostTensor.cpp - Values that go in and come out --------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Execution/HostTensor.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>
#include <cstring>
#include <limits>

using namespace serenity;
using Kind = ElementType::Kind;

static std::optional<int64_t> multiply(int64_t a, int64_t b) {
  int64_t product;
  if (llvm::MulOverflow(a, b, product))
    return std::nullopt;
  return product;
}

std::optional<int64_t> TensorShape::countElements() const {
  // An empty dimension makes all sizes beside it harmless.
  if (llvm::is_contained(sizes, 0))
    return 0;
  std::optional<int64_t> count = 1;
  for (int64_t size : sizes)
    if (count)
      count = multiply(*count, size);
  return count;
}

std::optional<int64_t> TensorShape::countBytes() const {
  const std::optional<int64_t> count = countElements();
  return count ? multiply(*count, element.bytes) : std::nullopt;
}

std::string TensorShape::str() const {
  std::string text;
  llvm::raw_string_ostream os(text);
  for (int64_t size : sizes)
    os << size << 'x';
  switch (element.kind) {
  case Kind::Signless:
    os << "i";
    break;
  case Kind::Signed:
    os << "si";
    break;
  case Kind::Unsigned:
    os << "ui";
    break;
  case Kind::Float:
    os << "f";
    break;
  }
  os << element.bytes * 8;
  return text;
}

/// The type that is known, if one of both is signless and the other not.
static std::optional<ElementType> unify(ElementType a, ElementType b) {
  if (a.bytes == b.bytes && a.kind == Kind::Signless && b.kind != Kind::Float)
    return b;
  if (a.bytes == b.bytes && b.kind == Kind::Signless && a.kind != Kind::Float)
    return a;
  return a == b ? std::optional(a) : std::nullopt;
}

bool serenity::areCompatible(const TensorShape &a, const TensorShape &b) {
  return unify(a.element, b.element) && a.sizes == b.sizes;
}

//===----------------------------------------------------------------------===//
// Elements as numbers
//===----------------------------------------------------------------------===//

static const llvm::fltSemantics &getSemantics(ElementType type) {
  switch (type.bytes) {
  case 2:
    return llvm::APFloat::IEEEhalf();
  case 4:
    return llvm::APFloat::IEEEsingle();
  default:
    return llvm::APFloat::IEEEdouble();
  }
}

/// The bits of element `index`, in the lowest bits of the result.
static uint64_t loadBits(const HostTensor &tensor, int64_t index) {
  const int64_t bytes = tensor.shape.element.bytes;
  uint64_t bits = 0;
  static_assert(llvm::endianness::native == llvm::endianness::little);
  std::memcpy(&bits, &tensor.data[index * bytes], bytes);
  return bits;
}

static void storeBits(HostTensor &tensor, int64_t index, uint64_t bits) {
  const int64_t bytes = tensor.shape.element.bytes;
  std::memcpy(&tensor.data[index * bytes], &bits, bytes);
}

static double toFloat(ElementType type, uint64_t bits) {
  const llvm::fltSemantics &semantics = getSemantics(type);
  return llvm::APFloat(semantics, llvm::APInt(type.bytes * 8, bits))
      .convertToDouble();
}

static uint64_t fromFloat(ElementType type, double value) {
  llvm::APFloat number(value);
  bool losesInfo = false;
  number.convert(getSemantics(type), llvm::APFloat::rmNearestTiesToEven,
                 &losesInfo);
  return number.bitcastToAPInt().getZExtValue();
}

//===----------------------------------------------------------------------===//
// Random tensors
//===----------------------------------------------------------------------===//

static uint64_t drawInteger(int64_t bytes, core::RandomSource &random) {
  if (bytes < 8)
    return random.below(int64_t{1} << (8 * bytes));
  const uint64_t high = random.below(int64_t{1} << 32);
  return high << 32 | random.below(int64_t{1} << 32);
}

static uint64_t drawFloat(ElementType type, core::RandomSource &random) {
  const int precision = llvm::APFloat::semanticsPrecision(getSemantics(type));
  const int64_t one = int64_t{1} << precision;
  return fromFloat(type, std::ldexp(random.below(2 * one) - one, -precision));
}

HostTensor serenity::drawTensor(const TensorShape &shape,
                                core::RandomSource &random) {
  HostTensor tensor{shape, std::vector<char>(*shape.countBytes())};
  const ElementType type = shape.element;
  for (int64_t i = 0, e = *shape.countElements(); i < e; ++i)
    storeBits(tensor, i,
              type.kind == Kind::Float ? drawFloat(type, random)
                                       : drawInteger(type.bytes, random));
  return tensor;
}

//===----------------------------------------------------------------------===//
// Differences
//===----------------------------------------------------------------------===//

static double integerDistance(ElementType type, uint64_t a, uint64_t b) {
  const unsigned bits = type.bytes * 8;
  const bool isLess =
      type.kind == Kind::Unsigned
          ? a < b
          : llvm::SignExtend64(a, bits) < llvm::SignExtend64(b, bits);
  // The true distance is below 2^bits, so it survives arithmetic modulo that.
  const uint64_t distance = isLess ? b - a : a - b;
  return static_cast<double>(distance & llvm::maskTrailingOnes<uint64_t>(bits));
}

static double floatDistance(ElementType type, uint64_t a, uint64_t b) {
  const double x = toFloat(type, a), y = toFloat(type, b);
  if (x == y || (std::isnan(x) && std::isnan(y)))
    return 0;
  const double distance = std::fabs(x - y);
  return std::isnan(distance) ? std::numeric_limits<double>::infinity()
                              : distance;
}

static double largestMagnitude(const HostTensor &tensor) {
  double largest = 0;
  for (int64_t i = 0, e = *tensor.shape.countElements(); i < e; ++i) {
    const double value =
        std::fabs(toFloat(tensor.shape.element, loadBits(tensor, i)));
    if (std::isfinite(value))
      largest = std::max(largest, value);
  }
  return largest;
}

TensorDifference serenity::compareTensors(const HostTensor &a,
                                          const HostTensor &b) {
  const ElementType type = *unify(a.shape.element, b.shape.element);
  const bool isFloat = type.kind == Kind::Float;
  TensorDifference difference;
  difference.numElements = *a.shape.countElements();
  for (int64_t i = 0; i < difference.numElements; ++i) {
    const uint64_t x = loadBits(a, i), y = loadBits(b, i);
    difference.numIdentical += x == y;
    difference.largest =
        std::max(difference.largest, isFloat ? floatDistance(type, x, y)
                                             : integerDistance(type, x, y));
  }
  if (isFloat && difference.largest > 0)
    difference.largest /= std::max(largestMagnitude(a), largestMagnitude(b));
  return difference;
}
