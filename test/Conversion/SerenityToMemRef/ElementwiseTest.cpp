//===- ElementwiseTest.cpp - Elementwise kernels against textbook code ----===//
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

using Quantized = quant::UniformQuantizedType;

class ElementwiseTest : public KernelTest {
protected:
  /// Two shapes that broadcast to one another.
  std::pair<SmallVector<int64_t>, SmallVector<int64_t>> drawShapes();
  void checkBinary(bool isProduct, Type lhs, Type rhs, Type result);
  void checkClamp(Type input, Type result, double min, double max);

  float drawScale() { return pick({0.0235294122f, 0.047f, 0.5f, 0.0011f}); }
};

} // namespace

std::pair<SmallVector<int64_t>, SmallVector<int64_t>>
ElementwiseTest::drawShapes() {
  SmallVector<int64_t> lhs = {draw(1, 2), draw(1, 5), draw(1, 5), draw(1, 37)};
  SmallVector<int64_t> rhs = lhs;
  if (flip())
    return {lhs, rhs};
  for (int64_t &size : rhs)
    if (flip())
      size = 1;
  rhs.erase(rhs.begin(), rhs.begin() + draw(0, 3));
  return flip() ? std::pair(lhs, rhs) : std::pair(rhs, lhs);
}

/// The element of `array` that is repeated at `at` of a larger shape.
static double getBroadcast(const Array &array, ArrayRef<int64_t> at) {
  SmallVector<int64_t> own(at.take_back(array.shape().size()));
  for (auto [index, size] : llvm::zip_equal(own, array.shape()))
    index = std::min(index, size - 1);
  return array.at(own);
}

/// TFLite's ADD of bytes.
static double addBytes(double x, double y, Quantized xType, Quantized yType,
                       Quantized type) {
  const double twice = 2 * std::max(xType.getScale(), yType.getScale());
  auto scale = [&](double value, Quantized from) {
    const int32_t centered = static_cast<int32_t>(value) - from.getZeroPoint();
    return multiplyByQuantized(centered * (1 << 20), from.getScale() / twice);
  };
  return multiplyByQuantized(scale(x, xType) + scale(y, yType),
                             twice / ((1 << 20) * type.getScale())) +
         type.getZeroPoint();
}

/// TFLite's MUL of unsigned bytes, TFLM's of signed ones.
static double multiplyBytes(double x, double y, Quantized xType,
                            Quantized yType, Quantized type) {
  const double exact = xType.getScale() * yType.getScale() / type.getScale();
  const float rounded = static_cast<float>(xType.getScale()) *
                        static_cast<float>(yType.getScale()) /
                        static_cast<float>(type.getScale());
  const int32_t product = static_cast<int32_t>(x - xType.getZeroPoint()) *
                          static_cast<int32_t>(y - yType.getZeroPoint());
  return multiplyByQuantized(product, type.isSigned() ? exact : rounded) +
         type.getZeroPoint();
}

static double saturate(double value, Quantized type) {
  return std::min<double>(std::max<double>(value, type.getStorageTypeMin()),
                          type.getStorageTypeMax());
}

static double combine(bool isProduct, double x, double y, Type xType,
                      Type yType, Type type) {
  auto quantized = dyn_cast<Quantized>(type);
  if (!quantized)
    return isProduct ? x * y : x + y;
  auto function = isProduct ? multiplyBytes : addBytes;
  return saturate(
      function(x, y, cast<Quantized>(xType), cast<Quantized>(yType), quantized),
      quantized);
}

void ElementwiseTest::checkBinary(bool isProduct, Type lhsType, Type rhsType,
                                  Type resultType) {
  auto [lhsShape, rhsShape] = drawShapes();
  const Array lhs = drawArray(tensor(lhsShape, lhsType));
  const Array rhs = drawArray(tensor(rhsShape, rhsType));
  const auto &larger =
      lhsShape.size() > rhsShape.size() ||
              llvm::product_of(lhsShape) >= llvm::product_of(rhsShape)
          ? lhsShape
          : rhsShape;
  const RankedTensorType type = tensor(larger, resultType);
  const Array actual =
      run({lhs, rhs}, [&](OpBuilder &b, ArrayRef<Value> x) -> Value {
        if (isProduct)
          return MulOp::create(b, loc(b), type, x[0], x[1], Activation::None);
        return AddOp::create(b, loc(b), type, x[0], x[1], Activation::None);
      });
  Array expected = {type, std::vector<double>(actual.values.size())};
  forEachIndex(larger, [&](ArrayRef<int64_t> at) {
    expected.at(at) =
        combine(isProduct, getBroadcast(lhs, at), getBroadcast(rhs, at),
                lhsType, rhsType, resultType);
  });
  expectSame(actual, expected);
}

