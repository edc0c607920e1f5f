//===- FixedPoint.h - TFLite's integer arithmetic, plainly ------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The arithmetic of TFLite's reference kernels, which is gemmlowp's, on numbers
// of 32 bits that are held in 64. A fixed-point number of n integer bits has
// the value raw * 2^(n - 31).
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_TEST_REFERENCE_FIXEDPOINT_H
#define SERENITY_TEST_REFERENCE_FIXEDPOINT_H

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace serenity::reference {

constexpr int64_t kInt32Max = INT32_MAX;
constexpr int64_t kInt32Min = INT32_MIN;

inline int64_t saturate(int64_t x) {
  return std::clamp(x, kInt32Min, kInt32Max);
}

/// a * b / 2^31, rounded to the nearest, ties away from zero. C++ divides
/// towards zero.
inline int64_t multiplyHigh(int64_t a, int64_t b) {
  const int64_t product = a * b;
  const int64_t half = int64_t{1} << 30;
  return saturate((product + (product >= 0 ? half : 1 - half)) /
                  (int64_t{1} << 31));
}

/// x / 2^exponent, rounded to the nearest, ties away from zero.
inline int64_t divideByPowerOfTwo(int64_t x, int exponent) {
  if (exponent == 0)
    return x;
  const int64_t half = int64_t{1} << (exponent - 1);
  const int64_t magnitude = ((x < 0 ? -x : x) + half) >> exponent;
  return x < 0 ? -magnitude : magnitude;
}

/// A real factor as multiplier * 2^(shift - 31).
struct Multiplier {
  int64_t multiplier = 0;
  int shift = 0;

  static Multiplier fromReal(double factor) {
    Multiplier result;
    if (factor == 0)
      return result;
    const double fraction = std::frexp(factor, &result.shift);
    result.multiplier = std::llround(fraction * (int64_t{1} << 31));
    if (result.multiplier == int64_t{1} << 31) {
      result.multiplier /= 2;
      ++result.shift;
    }
    return result.shift < -31 ? Multiplier() : result;
  }

  /// x times the factor, rounded twice, as the reference kernels do.
  int64_t apply(int64_t x) const {
    const int64_t shifted = x * (int64_t{1} << std::max(shift, 0));
    return divideByPowerOfTwo(multiplyHigh(shifted, multiplier),
                              std::max(-shift, 0));
  }
};

/// exp(x) for x <= 0 with 5 integer bits; the result has none.
int64_t expOfNegative(int64_t x);

/// 1 / (1 + x) for x in [0, 1); both have no integer bits.
int64_t oneOverOnePlus(int64_t x);

} // namespace serenity::reference

#endif // SERENITY_TEST_REFERENCE_FIXEDPOINT_H
