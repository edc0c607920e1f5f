//===- NASBench201.cpp - Cells whose edges compute ------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Batch normalisation is folded into the convolution before it. What the cell's
// result does not depend on is left out.
//
//===----------------------------------------------------------------------===//

#include "NASBenchCell.h"

#include "serenity/Core/Graph/RandomSource.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::generate;

namespace {
/// Operations on edges, by their number in a CellGraph.
enum EdgeOp { None, SkipConnect, Conv1x1, Conv3x3, AvgPool3x3, kNumEdgeOps };
} // namespace

static std::optional<EdgeOp> parseEdgeOp(StringRef name) {
  return llvm::StringSwitch<std::optional<EdgeOp>>(name)
      .Case("none", None)
      .Case("skip_connect", SkipConnect)
      .Case("nor_conv_1x1", Conv1x1)
      .Case("nor_conv_3x3", Conv3x3)
      .Case("avg_pool_3x3", AvgPool3x3)
      .Default(std::nullopt);
}

/// Reads `|op~0|+|op~0|op~1|+...`: for each node after the input what it gets
/// from each node before it.
static absl::StatusOr<CellGraph> parseEdgeCell(StringRef spec) {
  const auto rows = llvm::to_vector(llvm::split(spec, '+'));
  CellGraph cell(rows.size() + 1);
  for (auto [node, row] : llvm::enumerate(rows)) {
    SmallVector<StringRef> entries;
    row.split(entries, '|', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
    if (entries.size() != node + 1)
      return invalidArchitecture(
          spec, "node " + Twine(node + 1) + " has " + Twine(entries.size()) +
                    " edges, expected " + Twine(node + 1));
    for (auto [from, entry] : llvm::enumerate(entries)) {
      const auto [name, source] = entry.split('~');
      const std::optional<EdgeOp> op = parseEdgeOp(name);
      if (!op || source != std::to_string(from))
        return invalidArchitecture(spec, "edge '" + entry + "' is not OP~" +
                                             Twine(from));
      cell.edges[from][node + 1] = *op;
    }
  }
  if (!cell.prune())
    return noPathThrough(spec);
  return cell;
}

/// Each edge one of the five, until something leads through the cell.
static CellGraph drawEdgeCell(int numNodes, uint64_t seed) {
  core::RandomSource random(seed);
  while (true) {
    CellGraph cell(numNodes);
    for (int to = 1; to < numNodes; ++to)
      for (int from = 0; from < to; ++from)
        cell.edges[from][to] = static_cast<int>(random.below(kNumEdgeOps));
    if (cell.prune())
      return cell;
  }
}

static Value applyEdge(NetworkBuilder &net, int op, Value input,
                       int64_t channels) {
  switch (op) {
  case Conv1x1:
    return net.conv(net.relu(input), channels);
  case Conv3x3:
    return net.conv(net.relu(input), channels, {3});
  case AvgPool3x3:
    return net.avgPool(input, {3});
  default:
    return input;
  }
}

/// Each node is the sum of its edges.
static Value addEdgeCell(NetworkBuilder &net, const CellGraph &cell,
                         Value input, int64_t channels) {
  SmallVector<Value> nodes = {input};
  for (int to = 1; to < cell.numNodes; ++to) {
    SmallVector<Value> reads;
    for (int from = 0; from < to; ++from)
      if (cell.edges[from][to] != None)
        reads.push_back(
            applyEdge(net, cell.edges[from][to], nodes[from], channels));
    nodes.push_back(reads.empty() ? Value() : sumUp(net, reads));
  }
  return nodes.back();
}

/// The residual block between two stages.
static Value addResidualBlock(NetworkBuilder &net, Value input,
                              int64_t channels) {
  const Value first = net.conv(net.relu(input), channels, {3, /*stride=*/2});
  const Value second = net.conv(net.relu(first), channels, {3});
  const Value shortcut =
      net.conv(net.avgPool(input, {2, /*stride=*/2}), channels);
  return net.add(shortcut, second);
}

static void addEdgeNetwork(NetworkBuilder &net, const CellGraph &cell,
                           const NASBenchOptions &options) {
  constexpr int64_t numClasses = 10;
  constexpr int numStages = 3;
  int64_t channels = options.size.channels;
  Value value = net.conv(net.input(options.size.height, options.size.width, 3),
                         channels, {3});
  for (int stage = 0; stage < numStages; ++stage) {
    if (stage != 0)
      value = addResidualBlock(net, value, channels *= 2);
    for (int32_t i = 0; i < options.cells; ++i)
      value = addEdgeCell(net, cell, value, channels);
  }
  net.finish(net.conv(net.globalAvgPool(net.relu(value)), numClasses));
}

absl::Status
serenity::generate::addNASBench201(ModuleOp module, bool isLoneCell,
                                   const NASBenchOptions &options) {
  if (absl::Status status = checkOptions(options); !status.ok())
    return status;
  absl::StatusOr<CellGraph> cell =
      options.architecture.empty() ? drawEdgeCell(options.nodes, options.seed)
                                   : parseEdgeCell(options.architecture);
  if (!cell.ok())
    return cell.status();
  NetworkBuilder net = makeBuilder(module, "nas_bench_201", isLoneCell);
  const auto [height, width, channels] = options.size;
  if (isLoneCell)
    net.finish(
        addEdgeCell(net, *cell, net.input(height, width, channels), channels));
  else
    addEdgeNetwork(net, *cell, options);
  return absl::OkStatus();
}
