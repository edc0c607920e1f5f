//===- ProductsTest.cpp - Products against textbook loops -----------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelTest.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "serenity/Dialect/Serenity/IR/Accumulators.h"

#include <cmath>

using namespace mlir;
using namespace serenity;

namespace {

/// A convolution of any kind. Its parts are drawn at random.
struct Convolution {
  int64_t batch, height, width, channels;
  int64_t filters, kernelHeight, kernelWidth, groups;
  SmallVector<int64_t, 2> strides, dilations;
  SmallVector<int64_t, 4> padding;
  Activation activation;
  bool isDepthwise, hasBias, accumulates;

  int64_t inputsPerFilter() const {
    return isDepthwise ? 1 : channels / groups;
  }
  SmallVector<int64_t> filterShape() const {
    if (isDepthwise)
      return {1, kernelHeight, kernelWidth, filters};
    return {filters, kernelHeight, kernelWidth, inputsPerFilter()};
  }
  int64_t outputSize(int d) const {
    const int64_t size = d == 0 ? height : width;
    const int64_t kernel = d == 0 ? kernelHeight : kernelWidth;
    const int64_t padded = size + padding[2 * d] + padding[2 * d + 1];
    return (padded - (kernel - 1) * dilations[d] - 1) / strides[d] + 1;
  }
  SmallVector<int64_t> resultShape() const {
    return {batch, outputSize(0), outputSize(1), filters};
  }
};

double zeroPointOf(Type element) {
  auto quantized = dyn_cast<quant::UniformQuantizedType>(element);
  return quantized ? quantized.getZeroPoint() : 0;
}

/// The limits of the stored result.
std::pair<double, double> getLimits(Type element, Activation activation) {
  double min = -INFINITY, max = INFINITY;
  if (activation == Activation::Relu || activation == Activation::Relu6)
    min = 0;
  if (activation == Activation::Relu6)
    max = 6;
  if (activation == Activation::ReluN1To1)
    min = -1, max = 1;
  auto quantized = dyn_cast<quant::UniformQuantizedType>(element);
  if (!quantized)
    return {min, max};
  auto store = [&](float real) {
    return std::round(real / static_cast<float>(quantized.getScale())) +
           quantized.getZeroPoint();
  };
  return {std::max<double>(quantized.getStorageTypeMin(), store(min)),
          std::min<double>(quantized.getStorageTypeMax(), store(max))};
}

class ProductsTest : public KernelTest {
protected:
  Convolution drawConvolution(bool isDepthwise);
  void checkConvolution(const Convolution &convolution, Type input, Type filter,
                        Type result, SmallVector<double> filterScales);
  void checkFloat(bool isDepthwise);
  void checkBytes(bool isSigned, bool isPerChannel, bool isDepthwise,
                  bool hasAccumulatorResult);
};

} // namespace

Convolution ProductsTest::drawConvolution(bool isDepthwise) {
  Convolution c;
  c.isDepthwise = isDepthwise;
  c.batch = draw(1, 2);
  c.groups = isDepthwise ? 1 : pick<int64_t>({1, 1, 2, 3});
  c.channels = c.groups * draw(1, 7);
  // Some fill vectors and some do not.
  c.filters = isDepthwise ? c.channels * pick<int64_t>({1, 1, 2, 17})
                          : c.groups * pick<int64_t>({1, 5, 16, 23, 32});
  if (isDepthwise && flip())
    c.filters = c.channels = draw(14, 40);
  c.kernelHeight = draw(1, 3);
  c.kernelWidth = draw(1, 3);
  c.height = draw(5, 9);
  c.width = draw(5, 9);
  c.strides = {draw(1, 3), draw(1, 3)};
  c.dilations = {draw(1, 2), draw(1, 2)};
  // Padding may be wider than the window, which then lies in it alone.
  for (int side = 0; side < 4; ++side)
    c.padding.push_back(pick<int64_t>({0, 0, 1, 2, 4}));
  c.activation = pick({Activation::None, Activation::Relu, Activation::Relu6,
                       Activation::ReluN1To1});
  c.hasBias = flip();
  c.accumulates = false;
  return c;
}

