//===- ArmNNExecutor.cpp - Runs TFLite files by Arm NN's CpuRef -----------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ArmNNExecutor.h"

#include <armnn/ArmNN.hpp>
#include <armnnTfLiteParser/ITfLiteParser.hpp>
#include <stdexcept>

using namespace serenity;
using namespace serenity::reference;

struct ArmNNExecutor::State {
  armnn::IRuntimePtr runtime =
      armnn::IRuntime::Create(armnn::IRuntime::CreationOptions());
  armnn::NetworkId network = 0;
  std::vector<armnn::BindingPointInfo> inputs;
  std::vector<armnn::BindingPointInfo> outputs;
};

ArmNNExecutor::ArmNNExecutor(const std::string &file)
    : state(std::make_unique<State>()) {
  const auto parser = armnnTfLiteParser::ITfLiteParser::Create();
  const armnn::INetworkPtr network =
      parser->CreateNetworkFromBinary({file.begin(), file.end()});
  for (const std::string &name : parser->GetSubgraphInputTensorNames(0))
    state->inputs.push_back(parser->GetNetworkInputBindingInfo(0, name));
  for (const std::string &name : parser->GetSubgraphOutputTensorNames(0))
    state->outputs.push_back(parser->GetNetworkOutputBindingInfo(0, name));
  std::string error;
  const armnn::Status status = state->runtime->LoadNetwork(
      state->network,
      armnn::Optimize(*network, {armnn::Compute::CpuRef},
                      state->runtime->GetDeviceSpec()),
      error);
  if (status != armnn::Status::Success)
    throw std::runtime_error(error);
}

ArmNNExecutor::~ArmNNExecutor() = default;

static ElementType getElementType(armnn::DataType type) {
  switch (type) {
  case armnn::DataType::Float32:
    return {ElementType::Kind::Float, 4};
  case armnn::DataType::QAsymmS8:
    return {ElementType::Kind::Signed, 1};
  case armnn::DataType::QAsymmU8:
    return {ElementType::Kind::Unsigned, 1};
  default:
    throw std::runtime_error("unexpected type of an output");
  }
}

static HostTensor createTensor(const armnn::TensorInfo &info) {
  HostTensor tensor{{getElementType(info.GetDataType()), {}},
                    std::vector<char>(info.GetNumBytes())};
  for (unsigned i = 0; i < info.GetNumDimensions(); ++i)
    tensor.shape.sizes.push_back(info.GetShape()[i]);
  return tensor;
}

std::vector<HostTensor>
ArmNNExecutor::run(const std::vector<HostTensor> &inputs) {
  armnn::InputTensors given;
  for (size_t i = 0; i < inputs.size(); ++i)
    given.emplace_back(
        state->inputs[i].first,
        armnn::ConstTensor(state->inputs[i].second, inputs[i].data.data()));
  std::vector<HostTensor> outputs;
  for (const armnn::BindingPointInfo &binding : state->outputs)
    outputs.push_back(createTensor(binding.second));
  armnn::OutputTensors wanted;
  for (size_t i = 0; i < outputs.size(); ++i)
    wanted.emplace_back(
        state->outputs[i].first,
        armnn::Tensor(state->outputs[i].second, outputs[i].data.data()));
  if (state->runtime->EnqueueWorkload(state->network, given, wanted) !=
      armnn::Status::Success)
    throw std::runtime_error("Arm NN cannot run the network");
  return outputs;
}
