//===- Memories.h - Which of several memories holds a buffer ----*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Several memories with capacities, the fastest first: what does not fit one is
// spilled into a slower one. docs/Arena.md, "Several memories".
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_CORE_ARENA_MEMORIES_H
#define SERENITY_CORE_ARENA_MEMORIES_H

#include "serenity/Core/Arena/Solver.h"

namespace serenity::core {

struct ArenaMemory {
  std::string name;
  /// Bytes; never negative. Without a capacity everything fits.
  std::optional<int64_t> capacityBytes;
};

/// An answer, checked by verifyMemories before it is returned.
struct MemoriesPlan {
  /// By buffer, the position of its memory; empty if there is no plan.
  std::vector<int32_t> memories;
  /// By buffer, in its memory.
  std::vector<int64_t> offsets;
  /// By memory, the end of the buffer that reaches highest.
  std::vector<int64_t> arenaBytes;
  /// The sum over all buffers of their benefit times the position of their
  /// memory. No plan has less than `lowerBound`.
  int64_t spilledBenefit = 0, lowerBound = 0;
  /// Finished; Infeasible if it is proven that there is no plan; or a limit.
  ArenaStop stop = ArenaStop::Finished;

  bool isProvenOptimal() const {
    return !memories.empty() && spilledBenefit == lowerBound;
  }
};

/// Limits on planMemories.
struct MemoriesOptions {
  MemoriesOptions() { arena.maxNodes = 2000; }

  /// Sets of buffers tried in a memory.
  int64_t maxTrials = 20000;
  /// How each of them is placed; `capacityBytes` is ignored. The limit on nodes
  /// is for each, that on seconds for all.
  ArenaOptions arena;
};

/// Puts each buffer of `problem` into one of `memories`, the fastest first, so
/// that all fit and the least benefit is spilled. The members of a group stay
/// together; fixed offsets are refused, since they name no memory.
///
/// Decides on the buffers one after the other, the greatest benefit first, and
/// tries the fastest memory first, so that the first plan is a greedy one; a
/// second one goes by benefit for each byte and step. Then takes choices back,
/// until all that could be better have been tried: optimal for about twenty
/// buffers, a heuristic with a bound beyond. Deterministic unless there is a
/// limit on seconds. Fails with InvalidArgument as planArena does, or if there
/// is no memory, a capacity or benefit is negative, or the benefits add up to
/// more than 64 bits hold.
absl::StatusOr<MemoriesPlan>
planMemories(const ArenaProblem &problem,
             const std::vector<ArenaMemory> &memories,
             const MemoriesOptions &options);

/// Checks `plan`, which is not empty unless `problem` is, against the
/// definitions: one memory a buffer, groups together, verifyPlan in each
/// memory, no capacity exceeded, and the sums as claimed. Fails with
/// FailedPrecondition, naming the first culprit.
absl::Status verifyMemories(const ArenaProblem &problem,
                            const std::vector<ArenaMemory> &memories,
                            const MemoriesPlan &plan);

} // namespace serenity::core

#endif // SERENITY_CORE_ARENA_MEMORIES_H
