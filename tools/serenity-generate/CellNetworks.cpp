//===- CellNetworks.cpp - Networks of searched cells ----------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Batch normalisation is folded into the convolution before it. Most edges of a
// cell, the convolutions that prepare its two inputs and the classifier begin
// with a ReLU. With fused activations that is part of the kernel before it,
// where all readers of that kernel begin with one: in the middle of a separable
// convolution, in the states of a cell, and in the stem. The prepared inputs of
// a cell keep the negative numbers.
//
//===----------------------------------------------------------------------===//

#include "NetworkBuilder.h"
#include "Networks.h"

#include <algorithm>

using namespace mlir;
using namespace serenity;
using namespace serenity::generate;

namespace {

constexpr int64_t kStemChannels = 32;
constexpr int64_t kNumClasses = 100;

bool beginsWithRelu(CellOp op) {
  return op != CellOp::Skip && op != CellOp::AvgPool3x3 &&
         op != CellOp::MaxPool3x3;
}

/// Whether all edges of `cell` that read `state` begin with ReLU.
bool edgesBeginWithRelu(const Cell &cell, int state) {
  return llvm::all_of(cell.edges, [&](const CellEdge &edge) {
    return edge.input != state || beginsWithRelu(edge.op);
  });
}

/// Whether the result of `cell` can be without negative numbers.
bool isResultRectified(const Cell &cell) {
  return llvm::all_of(cell.outputs, [&](int state) {
    return state >= 2 && edgesBeginWithRelu(cell, state);
  });
}

/// A value of which is known whether it has been through ReLU.
struct State {
  Value value;
  bool isRectified = false;
};

class CellNetwork {
public:
  CellNetwork(ModuleOp module, StringRef name, bool fusesActivations)
      : net(module, name, ElementTypes::float32(module.getContext())),
        fuses(fusesActivations),
        activation(fuses ? Activation::Relu : Activation::None) {}

  void addLoneCell(const Cell &cell, const ImageSize &size, bool isReduction);
  void addNetwork(const Genotype &genotype, const ImageSize &size,
                  int32_t cells);

private:
  Value rectify(State state) {
    return state.isRectified ? state.value : net.relu(state.value);
  }
  /// What follows a kernel that was given `activation`.
  Value finishKernel(Value value) { return rectify({value, fuses}); }

  Value separable(Value input, int64_t size, int64_t stride);
  Value apply(CellOp op, State input, int64_t stride);
  State addCell(const Cell &cell, Value before, Value last, bool isReduction);
  /// A pointwise convolution.
  Value prepare(State input) { return net.conv(rectify(input), channels); }
  Value halve(State input);
  void classify(State last);

  NetworkBuilder net;
  bool fuses;
  Activation activation;
  int64_t channels = 0;
};

} // namespace

Value CellNetwork::separable(Value input, int64_t size, int64_t stride) {
  const Value first = net.conv(net.depthwise(input, {size, stride}), channels,
                               /*window=*/{}, activation);
  return net.conv(net.depthwise(finishKernel(first), {size}), channels);
}

Value CellNetwork::apply(CellOp op, State input, int64_t stride) {
  switch (op) {
  case CellOp::Skip:
    return stride == 1 ? input.value
                       : net.conv(rectify(input), channels, {1, stride});
  case CellOp::AvgPool3x3:
    return net.avgPool(input.value, {3, stride});
  case CellOp::MaxPool3x3:
    return net.maxPool(input.value, {3, stride});
  case CellOp::SepConv3x3:
    return separable(rectify(input), 3, stride);
  case CellOp::SepConv5x5:
    return separable(rectify(input), 5, stride);
  case CellOp::SepConv7x7:
    return separable(rectify(input), 7, stride);
  case CellOp::DilConv3x3:
    return net.conv(net.depthwise(rectify(input), {3, stride, /*dilation=*/2}),
                    channels);
  case CellOp::Conv1x7And7x1: {
    const Value row = net.conv(rectify(input), channels, {1}, {7, stride});
    return net.conv(row, channels, {7, stride}, {1});
  }
  }
  llvm_unreachable("unknown operation of a cell");
}

