//===- Interpreter.cpp - Runs TFLite files by textbook loops --------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Interpreter.h"

#include <cstring>
#include <functional>
#include <numeric>
#include <stdexcept>

using namespace serenity;
using namespace serenity::reference;
using tflite::BuiltinOperator;
using tflite::TensorType;

int64_t Tensor::countElements() const {
  return std::accumulate(shape.begin(), shape.end(), int64_t{1},
                         std::multiplies<>());
}

//===----------------------------------------------------------------------===//
// Bytes
//===----------------------------------------------------------------------===//

template <typename T, typename Value>
static void load(const void *bytes, int64_t count, std::vector<Value> &values) {
  std::vector<T> stored(count);
  std::memcpy(stored.data(), bytes, count * sizeof(T));
  values.assign(stored.begin(), stored.end());
}

template <typename T, typename Value>
static std::vector<char> store(const std::vector<Value> &values) {
  const std::vector<T> stored(values.begin(), values.end());
  std::vector<char> bytes(stored.size() * sizeof(T));
  std::memcpy(bytes.data(), stored.data(), bytes.size());
  return bytes;
}

static void setContents(Tensor &tensor, const void *bytes) {
  const int64_t count = tensor.countElements();
  switch (tensor.type) {
  case TensorType::FLOAT32:
    return load<float>(bytes, count, tensor.floats);
  case TensorType::INT8:
    return load<int8_t>(bytes, count, tensor.integers);
  case TensorType::UINT8:
    return load<uint8_t>(bytes, count, tensor.integers);
  case TensorType::INT32:
    return load<int32_t>(bytes, count, tensor.integers);
  default:
    throw std::runtime_error("unexpected type of a tensor");
  }
}

static HostTensor getContents(const Tensor &tensor) {
  using Kind = ElementType::Kind;
  switch (tensor.type) {
  case TensorType::FLOAT32:
    return {{{Kind::Float, 4}, tensor.shape}, store<float>(tensor.floats)};
  case TensorType::INT8:
    return {{{Kind::Signed, 1}, tensor.shape}, store<int8_t>(tensor.integers)};
  case TensorType::UINT8:
    return {{{Kind::Unsigned, 1}, tensor.shape},
            store<uint8_t>(tensor.integers)};
  default:
    throw std::runtime_error("unexpected type of an output");
  }
}

//===----------------------------------------------------------------------===//
// Networks
//===----------------------------------------------------------------------===//

static Tensor createTensor(const tflite::TensorT &source,
                           const std::vector<uint8_t> &contents) {
  Tensor tensor{
      source.type, {source.shape.begin(), source.shape.end()}, {}, {}, {}, {}};
  if (source.quantization) {
    tensor.scales = source.quantization->scale;
    tensor.zeroPoints = source.quantization->zero_point;
  }
  if (!contents.empty()) {
    setContents(tensor, contents.data());
    return tensor;
  }
  tensor.integers.resize(tensor.isFloat() ? 0 : tensor.countElements());
  tensor.floats.resize(tensor.isFloat() ? tensor.countElements() : 0);
  return tensor;
}

Interpreter::Interpreter(const std::string &file) {
  tflite::GetModel(file.data())->UnPackTo(&model);
  for (const auto &tensor : model.subgraphs.front()->tensors)
    tensors.push_back(
        createTensor(*tensor, model.buffers[tensor->buffer]->data));
}

BuiltinOperator Interpreter::getKind(const tflite::OperatorT &op) const {
  const tflite::OperatorCodeT &code = *model.operator_codes[op.opcode_index];
  // Files older than the wide field have the code in the narrow one only.
  return std::max(code.builtin_code,
                  BuiltinOperator(code.deprecated_builtin_code));
}

void Interpreter::runOperator(const tflite::OperatorT &op) {
  Call call{op, {}, {}};
  for (int32_t index : op.inputs)
    call.inputs.push_back(index < 0 ? nullptr : &tensors[index]);
  for (int32_t index : op.outputs)
    call.outputs.push_back(&tensors[index]);
  switch (getKind(op)) {
  case BuiltinOperator::CONV_2D:
    return runConvolution(call);
  case BuiltinOperator::DEPTHWISE_CONV_2D:
    return runDepthwiseConvolution(call);
  case BuiltinOperator::FULLY_CONNECTED:
    return runFullyConnected(call);
  case BuiltinOperator::MAX_POOL_2D:
    return runPooling(call, /*isMaximum=*/true);
  case BuiltinOperator::AVERAGE_POOL_2D:
    return runPooling(call, /*isMaximum=*/false);
  case BuiltinOperator::ADD:
    return runAddition(call);
  case BuiltinOperator::SOFTMAX:
    return runSoftmax(call);
  case BuiltinOperator::CONCATENATION:
    return runConcatenation(call);
  case BuiltinOperator::RESHAPE:
    return runCopy(call);
  case BuiltinOperator::SPLIT:
    // The axis comes first; only splits into one part occur.
    call.inputs.erase(call.inputs.begin());
    return runCopy(call);
  default:
    throw std::runtime_error("no kernel for an operator");
  }
}

std::vector<HostTensor> Interpreter::run(const std::vector<HostTensor> &inputs,
                                         std::optional<int64_t> numOperators) {
  const tflite::SubGraphT &graph = *model.subgraphs.front();
  for (size_t i = 0; i < inputs.size(); ++i)
    setContents(tensors[graph.inputs[i]], inputs[i].data.data());
  const int64_t end = numOperators.value_or(graph.operators.size());
  for (int64_t i = 0; i < end; ++i)
    runOperator(*graph.operators[i]);
  std::vector<HostTensor> outputs;
  for (int32_t index :
       numOperators ? graph.operators[end - 1]->outputs : graph.outputs)
    outputs.push_back(getContents(tensors[index]));
  return outputs;
}
