//===- SoftmaxTest.cpp - Softmax against gemmlowp's arithmetic ------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelTest.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"

#include <cmath>

using namespace mlir;
using namespace serenity;

//===----------------------------------------------------------------------===//
// gemmlowp's functions, Qm.n as the integer value * 2^n
//===----------------------------------------------------------------------===//

static int32_t mul(int32_t a, int32_t b) {
  return saturatingRoundingDoublingHighMul(a, b);
}

/// value * 2^exponent, saturated.
static int32_t shiftLeft(int32_t value, int exponent) {
  const int64_t shifted = static_cast<int64_t>(value) * (1 << exponent);
  return static_cast<int32_t>(std::min<int64_t>(
      std::max<int64_t>(shifted, std::numeric_limits<int32_t>::min()),
      std::numeric_limits<int32_t>::max()));
}

/// exp(a) of a Q5.26 <= 0, as Q0.31.
static int32_t exponential(int32_t a) {
  if (a == 0)
    return std::numeric_limits<int32_t>::max();
  const int32_t quarter = 1 << 24;
  const int32_t small = (a & (quarter - 1)) - quarter;
  const int32_t x = shiftLeft(small, 5) + (1 << 28);
  const int32_t x2 = mul(x, x), x3 = mul(x2, x), x4 = mul(x2, x2);
  const int32_t cubes = mul(roundingDivideByPOT(x4, 2) + x3, 715827883);
  const int32_t series = x + roundingDivideByPOT(cubes + x2, 1);
  int32_t result = 1895147668 + mul(1895147668, series);
  const int32_t factors[] = {1672461947, 1302514674, 790015084, 290630308,
                             39332535,   720401,     242};
  for (int bit = 0; bit < 7; ++bit)
    if ((small - a) & (1 << (24 + bit)))
      result = mul(result, factors[bit]);
  return result;
}

/// 1 / (1 + a) of a Q0.31.
static int32_t reciprocalOfOnePlus(int32_t a) {
  const int64_t one = std::numeric_limits<int32_t>::max();
  const int32_t half = static_cast<int32_t>((a + one + 1) / 2);
  int32_t x = 1515870810 + mul(half, -1010580540);
  for (int i = 0; i < 3; ++i)
    x += shiftLeft(mul(x, (1 << 29) - mul(half, x)), 2);
  return shiftLeft(x, 1);
}

/// TFLite's SOFTMAX of one row of bytes with `scale`, whose results begin at
/// `least`.
static std::vector<double> softmax(ArrayRef<double> row, double scale,
                                   double beta, double least) {
  const double factor =
      std::min(beta * scale * (1 << 26), (int64_t(1) << 31) - 1.0);
  int leftShift = 0;
  std::frexp(factor, &leftShift);
  const double radius =
      std::floor(31.0 * (1 << 26) / std::ldexp(1.0, leftShift));
  const double max = *std::max_element(row.begin(), row.end());
  auto getExp = [&](double element) {
    return exponential(multiplyByQuantized(element - max, factor));
  };
  int32_t sum = 0;
  for (double element : row)
    if (element - max >= -radius)
      sum += roundingDivideByPOT(getExp(element), 12);
  const int zeros = __builtin_clz(static_cast<uint32_t>(sum));
  const int32_t reciprocal = reciprocalOfOnePlus(static_cast<int32_t>(
      (static_cast<uint32_t>(sum) << zeros) - (uint32_t(1) << 31)));
  std::vector<double> result;
  for (double element : row)
    result.push_back(
        element - max < -radius
            ? least
            : std::min(least +
                           roundingDivideByPOT(mul(reciprocal, getExp(element)),
                                               12 - zeros + 31 - 8),
                       least + 255));
  return result;
}

namespace {

class SoftmaxTest : public KernelTest {
protected:
  Array runSoftmax(const Array &input, RankedTensorType type, double beta) {
    return run(input, [&](OpBuilder &b, ArrayRef<Value> x) -> Value {
      return SoftmaxOp::create(b, loc(b), type, x[0], b.getF64FloatAttr(beta));
    });
  }
};

TEST_F(SoftmaxTest, OfFloats) {
  for (int seed = 0; seed < 10; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random = core::RandomSource(seed);
    const RankedTensorType type =
        tensor({draw(1, 3), draw(1, 20)}, pickFloat());
    const double beta = pick({1.0, 0.5, 20.0});
    const Array input = drawArray(type);
    Array expected = {type, {}};
    const int64_t length = expected.shape()[1];
    for (int64_t row = 0; row < expected.shape()[0]; ++row) {
      double sum = 0;
      for (int64_t i = 0; i < length; ++i)
        sum += std::exp(beta * input.at({row, i}));
      for (int64_t i = 0; i < length; ++i)
        expected.values.push_back(std::exp(beta * input.at({row, i})) / sum);
    }
    expectSame(runSoftmax(input, type, beta), expected);
  }
}

TEST_F(SoftmaxTest, OfBytes) {
  for (int seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random = core::RandomSource(seed);
    const bool isSigned = flip();
    auto element =
        drawByteType(isSigned, pick({1e-4, 0.01, 0.1, 0.0235, 1.0, 40.0}));
    const int64_t least = isSigned ? -128 : 0;
    auto probability = quant::UniformQuantizedType::get(
        isSigned ? quant::QuantizationFlags::Signed : 0,
        element.getStorageType(), f32(), 1.0 / 256, least, least, least + 255);
    const int64_t rows = draw(1, 3), length = pick<int64_t>({1, 2, 12, 300});
    const double beta = pick({1.0, 0.25, 3.0});
    const RankedTensorType type = tensor({rows, length}, probability);
    const Array input = drawArray(tensor({rows, length}, element));
    Array expected = {type, {}};
    for (int64_t row = 0; row < rows; ++row)
      llvm::append_range(
          expected.values,
          softmax(ArrayRef(input.values).slice(row * length, length),
                  element.getScale(), beta, least));
    expectSame(runSoftmax(input, type, beta), expected);
  }
}

} // namespace
