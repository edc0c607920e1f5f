//===- MemoryPlan.h - An order and a place for every byte -------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where Core/Schedule and Core/Arena meet: the buffers of a graph in a given
// order, as an arena problem, and its answer. docs/Arena.md section 6.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_CORE_PLAN_MEMORYPLAN_H
#define SERENITY_CORE_PLAN_MEMORYPLAN_H

#include "serenity/Core/Arena/Solver.h"
#include "serenity/Core/Graph/Footprint.h"

namespace serenity::core {

/// What is asked of a planner.
struct MemoryPlanOptions {
  ArenaOptions arena;
  /// Every buffer and every scratch starts at a multiple of this power of two.
  int64_t alignment = 16;
};

/// An order of the operations of a graph and offsets for it, checked by
/// verifyMemoryPlan before it is returned.
struct MemoryPlan {
  static constexpr int64_t kNoOffset = -1;

  std::vector<OpId> order;
  /// Footprint of `order`.
  Footprint footprint;
  /// First byte in the arena, by buffer; kNoOffset for those of zero bytes.
  std::vector<int64_t> bufferOffsets;
  /// First byte of the scratch, by operation; kNoOffset where there is none.
  std::vector<int64_t> scratchOffsets;
  /// The end of what reaches highest.
  int64_t arenaBytes = 0;
  /// No offsets for `order` need a smaller arena than this.
  int64_t lowerBoundBytes = 0;
  /// The part of the lower bound that some step alone makes unavoidable: its
  /// footprint, with sizes rounded up to the alignment.
  int64_t alignedPeakBytes = 0;
  /// Placements tried by searches; 0 if none was needed.
  int64_t nodes = 0;
  ArenaStop stop = ArenaStop::Finished;
  /// Only with ArenaStop::Infeasible: buffers and scratch that do not fit the
  /// capacity even without all others, by name and size.
  std::vector<ArenaBuffer> conflict;

  bool isProvenOptimal() const { return arenaBytes == lowerBoundBytes; }
  /// Whether a limit kept the search from proving more.
  bool hitLimit() const {
    return stop == ArenaStop::NodeLimit || stop == ArenaStop::TimeLimit;
  }
};

/// Finds offsets for the buffers of `graph` when its operations run in `order`.
///
/// A buffer lives from its first writer to its last user, an input from before
/// the first step (also if nobody reads it: a caller has to put it somewhere),
/// scratch while its operation runs. A result may start where an operand starts
/// that it may overwrite and that dies with its writer.
///
/// Fails with InvalidArgument if `order` is not legal, if the alignment is no
/// power of two, or as planArena does.
absl::StatusOr<MemoryPlan> planMemory(const Graph &graph,
                                      absl::Span<const OpId> order,
                                      const MemoryPlanOptions &options);

/// Checks `plan` step by step, straight from the definitions: what is alive has
/// a place in the arena, at a multiple of `alignment`, and no two of them share
/// a byte but for results in the place of an operand. Shares no code with
/// planMemory. Fails with FailedPrecondition, naming the first culprit.
absl::Status verifyMemoryPlan(const Graph &graph, const MemoryPlan &plan,
                              int64_t alignment);

} // namespace serenity::core

#endif // SERENITY_CORE_PLAN_MEMORYPLAN_H
