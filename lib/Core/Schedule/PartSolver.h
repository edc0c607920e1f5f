//===- PartSolver.h - The least peak of one part of a graph -----*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_SCHEDULE_PARTSOLVER_H
#define SERENITY_LIB_CORE_SCHEDULE_PARTSOLVER_H

#include "BudgetSearch.h"

#include <limits>
#include <memory>

namespace serenity::core {

/// Closes in on the least peak of one part of a graph from both sides: orders
/// that exist lower the upper bound, refuted budgets raise the lower one.
class PartSolver {
public:
  /// `partition` must outlive this. Starts with no order at all.
  PartSolver(const Partition &partition, size_t part);

  /// The best order so far, and its peak.
  absl::Span<const OpId> bestOrder() const { return best; }
  int64_t upperBound() const { return upper; }
  /// No order of the part has a smaller peak than this.
  int64_t lowerBound() const { return lower; }

  /// Takes `order`, a legal order of the part with the given peak, if it is
  /// better than the best.
  void offer(absl::Span<const OpId> order, int64_t peak);

  /// Searches for a while, longer each time. An order of at most `goal` bytes
  /// is as good as any other and ends the search.
  void search(int64_t goal, const ExactSwitches &switches,
              SearchLimits &limits);

  /// Frees what the search has learnt.
  void forget() { searches.clear(); }

private:
  struct DirectedSearch {
    Direction direction;
    std::unique_ptr<BudgetSearch> search;
  };

  /// The budget that is cheapest to refute, the one that is cheapest to meet,
  /// and the one that halves the gap.
  enum class Probe { Lowest, Highest, Middle };

  int64_t budgetOf(Probe kind, int64_t goal) const;
  void startSearches(const ExactSwitches &switches, SearchLimits &limits);
  void probe(const DirectedSearch &directed, int64_t budget);

  const Partition &partition;
  size_t part;
  std::vector<OpId> best;
  int64_t lower;
  int64_t upper = std::numeric_limits<int64_t>::max();
  int64_t maxStatesPerProbe = 64;
  std::vector<DirectedSearch> searches;
};

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_SCHEDULE_PARTSOLVER_H
