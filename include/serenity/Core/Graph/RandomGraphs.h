//===- RandomGraphs.h - Randomly wired networks -----------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The random wirings of Xie et al., "Exploring Randomly Wired Neural Networks
// for Image Recognition" (ICCV 2019), as topologies and as graphs. The same
// arguments give the same wiring on every machine.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_CORE_GRAPH_RANDOMGRAPHS_H
#define SERENITY_CORE_GRAPH_RANDOMGRAPHS_H

#include "serenity/Core/Graph/Graph.h"

#include <utility>

namespace serenity::core {

/// A directed acyclic wiring of nodes 0 .. numNodes-1.
struct Topology {
  int32_t numNodes = 0;
  /// Pairs (from, to) with from < to, ascending, each once.
  std::vector<std::pair<int32_t, int32_t>> edges;
};

/// The most nodes of one topology.
inline constexpr int32_t kMaxTopologyNodes = 100'000;

/// Watts and Strogatz (1998): a ring where each node is joined to its
/// `numNeighbours` nearest, half on each side, and each edge is rewired to a
/// random end with `probability`. Edges then go from the low to the high index.
/// Fails with InvalidArgument unless numNeighbours is even, positive and below
/// numNodes, and the probability within 0 .. 1. Expected time
/// O(numNodes numNeighbours).
absl::StatusOr<Topology> wattsStrogatz(int32_t numNodes, int32_t numNeighbours,
                                       double probability, uint64_t seed);

/// Erdos and Renyi (1959): each pair of nodes is an edge with `probability`.
/// Fails with InvalidArgument unless that is within 0 .. 1. O(numNodes^2).
absl::StatusOr<Topology> erdosRenyi(int32_t numNodes, double probability,
                                    uint64_t seed);

/// Barabasi and Albert (1999): nodes 0 .. numEdges-1 start alone; each further
/// one is joined to numEdges different earlier nodes, chosen by their degree
/// (the first of them to all that started). Fails with InvalidArgument unless
/// 0 < numEdges < numNodes.
absl::StatusOr<Topology> barabasiAlbert(int32_t numNodes, int32_t numEdges,
                                        uint64_t seed);

/// A network of `stages` in a row, wired as RandWire wires them. Each node is
/// one operation with a result of its own. Nodes without predecessor read the
/// stage's input; one last operation averages the nodes without successor into
/// the stage's output, which is the input of the next stage. The first input is
/// an input of the graph, the last output its output. Every buffer has 1 ..
/// maxBytes bytes, drawn from `seed`. Fails with InvalidArgument on a maxBytes
/// below 1, no stage, a stage that is no Topology as described above, or sizes
/// that exceed int64_t.
absl::StatusOr<Graph> buildRandWire(absl::Span<const Topology> stages,
                                    int64_t maxBytes = 1, uint64_t seed = 0);

} // namespace serenity::core

#endif // SERENITY_CORE_GRAPH_RANDOMGRAPHS_H
