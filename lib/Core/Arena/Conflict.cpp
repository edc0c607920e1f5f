//===- Conflict.cpp - Why a capacity is not enough ------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Conflict.h"
#include "ExactSearch.h"
#include "Subproblem.h"

#include <algorithm>

namespace serenity::core {
namespace {

/// Leaves out one run of items after the other.
class ConflictShrinker {
public:
  ConflictShrinker(const ArenaProblem &problem, const Layout &layout,
                   int64_t capacity, const ArenaSwitches &switches,
                   const SearchClock &clock)
      : problem(problem), layout(layout), capacity(capacity), clock(clock) {
    options.capacityBytes = capacity;
    options.switches = switches;
    canSearch = arenaLowerBound(problem) <= capacity;
    for (size_t i = 0; i < layout.items().size(); ++i)
      items.push_back(static_cast<int32_t>(i));
    // What is alive together is kept together.
    std::stable_sort(items.begin(), items.end(), [&](int32_t a, int32_t b) {
      return startOf(a) < startOf(b);
    });
  }

  std::vector<int32_t> shrink() {
    for (size_t run = (items.size() + 1) / 2; run > 0; run /= 2)
      for (size_t begin = 0; begin < items.size() && !clock.isTimeUp();)
        if (!leaveOut(begin, run))
          begin += run;
    return buffersOf(items);
  }

private:
  int64_t startOf(int32_t item) const {
    return layout.partsOf(layout.items()[item]).front().lower;
  }

  bool leaveOut(size_t begin, size_t run) {
    const size_t end = std::min(begin + run, items.size());
    std::vector<int32_t> rest(items.begin(), items.begin() + begin);
    rest.insert(rest.end(), items.begin() + end, items.end());
    if (!isInfeasible(extractBuffers(problem, buffersOf(rest))))
      return false;
    items = std::move(rest);
    return true;
  }

  bool isInfeasible(const ArenaProblem &part) {
    int64_t lower = arenaLowerBound(part);
    const absl::StatusOr<Layout> partLayout = Layout::make(part);
    if (!canSearch || lower > capacity || !partLayout.ok())
      return lower > capacity;
    int64_t upper = std::numeric_limits<int64_t>::max();
    options.maxNodes = 2000;
    ExactSearch search(part, *partLayout, options, clock);
    search.run(lower, upper,
               [&](const std::vector<int64_t> &) { return capacity; });
    // Setting a search up costs about a node for each buffer.
    effort += search.nodes() + static_cast<int64_t>(part.buffers.size());
    canSearch = effort < kMaxEffort;
    return lower > capacity;
  }

  std::vector<int32_t> buffersOf(const std::vector<int32_t> &kept) const {
    std::vector<int32_t> buffers;
    for (int32_t item : kept)
      for (const Part &part : layout.partsOf(layout.items()[item]))
        buffers.push_back(part.buffer);
    std::sort(buffers.begin(), buffers.end());
    return buffers;
  }

  const ArenaProblem &problem;
  const Layout &layout;
  const int64_t capacity;
  const SearchClock &clock;
  ArenaOptions options;
  /// Whether the largest live sum does not say it all, and there is time left.
  bool canSearch;
  int64_t effort = 0;
  static constexpr int64_t kMaxEffort = 200000;
  /// What cannot be left out, or has not been tried.
  std::vector<int32_t> items;
};

} // namespace

std::vector<int32_t> findConflict(const ArenaProblem &problem, int64_t capacity,
                                  const ArenaSwitches &switches,
                                  const SearchClock &clock) {
  const absl::StatusOr<Layout> layout = Layout::make(problem);
  if (!layout.ok())
    return {};
  return ConflictShrinker(problem, *layout, capacity, switches, clock).shrink();
}

} // namespace serenity::core
