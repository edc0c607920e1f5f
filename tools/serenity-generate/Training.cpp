//===- Training.cpp - One step of training --------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Forward, backward and update, as frameworks run them one after the other.
// Convolutions have two backward kernels: one makes the gradient of the filter
// from that of the result and from the input, the other that of the input from
// that of the result and from the filter; both read the result too if a ReLU is
// part of it. An update reads the gradient of a filter and changes the filter,
// which is no activation.
//
//===----------------------------------------------------------------------===//

#include "NetworkBuilder.h"
#include "Networks.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::generate;

namespace {

/// Writes a network and remembers what its backward pass needs.
class TrainingStep {
public:
  TrainingStep(ModuleOp module, StringRef name, const TrainingOptions &options)
      : net(module, name, ElementTypes::float32(module.getContext())),
        options(options), channels(options.size.channels) {}

  void addChain();
  void addResidualNet();

private:
  /// Whether a stage begins with layer or block `i`: it halves rows and columns
  /// and doubles the channels.
  bool beginsStage(int32_t i) const {
    return i != 0 && i * options.stages / options.layers !=
                         (i - 1) * options.stages / options.layers;
  }
  Value addInput() {
    return net.input(options.size.height, options.size.width, /*channels=*/3);
  }
  Value conv(Value input, Window window, Activation activation);
  Value add(Value lhs, Value rhs);
  Value addBlock(Value input, int64_t stride);

  void addBackwardAndUpdate(Value prediction);
  void addBackward(Conv2DOp conv);
  void addBackward(AddOp add);
  void contribute(Value to, Value gradient);

  NetworkBuilder net;
  const TrainingOptions &options;
  int64_t channels;
  /// Convolutions and sums in the order of the forward pass.
  SmallVector<Operation *> forward;
  /// The gradients of results, as far as they have been added up.
  DenseMap<Value, Value> gradients;
  SmallVector<std::pair<Value, Value>> filterGradients;
};

} // namespace

//===----------------------------------------------------------------------===//
// Forward
//===----------------------------------------------------------------------===//

Value TrainingStep::conv(Value input, Window window, Activation activation) {
  const Value result = net.conv(input, channels, window, activation);
  forward.push_back(result.getDefiningOp());
  return result;
}

Value TrainingStep::add(Value lhs, Value rhs) {
  const Value result = net.add(lhs, rhs, Activation::Relu);
  forward.push_back(result.getDefiningOp());
  return result;
}

void TrainingStep::addChain() {
  Value value = addInput();
  for (int32_t i = 0; i < options.layers; ++i) {
    const int64_t stride = beginsStage(i) ? 2 : 1;
    channels *= stride;
    value = conv(value, {3, stride}, Activation::Relu);
  }
  addBackwardAndUpdate(value);
}

/// The basic block of He et al., "Deep Residual Learning for Image Recognition"
/// (CVPR 2016).
Value TrainingStep::addBlock(Value input, int64_t stride) {
  const Value first = conv(input, {3, stride}, Activation::Relu);
  const Value second = conv(first, {3}, Activation::None);
  const Value shortcut =
      stride == 1 ? input : conv(input, {1, stride}, Activation::None);
  return add(second, shortcut);
}

void TrainingStep::addResidualNet() {
  Value value = conv(addInput(), {3}, Activation::Relu);
  for (int32_t i = 0; i < options.layers; ++i) {
    const int64_t stride = beginsStage(i) ? 2 : 1;
    channels *= stride;
    value = addBlock(value, stride);
  }
  addBackwardAndUpdate(value);
}

//===----------------------------------------------------------------------===//
// Backward and update
//===----------------------------------------------------------------------===//

void TrainingStep::contribute(Value to, Value gradient) {
  Value &sum = gradients[to];
  sum = sum ? net.add(sum, gradient) : gradient;
}

void TrainingStep::addBackward(Conv2DOp conv) {
  SmallVector<Value> reads = {gradients.lookup(conv.getResult())};
  if (conv.getActivation() != Activation::None)
    reads.push_back(conv.getResult());

  reads.push_back(conv.getInput());
  filterGradients.push_back(
      {conv.getFilter(),
       net.node("conv_2d_filter_gradient", reads, conv.getFilter())});
  if (isa<BlockArgument>(conv.getInput()))
    return;
  reads.back() = conv.getFilter();
  contribute(conv.getInput(),
             net.node("conv_2d_input_gradient", reads, conv.getInput()));
}

void TrainingStep::addBackward(AddOp add) {
  const Value gradient = net.node(
      "relu_gradient", {gradients.lookup(add.getResult()), add.getResult()},
      add.getResult());
  contribute(add.getLhs(), gradient);
  contribute(add.getRhs(), gradient);
}

void TrainingStep::addBackwardAndUpdate(Value prediction) {
  gradients[prediction] = net.node("loss_gradient", prediction, prediction);
  for (Operation *op : llvm::reverse(forward)) {
    if (auto conv = dyn_cast<Conv2DOp>(op))
      addBackward(conv);
    else
      addBackward(cast<AddOp>(op));
  }
  for (auto [filter, gradient] : filterGradients)
    net.node("update", {filter, gradient}, /*result=*/{});
  net.finish({});
}

absl::Status serenity::generate::addTraining(ModuleOp module, bool isResidual,
                                             const TrainingOptions &options) {
  absl::Status status = checkSize(options.size);
  status.Update(checkRange("layers", options.layers, 100'000));
  status.Update(checkRange("stages", options.stages, 10));
  if (!status.ok())
    return status;
  TrainingStep step(module, isResidual ? "training_residual" : "training_chain",
                    options);
  if (isResidual)
    step.addResidualNet();
  else
    step.addChain();
  return absl::OkStatus();
}