/// The sums of products, by the definition.
static Array addProducts(const Convolution &c, const Array &input,
                         const Array &filter, RankedTensorType type) {
  Array sums = {type, std::vector<double>(type.getNumElements())};
  const double inputZero = zeroPointOf(input.type.getElementType());
  const double filterZero = zeroPointOf(filter.type.getElementType());
  forEachIndex(type.getShape(), [&](ArrayRef<int64_t> at) {
    double &sum = sums.at(at);
    const int64_t o = at[3];
    forEachIndex({c.kernelHeight, c.kernelWidth, c.inputsPerFilter()},
                 [&](ArrayRef<int64_t> k) {
                   const int64_t y = at[1] * c.strides[0] - c.padding[0] +
                                     k[0] * c.dilations[0];
                   const int64_t x = at[2] * c.strides[1] - c.padding[2] +
                                     k[1] * c.dilations[1];
                   if (y < 0 || y >= c.height || x < 0 || x >= c.width)
                     return;
                   const int64_t channel =
                       c.isDepthwise
                           ? o / (c.filters / c.channels)
                           : o / (c.filters / c.groups) * c.inputsPerFilter() +
                                 k[2];
                   const double weight = c.isDepthwise
                                             ? filter.at({0, k[0], k[1], o})
                                             : filter.at({o, k[0], k[1], k[2]});
                   sum += (input.at({at[0], y, x, channel}) - inputZero) *
                          (weight - filterZero);
                 });
  });
  return sums;
}

/// What kernels make of a sum.
static double finish(double sum, Type result, double factor,
                     Activation activation) {
  if (isa<quant::UniformQuantizedType>(result))
    sum = multiplyByQuantized(static_cast<int32_t>(sum), factor) +
          zeroPointOf(result);
  auto [least, most] = getLimits(result, activation);
  return std::min(std::max(sum, least), most);
}

static bool isSumType(Type element) {
  auto quantized = dyn_cast<quant::QuantizedType>(element);
  return quantized && quantized.getStorageTypeIntegralWidth() == 32;
}

/// Builds the operation and compares its result.
void ProductsTest::checkConvolution(const Convolution &c, Type inputElement,
                                    Type filterElement, Type resultElement,
                                    SmallVector<double> factors) {
  const Array input =
      drawArray(tensor({c.batch, c.height, c.width, c.channels}, inputElement));
  const Array filter = drawArray(tensor(c.filterShape(), filterElement));
  const bool isFloat = isa<FloatType>(inputElement);
  const Array bias =
      drawBias(tensor(c.filters, isFloat ? inputElement : i32()));
  const RankedTensorType type = tensor(c.resultShape(), resultElement);
  const Array accumulator = drawBias(type);
  SmallVector<Array> inputs = {input};
  if (c.accumulates)
    inputs.push_back(accumulator);
  const Array actual =
      run(inputs, [&](OpBuilder &b, ArrayRef<Value> x) -> Value {
        Value w = weight(b, filter);
        Value biasValue = c.hasBias ? weight(b, bias) : Value();
        Value acc = c.accumulates ? x[1] : Value();
        if (c.isDepthwise)
          return DepthwiseConv2DOp::create(b, loc(b), type, x[0], w, biasValue,
                                           acc, c.strides, c.padding,
                                           c.dilations, c.activation);
        return Conv2DOp::create(b, loc(b), type, x[0], w, biasValue, acc,
                                c.strides, c.padding, c.dilations, c.groups,
                                c.activation);
      });
  Array expected = addProducts(c, input, filter, type);
  forEachIndex(type.getShape(), [&](ArrayRef<int64_t> at) {
    double &value = expected.at(at);
    value += (c.hasBias ? bias.values[at[3]] : 0) +
             (c.accumulates ? accumulator.at(at) : 0);
    if (!isSumType(resultElement))
      value = finish(value, resultElement, factors[at[3] % factors.size()],
                     c.activation);
  });
  expectSame(actual, expected);
}

void ProductsTest::checkFloat(bool isDepthwise) {
  Convolution c = drawConvolution(isDepthwise);
  c.accumulates = flip();
  const Type element = pickFloat();
  checkConvolution(c, element, element, element, {1.0});
}