/// `before` and `last` are prepared.
State CellNetwork::addCell(const Cell &cell, Value before, Value last,
                           bool isReduction) {
  const bool isRectified = fuses && isResultRectified(cell);
  std::vector<State> states = {{before}, {last}};
  for (int state = 2; state < cell.numStates(); ++state) {
    Value operands[2];
    for (int i : {0, 1}) {
      const CellEdge &edge = cell.edges[2 * (state - 2) + i];
      const int64_t stride = isReduction && edge.input < 2 ? 2 : 1;
      operands[i] = apply(edge.op, states[edge.input], stride);
    }
    const bool isOutput = llvm::is_contained(cell.outputs, state);
    const bool becomesRectified =
        isOutput ? isRectified : fuses && edgesBeginWithRelu(cell, state);
    states.push_back(
        {net.add(operands[0], operands[1],
                 becomesRectified ? Activation::Relu : Activation::None),
         becomesRectified});
  }
  SmallVector<Value> outputs;
  for (int output : cell.outputs)
    outputs.push_back(states[output].value);
  return {net.concat(outputs), isRectified};
}

/// What prepares the result of the cell before a reduction: every second row
/// and column, and those between them, side by side.
Value CellNetwork::halve(State input) {
  const Value value = rectify(input);
  const Window everySecond = {/*size=*/1, /*stride=*/2};
  const Value even = net.conv(net.avgPool(value, everySecond), channels / 2);
  const Value odd = net.conv(net.avgPool(net.shift(value), everySecond),
                             channels - channels / 2);
  return net.concat({even, odd});
}

void CellNetwork::classify(State last) {
  net.finish(net.conv(net.globalAvgPool(rectify(last)), kNumClasses));
}

void CellNetwork::addLoneCell(const Cell &cell, const ImageSize &size,
                              bool isReduction) {
  channels = size.channels;
  const Value before = net.input(size.height, size.width, channels);
  const Value last = net.input(size.height, size.width, channels);
  const Value preparedBefore = prepare({before, fuses});
  const Value preparedLast = prepare({last, fuses});
  net.finish(prepare(addCell(cell, preparedBefore, preparedLast, isReduction)));
}

void CellNetwork::addNetwork(const Genotype &genotype, const ImageSize &size,
                             int32_t cells) {
  channels = size.channels;
  State last = {net.conv(net.input(size.height, size.width, /*channels=*/3),
                         kStemChannels, {3}, activation),
                fuses};
  State before = last;
  bool wasReduction = false;
  for (int32_t i = 0; i < cells; ++i) {
    const bool isReduction =
        cells >= 3 && (i == cells / 3 || i == 2 * cells / 3);
    channels *= isReduction ? 2 : 1;
    const Value preparedLast = prepare(last);
    const Value preparedBefore = i == 0         ? preparedLast
                                 : wasReduction ? halve(before)
                                                : prepare(before);
    before = last;
    last = addCell(isReduction ? genotype.reduction : genotype.normal,
                   preparedBefore, preparedLast, isReduction);
    wasReduction = isReduction;
  }
  classify(last);
}

absl::Status serenity::generate::addCellNetwork(ModuleOp module,
                                                const Genotype &genotype,
                                                CellPart part,
                                                const CellOptions &options) {
  absl::Status status = checkSize(options.size);
  status.Update(checkRange("cells", options.cells, 10'000));
  if (!status.ok())
    return status;
  std::string name = genotype.name.str();
  if (part != CellPart::Network)
    name += part == CellPart::Normal ? "-normal" : "-reduction";
  llvm::replace(name, '-', '_');
  CellNetwork net(module, name, options.fusesActivations);
  if (part == CellPart::Network)
    net.addNetwork(genotype, options.size, options.cells);
  else if (part == CellPart::Normal)
    net.addLoneCell(genotype.normal, options.size, /*isReduction=*/false);
  else
    net.addLoneCell(genotype.reduction, options.size, /*isReduction=*/true);
  return absl::OkStatus();
}
