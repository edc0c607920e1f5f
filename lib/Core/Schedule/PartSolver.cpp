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
  if (!best.empty() && peak >= upper)
    return;
  upper = peak;
  best.assign(order.begin(), order.end());
}

void PartSolver::search(int64_t goal, const ExactSwitches &switches,
                        SearchLimits &limits) {
  if (searches.empty())
    startSearches(switches, limits);
  DirectedSearch &next =
      *std::min_element(searches.begin(), searches.end(),
                        [](const DirectedSearch &a, const DirectedSearch &b) {
                          return a.effort < b.effort;
                        });
  const int64_t statesBefore = limits.states();
  const bool isDecided = probe(next, budgetOf(next.numUndecided, goal));
  next.effort += (1 + limits.states() - statesBefore) * next.price;
  next.numUndecided = isDecided ? 0 : next.numUndecided + 1;
  if (next.numUndecided == kNumBudgets) {
    next.numUndecided = 0;
    next.maxStates *= 4;
  }
}

void PartSolver::startSearches(const ExactSwitches &switches,
                               SearchLimits &limits) {
  auto add = [&](Direction direction, int64_t price) {
    searches.push_back(
        {direction, price,
         std::make_unique<BudgetSearch>(partition.extract(part, direction),
                                        switches, limits)});
  };
  // Networks join more than they fork, which makes the way back the easier one
  // (docs/Scheduling.md, section 4): it gets four fifths of the states.
  if (switches.backward)
    add(Direction::Backward, 1);
  if (switches.forward)
    add(Direction::Forward, 4);
}

/// The budgets to ask about, in turn, until one is decided: the one that halves
/// the gap, the one that is easiest to meet, the one that is easiest to refute.
int64_t PartSolver::budgetOf(int number, int64_t goal) const {
  const int64_t lowest = std::max(lower, goal), highest = upper - 1;
  const int64_t budgets[kNumBudgets] = {lowest + (highest - lowest) / 2,
                                        highest, lowest};
  return budgets[number];
}

/// Asks a search about a budget and learns from the answer, if there is one.
bool PartSolver::probe(const DirectedSearch &directed, int64_t budget) {
  switch (directed.search->decide(budget, directed.maxStates)) {
  case BudgetSearch::Answer::Unknown:
    return false;
  case BudgetSearch::Answer::No:
    lower = std::max(lower, directed.search->bound());
    return true;
  case BudgetSearch::Answer::Yes:
    break;
  }
  std::vector<OpId> order;
  for (int32_t op : directed.search->order())
    order.push_back(partition.ops(part)[op]);
  if (directed.direction == Direction::Backward)
    std::reverse(order.begin(), order.end());
  offer(order, directed.search->peak());
  return true;
}
