//===- RandomGraphs.cpp - Randomly wired networks -------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Graph/RandomGraphs.h"

#include "absl/strings/str_cat.h"
#include "serenity/Core/Graph/RandomSource.h"

#include <algorithm>
#include <set>

using namespace serenity::core;

namespace {

absl::Status checkNumNodes(int32_t numNodes) {
  if (numNodes >= 1 && numNodes <= kMaxTopologyNodes)
    return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      numNodes, " nodes asked for, allowed are 1 to ", kMaxTopologyNodes));
}

absl::Status checkProbability(double probability) {
  if (probability >= 0 && probability <= 1)
    return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("a probability of ", probability, " is not within 0 to 1"));
}

/// Undirected edges, kept as (low, high).
class EdgeSet {
public:
  explicit EdgeSet(int32_t numNodes) : degrees(numNodes) {}

  bool contains(int32_t a, int32_t b) const {
    return edges.count(std::minmax(a, b)) != 0;
  }
  /// `a` and `b` must not be joined yet.
  void add(int32_t a, int32_t b) {
    edges.insert(std::minmax(a, b));
    ++degrees[a];
    ++degrees[b];
  }
  /// `a` and `b` must be joined.
  void remove(int32_t a, int32_t b) {
    edges.erase(std::minmax(a, b));
    --degrees[a];
    --degrees[b];
  }
  int32_t degree(int32_t node) const { return degrees[node]; }

  Topology toTopology() const {
    return {static_cast<int32_t>(degrees.size()), {edges.begin(), edges.end()}};
  }

private:
  std::set<std::pair<int32_t, int32_t>> edges;
  std::vector<int32_t> degrees;
};

} // namespace

absl::StatusOr<Topology> serenity::core::wattsStrogatz(int32_t numNodes,
                                                       int32_t numNeighbours,
                                                       double probability,
                                                       uint64_t seed) {
  if (absl::Status s = checkNumNodes(numNodes); !s.ok())
    return s;
  if (absl::Status s = checkProbability(probability); !s.ok())
    return s;
  if (numNeighbours < 2 || numNeighbours % 2 != 0 || numNeighbours >= numNodes)
    return absl::InvalidArgumentError(
        absl::StrCat(numNeighbours,
                     " neighbours asked for, allowed are even "
                     "numbers from 2 to below ",
                     numNodes));
  EdgeSet edges(numNodes);
  for (int32_t distance = 1; distance <= numNeighbours / 2; ++distance)
    for (int32_t node = 0; node < numNodes; ++node)
      edges.add(node, (node + distance) % numNodes);

  RandomSource random(seed);
  for (int32_t distance = 1; distance <= numNeighbours / 2; ++distance)
    for (int32_t node = 0; node < numNodes; ++node) {
      if (!random.chance(probability) || edges.degree(node) >= numNodes - 1)
        continue;
      int32_t target = node;
      while (target == node || edges.contains(node, target))
        target = static_cast<int32_t>(random.below(numNodes));
      edges.remove(node, (node + distance) % numNodes);
      edges.add(node, target);
    }
  return edges.toTopology();
}

absl::StatusOr<Topology> serenity::core::erdosRenyi(int32_t numNodes,
                                                    double probability,
                                                    uint64_t seed) {
  if (absl::Status s = checkNumNodes(numNodes); !s.ok())
    return s;
  if (absl::Status s = checkProbability(probability); !s.ok())
    return s;
  RandomSource random(seed);
  Topology result{numNodes, {}};
  for (int32_t from = 0; from < numNodes; ++from)
    for (int32_t to = from + 1; to < numNodes; ++to)
      if (random.chance(probability))
        result.edges.emplace_back(from, to);
  return result;
}

