//===- Schedule.h - Orders of least peak memory -----------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one interface to every scheduling algorithm. docs/Scheduling.md proves
// what they rely on.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_CORE_SCHEDULE_SCHEDULE_H
#define SERENITY_CORE_SCHEDULE_SCHEDULE_H

#include "serenity/Core/Graph/Graph.h"

#include "absl/strings/string_view.h"

#include <functional>
#include <limits>
#include <optional>

namespace serenity::core {

/// How an order is found.
enum class Strategy {
  /// The order in which the operations were given.
  Source,
  /// Kahn's order: first in, first out.
  Kahn,
  /// Among the ready operations the one that increases live memory least.
  Greedy,
  /// Depth first from the outputs, operands in source order.
  DepthFirst,
  /// Depth first from the outputs, operands by generalised Sethi-Ullman.
  PostOrder,
  /// Ahn et al., "Ordering Chaos" (MLSys 2020): optimal, as published.
  DynamicProgramming,
  /// Search over sets of operations with dominance, in both directions, until
  /// the best order and the lower bound meet: optimal, and anytime.
  Exact,
};

/// The name of `strategy` on command lines and in reports, and back.
absl::string_view toString(Strategy strategy);
std::optional<Strategy> parseStrategy(absl::string_view name);

/// Parts of `DynamicProgramming` that can be switched off, for the published
/// ablation. None changes the optimum.
struct DynamicProgrammingSwitches {
  /// Merge partial orders whose sets of ready operations are equal, keeping
  /// the one with the smallest peak.
  bool mergeStates = true;
  /// Schedule the parts between narrow waists one by one.
  bool divideAndConquer = true;
  /// Discard states above a soft budget, found by adaptive soft budgeting.
  bool softBudget = true;
};

/// Parts of `Exact` that can be switched off. None changes the optimum.
struct ExactSwitches {
  /// Run at once what fits and leaves no more alive than before.
  bool valleyRule = true;
  /// The same for an operation together with what only it makes ready.
  bool freeRuns = true;
  /// Remember the sets of operations from which a budget cannot be met.
  bool failedStates = true;
  /// Do not try what leads to a set that could have been reached from a set
  /// that has failed.
  bool sleepSets = true;
  /// Where a budget is to be refuted, try first what leads to most.
  bool refutationOrder = true;
  /// Schedule the parts between narrow waists one by one.
  bool divideAndConquer = true;
  /// Search from the end of the network as well as from its start.
  bool backward = true;
  bool forward = true;
  /// Look for orders among the most promising sets first, without a proof.
  bool beam = true;
  /// Bound each part from below by minimum cuts before it is searched.
  bool cutBound = true;
  /// Where the search takes long, improve the best order window by window.
  bool windows = true;
};

/// How far a search has come.
struct SearchProgress {
  /// Peak of the best order so far.
  int64_t peakBytes = 0;
  /// No order has a smaller peak than this.
  int64_t lowerBoundBytes = 0;
  /// States expanded so far.
  int64_t states = 0;
};

/// What is asked of a scheduler.
struct ScheduleOptions {
  Strategy strategy = Strategy::Exact;
  /// A peak in bytes that would do. The search ends as soon as an order meets
  /// it, or goes on to the proven minimum if nothing does.
  std::optional<int64_t> budgetBytes;
  /// Limits on the search, for all parts of a graph together. The result at a
  /// limit is the best order and the best bound so far.
  int64_t maxStates = std::numeric_limits<int64_t>::max();
  /// Bytes of memory for the tables of the search: sets that failed, layers
  /// and beams. All else is linear in the graph.
  int64_t maxTableBytes = int64_t{4} << 30;
  double maxSeconds = std::numeric_limits<double>::infinity();
  DynamicProgrammingSwitches dynamicProgramming;
  ExactSwitches exact;
  /// Called by Strategy::Exact when its search begins, whenever the peak becomes
  /// lower or the bound higher, and in between after so much work that it is
  /// several times a second.
  std::function<void(const SearchProgress &)> onProgress;
};

/// What ended a search.
enum class StopReason {
  /// The algorithm came to its own end.
  Finished,
  /// An order within the budget was found.
  BudgetMet,
  StateLimit,
  TableLimit,
  TimeLimit,
};

/// The name of `reason` in reports.
absl::string_view toString(StopReason reason);

/// An order, checked by computeFootprint before it is returned.
struct Schedule {
  std::vector<OpId> order;
  /// Peak of `order`.
  int64_t peakBytes = 0;
  /// No order has a smaller peak than this.
  int64_t lowerBoundBytes = 0;
  /// States (sets of operations) that the search has expanded; 0 for
  /// strategies that do not search.
  int64_t states = 0;
  /// The most bytes that the tables of the search have taken at one time.
  int64_t tableBytes = 0;
  StopReason stopReason = StopReason::Finished;

  bool isProvenOptimal() const { return peakBytes == lowerBoundBytes; }
  /// Whether a limit kept the search from proving more.
  bool hitLimit() const {
    return !isProvenOptimal() && (stopReason == StopReason::StateLimit ||
                                  stopReason == StopReason::TableLimit ||
                                  stopReason == StopReason::TimeLimit);
  }
};

/// The largest number of bytes that some single operation makes unavoidable:
/// a bound from below on every order's peak. O(B (V + E)) time for B buffers at
/// most; graphs too large for that get a weaker bound in linear time.
int64_t lowerBound(const Graph &graph);

/// Finds an order of `graph` by `options.strategy`. Never returns a peak above
/// that of the source order, if that is legal, except for the strategies that
/// are named baselines (Kahn, Greedy, DepthFirst, PostOrder), and returns the
/// source order itself if no order that was found is better. Deterministic,
/// except for where a time limit strikes. Fails with InvalidArgument if
/// Strategy::Source is asked for and the source order is not legal, if a limit
/// or the budget is negative, or if both directions of the exact search are
/// switched off; reaching a limit is not a failure. Fails with Internal if a
/// search claims something of its order that is not so.
absl::StatusOr<Schedule> computeSchedule(const Graph &graph,
                                         const ScheduleOptions &options);

} // namespace serenity::core

#endif // SERENITY_CORE_SCHEDULE_SCHEDULE_H
