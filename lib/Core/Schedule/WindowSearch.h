//===- WindowSearch.h - Improve an order window by window -------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_SCHEDULE_WINDOWSEARCH_H
#define SERENITY_LIB_CORE_SCHEDULE_WINDOWSEARCH_H

#include "SearchGraph.h"
#include "SearchLimits.h"

namespace serenity::core {

/// Lowers the peak of an order by scheduling anew what runs around it: large
/// neighbourhood search (Shaw, "Using Constraint Programming and Local Search
/// Methods to Solve Vehicle Routing Problems", 1998).
///
/// The order is cut into windows. What has run before a window and what is left
/// to run after it stay as they are, so a window is a part of the graph by
/// itself (docs/Scheduling.md, theorem 6), and PartSolver looks for a better
/// order of it. The highest windows come first, and a sweep ends at the first
/// one that stays as high as it is. From sweep to sweep the windows are shifted
/// and then doubled; after the largest ones all get more states.
class WindowSearch {
public:
  /// `graph` and `limits` must outlive this.
  WindowSearch(const Graph &graph, const ExactSwitches &switches,
               SearchLimits &limits);

  /// Makes one sweep over `order`, a legal order of the graph, trying for no
  /// peak below `goal`. Returns whether the peak has become lower; it never
  /// becomes higher.
  bool sweep(std::vector<OpId> &order, int64_t goal);

  /// How often all sizes of windows have been tried without any success since
  /// the last one.
  int numFailedRounds() const { return failedRounds; }

private:
  std::vector<std::vector<OpId>> cut(absl::Span<const OpId> order) const;
  bool improve(const Partition &partition, size_t window, int64_t &height,
               int64_t goal, absl::Span<OpId> order);
  void advance(bool hasImproved);

  const Graph &graph;
  ExactSwitches switches;
  SearchLimits &limits;
  static constexpr size_t kSmallestWindow = 32, kLargestWindow = 1024;
  static constexpr size_t kNumPhases = 4;
  /// Of the next sweep: operations of a window; by how many quarters of it the
  /// first window is shorter; states for one window.
  size_t windowSize = kSmallestWindow, phase = 0;
  int64_t maxStates = 512;
  bool hasImprovedInRound = false;
  int failedRounds = 0;
};

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_SCHEDULE_WINDOWSEARCH_H
