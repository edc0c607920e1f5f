//===- MinimumCut.h - The cheapest way to part two nodes --------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_SCHEDULE_MINIMUMCUT_H
#define SERENITY_LIB_CORE_SCHEDULE_MINIMUMCUT_H

#include <cstdint>
#include <limits>
#include <vector>

namespace serenity::core {

/// A directed network with capacities, and its minimum cut by Dinic's
/// algorithm ("Algorithm for solution of a problem of maximum flow in networks
/// with power estimation", 1970), without recursion.
class MinimumCut {
public:
  /// A capacity that no cut can pay.
  static constexpr int64_t kUncuttable = std::numeric_limits<int64_t>::max();

  /// The nodes are 0 .. numNodes-1.
  explicit MinimumCut(int32_t numNodes) : firstArc(numNodes, -1) {}

  /// Adds a node and returns its number.
  int32_t addNode() {
    firstArc.push_back(-1);
    return static_cast<int32_t>(firstArc.size()) - 1;
  }

  /// Adds an arc; its capacity is not negative.
  void addArc(int32_t from, int32_t to, int64_t capacity);

  /// Arcs looked at so far, which is what solve() takes its time for.
  int64_t work() const { return numLooks; }

  /// The capacity of a minimum cut between two different nodes, which must be
  /// finite.
  int64_t solve(int32_t source, int32_t sink);

private:
  /// Arcs are kept in pairs: the reverse of arc i is arc i ^ 1.
  struct Arc {
    int32_t to, next;
    int64_t capacity;
  };

  bool findLevels(int32_t source, int32_t sink);
  int64_t augment(int32_t source, int32_t sink);
  void push(int64_t flow);

  int64_t numLooks = 0;
  std::vector<int32_t> firstArc;
  std::vector<Arc> arcs;
  /// Distance from the source; -1 if it cannot be reached any more.
  std::vector<int32_t> level;
  /// By node: the next arc to try.
  std::vector<int32_t> nextArc;
  /// Arcs from the source to where the search is.
  std::vector<int32_t> path;
};

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_SCHEDULE_MINIMUMCUT_H
