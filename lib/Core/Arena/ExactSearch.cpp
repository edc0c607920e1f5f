//===- ExactSearch.cpp - Closes the gap between plan and bound ------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExactSearch.h"

namespace serenity::core {
namespace {

/// A way of searching, in runs whose length grows.
struct Variant {
  size_t heuristic;
  bool learn;
  double share, growth;
  int64_t spent = 0;
};

/// Learning lives from many short runs, a fixed order from long ones.
std::vector<Variant> makeVariants(bool learn) {
  std::vector<Variant> variants;
  for (size_t i = 0; learn && i < SkylineSearch::kNumHeuristics; ++i)
    variants.push_back({i, true, 300, 1.02});
  for (size_t i : {1, 0, 2})
    variants.push_back({i, false, 1000, 2});
  return variants;
}

} // namespace

ExactSearch::ExactSearch(const ArenaProblem &problem, const Layout &layout,
                         const ArenaOptions &options)
    : capacity(options.capacityBytes), learn(options.switches.learnedOrder),
      budget(options) {
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

SearchResult ExactSearch::search(int64_t target, size_t heuristic, bool learn) {
  return skyline ? skyline->search(target, heuristic, learn, budget)
                 : orientation->search(target, budget);
}

std::optional<ArenaStop> ExactSearch::run(int64_t &lower, int64_t &upper,
                                          const OnPlan &onPlan) {
  std::vector<Variant> variants = makeVariants(learn);
  while (true) {
    Variant &variant = *std::min_element(
        variants.begin(), variants.end(),
        [](const Variant &a, const Variant &b) { return a.spent < b.spent; });
    for (int64_t target : chooseTargets(lower, upper)) {
      if (isDone(lower, upper))
        return std::nullopt;
      if (budget.stop())
        return budget.stop();
      if (target < lower || target >= upper)
        continue;
      const int64_t before = budget.nodes();
      budget.startShare(static_cast<int64_t>(std::min(variant.share, 1e18)));
      const SearchResult result =
          search(target, variant.heuristic, variant.learn);
      variant.spent += budget.nodes() - before;
      if (result.kind == SearchResult::Found)
        upper = std::min(upper, onPlan(result.bases));
      else if (result.kind == SearchResult::Refuted)
        lower = std::min(upper, result.lowerBound);
    }
    variant.share *= variant.growth;
  }
}

} // namespace serenity::core
