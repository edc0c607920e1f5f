//===- ExactSearch.h - Closes the gap between plan and bound ----*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_ARENA_EXACTSEARCH_H
#define SERENITY_LIB_CORE_ARENA_EXACTSEARCH_H

#include "OrientationSearch.h"
#include "SkylineSearch.h"

#include <functional>

namespace serenity::core {

/// Asks the search that knows the problem for plans within capacities between
/// the lower bound and the best plan, in shares of the budget that grow. Walks
/// from both ends, so that the gap is small when a limit strikes. `clock` must
/// outlive the search.
class ExactSearch {
public:
  ExactSearch(const ArenaProblem &problem, const Layout &layout,
              const ArenaOptions &options, const SearchClock &clock);

  /// Called with the bases of each plan that is found; returns its arena.
  using OnPlan = std::function<int64_t(const std::vector<int64_t> &bases)>;

  /// Narrows [lower, upper] until both are equal, `upper` is within the
  /// capacity asked for, or `lower` is above it. Returns the limit that stopped
  /// it before.
  std::optional<ArenaStop> run(int64_t &lower, int64_t &upper,
                               const OnPlan &onPlan);

  int64_t nodes() const { return budget.nodes(); }

private:
  bool isDone(int64_t lower, int64_t upper) const;
  std::vector<int64_t> chooseTargets(int64_t lower, int64_t upper) const;
  SearchResult search(int64_t capacity, size_t heuristic);

  const std::optional<int64_t> capacity;
  const bool learn;
  /// Whether the limit on nodes is too low for any plan.
  bool isHopeless = false;
  SearchBudget budget;
  std::optional<SkylineSearch> skyline;
  std::optional<OrientationSearch> orientation;
};

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_ARENA_EXACTSEARCH_H
