//===- LowerBound.cpp - What every arena needs ----------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Layout.h"
#include "serenity/Core/Arena/Solver.h"

#include <algorithm>
#include <limits>
#include <set>

namespace serenity::core {
namespace {

/// Walks through time, keeping the sum of the sizes alive.
///
/// All offsets are multiples of the smallest alignment, so every buffer but the
/// one on top takes its size rounded up to it. Where two buffers may start at
/// the same offset, they may save the smaller size of both.
class LiveSumSweep {
public:
  explicit LiveSumSweep(const ArenaProblem &problem) {
    alignment = std::numeric_limits<int64_t>::max();
    for (const ArenaBuffer &buffer : problem.buffers)
      if (buffer.size > 0)
        alignment = std::min(alignment, buffer.alignment);
    for (const ArenaBuffer &buffer : problem.buffers)
      if (buffer.size > 0)
        addEvents(buffer.lower, buffer.upper, rounded(buffer),
                  rounded(buffer) - buffer.size);
    for (const InPlacePair &pair : problem.inPlacePairs)
      addSaving(problem.buffers[pair.first], problem.buffers[pair.second]);
  }

  int64_t findLargest() {
    std::sort(events.begin(), events.end(),
              [](const Event &a, const Event &b) { return a.time < b.time; });
    for (size_t i = 0; i < events.size();) {
      const int64_t time = events[i].time;
      for (; i < events.size() && events[i].time == time; ++i)
        apply(events[i]);
      const int64_t bytes = sum - (padding.empty() ? 0 : *padding.rbegin());
      best = std::max(best, bytes);
    }
    return best;
  }

private:
  struct Event {
    int64_t time;
    int64_t bytes;
    /// What rounding has added to a size; -1 for savings.
    int64_t padding;
    bool isEnd;
  };

  int64_t rounded(const ArenaBuffer &buffer) const {
    return alignUp(buffer.size, alignment);
  }

  void addEvents(int64_t lower, int64_t upper, int64_t bytes, int64_t padding) {
    events.push_back({lower, bytes, padding, false});
    events.push_back({upper, -bytes, padding, true});
  }

  void addSaving(const ArenaBuffer &a, const ArenaBuffer &b) {
    const int64_t lower = std::max(a.lower, b.lower);
    const int64_t upper = std::min(a.upper, b.upper);
    if (lower < upper && a.size > 0 && b.size > 0)
      addEvents(lower, upper, -std::min(rounded(a), rounded(b)), -1);
  }

  void apply(const Event &event) {
    sum += event.bytes;
    if (event.padding < 0)
      return;
    if (event.isEnd)
      padding.erase(padding.find(event.padding));
    else
      padding.insert(event.padding);
  }

  int64_t alignment, sum = 0, best = 0;
  std::vector<Event> events;
  std::multiset<int64_t> padding;
};

} // namespace

int64_t arenaLowerBound(const ArenaProblem &problem) {
  int64_t best = LiveSumSweep(problem).findLargest();
  const absl::StatusOr<Layout> layout = Layout::make(problem);
  if (!layout.ok())
    return best;
  for (const Item &item : layout->items())
    best = std::max(best,
                    item.fixedBase.value_or(item.alignBase(0)) + item.height);
  return best;
}

} // namespace serenity::core
