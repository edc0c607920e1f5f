//===- RandWire.cpp - Randomly wired networks -----------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NetworkBuilder.h"
#include "Networks.h"

#include "serenity/Core/Graph/RandomGraphs.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::generate;

namespace {

absl::StatusOr<core::Topology> wire(const RandWireOptions &options,
                                    uint64_t seed) {
  switch (options.wiring) {
  case Wiring::WS:
    return core::wattsStrogatz(options.nodes, options.neighbours,
                               options.probability, seed);
  case Wiring::ER:
    return core::erdosRenyi(options.nodes, options.probability, seed);
  case Wiring::BA:
    return core::barabasiAlbert(options.nodes, options.edges, seed);
  }
  llvm_unreachable("unknown wiring");
}

Value rectifiedSum(NetworkBuilder &net, ArrayRef<Value> inputs) {
  return inputs.size() == 1 ? net.relu(inputs.front())
                            : net.sum(inputs, Activation::Relu);
}

/// Each node sums what it reads and applies ReLU and a separable convolution.
/// Nodes without predecessor read `input`, which has been through its ReLU, and
/// halve it. The stage returns the average of the nodes without successor,
/// through ReLU because that comes first in whatever reads it; the division is
/// left to the weights there.
Value addStage(NetworkBuilder &net, const core::Topology &wiring, Value input,
               int64_t channels) {
  std::vector<SmallVector<int32_t>> successors(wiring.numNodes);
  for (auto [from, to] : wiring.edges)
    successors[from].push_back(to);

  std::vector<SmallVector<Value>> reads(wiring.numNodes);
  SmallVector<Value> ends;
  for (int32_t node = 0; node < wiring.numNodes; ++node) {
    const bool isStart = reads[node].empty();
    const Value rectified = isStart ? input : rectifiedSum(net, reads[node]);
    const Window window = {/*size=*/3, /*stride=*/isStart ? 2 : 1};
    const Value result = net.conv(net.depthwise(rectified, window), channels);
    for (int32_t successor : successors[node])
      reads[successor].push_back(result);
    if (successors[node].empty())
      ends.push_back(result);
  }
  return rectifiedSum(net, ends);
}

} // namespace

absl::Status serenity::generate::addRandWire(ModuleOp module,
                                             const RandWireOptions &options) {
  absl::Status status = checkSize(options.size);
  status.Update(checkRange("stages", options.stages, 10));
  if (!status.ok())
    return status;
  const auto [height, width, channels] = options.size;
  NetworkBuilder net(module, "randwire",
                     ElementTypes::float32(module.getContext()));
  Value value = net.input(height, width, channels);
  for (int32_t stage = 0; stage < options.stages; ++stage) {
    const absl::StatusOr<core::Topology> wiring =
        wire(options, options.seed + stage);
    if (!wiring.ok())
      return wiring.status();
    value = addStage(net, *wiring, value, channels << stage);
  }
  net.finish(value);
  return absl::OkStatus();
}
