//===- FixedPoint.cpp - TFLite's integer arithmetic, plainly --------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FixedPoint.h"

using namespace serenity::reference;

/// `value` with `integerBits` of them.
static int64_t fromReal(double value, int integerBits) {
  return saturate(std::llround(std::ldexp(value, 31 - integerBits)));
}

/// exp(x) for x in [-1/4, 0): exp(-1/8) times the Taylor series to the fourth
/// power around -1/8.
static int64_t expOfSmall(int64_t x) {
  const int64_t centre = fromReal(std::exp(-1.0 / 8), 0);
  const int64_t third = fromReal(1.0 / 3, 0);
  const int64_t d = x + fromReal(1.0 / 8, 0);
  const int64_t d2 = multiplyHigh(d, d);
  const int64_t d3 = multiplyHigh(d2, d);
  const int64_t quarterOfD4 = divideByPowerOfTwo(multiplyHigh(d2, d2), 2);
  const int64_t higher =
      divideByPowerOfTwo(multiplyHigh(quarterOfD4 + d3, third) + d2, 1);
  return centre + multiplyHigh(centre, d + higher);
}

int64_t serenity::reference::expOfNegative(int64_t x) {
  if (x == 0)
    return kInt32Max;
  constexpr int kFractionBits = 31 - 5;
  const int64_t quarter = int64_t{1} << (kFractionBits - 2);
  // x = small - rest, small in [-1/4, 0) and rest a multiple of 1/4.
  const int64_t small = (x & (quarter - 1)) - quarter;
  const int64_t rest = small - x;
  int64_t result = expOfSmall(small * 32);
  for (int exponent = -2; exponent <= 4; ++exponent)
    if (rest >> (kFractionBits + exponent) & 1)
      result = multiplyHigh(result,
                            fromReal(std::exp(-std::ldexp(1.0, exponent)), 0));
  return result;
}

int64_t serenity::reference::oneOverOnePlus(int64_t x) {
  // The half of 1 + x, in [1/2, 1]; Newton's method for its inverse with two
  // integer bits, from the line that is best on that interval.
  const int64_t half = (x + kInt32Max + 1) / 2;
  int64_t inverse =
      fromReal(48.0 / 17, 2) + multiplyHigh(half, fromReal(-32.0 / 17, 2));
  for (int step = 0; step < 3; ++step) {
    const int64_t error = fromReal(1.0, 2) - multiplyHigh(half, inverse);
    inverse += saturate(multiplyHigh(inverse, error) * 4);
  }
  return saturate(inverse * 2);
}
