//===- PartSolver.cpp - The least peak of one part of a graph -------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PartSolver.h"

#include "LowerBound.h"

#include <algorithm>

using namespace serenity::core;

PartSolver::PartSolver(const Partition &partition, size_t part)
    : partition(partition), part(part),
      lower(lowerBoundOfPart(partition, part)) {}

void PartSolver::offer(absl::Span<const OpId> order, int64_t peak) {
  if (peak >= upper)
    return;
  upper = peak;
  best.assign(order.begin(), order.end());
}

void PartSolver::startSearches(const ExactSwitches &switches,
                               SearchLimits &limits) {
  auto add = [&](Direction direction) {
    searches.push_back(
        {direction, std::make_unique<BudgetSearch>(
                        partition.extract(part, direction), switches, limits)});
  };
  if (switches.backward)
    add(Direction::Backward);
  if (switches.forward)
    add(Direction::Forward);
}

/// Asks one search about one budget, and learns from the answer.
void PartSolver::probe(const DirectedSearch &directed, int64_t budget) {
  switch (directed.search->decide(budget, maxStatesPerProbe)) {
  case BudgetSearch::Answer::Unknown:
    return;
  case BudgetSearch::Answer::No:
    lower = std::max(lower, directed.search->bound());
    return;
  case BudgetSearch::Answer::Yes:
    std::vector<OpId> order;
    for (int32_t op : directed.search->order())
      order.push_back(partition.ops(part)[op]);
    if (directed.direction == Direction::Backward)
      std::reverse(order.begin(), order.end());
    offer(order, directed.search->peak());
  }
}

void PartSolver::search(int64_t goal, const ExactSwitches &switches,
                        SearchLimits &limits) {
  if (searches.empty())
    startSearches(switches, limits);
  for (const DirectedSearch &directed : searches)
    for (Probe kind : {Probe::Lowest, Probe::Highest, Probe::Middle}) {
      probe(directed, budgetOf(kind, goal));
      if (upper <= std::max(lower, goal) || limits.stopReason())
        return;
    }
  maxStatesPerProbe *= 4;
}

int64_t PartSolver::budgetOf(Probe kind, int64_t goal) const {
  const int64_t lowest = std::max(lower, goal), highest = upper - 1;
  switch (kind) {
  case Probe::Lowest:
    return lowest;
  case Probe::Highest:
    return highest;
  case Probe::Middle:
    return lowest + (highest - lowest) / 2;
  }
  return lowest;
}
