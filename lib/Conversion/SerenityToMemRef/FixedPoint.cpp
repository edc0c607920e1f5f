//===- FixedPoint.cpp - TFLite's fixed-point arithmetic -------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FixedPoint.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include <cmath>

using namespace mlir;
using namespace serenity;
using namespace serenity::detail;

//===----------------------------------------------------------------------===//
// At compile time
//===----------------------------------------------------------------------===//

QuantizedMultiplier serenity::detail::quantizeMultiplier(double real) {
  if (real == 0)
    return {};
  QuantizedMultiplier result;
  const double fraction = std::frexp(real, &result.exponent);
  int64_t significand = std::llround(fraction * (int64_t(1) << 31));
  if (significand == int64_t(1) << 31) {
    significand /= 2;
    ++result.exponent;
  }
  if (result.exponent < -31)
    return {};
  result.significand = static_cast<int32_t>(significand);
  return result;
}

bool serenity::detail::isValidMultiplier(double real) {
  return std::isfinite(real) && real >= 0 &&
         quantizeMultiplier(real).exponent <= 30;
}

SmallVector<double> serenity::detail::getScales(Type type) {
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type))
    return SmallVector<double>(perAxis.getScales());
  return {cast<quant::UniformQuantizedType>(type).getScale()};
}

int64_t serenity::detail::getZeroPoint(Type type) {
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type))
    return perAxis.getZeroPoints().front();
  return cast<quant::UniformQuantizedType>(type).getZeroPoint();
}

/// What is stored in `type` for `real`, before its range is taken into account.
static double quantize(quant::UniformQuantizedType type, double real) {
  const float scaled =
      static_cast<float>(real) / static_cast<float>(type.getScale());
  return type.getZeroPoint() + static_cast<double>(std::round(scaled));
}

StoredRange serenity::detail::quantizeRange(quant::UniformQuantizedType type,
                                            double min, double max) {
  const double least = type.getStorageTypeMin();
  const double most = type.getStorageTypeMax();
  // Infinities stay infinite, and the range of the type cuts them off.
  auto clamp = [&](double stored) {
    return static_cast<int64_t>(std::min(std::max(stored, least), most));
  };
  return {clamp(quantize(type, min)), clamp(quantize(type, max))};
}

//===----------------------------------------------------------------------===//
// Code
//===----------------------------------------------------------------------===//

Value serenity::detail::buildDoublingHighMul(KernelBuilder &b, Value lhs,
                                             Value rhs) {
  Type narrow = lhs.getType();
  Type wide = b.getI64Type();
  if (auto vector = dyn_cast<VectorType>(narrow))
    wide = vector.clone(wide);
  Value product = b.mul(arith::ExtSIOp::create(b, wide, lhs),
                        arith::ExtSIOp::create(b, wide, rhs));
  // (2 * product + 2^31) / 2^32, rounded down, is what the original's nudge
  // and division towards zero give for both signs.
  Value nudged = b.add(product, b.integer(wide, int64_t(1) << 30));
  Value high = arith::ShRSIOp::create(b, nudged, b.integer(wide, 31));
  return arith::TruncIOp::create(b, narrow, high);
}

Value serenity::detail::buildRoundingShift(KernelBuilder &b, Value value,
                                           Value exponent) {
  Type type = value.getType();
  Value zero = b.integer(type, 0);
  Value one = b.integer(type, 1);
  Value mask = b.sub(arith::ShLIOp::create(b, one, exponent), one);
  Value rest = arith::AndIOp::create(b, value, mask);
  Value isNegative =
      arith::CmpIOp::create(b, arith::CmpIPredicate::slt, value, zero);
  Value threshold = b.add(arith::ShRUIOp::create(b, mask, one),
                          arith::ExtUIOp::create(b, type, isNegative));
  Value roundsUp =
      arith::CmpIOp::create(b, arith::CmpIPredicate::sgt, rest, threshold);
  return b.add(arith::ShRSIOp::create(b, value, exponent),
               arith::ExtUIOp::create(b, type, roundsUp));
}

Value serenity::detail::buildRoundingShift(KernelBuilder &b, Value value,
                                           int64_t exponent) {
  if (exponent == 0)
    return value;
  return buildRoundingShift(b, value, b.integer(value.getType(), exponent));
}

Value serenity::detail::buildMultiply(KernelBuilder &b, Value value,
                                      QuantizedMultiplier multiplier) {
  Type type = value.getType();
  if (multiplier.exponent > 0)
    value =
        arith::ShLIOp::create(b, value, b.integer(type, multiplier.exponent));
  Value product =
      buildDoublingHighMul(b, value, b.integer(type, multiplier.significand));
  return buildRoundingShift(b, product, std::max(-multiplier.exponent, 0));
}

Value serenity::detail::buildClamp(KernelBuilder &b, Value value, int64_t least,
                                   int64_t most) {
  Type type = value.getType();
  return b.min(b.max(value, b.integer(type, least)), b.integer(type, most));
}

//===----------------------------------------------------------------------===//
// A factor for each channel
//===----------------------------------------------------------------------===//

/// A constant with `get(multiplier)` for each of `multipliers`.
template <typename Get>
static Value makeTable(KernelBuilder &b, Constants &constants,
                       ArrayRef<QuantizedMultiplier> multipliers, Get get) {
  SmallVector<int32_t> numbers;
  for (const QuantizedMultiplier &multiplier : multipliers)
    numbers.push_back(get(multiplier));
  auto type = RankedTensorType::get(multipliers.size(), b.getI32Type());
  return constants.get(b, b.getLoc(),
                       DenseElementsAttr::get(type, ArrayRef(numbers)));
}

ChannelMultiplier::ChannelMultiplier(KernelBuilder &b, Constants &constants,
                                     ArrayRef<double> factors) {
  SmallVector<QuantizedMultiplier> multipliers;
  for (double factor : factors)
    multipliers.push_back(quantizeMultiplier(factor));
  common = quantizeMultiplier(factors.front());
  if (llvm::all_equal(multipliers))
    return;
  significands = makeTable(b, constants, multipliers,
                           [](auto m) { return m.significand; });
  const auto shiftsLeft = [](auto m) { return m.exponent > 0; };
  if (llvm::any_of(multipliers, shiftsLeft))
    leftShifts = makeTable(b, constants, multipliers,
                           [](auto m) { return std::max(m.exponent, 0); });
  rightShifts = makeTable(b, constants, multipliers,
                          [](auto m) { return std::max(-m.exponent, 0); });
}

Value ChannelMultiplier::build(KernelBuilder &b, Value value,
                               Value channel) const {
  if (!significands)
    return buildMultiply(b, value, common);
  const int64_t lanes = cast<VectorType>(value.getType()).getNumElements();
  auto load = [&](Value table) {
    return b.load(table, channel, lanes, b.getI32Type());
  };
  if (leftShifts)
    value = arith::ShLIOp::create(b, value, load(leftShifts));
  return buildRoundingShift(
      b, buildDoublingHighMul(b, value, load(significands)), load(rightShifts));
}
