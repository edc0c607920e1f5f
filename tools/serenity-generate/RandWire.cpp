//===- RandWire.cpp - Randomly wired networks -----------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NetworkBuilder.h"
#include "Networks.h"

#include "absl/strings/str_cat.h"
#include "serenity/Core/Graph/RandomGraphs.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::generate;

namespace {

absl::Status checkRange(absl::string_view what, int64_t value, int64_t high) {
  if (value >= 1 && value <= high)
    return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(value, " ", what, " asked for, allowed are 1 to ", high));
}

/// Keeps every size of a network far below 2^63 bytes.
absl::Status checkSizes(const RandWireOptions &options) {
  absl::Status status = checkRange("stages", options.stages, 10);
  status.Update(checkRange("channels", options.channels, 4096));
  status.Update(checkRange("rows", options.height, 65536));
  status.Update(checkRange("columns", options.width, 65536));
  return status;
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
  if (absl::Status status = checkSizes(options); !status.ok())
    return status;
  NetworkBuilder net(module, "randwire",
                     ElementTypes::float32(module.getContext()));
  Value value = net.input(options.height, options.width, options.channels);
  for (int32_t stage = 0; stage < options.stages; ++stage) {
    const absl::StatusOr<core::Topology> wiring =
        core::wattsStrogatz(options.nodes, options.neighbours,
                            options.probability, options.seed + stage);
    if (!wiring.ok())
      return wiring.status();
    value = addStage(net, *wiring, value, options.channels << stage);
  }
  net.finish(value);
  return absl::OkStatus();
}