void ProductsTest::checkBytes(bool isSigned, bool isPerChannel,
                              bool isDepthwise, bool hasAccumulatorResult) {
  Convolution c = drawConvolution(isDepthwise);
  const float inputScale = pick({0.5f, 0.0235294122f, 0.00784313772f});
  const float outputScale = pick({0.1f, 0.0470588244f, 0.0011f, 3.0f});
  auto input = drawByteType(isSigned, inputScale);
  Type filter = drawByteType(isSigned, pick({0.047244f, 0.0009f, 1.0f}));
  SmallVector<double> scales;
  for (int64_t i = 0; i < c.filters; ++i)
    scales.push_back(
        static_cast<float>(draw(1, 1000) * pick({1e-7, 1e-5, 1e-3})));
  if (isPerChannel)
    filter = quant::UniformQuantizedPerAxisType::get(
        quant::QuantizationFlags::Signed, input.getStorageType(), f32(), scales,
        SmallVector<int64_t>(c.filters, 0), isDepthwise ? 3 : 0, -128, 127);
  else
    scales = {cast<quant::UniformQuantizedType>(filter).getScale()};
  // Float32 rounds the product of the scales of unsigned bytes.
  SmallVector<double> factors = scales;
  for (double &factor : factors) {
    factor = isSigned ? factor * inputScale
                      : static_cast<float>(factor) * inputScale;
    factor /= static_cast<double>(outputScale);
  }
  Type result = drawByteType(isSigned, outputScale);
  if (hasAccumulatorResult) {
    result = quant::UniformQuantizedType::get(
        quant::QuantizationFlags::Signed, i32(), f32(), 0.125, 0,
        std::numeric_limits<int32_t>::min(),
        std::numeric_limits<int32_t>::max());
    c.activation = Activation::None;
    c.accumulates = flip();
  }
  checkConvolution(c, input, filter, result, factors);
}

