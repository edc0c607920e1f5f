//===- PoolingTest.cpp - Pooling against textbook loops -------------------===//
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

namespace {

struct Pool {
  SmallVector<int64_t> input, kernel, strides, padding;

  SmallVector<int64_t> resultShape() const {
    SmallVector<int64_t> shape = input;
    for (int d : {0, 1})
      shape[1 + d] =
          (input[1 + d] + padding[2 * d] + padding[2 * d + 1] - kernel[d]) /
              strides[d] +
          1;
    return shape;
  }
};

class PoolingTest : public KernelTest {
protected:
  Pool drawPool();
  void check(Type element, bool isMax, Activation activation);
};

} // namespace

Pool PoolingTest::drawPool() {
  Pool pool;
  pool.input = {draw(1, 2), draw(4, 9), draw(4, 9), draw(1, 37)};
  pool.kernel = {draw(1, 4), draw(1, 4)};
  pool.strides = {draw(1, 3), draw(1, 3)};
  for (int side = 0; side < 4; ++side)
    pool.padding.push_back(draw(0, pool.kernel[side / 2] - 1));
  return pool;
}

/// The elements in the window of the result `at`, padding left out.
static std::vector<double> getWindow(const Pool &pool, const Array &input,
                                     ArrayRef<int64_t> at) {
  std::vector<double> window;
  forEachIndex(pool.kernel, [&](ArrayRef<int64_t> k) {
    const int64_t y = at[1] * pool.strides[0] - pool.padding[0] + k[0];
    const int64_t x = at[2] * pool.strides[1] - pool.padding[2] + k[1];
    if (y >= 0 && y < pool.input[1] && x >= 0 && x < pool.input[2])
      window.push_back(input.at({at[0], y, x, at[3]}));
  });
  return window;
}

static double getMean(ArrayRef<double> window, bool isFloat) {
  double sum = 0;
  for (double element : window)
    sum += element;
  if (isFloat)
    return sum / window.size();
  const int64_t count = window.size(), total = static_cast<int64_t>(sum);
  return total > 0 ? (total + count / 2) / count : (total - count / 2) / count;
}

void PoolingTest::check(Type element, bool isMax, Activation activation) {
  const Pool pool = drawPool();
  const Array input = drawArray(tensor(pool.input, element));
  const RankedTensorType type = tensor(pool.resultShape(), element);
  const Array actual =
      run(input, [&](OpBuilder &b, ArrayRef<Value> x) -> Value {
        if (isMax)
          return MaxPool2DOp::create(b, loc(b), type, x[0], pool.kernel,
                                     pool.strides, pool.padding, activation);
        return AvgPool2DOp::create(b, loc(b), type, x[0], pool.kernel,
                                   pool.strides, pool.padding, activation);
      });
  Array expected = {type, std::vector<double>(type.getNumElements())};
  auto quantized = dyn_cast<quant::UniformQuantizedType>(element);
  forEachIndex(expected.shape(), [&](ArrayRef<int64_t> at) {
    const std::vector<double> window = getWindow(pool, input, at);
    double value = isMax ? *std::max_element(window.begin(), window.end())
                         : getMean(window, !quantized);
    if (activation == Activation::Relu)
      value = std::max<double>(value, quantized ? quantized.getZeroPoint() : 0);
    expected.at(at) = value;
  });
  expectSame(actual, expected);
}

namespace {

TEST_F(PoolingTest, OfFloats) {
  for (int seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random = core::RandomSource(seed);
    check(pickFloat(), flip(), pick({Activation::None, Activation::Relu}));
  }
}

TEST_F(PoolingTest, OfBytes) {
  for (int seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random = core::RandomSource(seed);
    check(drawByteType(flip(), 0.0235), flip(),
          pick({Activation::None, Activation::Relu}));
  }
}

} // namespace