void ElementwiseTest::checkClamp(Type inputType, Type resultType, double min,
                                 double max) {
  const SmallVector<int64_t> shape = {draw(1, 3), draw(1, 37)};
  Array input = drawArray(tensor(shape, inputType));
  auto from = dyn_cast<Quantized>(inputType);
  auto to = dyn_cast<Quantized>(resultType);
  if (from && from.getStorageTypeIntegralWidth() == 32)
    input = drawBias(input.type);
  const RankedTensorType type = tensor(shape, resultType);
  const Array actual =
      run(input, [&](OpBuilder &b, ArrayRef<Value> x) -> Value {
        return ClampOp::create(b, loc(b), type, x[0], b.getF64FloatAttr(min),
                               b.getF64FloatAttr(max));
      });
  Array expected = {type, input.values};
  for (double &value : expected.values) {
    double least = min, most = max;
    if (to) {
      value = multiplyByQuantized(value - from.getZeroPoint(),
                                  from.getScale() / to.getScale()) +
              to.getZeroPoint();
      auto store = [&](float real) {
        return saturate(std::round(real / static_cast<float>(to.getScale())) +
                            to.getZeroPoint(),
                        to);
      };
      least = store(min);
      most = store(max);
    }
    value = std::min(std::max(value, least), most);
  }
  expectSame(actual, expected);
}

namespace {

constexpr int numSeeds = 25;

TEST_F(ElementwiseTest, AddAndMulOfFloats) {
  for (int seed = 0; seed < numSeeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random = core::RandomSource(seed);
    const Type element = pickFloat();
    checkBinary(flip(), element, element, element);
  }
}

TEST_F(ElementwiseTest, AddAndMulOfBytes) {
  for (int seed = 0; seed < 2 * numSeeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random = core::RandomSource(seed);
    const bool isSigned = flip();
    checkBinary(flip(), drawByteType(isSigned, drawScale()),
                drawByteType(isSigned, drawScale()),
                drawByteType(isSigned, drawScale()));
  }
}

TEST_F(ElementwiseTest, ClampOfFloatsAndBytes) {
  for (int seed = 0; seed < numSeeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random = core::RandomSource(seed);
    const double min = pick<double>({0, -1, -INFINITY});
    const double max = pick<double>({6, 1, INFINITY});
    if (seed % 5 == 0)
      for (Type element : {f16(), f32(), f64()})
        checkClamp(element, element, min / 2, max / 2);
    const bool isSigned = flip();
    checkClamp(drawByteType(isSigned, drawScale()),
               drawByteType(isSigned, drawScale()), min, max);
  }
}

/// What follows the sum of partial products.
TEST_F(ElementwiseTest, ClampOfAccumulators) {
  for (int seed = 0; seed < numSeeds / 2; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random = core::RandomSource(seed);
    auto accumulator =
        Quantized::get(quant::QuantizationFlags::Signed, i32(), f32(),
                       0.0235294122 * pick({0.01, 0.00031}), 0,
                       std::numeric_limits<int32_t>::min(),
                       std::numeric_limits<int32_t>::max());
    checkClamp(accumulator, drawByteType(flip(), drawScale()), 0,
               pick<double>({6, INFINITY}));
  }
}

TEST_F(ElementwiseTest, ClampOfAccumulatorsWithAScaleForEachChannel) {
  const SmallVector<double> scales = {1e-3, 2e-4, 0.5, 7e-6, 1e-3};
  auto accumulator = quant::UniformQuantizedPerAxisType::get(
      quant::QuantizationFlags::Signed, i32(), f32(), scales,
      SmallVector<int64_t>(5, 0), /*quantizedDimension=*/1,
      std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max());
  auto result = drawByteType(/*isSigned=*/true, 0.05);
  const Array input = drawBias(tensor({7, 5}, accumulator));
  const RankedTensorType type = tensor({7, 5}, result);
  const Array actual =
      run(input, [&](OpBuilder &b, ArrayRef<Value> x) -> Value {
        return ClampOp::create(b, loc(b), type, x[0],
                               b.getF64FloatAttr(-INFINITY),
                               b.getF64FloatAttr(INFINITY));
      });
  Array expected = {type, input.values};
  forEachIndex({7, 5}, [&](ArrayRef<int64_t> at) {
    double &value = expected.at(at);
    value =
        saturate(multiplyByQuantized(value, scales[at[1]] / result.getScale()) +
                     result.getZeroPoint(),
                 result);
  });
  expectSame(actual, expected);
}

TEST_F(ElementwiseTest, SumOfManyOperands) {
  for (Type element : {f16(), f32(), f64(), Type(drawByteType(true, 0.04)),
                       Type(drawByteType(false, 0.04))}) {
    const RankedTensorType type = tensor({3, 19}, element);
    const SmallVector<Array> inputs = {drawArray(type), drawArray(type),
                                       drawArray(type)};
    const Array actual =
        run(inputs, [&](OpBuilder &b, ArrayRef<Value> x) -> Value {
          OperationState state(loc(b), SumOp::getOperationName());
          state.addOperands(x);
          state.addTypes(type);
          return b.create(state)->getResult(0);
        });
    Array expected = {type, std::vector<double>(inputs[0].values.size())};
    auto quantized = dyn_cast<Quantized>(element);
    for (auto [i, value] : llvm::enumerate(expected.values)) {
      int32_t sum = 0;
      for (const Array &input : inputs) {
        if (!quantized)
          value += input.values[i];
        else
          sum += multiplyByQuantized(
              (input.values[i] - quantized.getZeroPoint()) * (1 << 20), 0.5);
      }
      if (quantized)
        value = saturate(multiplyByQuantized(sum, 2.0 / (1 << 20)) +
                             quantized.getZeroPoint(),
                         quantized);
    }
    expectSame(actual, expected);
  }
}

} // namespace
