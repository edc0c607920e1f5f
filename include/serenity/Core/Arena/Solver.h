//===- Solver.h - Offsets in the smallest arena -----------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one interface to every placement algorithm. docs/Arena.md proves what
// they rely on.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_CORE_ARENA_SOLVER_H
#define SERENITY_CORE_ARENA_SOLVER_H

#include "serenity/Core/Arena/Problem.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <limits>

namespace serenity::core {

/// How offsets are found. Every strategy places fixed buffers first; groups of
/// adjacent buffers are placed as one.
enum class ArenaStrategy {
  /// The best of all heuristics below, then search until plan and lower bound
  /// meet: optimal, and anytime.
  Exact,
  /// The lowest place that is free, for one buffer after the other: the largest
  /// first (of equal size the longest-lived).
  FirstFitBySize,
  /// The same, the earliest first (of equal start the largest).
  FirstFitByStart,
  /// The same, by size times lifetime, the largest product first.
  FirstFitByArea,
  /// By size like FirstFitBySize, in the narrowest gap that is wide enough.
  BestFit,
  /// What TensorFlow Lite Micro's GreedyMemoryPlanner does: first fit by size,
  /// buffers of equal size as they were given.
  GreedyBySize,
};

/// The name of `strategy` on command lines and in reports, and back.
absl::string_view toString(ArenaStrategy strategy);
std::optional<ArenaStrategy> parseArenaStrategy(absl::string_view name);

/// The name of `stop` in reports.
absl::string_view toString(ArenaStop stop);

/// Parts of `Exact` that can be switched off. None changes the optimum;
/// docs/Arena.md section 4 proves it for each.
struct ArenaSwitches {
  /// Give up when a place that a buffer was refused cannot be used by others.
  bool noWastedGaps = true;
  /// Place at once what is in nobody's way.
  bool freePlacement = true;
  /// Bound the room that each subset of the buffers alive at one moment needs,
  /// not only that of all of them.
  bool subsetBounds = true;
  /// Search parts of the time that share no buffer one by one.
  bool decomposition = true;
  /// Restart, and try first the buffers of the moments where searches failed.
  bool learnedOrder = true;
};

/// What is asked of a solver.
struct ArenaOptions {
  ArenaStrategy strategy = ArenaStrategy::Exact;
  /// An arena in bytes that would do. The search ends as soon as a plan meets
  /// it or it is proven impossible. Without it the arena is minimised.
  std::optional<int64_t> capacityBytes;
  /// Limits on the search; the result at a limit is the best plan and the best
  /// bound so far. A node on n buffers counts as 1 + n / 500 + (n / 1000)^2.
  /// No search begins if the nodes would not be enough for one plan; the first
  /// heuristic is finished in any case.
  int64_t maxNodes = 2000000;
  double maxSeconds = std::numeric_limits<double>::infinity();
  ArenaSwitches switches;
  /// Bytes that the caller knows every plan to need, for a reason that the
  /// problem does not tell. What is not true makes planArena fail.
  int64_t knownLowerBoundBytes = 0;
};

/// The largest number of bytes that some moment makes unavoidable: the sizes of
/// the buffers alive, rounded up to the alignment that all buffers share but
/// for the one on top, and without what in-place pairs may save; or the end of
/// a fixed buffer. O(n log n). Expects a problem that checkProblem has passed.
int64_t arenaLowerBound(const ArenaProblem &problem);

/// Places the buffers of `problem` by `options.strategy`. Deterministic, except
/// for where a time limit strikes. Fails with InvalidArgument as checkProblem
/// does, or if a limit or the capacity is negative. An infeasible capacity is
/// not a failure: the plan then has ArenaStop::Infeasible, the best offsets
/// known and a lower bound above the capacity. Without a proof and without
/// success the stop reason is Finished (heuristics) or a limit.
absl::StatusOr<ArenaPlan> planArena(const ArenaProblem &problem,
                                    const ArenaOptions &options);

} // namespace serenity::core

#endif // SERENITY_CORE_ARENA_SOLVER_H
