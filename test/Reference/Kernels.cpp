//===- Kernels.cpp - TFLite's reference kernels, plainly ------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FixedPoint.h"
#include "Interpreter.h"

#include <limits>
#include <stdexcept>

using namespace serenity;
using namespace serenity::reference;
using tflite::ActivationFunctionType;
using tflite::Padding;
using tflite::TensorType;

//===----------------------------------------------------------------------===//
// Activations
//===----------------------------------------------------------------------===//

namespace {

/// The limits of a fused activation.
struct Limits {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

} // namespace

static Limits getLimits(ActivationFunctionType activation) {
  const double infinity = std::numeric_limits<double>::infinity();
  switch (activation) {
  case ActivationFunctionType::NONE:
    return {};
  case ActivationFunctionType::RELU:
    return {0, infinity};
  case ActivationFunctionType::RELU6:
    return {0, 6};
  case ActivationFunctionType::RELU_N1_TO_1:
    return {-1, 1};
  default:
    throw std::runtime_error("unexpected activation");
  }
}

static float clampFloat(float value, ActivationFunctionType activation) {
  const Limits limits = getLimits(activation);
  return std::min<double>(std::max<double>(value, limits.low), limits.high);
}

static int64_t getLowest(TensorType type) {
  return type == TensorType::UINT8 ? 0 : -128;
}

/// Clamps to the range of the type and of the activation.
static int64_t clampInteger(int64_t value, const Tensor &output,
                            ActivationFunctionType activation) {
  const Limits limits = getLimits(activation);
  const auto quantize = [&](double limit) -> int64_t {
    return output.zeroPoints[0] +
           std::llround(static_cast<float>(limit) / output.scales[0]);
  };
  int64_t low = getLowest(output.type), high = low + 255;
  if (std::isfinite(limits.low))
    low = std::max(low, quantize(limits.low));
  if (std::isfinite(limits.high))
    high = std::min(high, quantize(limits.high));
  return std::min(std::max(value, low), high);
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

/// The factor from products to the result, of output channel `channel`. With
/// one scale for all channels, uint8 kernels and fully connected ones multiply
/// the scales as floats.
static Multiplier getProductFactor(const Tensor &input, const Tensor &filter,
                                   const Tensor &output, int64_t channel,
                                   bool isFloatProduct) {
  const float filterScale =
      filter.scales[filter.scales.size() == 1 ? 0 : channel];
  const double product =
      isFloatProduct ? static_cast<double>(input.scales[0] * filterScale)
                     : static_cast<double>(input.scales[0]) * filterScale;
  return Multiplier::fromReal(product / output.scales[0]);
}

namespace {

/// Adds up the products of one element of a result.
class ProductSum {
public:
  ProductSum(const Call &call, int64_t channel, bool isFullyConnected)
      : input(*call.inputs[0]), filter(*call.inputs[1]),
        bias(call.inputs.size() > 2 ? call.inputs[2] : nullptr),
        output(*call.outputs[0]), channel(channel),
        isFloatProduct((isFullyConnected && filter.scales.size() == 1) ||
                       output.type == TensorType::UINT8) {}

  void add(int64_t inputIndex, int64_t filterIndex) {
    if (input.isFloat())
      floatSum += input.floats[inputIndex] * filter.floats[filterIndex];
    else
      integerSum +=
          (input.integers[inputIndex] - input.zeroPoints[0]) *
          (filter.integers[filterIndex] -
           filter.zeroPoints[filter.zeroPoints.size() == 1 ? 0 : channel]);
  }

  void store(int64_t index, ActivationFunctionType activation) const {
    if (input.isFloat()) {
      const float complete = floatSum + (bias ? bias->floats[channel] : 0);
      output.floats[index] = clampFloat(complete, activation);
      return;
    }
    const int64_t complete = integerSum + (bias ? bias->integers[channel] : 0);
    const Multiplier factor =
        getProductFactor(input, filter, output, channel, isFloatProduct);
    output.integers[index] = clampInteger(
        factor.apply(complete) + output.zeroPoints[0], output, activation);
  }

private:
  const Tensor &input, &filter;
  const Tensor *bias;
  Tensor &output;
  int64_t channel;
  bool isFloatProduct;
  float floatSum = 0;
  int64_t integerSum = 0;
};

/// How a window moves along one dimension.
struct Window {
  int64_t size, stride, dilation, before;
};

} // namespace

static Window getWindow(int64_t input, int64_t output, int64_t size,
                        int64_t stride, int64_t dilation, Padding padding) {
  const int64_t reach =
      (output - 1) * stride + (size - 1) * dilation + 1 - input;
  return {size, stride, dilation,
          padding == Padding::SAME ? std::max<int64_t>(reach, 0) / 2 : 0};
}

/// Calls visit(row of the window, row of the input) for the rows of the window
/// at `position` that are inside of the input.
template <typename Visitor>
static void visitWindow(const Window &window, int64_t position, int64_t extent,
                        Visitor visit) {
  for (int64_t k = 0; k < window.size; ++k) {
    const int64_t i =
        position * window.stride - window.before + k * window.dilation;
    if (i >= 0 && i < extent)
      visit(k, i);
  }
}

/// Calls visit(batch, row, column, channel) for every element of an image.
template <typename Visitor>
static void visitImage(const Tensor &image, Visitor visit) {
  for (int64_t b = 0; b < image.shape[0]; ++b)
    for (int64_t y = 0; y < image.shape[1]; ++y)
      for (int64_t x = 0; x < image.shape[2]; ++x)
        for (int64_t c = 0; c < image.shape[3]; ++c)
          visit(b, y, x, c);
}

void serenity::reference::runConvolution(const Call &call) {
  const tflite::Conv2DOptionsT &options =
      *call.op.builtin_options.AsConv2DOptions();
  const Tensor &input = *call.inputs[0], &filter = *call.inputs[1];
  const Tensor &output = *call.outputs[0];
  const Window rows =
      getWindow(input.shape[1], output.shape[1], filter.shape[1],
                options.stride_h, options.dilation_h_factor, options.padding);
  const Window columns =
      getWindow(input.shape[2], output.shape[2], filter.shape[2],
                options.stride_w, options.dilation_w_factor, options.padding);
  visitImage(output, [&](int64_t b, int64_t y, int64_t x, int64_t o) {
    ProductSum sum(call, o, /*isFullyConnected=*/false);
    visitWindow(rows, y, input.shape[1], [&](int64_t ky, int64_t iy) {
      visitWindow(columns, x, input.shape[2], [&](int64_t kx, int64_t ix) {
        for (int64_t c = 0; c < input.shape[3]; ++c)
          sum.add(input.indexOf(b, iy, ix, c), filter.indexOf(o, ky, kx, c));
      });
    });
    sum.store(output.indexOf(b, y, x, o), options.fused_activation_function);
  });
}

void serenity::reference::runDepthwiseConvolution(const Call &call) {
  const tflite::DepthwiseConv2DOptionsT &options =
      *call.op.builtin_options.AsDepthwiseConv2DOptions();
  const Tensor &input = *call.inputs[0], &filter = *call.inputs[1];
  const Tensor &output = *call.outputs[0];
  const int64_t multiplier = output.shape[3] / input.shape[3];
  const Window rows =
      getWindow(input.shape[1], output.shape[1], filter.shape[1],
                options.stride_h, options.dilation_h_factor, options.padding);
  const Window columns =
      getWindow(input.shape[2], output.shape[2], filter.shape[2],
                options.stride_w, options.dilation_w_factor, options.padding);
  visitImage(output, [&](int64_t b, int64_t y, int64_t x, int64_t o) {
    ProductSum sum(call, o, /*isFullyConnected=*/false);
    visitWindow(rows, y, input.shape[1], [&](int64_t ky, int64_t iy) {
      visitWindow(columns, x, input.shape[2], [&](int64_t kx, int64_t ix) {
        sum.add(input.indexOf(b, iy, ix, o / multiplier),
                filter.indexOf(0, ky, kx, o));
      });
    });
    sum.store(output.indexOf(b, y, x, o), options.fused_activation_function);
  });
}

void serenity::reference::runFullyConnected(const Call &call) {
  const auto activation = call.op.builtin_options.AsFullyConnectedOptions()
                              ->fused_activation_function;
  const Tensor &filter = *call.inputs[1], &output = *call.outputs[0];
  const int64_t numOutputs = filter.shape[0], numInputs = filter.shape[1];
  for (int64_t i = 0, e = output.countElements(); i < e; ++i) {
    const int64_t row = i / numOutputs, channel = i % numOutputs;
    ProductSum sum(call, channel, /*isFullyConnected=*/true);
    for (int64_t c = 0; c < numInputs; ++c)
      sum.add(row * numInputs + c, channel * numInputs + c);
    sum.store(i, activation);
  }
}

//===----------------------------------------------------------------------===//
// Pooling
//===----------------------------------------------------------------------===//

/// The largest element, or the mean, rounded to the nearest, ties away from
/// zero.
static int64_t poolIntegers(const std::vector<int64_t> &values,
                            bool isMaximum) {
  if (isMaximum)
    return *std::max_element(values.begin(), values.end());
  int64_t sum = 0;
  for (int64_t value : values)
    sum += value;
  const int64_t count = values.size();
  return (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
}

static float poolFloats(const std::vector<float> &values, bool isMaximum) {
  if (isMaximum)
    return *std::max_element(values.begin(), values.end());
  float sum = 0;
  for (float value : values)
    sum += value;
  return sum / values.size();
}

void serenity::reference::runPooling(const Call &call, bool isMaximum) {
  const tflite::Pool2DOptionsT &options =
      *call.op.builtin_options.AsPool2DOptions();
  const auto activation = options.fused_activation_function;
  const Tensor &input = *call.inputs[0];
  Tensor &output = *call.outputs[0];
  const Window rows =
      getWindow(input.shape[1], output.shape[1], options.filter_height,
                options.stride_h, /*dilation=*/1, options.padding);
  const Window columns =
      getWindow(input.shape[2], output.shape[2], options.filter_width,
                options.stride_w, /*dilation=*/1, options.padding);
  visitImage(output, [&](int64_t b, int64_t y, int64_t x, int64_t c) {
    std::vector<int64_t> integers;
    std::vector<float> floats;
    visitWindow(rows, y, input.shape[1], [&](int64_t, int64_t iy) {
      visitWindow(columns, x, input.shape[2], [&](int64_t, int64_t ix) {
        const int64_t index = input.indexOf(b, iy, ix, c);
        if (input.isFloat())
          floats.push_back(input.floats[index]);
        else
          integers.push_back(input.integers[index]);
      });
    });
    const int64_t index = output.indexOf(b, y, x, c);
    if (input.isFloat())
      output.floats[index] =
          clampFloat(poolFloats(floats, isMaximum), activation);
    else
      output.integers[index] =
          clampInteger(poolIntegers(integers, isMaximum), output, activation);
  });
}

//===----------------------------------------------------------------------===//
// Elementwise kernels and data movement
//===----------------------------------------------------------------------===//

/// Both summands are brought to a scale twice the larger of theirs, with 20
/// more bits.
static int64_t addIntegers(const Tensor &a, const Tensor &b,
                           const Tensor &output, int64_t index) {
  constexpr int kShift = 20;
  const double scale = 2.0 * std::max(a.scales[0], b.scales[0]);
  const auto rescale = [&](const Tensor &tensor) {
    return Multiplier::fromReal(tensor.scales[0] / scale)
        .apply((tensor.integers[index] - tensor.zeroPoints[0]) *
               (int64_t{1} << kShift));
  };
  const double outputFactor =
      scale / (std::ldexp(1.0, kShift) * static_cast<double>(output.scales[0]));
  return Multiplier::fromReal(outputFactor).apply(rescale(a) + rescale(b)) +
         output.zeroPoints[0];
}

void serenity::reference::runAddition(const Call &call) {
  const auto activation =
      call.op.builtin_options.AsAddOptions()->fused_activation_function;
  const Tensor &a = *call.inputs[0], &b = *call.inputs[1];
  Tensor &output = *call.outputs[0];
  if (a.shape != output.shape || b.shape != output.shape)
    throw std::runtime_error("unexpected broadcast");
  for (int64_t i = 0, e = output.countElements(); i < e; ++i)
    if (output.isFloat())
      output.floats[i] = clampFloat(a.floats[i] + b.floats[i], activation);
    else
      output.integers[i] =
          clampInteger(addIntegers(a, b, output, i), output, activation);
}

/// An element of one quantised tensor as an element of another, as
/// concatenations of uint8 do it, in floats.
static int64_t requantize(int64_t value, const Tensor &from, const Tensor &to) {
  if (from.scales[0] == to.scales[0] && from.zeroPoints[0] == to.zeroPoints[0])
    return value;
  const float scale = from.scales[0] * (1.0f / to.scales[0]);
  const float bias = -from.zeroPoints[0] * scale;
  const int64_t result = std::lround(value * scale + bias) + to.zeroPoints[0];
  return clampInteger(result, to, ActivationFunctionType::NONE);
}

void serenity::reference::runConcatenation(const Call &call) {
  const tflite::ConcatenationOptionsT &options =
      *call.op.builtin_options.AsConcatenationOptions();
  Tensor &output = *call.outputs[0];
  const int64_t rank = output.shape.size();
  const int64_t axis = (options.axis + rank) % rank;
  int64_t inner = 1, outer = 1;
  for (int64_t i = 0; i < rank; ++i)
    (i < axis ? outer : inner) *= i == axis ? 1 : output.shape[i];
  int64_t next = 0;
  for (int64_t i = 0; i < outer; ++i)
    for (const Tensor *input : call.inputs)
      for (int64_t j = 0, e = input->shape[axis] * inner; j < e; ++j, ++next)
        if (output.isFloat())
          output.floats[next] = input->floats[i * e + j];
        else
          output.integers[next] =
              requantize(input->integers[i * e + j], *input, output);
}

void serenity::reference::runCopy(const Call &call) {
  if (call.outputs.size() != 1)
    throw std::runtime_error("unexpected number of outputs");
  call.outputs[0]->integers = call.inputs[0]->integers;
  call.outputs[0]->floats = call.inputs[0]->floats;
}

//===----------------------------------------------------------------------===//
// Softmax
//===----------------------------------------------------------------------===//

static void softmaxFloats(const float *input, float *output, int64_t count,
                          float beta) {
  const float largest = *std::max_element(input, input + count);
  float sum = 0;
  for (int64_t i = 0; i < count; ++i)
    sum += output[i] = std::exp((input[i] - largest) * beta);
  for (int64_t i = 0; i < count; ++i)
    output[i] /= sum;
}

namespace {

/// exp(scale * beta * d) for integers d <= 0, with no integer bits.
class QuantizedExp {
public:
  explicit QuantizedExp(double factor)
      : rescale(Multiplier::fromReal(std::min(
            factor * (int64_t{1} << (31 - kIntegerBits)), 2147483647.0))) {
    const double radius =
        std::ldexp((1 << kIntegerBits) - 1, 31 - kIntegerBits - rescale.shift);
    smallest = -static_cast<int64_t>(std::floor(radius));
  }

  /// Zero where the result would be too small to matter.
  int64_t operator()(int64_t d) const {
    return d < smallest ? 0 : expOfNegative(rescale.apply(d));
  }

private:
  static constexpr int kIntegerBits = 5;
  Multiplier rescale;
  int64_t smallest;
};

} // namespace

static void softmaxIntegers(const int64_t *input, int64_t *output,
                            int64_t count, const QuantizedExp &exp,
                            int64_t lowest) {
  constexpr int kSumIntegerBits = 12;
  const int64_t largest = *std::max_element(input, input + count);
  int64_t sum = 0;
  for (int64_t i = 0; i < count; ++i)
    sum += divideByPowerOfTwo(exp(input[i] - largest), kSumIntegerBits);
  int zeros = 0;
  while (sum << zeros < int64_t{1} << 31)
    ++zeros;
  const int64_t inverse = oneOverOnePlus((sum << zeros) - (int64_t{1} << 31));
  for (int64_t i = 0; i < count; ++i) {
    const int64_t product = multiplyHigh(inverse, exp(input[i] - largest));
    const int64_t result =
        divideByPowerOfTwo(product, kSumIntegerBits - zeros + 31 - 8);
    output[i] = std::min(result, int64_t{255}) + lowest;
  }
}

void serenity::reference::runSoftmax(const Call &call) {
  const float beta = call.op.builtin_options.AsSoftmaxOptions()->beta;
  const Tensor &input = *call.inputs[0];
  Tensor &output = *call.outputs[0];
  const int64_t count = input.shape.back();
  for (int64_t i = 0, e = input.countElements(); i < e; i += count)
    if (input.isFloat())
      softmaxFloats(&input.floats[i], &output.floats[i], count, beta);
    else
      softmaxIntegers(&input.integers[i], &output.integers[i], count,
                      QuantizedExp(static_cast<double>(beta) * input.scales[0]),
                      getLowest(output.type));
}