namespace {

constexpr int numSeeds = 25;

TEST_F(ProductsTest, Conv2DOfFloats) {
  for (int seed = 0; seed < numSeeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random = core::RandomSource(seed);
    checkFloat(/*isDepthwise=*/false);
  }
}

TEST_F(ProductsTest, DepthwiseConv2DOfFloats) {
  for (int seed = 0; seed < numSeeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random = core::RandomSource(seed);
    checkFloat(/*isDepthwise=*/true);
  }
}

TEST_F(ProductsTest, Conv2DOfBytes) {
  for (int seed = 0; seed < 2 * numSeeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random = core::RandomSource(seed);
    const bool isSigned = flip();
    checkBytes(isSigned, /*isPerChannel=*/isSigned && flip(),
               /*isDepthwise=*/false, /*hasAccumulatorResult=*/seed % 5 == 0);
  }
}

TEST_F(ProductsTest, DepthwiseConv2DOfBytes) {
  for (int seed = 0; seed < 2 * numSeeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random = core::RandomSource(seed);
    const bool isSigned = flip();
    checkBytes(isSigned, /*isPerChannel=*/isSigned && flip(),
               /*isDepthwise=*/true, /*hasAccumulatorResult=*/seed % 5 == 0);
  }
}

TEST_F(ProductsTest, Conv2DWithAComputedFilter) {
  const Array input = drawArray(tensor({1, 4, 5, 3}, f32()));
  const Array filter = drawArray(tensor({20, 2, 3, 3}, f32()));
  Convolution c = {1,     4,     5,      3,      20,           2,
                   3,     1,     {1, 1}, {1, 1}, {0, 0, 0, 0}, Activation::None,
                   false, false, false};
  const RankedTensorType type = tensor(c.resultShape(), f32());
  const Array actual =
      run({input, filter}, [&](OpBuilder &b, ArrayRef<Value> x) -> Value {
        return Conv2DOp::create(b, loc(b), type, x[0], x[1], Value(), Value(),
                                c.strides, c.padding, c.dilations, c.groups,
                                c.activation);
      });
  expectSame(actual, addProducts(c, input, filter, type));
}

/// Rows of a fully connected layer are pixels of a convolution.
TEST_F(ProductsTest, FullyConnectedOfBytes) {
  for (int seed = 0; seed < numSeeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random = core::RandomSource(seed);
    const bool isSigned = flip();
    const int64_t rows = draw(1, 4), length = draw(1, 40),
                  filters = pick<int64_t>({1, 2, 16, 37});
    const float inputScale = 0.0235294122f, outputScale = 0.0371f;
    const float filterScale = pick({0.047244f, 0.0009f});
    auto inputType = drawByteType(isSigned, inputScale);
    auto filterType = drawByteType(isSigned, filterScale);
    auto resultType = drawByteType(isSigned, outputScale);
    const Array input = drawArray(tensor({1, rows, length}, inputType));
    const Array filter = drawArray(tensor({filters, length}, filterType));
    const Array bias = drawBias(tensor(filters, i32()));
    const RankedTensorType type = tensor({rows, filters}, resultType);
    const auto activation = pick({Activation::None, Activation::Relu});
    const Array actual =
        run(input, [&](OpBuilder &b, ArrayRef<Value> x) -> Value {
          return FullyConnectedOp::create(b, loc(b), type, x[0],
                                          weight(b, filter), weight(b, bias),
                                          Value(), activation);
        });
    Array expected = {type, std::vector<double>(rows * filters)};
    // With one scale, TFLite multiplies the scales in float32.
    const double factor =
        static_cast<double>(inputScale * filterScale) / outputScale;
    forEachIndex(type.getShape(), [&](ArrayRef<int64_t> at) {
      double sum = bias.values[at[1]];
      for (int64_t i = 0; i < length; ++i)
        sum += (input.at({0, at[0], i}) - inputType.getZeroPoint()) *
               (filter.at({at[1], i}) - filterType.getZeroPoint());
      expected.at(at) = finish(sum, resultType, factor, activation);
    });
    expectSame(actual, expected);
  }
}

TEST_F(ProductsTest, FullyConnectedOfFloats) {
  for (int seed = 0; seed < numSeeds / 2; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random = core::RandomSource(seed);
    const int64_t rows = draw(1, 3), length = draw(1, 70),
                  filters = draw(1, 40);
    const Type element = pickFloat();
    const Array input = drawArray(tensor({rows, 1, length}, element));
    const Array filter = drawArray(tensor({filters, length}, element));
    const Array bias = drawArray(tensor(filters, element));
    const RankedTensorType type = tensor({1, rows, filters}, element);
    const Array actual =
        run(input, [&](OpBuilder &b, ArrayRef<Value> x) -> Value {
          return FullyConnectedOp::create(b, loc(b), type, x[0],
                                          weight(b, filter), weight(b, bias),
                                          Value(), Activation::Tanh);
        });
    Array expected = {type, std::vector<double>(rows * filters)};
    forEachIndex(type.getShape(), [&](ArrayRef<int64_t> at) {
      double sum = bias.values[at[2]];
      for (int64_t i = 0; i < length; ++i)
        sum += input.at({at[1], 0, i}) * filter.at({at[2], i});
      expected.at(at) = std::tanh(sum);
    });
    expectSame(actual, expected);
  }
}

/// What channel-wise rewriting makes of a product: partial ones that add up in
/// 32 bits, rounded at the end.
TEST_F(ProductsTest, PartialProductsGiveTheSameBits) {
  for (int seed = 0; seed < numSeeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random = core::RandomSource(seed);
    const bool isSigned = flip();
    auto drawScale = [&] { return draw(1000, 9999) * 1e-5; };
    auto inputType = drawByteType(isSigned, drawScale());
    const Type filterType = drawByteType(isSigned, drawScale());
    const Array left = drawArray(tensor({9, 7}, inputType));
    const Array right = drawArray(tensor({9, 7}, inputType));
    const Array filter = drawArray(tensor({16, 7}, filterType));
    const RankedTensorType type =
        tensor({9, 16}, drawByteType(isSigned, 40 * drawScale()));
    Array rows = {tensor({9, 14}, inputType), {}};
    Array filters = {tensor({16, 14}, filterType), {}};
    auto interleave = [](Array &whole, const Array &a, const Array &b) {
      for (size_t i = 0; i < a.values.size(); i += 7) {
        whole.values.insert(whole.values.end(), &a.values[i], &a.values[i] + 7);
        whole.values.insert(whole.values.end(), &b.values[i], &b.values[i] + 7);
      }
    };
    interleave(rows, left, right);
    interleave(filters, filter, filter);
    auto multiply = [&](OpBuilder &b, RankedTensorType result, Value x,
                        const Array &w, Value sum) {
      return FullyConnectedOp::create(b, loc(b), result, x, weight(b, w),
                                      Value(), sum, Activation::None);
    };
    const Array whole =
        run(rows, [&](OpBuilder &b, ArrayRef<Value> x) -> Value {
          return multiply(b, type, x[0], filters, {});
        });
    const Array partial =
        run({left, right}, [&](OpBuilder &b, ArrayRef<Value> x) -> Value {
          auto probe = multiply(b, type, x[0], filter, {});
          const double scale = getAccumulatorScales(probe).front();
          probe.erase();
          const RankedTensorType sumType = tensor(
              {9, 16}, quant::UniformQuantizedType::get(
                           quant::QuantizationFlags::Signed, i32(), f32(),
                           scale, 0, std::numeric_limits<int32_t>::min(),
                           std::numeric_limits<int32_t>::max()));
          Value first = multiply(b, sumType, x[0], filter, {});
          Value sum = multiply(b, sumType, x[1], filter, first);
          return ClampOp::create(b, loc(b), type, sum,
                                 b.getF64FloatAttr(-INFINITY),
                                 b.getF64FloatAttr(INFINITY));
        });
    expectSame(partial, whole);
  }
}

} // namespace
