//===- TextbookNetwork.cpp - A network of textbook kernels ----------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TextbookNetwork.h"
#include "FixedPoint.h"

#include <numeric>
#include <stdexcept>

using namespace serenity::reference;
using namespace serenity::tflite;

TextbookNetwork::TextbookNetwork(const std::string &file,
                                 int64_t numOperators) {
  GetModel(file.data())->UnPackTo(&model);
  const SubGraphT &graph = *model.subgraphs.front();
  for (const auto &tensor : graph.tensors) {
    const auto &data = model.buffers[tensor->buffer]->data;
    const int64_t size = std::accumulate(
        tensor->shape.begin(), tensor->shape.end(), 1, std::multiplies<>());
    contents.push_back(data.empty() ? std::vector<uint8_t>(size) : data);
  }
  for (int64_t i = 0; i < numOperators; ++i)
    addOperator(*graph.operators[i]);
  output = graph.operators[numOperators - 1]->outputs[0];
}

std::vector<uint8_t> &TextbookNetwork::getInput() {
  return contents[model.subgraphs.front()->inputs[0]];
}

void TextbookNetwork::run() const {
  for (const auto &call : calls)
    call();
}

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

TextbookShape TextbookNetwork::getShape(int32_t tensor) const {
  const std::vector<int32_t> &shape = getTensor(tensor).shape;
  if (shape.size() == 2)
    return {1, 1, shape[1]};
  return {shape[1], shape[2], shape[3]};
}

static float getScale(const TensorT &tensor) {
  return tensor.quantization->scale[0];
}

static int32_t getZero(const TensorT &tensor) {
  return tensor.quantization->zero_point[0];
}

/// Sets the zero point and the limits of a result.
static TextbookQuantization describeOutput(const TensorT &output,
                                           ActivationFunctionType activation) {
  TextbookQuantization quantization{0, 0, getZero(output), 0, 0, 0, 255};
  if (activation == ActivationFunctionType::RELU ||
      activation == ActivationFunctionType::RELU6)
    quantization.low = getZero(output);
  if (activation == ActivationFunctionType::RELU6)
    quantization.high = std::min<int64_t>(
        255, getZero(output) + std::lround(6 / getScale(output)));
  return quantization;
}

TextbookQuantization
TextbookNetwork::getQuantization(const OperatorT &op,
                                 ActivationFunctionType activation) const {
  const TensorT &input = getTensor(op.inputs[0]);
  const TensorT &filter = getTensor(op.inputs[1]);
  const TensorT &output = getTensor(op.outputs[0]);
  TextbookQuantization quantization = describeOutput(output, activation);
  quantization.inputZero = getZero(input);
  quantization.filterZero = getZero(filter);
  const float product = getScale(input) * getScale(filter);
  const Multiplier factor =
      Multiplier::fromReal(static_cast<double>(product) / getScale(output));
  quantization.multiplier = factor.multiplier;
  quantization.shift = factor.shift;
  return quantization;
}

const int32_t *TextbookNetwork::getBias(const OperatorT &op) const {
  if (op.inputs.size() < 3 || op.inputs[2] < 0)
    return nullptr;
  return reinterpret_cast<const int32_t *>(contents[op.inputs[2]].data());
}

/// What the padding puts before the input.
static int32_t getPadding(int32_t input, int32_t output, int32_t size,
                          int32_t stride, Padding padding) {
  const int32_t missing = (output - 1) * stride + size - input;
  return padding == Padding::SAME ? std::max(missing, 0) / 2 : 0;
}

