//===- SpillBound.cpp - What must be spilled in any case ------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SpillBound.h"

#include "absl/numeric/int128.h"

#include <algorithm>
#include <limits>

namespace serenity::core {
namespace {

/// What the buffers alive at one moment spill, and the time that they cover.
struct Moment {
  int64_t lower, upper, spilled;
};

class SpillBound {
public:
  SpillBound(const ArenaProblem &problem,
             const std::vector<ArenaMemory> &memories)
      : memories(memories) {
    std::vector<bool> isPaired(problem.buffers.size());
    for (const InPlacePair &pair : problem.inPlacePairs)
      isPaired[pair.first] = isPaired[pair.second] = true;
    for (size_t i = 0; i < problem.buffers.size(); ++i)
      if (problem.buffers[i].size > 0 && !isPaired[i])
        byStart.push_back(&problem.buffers[i]);
    std::stable_sort(byStart.begin(), byStart.end(),
                     [](const ArenaBuffer *a, const ArenaBuffer *b) {
                       return a->lower < b->lower;
                     });
  }

  std::optional<int64_t> compute() {
    std::vector<const ArenaBuffer *> alive;
    for (size_t i = 0; i < byStart.size();) {
      const int64_t time = byStart[i]->lower;
      alive.erase(std::remove_if(
                      alive.begin(), alive.end(),
                      [&](const ArenaBuffer *b) { return b->upper <= time; }),
                  alive.end());
      for (; i < byStart.size() && byStart[i]->lower == time; ++i)
        alive.push_back(byStart[i]);
      if (!addMoment(alive))
        return std::nullopt;
    }
    return addUp();
  }

private:
  /// Fills the memories with `alive`. Returns whether there is room for all.
  bool addMoment(std::vector<const ArenaBuffer *> alive) {
    std::stable_sort(alive.begin(), alive.end(),
                     [](const ArenaBuffer *a, const ArenaBuffer *b) {
                       return absl::int128(benefitOf(*a)) * b->size >
                              absl::int128(benefitOf(*b)) * a->size;
                     });
    Moment moment{std::numeric_limits<int64_t>::max(), 0, 0};
    size_t memory = 0;
    int64_t room = capacityOf(0);
    for (const ArenaBuffer *buffer : alive) {
      moment.lower = std::min(moment.lower, buffer->lower);
      moment.upper = std::max(moment.upper, buffer->upper);
      for (int64_t rest = buffer->size; rest > 0;) {
        while (room == 0 && ++memory < memories.size())
          room = capacityOf(memory);
        if (memory == memories.size())
          return false;
        const int64_t bytes = std::min(rest, room);
        moment.spilled += static_cast<int64_t>(
            absl::int128(benefitOf(*buffer)) * static_cast<int64_t>(memory) *
            bytes / buffer->size);
        rest -= bytes;
        room -= bytes;
      }
    }
    if (moment.spilled > 0)
      moments.push_back(moment);
    return true;
  }

  int64_t capacityOf(size_t memory) const {
    return memories[memory].capacityBytes.value_or(
        std::numeric_limits<int64_t>::max());
  }

  /// The largest sum over moments that have no buffer in common.
  int64_t addUp() {
    std::stable_sort(
        moments.begin(), moments.end(),
        [](const Moment &a, const Moment &b) { return a.upper < b.upper; });
    std::vector<int64_t> best{0};
    for (const Moment &moment : moments) {
      const auto before = std::upper_bound(
          moments.begin(), moments.begin() + best.size() - 1, moment.lower,
          [](int64_t time, const Moment &m) { return time < m.upper; });
      best.push_back(std::max(best.back(),
                              best[before - moments.begin()] + moment.spilled));
    }
    return best.back();
  }

  const std::vector<ArenaMemory> &memories;
  std::vector<const ArenaBuffer *> byStart;
  std::vector<Moment> moments;
};

} // namespace

std::optional<int64_t>
spilledBenefitBound(const ArenaProblem &problem,
                    const std::vector<ArenaMemory> &memories) {
  return SpillBound(problem, memories).compute();
}

} // namespace serenity::core
