//===- BruteForceArena.h - Smallest arenas by trying all --------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_TEST_CORE_ARENA_BRUTEFORCEARENA_H
#define SERENITY_TEST_CORE_ARENA_BRUTEFORCEARENA_H

#include "serenity/Core/Arena/Problem.h"

#include <algorithm>
#include <numeric>

namespace serenity::core {

/// The smallest arena of all, straight from the comments of Problem.h, by
/// trying every offset of every buffer. Independent of every solver, and of the
/// verifier. For about nine small buffers.
class BruteForceArena {
public:
  explicit BruteForceArena(const ArenaProblem &problem)
      : problem(problem), offsets(problem.buffers.size()),
        predecessor(problem.buffers.size(), -1) {
    // Members of a group come one after the other, large buffers first: few
    // offsets are tried in vain.
    std::vector<bool> isListed(offsets.size());
    for (const std::vector<int32_t> &group : problem.adjacentGroups)
      for (size_t i = 0; i < group.size(); ++i) {
        order.push_back(group[i]);
        isListed[group[i]] = true;
        if (i > 0)
          predecessor[group[i]] = group[i - 1];
      }
    const size_t numGrouped = order.size();
    for (size_t i = 0; i < offsets.size(); ++i)
      if (!isListed[i])
        order.push_back(static_cast<int32_t>(i));
    std::stable_sort(order.begin() + numGrouped, order.end(),
                     [&](int32_t a, int32_t b) {
                       return problem.buffers[a].size > problem.buffers[b].size;
                     });
  }

  int64_t smallestArena() {
    capacity = smallestConceivable();
    while (!canPlace(0))
      ++capacity;
    return capacity;
  }

private:
  /// Where a sum over one moment is a bound, start from it.
  int64_t smallestConceivable() const {
    int64_t bound = 0;
    for (const ArenaBuffer &at : problem.buffers) {
      int64_t sum = 0;
      for (const ArenaBuffer &buffer : problem.buffers)
        if (buffer.lower <= at.lower && at.lower < buffer.upper)
          sum += buffer.size;
      bound =
          std::max({bound, at.size, problem.inPlacePairs.empty() ? sum : 0});
    }
    return bound;
  }

  bool canPlace(size_t depth) {
    if (depth == order.size())
      return true;
    const int32_t i = order[depth];
    const ArenaBuffer &buffer = problem.buffers[i];
    int64_t first = 0, last = capacity - buffer.size;
    if (predecessor[i] >= 0)
      first = last = std::min(last, endOf(predecessor[i]));
    if (predecessor[i] >= 0 && first != endOf(predecessor[i]))
      return false;
    for (offsets[i] = first; offsets[i] <= last; ++offsets[i])
      if (isLegal(depth) && canPlace(depth + 1))
        return true;
    return false;
  }

  bool isLegal(size_t depth) const {
    const int32_t i = order[depth];
    const ArenaBuffer &buffer = problem.buffers[i];
    if (offsets[i] % buffer.alignment != 0 ||
        offsets[i] != buffer.offset.value_or(offsets[i]))
      return false;
    return std::none_of(order.begin(), order.begin() + depth,
                        [&](int32_t other) { return collide(i, other); });
  }

  bool collide(int32_t a, int32_t b) const {
    const ArenaBuffer &first = problem.buffers[a], &second = problem.buffers[b];
    if (first.upper <= second.lower || second.upper <= first.lower ||
        std::min(endOf(a), endOf(b)) <= std::max(offsets[a], offsets[b]))
      return false;
    return offsets[a] != offsets[b] ||
           std::none_of(problem.inPlacePairs.begin(),
                        problem.inPlacePairs.end(), [&](const InPlacePair &p) {
                          return (p.first == a && p.second == b) ||
                                 (p.first == b && p.second == a);
                        });
  }

  int64_t endOf(int32_t i) const {
    return offsets[i] + problem.buffers[i].size;
  }

  const ArenaProblem &problem;
  std::vector<int64_t> offsets;
  std::vector<int32_t> predecessor, order;
  int64_t capacity = 0;
};

} // namespace serenity::core

#endif // SERENITY_TEST_CORE_ARENA_BRUTEFORCEARENA_H
