//===- RandomNetwork.cpp - Small TFLite networks from seeds ---------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RandomNetwork.h"

#include <cmath>
#include <numeric>
#include <set>

using namespace serenity::reference;
using namespace serenity::tflite;

static int32_t countElements(const std::vector<int32_t> &shape) {
  return std::accumulate(shape.begin(), shape.end(), 1, std::multiplies<>());
}

RandomNetwork::RandomNetwork(uint64_t seed) : random(seed) {
  type = pick({TensorType::FLOAT32, TensorType::INT8, TensorType::UINT8});
  const int32_t numChannels = pick({1, 2, 3, 8, 19});
  images.push_back(addTensor({1, 3 + below(6), 3 + below(6), numChannels}));
  builder.graph().inputs.push_back(images.front());
  using Step = void (RandomNetwork::*)();
  for (int i = 0, e = 2 + below(7); i < e; ++i)
    (this->*pick<Step>({&RandomNetwork::addConvolution,
                        &RandomNetwork::addDepthwise,
                        &RandomNetwork::addPooling, &RandomNetwork::addAddition,
                        &RandomNetwork::addConcatenation,
                        &RandomNetwork::addReshape}))();
  if (random.chance(0.5))
    addClassifier();
  markOutputs();
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

int32_t RandomNetwork::addTensor(std::vector<int32_t> shape,
                                 std::optional<int32_t> like) {
  const int32_t index = builder.addTensor(std::move(shape), type);
  if (isFloat())
    return index;
  if (like) {
    const QuantizationParametersT &other = *builder.tensor(*like).quantization;
    builder.quantize(index, other.scale, other.zero_point);
    return index;
  }
  const int64_t lowest = type == TensorType::INT8 ? -128 : 0;
  const bool isFirst = random.chance(0.7);
  builder.quantize(index, {isFirst ? 0.0471f : 0.0313f},
                   {lowest + (isFirst ? 121 : 3)});
  return index;
}

int32_t RandomNetwork::addFilter(std::vector<int32_t> shape, int32_t axis,
                                 int32_t numTaps, int32_t input,
                                 int32_t output) {
  const int32_t numChannels = shape[axis];
  std::vector<uint8_t> bytes(countElements(shape) * (isFloat() ? 4 : 1));
  if (isFloat())
    for (size_t i = 0; i < bytes.size(); i += 4) {
      const float weight = std::ldexp(below(1 << 24), -23) - 1;
      std::memcpy(&bytes[i], &weight, 4);
    }
  else
    for (uint8_t &byte : bytes)
      byte = below(256);
  filterBuffers.push_back(builder.model.buffers.size());
  const int32_t filter =
      builder.addConstant(std::move(shape), type, std::move(bytes));
  if (isFloat())
    return filter;
  // Sums of products of about 70 * 70 become results of about 70.
  const float scale = builder.tensor(output).quantization->scale[0] /
                      builder.tensor(input).quantization->scale[0] /
                      (70 * std::sqrt(static_cast<float>(numTaps)));
  const bool isPerChannel = type == TensorType::INT8 && random.chance(0.7);
  std::vector<float> scales;
  for (int32_t i = 0; i < (isPerChannel ? numChannels : 1); ++i)
    scales.push_back(scale * (0.5f + std::ldexp(below(1024), -10)));
  const int64_t zeroPoint = type == TensorType::UINT8 ? 100 + below(56) : 0;
  builder.quantize(filter, scales,
                   std::vector<int64_t>(scales.size(), zeroPoint), axis);
  return filter;
}

int32_t RandomNetwork::addBias(int32_t input, int32_t filter, int32_t size) {
  if (random.chance(0.2))
    return -1;
  std::vector<uint8_t> bytes(4 * size);
  for (int32_t i = 0; i < size; ++i) {
    const int32_t integer = below(8000) - 4000;
    const float real = std::ldexp(integer, -12);
    std::memcpy(&bytes[4 * i],
                isFloat() ? static_cast<const void *>(&real) : &integer, 4);
  }
  const int32_t bias = builder.addConstant(
      {size}, isFloat() ? TensorType::FLOAT32 : TensorType::INT32,
      std::move(bytes));
  if (isFloat())
    return bias;
  std::vector<float> scales = builder.tensor(filter).quantization->scale;
  for (float &scale : scales)
    scale *= builder.tensor(input).quantization->scale[0];
  builder.quantize(bias, scales, std::vector<int64_t>(scales.size(), 0));
  return bias;
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

RandomNetwork::Window RandomNetwork::drawWindow(int32_t extent, Padding padding,
                                                bool mayDilate) {
  Window window{1 + below(4), 1 + below(2), 1, 0};
  if (mayDilate && window.stride == 1)
    window.dilation = 1 + below(2);
  if (padding == Padding::SAME) {
    window.output = (extent + window.stride - 1) / window.stride;
    return window;
  }
  if ((window.size - 1) * window.dilation + 1 > extent)
    window.size = window.dilation = 1;
  const int32_t reach = (window.size - 1) * window.dilation + 1;
  window.output = (extent - reach) / window.stride + 1;
  return window;
}

ActivationFunctionType RandomNetwork::drawActivation() {
  return pick({ActivationFunctionType::NONE, ActivationFunctionType::NONE,
               ActivationFunctionType::RELU, ActivationFunctionType::RELU6,
               ActivationFunctionType::RELU_N1_TO_1});
}

void RandomNetwork::addConvolution() {
  const int32_t input = pickImage();
  const std::vector<int32_t> shape = getShape(input);
  Conv2DOptionsT options;
  options.padding = drawPadding();
  const Window y = drawWindow(shape[1], options.padding, /*mayDilate=*/true);
  const Window x = drawWindow(shape[2], options.padding, /*mayDilate=*/true);
  options.stride_h = y.stride;
  options.stride_w = x.stride;
  options.dilation_h_factor = y.dilation;
  options.dilation_w_factor = x.dilation;
  options.fused_activation_function = drawActivation();
  const int32_t numChannels = pick({1, 2, 4, 8, 17, 33});
  const int32_t output = addTensor({1, y.output, x.output, numChannels});
  const int32_t filter =
      addFilter({numChannels, y.size, x.size, shape[3]}, /*axis=*/0,
                y.size * x.size * shape[3], input, output);
  const int32_t bias = addBias(input, filter, numChannels);
  builder.addOperator(BuiltinOperator::CONV_2D, {input, filter, bias}, {output},
                      options);
  images.push_back(output);
}

void RandomNetwork::addDepthwise() {
  const int32_t input = pickImage();
  const std::vector<int32_t> shape = getShape(input);
  DepthwiseConv2DOptionsT options;
  options.padding = drawPadding();
  const Window y = drawWindow(shape[1], options.padding, /*mayDilate=*/true);
  const Window x = drawWindow(shape[2], options.padding, /*mayDilate=*/true);
  options.stride_h = y.stride;
  options.stride_w = x.stride;
  options.dilation_h_factor = y.dilation;
  options.dilation_w_factor = x.dilation;
  options.fused_activation_function = drawActivation();
  options.depth_multiplier = pick({1, 1, 2});
  const int32_t numChannels = shape[3] * options.depth_multiplier;
  const int32_t output = addTensor({1, y.output, x.output, numChannels});
  const int32_t filter = addFilter({1, y.size, x.size, numChannels}, /*axis=*/3,
                                   y.size * x.size, input, output);
  const int32_t bias = addBias(input, filter, numChannels);
  builder.addOperator(BuiltinOperator::DEPTHWISE_CONV_2D, {input, filter, bias},
                      {output}, options);
  images.push_back(output);
}

void RandomNetwork::addPooling() {
  const int32_t input = pickImage();
  const std::vector<int32_t> shape = getShape(input);
  Pool2DOptionsT options;
  options.padding = drawPadding();
  const Window y = drawWindow(shape[1], options.padding, /*mayDilate=*/false);
  const Window x = drawWindow(shape[2], options.padding, /*mayDilate=*/false);
  options.stride_h = y.stride;
  options.stride_w = x.stride;
  options.filter_height = y.size;
  options.filter_width = x.size;
  options.fused_activation_function = drawActivation();
  images.push_back(addTensor({1, y.output, x.output, shape[3]}, input));
  builder.addOperator(
      pick({BuiltinOperator::MAX_POOL_2D, BuiltinOperator::AVERAGE_POOL_2D}),
      {input}, {images.back()}, options);
}

void RandomNetwork::addAddition() {
  const int32_t first = pickImage();
  int32_t second = first;
  for (int32_t image : images)
    if (getShape(image) == getShape(first) && random.chance(0.5))
      second = image;
  AddOptionsT options;
  options.fused_activation_function = drawActivation();
  const int32_t output = addTensor(getShape(first));
  builder.addOperator(BuiltinOperator::ADD, {first, second}, {output}, options);
  images.push_back(output);
}

void RandomNetwork::addConcatenation() {
  const int32_t first = pickImage();
  ConcatenationOptionsT options;
  options.axis = 1 + below(3);
  std::vector<int32_t> inputs = {first};
  std::vector<int32_t> shape = getShape(first);
  const auto fits = [&](int32_t image) {
    std::vector<int32_t> other = getShape(image);
    other[options.axis] = shape[options.axis];
    return other == shape &&
           (isFloat() || builder.tensor(image).quantization->scale ==
                             builder.tensor(first).quantization->scale);
  };
  for (int32_t image : images)
    if (fits(image)) {
      inputs.push_back(image);
      shape[options.axis] += getShape(image)[options.axis];
    }
  const int32_t output = addTensor(shape, first);
  builder.addOperator(BuiltinOperator::CONCATENATION, inputs, {output},
                      options);
  images.push_back(output);
}

void RandomNetwork::addReshape() {
  const int32_t input = pickImage();
  const std::vector<int32_t> shape = getShape(input);
  const int32_t output =
      addTensor({1, shape[1] * shape[2], 1, shape[3]}, input);
  ReshapeOptionsT options;
  options.new_shape = getShape(output);
  builder.addOperator(BuiltinOperator::RESHAPE, {input}, {output}, options);
  images.push_back(output);
}

void RandomNetwork::addClassifier() {
  const int32_t input = pickImage();
  const int32_t numInputs = countElements(getShape(input));
  const int32_t numClasses = 2 + below(20);
  const int32_t logits = addTensor({1, numClasses});
  const int32_t filter =
      addFilter({numClasses, numInputs}, /*axis=*/0, numInputs, input, logits);
  FullyConnectedOptionsT options;
  options.fused_activation_function = drawActivation();
  const int32_t bias = addBias(input, filter, numClasses);
  builder.addOperator(BuiltinOperator::FULLY_CONNECTED, {input, filter, bias},
                      {logits}, options);
  const int32_t classes = builder.addTensor({1, numClasses}, type);
  if (!isFloat())
    builder.quantize(classes, {1.0f / 256},
                     {type == TensorType::INT8 ? -128 : 0});
  SoftmaxOptionsT softmax;
  softmax.beta = 1;
  builder.addOperator(BuiltinOperator::SOFTMAX, {logits}, {classes}, softmax);
}

void RandomNetwork::markOutputs() {
  std::set<int32_t> read;
  for (const auto &op : builder.graph().operators)
    read.insert(op->inputs.begin(), op->inputs.end());
  for (const auto &op : builder.graph().operators)
    for (int32_t output : op->outputs)
      if (!read.count(output))
        builder.graph().outputs.push_back(output);
}
