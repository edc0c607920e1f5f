//===- SearchBudget.h - When a search must stop -----------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_ARENA_SEARCHBUDGET_H
#define SERENITY_LIB_CORE_ARENA_SEARCHBUDGET_H

#include "serenity/Core/Arena/Solver.h"

#include <algorithm>
#include <chrono>

namespace serenity::core {

/// Counts the nodes of all searches on one problem against the limits of its
/// options, and those of one search against a share of them.
class SearchBudget {
public:
  explicit SearchBudget(const ArenaOptions &options)
      : maxNodes(options.maxNodes), maxSeconds(options.maxSeconds) {}

  /// Gives the next search at most `nodes`.
  void startShare(int64_t nodes) {
    shareEnd = nodes < maxNodes - numNodes ? numNodes + nodes : maxNodes;
  }

  /// Counts one node of a search on `numBuffers`; on large problems, where a
  /// node is more work, as several. Returns false, and does not count it, if
  /// the share is used up or a limit has struck.
  bool addNode(size_t numBuffers) {
    constexpr int64_t kNodesPerClock = 64, kBuffersPerNode = 500;
    const int64_t cost = 1 + static_cast<int64_t>(numBuffers) / kBuffersPerNode;
    if (numNodes >= nextClock) {
      checkClock();
      nextClock = numNodes + kNodesPerClock;
    }
    if (isTimeUp || numNodes >= shareEnd)
      return false;
    numNodes += std::min(cost, shareEnd - numNodes);
    return true;
  }

  int64_t nodes() const { return numNodes; }

  /// The limit that ended the work for good, if any has.
  std::optional<ArenaStop> stop() const {
    if (isTimeUp)
      return ArenaStop::TimeLimit;
    if (numNodes >= maxNodes)
      return ArenaStop::NodeLimit;
    return std::nullopt;
  }

private:
  using Clock = std::chrono::steady_clock;

  void checkClock() {
    const std::chrono::duration<double> elapsed = Clock::now() - start;
    isTimeUp |= elapsed.count() >= maxSeconds;
  }

  int64_t maxNodes;
  double maxSeconds;
  int64_t numNodes = 0, shareEnd = 0, nextClock = 0;
  bool isTimeUp = false;
  Clock::time_point start = Clock::now();
};

/// What became of the question "is there a plan within this capacity?".
struct SearchResult {
  enum Kind { Found, Refuted, Unknown } kind = Unknown;
  /// If found: the base of each item.
  std::vector<int64_t> bases;
  /// If refuted: the smallest arena that is still conceivable.
  int64_t lowerBound = 0;
};

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_ARENA_SEARCHBUDGET_H
