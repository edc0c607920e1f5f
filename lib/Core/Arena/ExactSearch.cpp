//===- ExactSearch.cpp - Closes the gap between plan and bound ------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExactSearch.h"

#include <algorithm>

namespace serenity::core {

/// The nodes that no plan can be found without: one for each buffer, in each
/// part of the time that shares no buffer with others.
static int64_t costOfPlan(const Layout &layout) {
  std::vector<Part> parts(layout.parts().begin(), layout.parts().end());
  std::sort(parts.begin(), parts.end(),
            [](const Part &a, const Part &b) { return a.lower < b.lower; });
  int64_t cost = 0, numTogether = 0, end = 0;
  for (const Part &part : parts) {
    if (part.lower >= end) {
      cost += numTogether * SearchBudget::costOfNode(numTogether);
      numTogether = 0;
    }
    ++numTogether;
    end = std::max(end, part.upper);
  }
  return cost + numTogether * SearchBudget::costOfNode(numTogether);
}

ExactSearch::ExactSearch(const ArenaProblem &problem, const Layout &layout,
                         const ArenaOptions &options, const SearchClock &clock)
    : capacity(options.capacityBytes), learn(options.switches.learnedOrder),
      budget(options, clock) {
  isHopeless = costOfPlan(layout) > options.maxNodes;
  if (isHopeless)
    return;
  if (isPlain(layout, problem))
    skyline.emplace(layout, options.switches);
  else
    orientation.emplace(layout);
}

bool ExactSearch::isDone(int64_t lower, int64_t upper) const {
  return upper <= std::max(lower, capacity.value_or(0)) ||
         lower > capacity.value_or(lower);
}

std::vector<int64_t> ExactSearch::chooseTargets(int64_t lower,
                                                int64_t upper) const {
  if (capacity)
    return {*capacity};
  return {lower, lower + (upper - lower) / 2, upper - 1};
}

SearchResult ExactSearch::search(int64_t target, size_t heuristic) {
  return skyline ? skyline->search(target, heuristic, budget)
                 : orientation->search(target, budget);
}

std::optional<ArenaStop> ExactSearch::run(int64_t &lower, int64_t &upper,
                                          const OnPlan &onPlan) {
  if (isHopeless)
    return ArenaStop::NodeLimit;
  // Orders that learn live from many short runs; without, only longer runs
  // find more.
  const double growth = skyline && learn ? 1.05 : 2;
  const size_t numHeuristics = skyline ? SkylineSearch::kNumHeuristics : 1;
  for (double share = 2000;; share *= growth)
    for (size_t i = 0; i < numHeuristics; ++i)
      for (int64_t target : chooseTargets(lower, upper)) {
        if (isDone(lower, upper))
          return std::nullopt;
        if (budget.stop())
          return budget.stop();
        if (target < lower || target >= upper)
          continue;
        budget.startShare(static_cast<int64_t>(std::min(share, 1e18)));
        const SearchResult result = search(target, i);
        if (result.kind == SearchResult::Found)
          upper = std::min(upper, onPlan(result.bases));
        else if (result.kind == SearchResult::Refuted)
          lower = std::min(upper, result.lowerBound);
      }
}

} // namespace serenity::core