absl::StatusOr<Topology> serenity::core::barabasiAlbert(int32_t numNodes,
                                                        int32_t numEdges,
                                                        uint64_t seed) {
  if (absl::Status s = checkNumNodes(numNodes); !s.ok())
    return s;
  if (numEdges < 1 || numEdges >= numNodes)
    return absl::InvalidArgumentError(absl::StrCat(
        numEdges, " edges a node asked for, allowed are 1 to below ",
        numNodes));
  RandomSource random(seed);
  Topology result{numNodes, {}};
  std::set<int32_t> targets;
  for (int32_t node = 0; node < numEdges; ++node)
    targets.insert(node);
  // Every node once for each of its edges, so that a uniform draw chooses by
  // degree.
  std::vector<int32_t> ends;
  for (int32_t node = numEdges; node < numNodes; ++node) {
    for (int32_t target : targets) {
      result.edges.emplace_back(target, node);
      ends.push_back(target);
      ends.push_back(node);
    }
    targets.clear();
    while (static_cast<int32_t>(targets.size()) < numEdges)
      targets.insert(ends[random.below(static_cast<int64_t>(ends.size()))]);
  }
  std::sort(result.edges.begin(), result.edges.end());
  return result;
}

namespace {

absl::Status checkTopology(const Topology &topology) {
  if (absl::Status s = checkNumNodes(topology.numNodes); !s.ok())
    return s;
  for (auto [from, to] : topology.edges)
    if (from < 0 || from >= to || to >= topology.numNodes)
      return absl::InvalidArgumentError(
          absl::StrCat("edge ", from, " -> ", to, " does not go up within ",
                       topology.numNodes, " nodes"));
  return absl::OkStatus();
}

class RandWireBuilder {
public:
  RandWireBuilder(int64_t maxBytes, uint64_t seed)
      : maxBytes(maxBytes), random(seed) {}

  BufferId addInput() { return addBuffer("input", /*isInput=*/true); }

  /// Adds a stage that reads `input` and returns its output.
  BufferId addStage(const Topology &stage, const std::string &prefix,
                    BufferId input, bool isLast) {
    std::vector<OpSpec> nodes(stage.numNodes);
    std::vector<bool> hasSuccessor(stage.numNodes);
    for (int32_t node = 0; node < stage.numNodes; ++node) {
      nodes[node].name = absl::StrCat(prefix, ".node", node);
      nodes[node].writes = {addBuffer(nodes[node].name)};
    }
    for (auto [from, to] : stage.edges) {
      nodes[to].reads.push_back(nodes[from].writes.front());
      hasSuccessor[from] = true;
    }
    OpSpec average{absl::StrCat(prefix, ".average")};
    for (int32_t node = 0; node < stage.numNodes; ++node) {
      if (nodes[node].reads.empty())
        nodes[node].reads = {input};
      if (!hasSuccessor[node])
        average.reads.push_back(nodes[node].writes.front());
      builder.addOp(std::move(nodes[node]));
    }
    const BufferId output =
        addBuffer(average.name, /*isInput=*/false, /*isOutput=*/isLast);
    average.writes = {output};
    builder.addOp(std::move(average));
    return output;
  }

  absl::StatusOr<Graph> build() { return std::move(builder).build(); }

private:
  BufferId addBuffer(std::string name, bool isInput = false,
                     bool isOutput = false) {
    return builder.addBuffer(
        {std::move(name), 1 + random.below(maxBytes), isInput, isOutput});
  }

  const int64_t maxBytes;
  RandomSource random;
  GraphBuilder builder;
};

} // namespace

absl::StatusOr<Graph>
serenity::core::buildRandWire(absl::Span<const Topology> stages,
                              int64_t maxBytes, uint64_t seed) {
  if (stages.empty())
    return absl::InvalidArgumentError("0 stages asked for, at least 1 needed");
  if (maxBytes < 1)
    return absl::InvalidArgumentError(absl::StrCat(
        "at most ", maxBytes, " bytes a buffer asked for, at least 1 needed"));
  RandWireBuilder builder(maxBytes, seed);
  BufferId previous = builder.addInput();
  for (size_t i = 0; i < stages.size(); ++i) {
    if (absl::Status s = checkTopology(stages[i]); !s.ok())
      return s;
    previous = builder.addStage(stages[i], absl::StrCat("stage", i), previous,
                                i + 1 == stages.size());
  }
  return builder.build();
}
