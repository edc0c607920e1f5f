//===- Problem.h - Buffers that want a place in one arena -------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The question and the answer of dynamic storage allocation with known
// lifetimes; docs/Arena.md section 1 defines both.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_CORE_ARENA_PROBLEM_H
#define SERENITY_CORE_ARENA_PROBLEM_H

#include "absl/status/status.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace serenity::core {

/// One buffer: how long it lives and how much room it takes.
struct ArenaBuffer {
  /// Free text for reports and messages; need not be unique.
  std::string name;
  /// The half-open lifetime [lower, upper), in steps of any unit;
  /// 0 <= lower < upper.
  int64_t lower = 0;
  int64_t upper = 1;
  /// Bytes; never negative. A buffer of zero bytes is in nobody's way.
  int64_t size = 0;
  /// The offset must be a multiple of this power of two.
  int64_t alignment = 1;
  /// Where the buffer has to be; a free choice if absent.
  std::optional<int64_t> offset;
  /// What is gained by a memory that is faster by one (see Memories.h), such as
  /// accesses times bytes; the size if absent.
  std::optional<int64_t> benefit;
};

/// Two buffers of which one may be computed in the place of the other. Where
/// their lifetimes overlap they may start at the same offset; any other common
/// byte is forbidden as for all buffers, because a kernel that runs over its
/// own operand must have read an element before it writes it.
struct InPlacePair {
  int32_t first = 0;
  int32_t second = 0;
};

/// What is to be placed. Buffers are known by their position in `buffers`.
struct ArenaProblem {
  std::vector<ArenaBuffer> buffers;
  std::vector<InPlacePair> inPlacePairs;
  /// Buffers of which each starts where the one before it in the list ends, at
  /// all times. A buffer is in one group at most.
  std::vector<std::vector<int32_t>> adjacentGroups;
};

/// Checks the fields of one buffer, as checkProblem does for all.
absl::Status checkBuffer(const ArenaBuffer &buffer);

/// Checks what the comments above ask for, and that no choice of offsets can
/// overflow. Fails with InvalidArgument, naming the culprit and both numbers,
/// also where the fixed offsets, alignments and groups contradict each other,
/// so that no capacity whatever would do. O(n log n + overlaps of fixed
/// buffers).
absl::Status checkProblem(const ArenaProblem &problem);

/// What ended the work on a problem.
enum class ArenaStop {
  /// The algorithm came to its own end.
  Finished,
  /// A plan within the capacity was found.
  CapacityMet,
  /// No plan fits the capacity.
  Infeasible,
  NodeLimit,
  TimeLimit,
};

/// An answer, checked by verifyPlan before it is returned.
struct ArenaPlan {
  /// One offset a buffer.
  std::vector<int64_t> offsets;
  /// The end of the buffer that reaches highest.
  int64_t arenaBytes = 0;
  /// No plan has a smaller arena than this.
  int64_t lowerBoundBytes = 0;
  /// Placements tried by searches; 0 if none was needed.
  int64_t nodes = 0;
  ArenaStop stop = ArenaStop::Finished;
  /// Only with ArenaStop::Infeasible: buffers, ascending, that do not fit the
  /// capacity even without all others.
  std::vector<int32_t> conflict;

  bool isProvenOptimal() const { return arenaBytes == lowerBoundBytes; }
};

} // namespace serenity::core

#endif // SERENITY_CORE_ARENA_PROBLEM_H