template <typename Options>
static TextbookWindow getWindow(TextbookShape input, TextbookShape output,
                                int32_t height, int32_t width,
                                const Options &options) {
  return {height,
          width,
          options.stride_h,
          options.stride_w,
          getPadding(input.height, output.height, height, options.stride_h,
                     options.padding),
          getPadding(input.width, output.width, width, options.stride_w,
                     options.padding)};
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

void TextbookNetwork::addOperator(const OperatorT &op) {
  const OperatorCodeT &code = *model.operator_codes[op.opcode_index];
  switch (std::max(code.builtin_code,
                   BuiltinOperator(code.deprecated_builtin_code))) {
  case BuiltinOperator::CONV_2D:
    return addConvolution(op, /*isDepthwise=*/false);
  case BuiltinOperator::DEPTHWISE_CONV_2D:
    return addConvolution(op, /*isDepthwise=*/true);
  case BuiltinOperator::FULLY_CONNECTED:
    return addFullyConnected(op);
  case BuiltinOperator::MAX_POOL_2D:
    return addPooling(op, /*isMaximum=*/true);
  case BuiltinOperator::AVERAGE_POOL_2D:
    return addPooling(op, /*isMaximum=*/false);
  case BuiltinOperator::ADD:
    return addAddition(op);
  case BuiltinOperator::CONCATENATION:
    return addConcatenation(op);
  case BuiltinOperator::SPLIT:
    return addCopy(op.inputs[1], op.outputs[0]);
  default:
    throw std::runtime_error("no kernel for an operator");
  }
}

void TextbookNetwork::addConvolution(const OperatorT &op, bool isDepthwise) {
  const TextbookShape input = getShape(op.inputs[0]);
  const TextbookShape filter = getShape(op.inputs[1]);
  const TextbookShape result = getShape(op.outputs[0]);
  const Conv2DOptionsT *conv = op.builtin_options.AsConv2DOptions();
  const DepthwiseConv2DOptionsT *depthwise =
      op.builtin_options.AsDepthwiseConv2DOptions();
  const TextbookWindow window =
      isDepthwise
          ? getWindow(input, result, filter.height, filter.width, *depthwise)
          : getWindow(input, result, filter.height, filter.width, *conv);
  const TextbookQuantization quantization =
      getQuantization(op, isDepthwise ? depthwise->fused_activation_function
                                      : conv->fused_activation_function);
  const auto kernel = isDepthwise ? textbookDepthwise : textbookConvolution;
  calls.push_back([=, x = contents[op.inputs[0]].data(),
                   w = contents[op.inputs[1]].data(), b = getBias(op),
                   y = contents[op.outputs[0]].data()] {
    kernel(x, input, w, b, y, result, window, quantization);
  });
}

void TextbookNetwork::addFullyConnected(const OperatorT &op) {
  const auto activation =
      op.builtin_options.AsFullyConnectedOptions()->fused_activation_function;
  const TextbookQuantization quantization = getQuantization(op, activation);
  const std::vector<int32_t> &filter = getTensor(op.inputs[1]).shape;
  const TextbookShape input{1, 1, filter[1]}, result{1, 1, filter[0]};
  calls.push_back([=, x = contents[op.inputs[0]].data(),
                   w = contents[op.inputs[1]].data(), b = getBias(op),
                   y = contents[op.outputs[0]].data()] {
    textbookConvolution(x, input, w, b, y, result, {1, 1, 1, 1, 0, 0},
                        quantization);
  });
}

void TextbookNetwork::addPooling(const OperatorT &op, bool isMaximum) {
  const TextbookShape input = getShape(op.inputs[0]);
  const TextbookShape result = getShape(op.outputs[0]);
  const Pool2DOptionsT &options = *op.builtin_options.AsPool2DOptions();
  const TextbookWindow window = getWindow(input, result, options.filter_height,
                                          options.filter_width, options);
  const auto kernel = isMaximum ? textbookMaxPool : textbookAveragePool;
  calls.push_back([=, x = contents[op.inputs[0]].data(),
                   y = contents[op.outputs[0]].data()] {
    kernel(x, input, y, result, window);
  });
}

void TextbookNetwork::addAddition(const OperatorT &op) {
  const TensorT &a = getTensor(op.inputs[0]), &b = getTensor(op.inputs[1]);
  const TensorT &sum = getTensor(op.outputs[0]);
  TextbookQuantization quantization = describeOutput(
      sum, op.builtin_options.AsAddOptions()->fused_activation_function);
  const double scale = 2.0 * std::max(getScale(a), getScale(b));
  const Multiplier factor =
      Multiplier::fromReal(scale / (1 << 20) / getScale(sum));
  quantization.multiplier = factor.multiplier;
  quantization.shift = factor.shift;
  const auto describe = [&](const TensorT &tensor, int32_t index) {
    const Multiplier factor = Multiplier::fromReal(getScale(tensor) / scale);
    return TextbookSummand{contents[index].data(), getZero(tensor),
                           static_cast<int32_t>(factor.multiplier),
                           factor.shift};
  };
  calls.push_back([=, x = describe(a, op.inputs[0]),
                   y = describe(b, op.inputs[1]),
                   z = contents[op.outputs[0]].data(),
                   count = contents[op.outputs[0]].size()] {
    textbookAdd(x, y, z, count, quantization);
  });
}

void TextbookNetwork::addConcatenation(const OperatorT &op) {
  std::vector<const uint8_t *> inputs;
  std::vector<int32_t> channels;
  for (int32_t input : op.inputs) {
    inputs.push_back(contents[input].data());
    channels.push_back(getShape(input).channels);
  }
  const TextbookShape result = getShape(op.outputs[0]);
  calls.push_back([=, y = contents[op.outputs[0]].data()] {
    textbookConcatenate(inputs.data(), channels.data(), inputs.size(),
                        result.height * result.width, y);
  });
}

void TextbookNetwork::addCopy(int32_t input, int32_t output) {
  calls.push_back([&x = contents[input], y = contents[output].data()] {
    std::copy(x.begin(), x.end(), y);
  });
}
