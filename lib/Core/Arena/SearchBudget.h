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

/// The time that the work on a problem has, from the making of this clock on.
class SearchClock {
public:
  explicit SearchClock(double maxSeconds) : maxSeconds(maxSeconds) {}

  bool isTimeUp() const {
    const std::chrono::duration<double> elapsed = Clock::now() - start;
    return elapsed.count() >= maxSeconds;
  }

private:
  using Clock = std::chrono::steady_clock;

  double maxSeconds;
  Clock::time_point start = Clock::now();
};

/// Counts the nodes of all searches on one problem against the limits of its
/// options, and those of one search against a share of them.
class SearchBudget {
public:
  /// `clock` must outlive the budget.
  SearchBudget(const ArenaOptions &options, const SearchClock &clock)
      : maxNodes(options.maxNodes), clock(clock) {}

  /// Gives the next search at most `nodes`.
  void startShare(int64_t nodes) {
    shareEnd = nodes < maxNodes - numNodes ? numNodes + nodes : maxNodes;
  }

  /// What a node of a search on `numBuffers` counts as: several where there are
  /// many, since it is more work.
  static int64_t costOfNode(size_t numBuffers) {
    const int64_t n = static_cast<int64_t>(numBuffers);
    return 1 + n / 500 + (n / 1000) * (n / 1000);
  }

  /// Counts one node of a search on `numBuffers`. Returns false, and does not
  /// count it, if the share is used up or a limit has struck.
  bool addNode(size_t numBuffers) {
    constexpr int64_t kNodesPerClock = 64;
    if (numNodes >= nextClock) {
      hasNoTime |= clock.isTimeUp();
      nextClock = numNodes + kNodesPerClock;
    }
    if (hasNoTime || numNodes >= shareEnd)
      return false;
    numNodes += std::min(costOfNode(numBuffers), shareEnd - numNodes);
    return true;
  }

  int64_t nodes() const { return numNodes; }

  /// The limit that ended the work for good, if any has.
  std::optional<ArenaStop> stop() const {
    if (hasNoTime)
      return ArenaStop::TimeLimit;
    if (numNodes >= maxNodes)
      return ArenaStop::NodeLimit;
    return std::nullopt;
  }

private:
  int64_t maxNodes;
  const SearchClock &clock;
  int64_t numNodes = 0, shareEnd = 0, nextClock = 0;
  bool hasNoTime = false;
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
