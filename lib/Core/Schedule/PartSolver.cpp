//===- PartSolver.cpp - The least peak of one part of a graph -------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PartSolver.h"

#include "CutBound.h"
#include "LowerBound.h"

#include "absl/algorithm/container.h"

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
  // So much work that cuts are cheap beside it.
  constexpr int64_t kWorkBeforeCuts = int64_t{1} << 19;
  if (switches.cutBound && !hasCutBound && limits.work() >= kWorkBeforeCuts) {
    hasCutBound = true;
    lower = cutBoundOfPart(partition, part, best, lower, limits);
    return;
  }
  DirectedSearch &next =
      *std::min_element(searches.begin(), searches.end(),
                        [](const DirectedSearch &a, const DirectedSearch &b) {
                          return a.effort < b.effort;
                        });
  const auto question = nextQuestion(next, goal, switches.beam);
  if (!question) {
    next.raiseLimit();
    return;
  }
  const int64_t statesBefore = limits.states();
  const bool isDecided = ask(next, *question);
  const int64_t effort = (1 + limits.states() - statesBefore) * next.price;
  next.effort += effort;
  if (isDecided)
    return;
  if (question->method == Method::Search) {
    next.searchUndecided.push_back(question->budget);
  } else {
    next.beamUndecided.push_back(question->budget);
    next.beamLosses += effort;
  }
}

/// Begins another round of questions, with more states for each. A forward
/// search gets fewer turns with every round in which many states were not
/// enough: where it is of use, it is so early.
void PartSolver::DirectedSearch::raiseLimit() {
  constexpr int64_t kManyStates = 4096;
  beamUndecided.clear();
  searchUndecided.clear();
  maxStates *= 4;
  if (direction == Direction::Forward && maxStates > kManyStates)
    price *= 2;
}

void PartSolver::startSearches(const ExactSwitches &switches,
                               SearchLimits &limits) {
  auto add = [&](Direction direction, int64_t price) {
    auto search = std::make_unique<BudgetSearch>(
        partition.extract(part, direction), switches, limits);
    auto beam = std::make_unique<BeamSearch>(search->searchGraph(), limits);
    searches.push_back({direction, price, std::move(search), std::move(beam)});
  };
  // Networks join more than they fork, which makes the way back the easier one
  // (docs/Scheduling.md, section 4): it gets four fifths of the states or more.
  if (switches.backward)
    add(Direction::Backward, 1);
  if (switches.forward)
    add(Direction::Forward, 4);
}

/// What to ask next, unless all has been asked in vain. A beam finds orders and
/// refutes nothing; it is quicker where there is an order to find. It is asked
/// about the budget that halves the gap and the one that is easiest to meet.
/// The search is asked about the latter, and then about those that are easier
/// and easier to refute than what it has left undecided, down to a quarter of
/// the gap.
std::optional<PartSolver::Question>
PartSolver::nextQuestion(const DirectedSearch &directed, int64_t goal,
                         bool useBeam) const {
  const int64_t lowest = std::max(lower, goal), highest = upper - 1;
  const int64_t middle = lowest + (highest - lowest) / 2;
  if (useBeam && mayAskBeam(directed))
    for (int64_t budget : {middle, highest})
      if (!absl::c_linear_search(directed.beamUndecided, budget))
        return Question{Method::Beam, budget};
  if (!absl::c_linear_search(directed.searchUndecided, highest))
    return Question{Method::Search, highest};
  const int64_t undecided = *absl::c_min_element(directed.searchUndecided);
  if (4 * (undecided - lowest) > highest - lowest)
    return Question{Method::Search, lowest + (undecided - lowest) / 2};
  return std::nullopt;
}

/// Beams may lose some states at first, and an eighth of them in the long run:
/// in the end it is refutations that take most.
bool PartSolver::mayAskBeam(const DirectedSearch &directed) const {
  constexpr int64_t kPassesAtFirst = 16, kStatesAtFirst = int64_t{1} << 16;
  const int64_t numOps = static_cast<int64_t>(partition.ops(part).size());
  const int64_t atFirst = std::min(kPassesAtFirst * numOps, kStatesAtFirst);
  return directed.beamLosses <= std::max(atFirst, directed.effort / 8);
}

/// Asks about a budget and learns from the answer, if there is one.
bool PartSolver::ask(const DirectedSearch &directed, const Question &question) {
  return question.method == Method::Beam ? askBeam(directed, question.budget)
                                         : askSearch(directed, question.budget);
}

bool PartSolver::askBeam(const DirectedSearch &directed, int64_t budget) {
  const int64_t numOps = static_cast<int64_t>(partition.ops(part).size());
  const int64_t width = std::max<int64_t>(directed.maxStates / numOps, 1);
  if (!directed.beam->find(budget, width))
    return false;
  offerFound(directed.beam->order(), directed.beam->peak(), directed.direction);
  return true;
}

bool PartSolver::askSearch(const DirectedSearch &directed, int64_t budget) {
  // The highest budget gets more: to refute it ends the search, and what fails
  // within it fails within every lower one.
  constexpr int64_t kShareOfHighest = 32;
  const bool isHighest = budget == upper - 1;
  const int64_t numOps = static_cast<int64_t>(partition.ops(part).size());
  // With fewer states, there may still be a better order to find.
  constexpr int64_t kMaxOpsPerState = 8;
  const auto aim = isHighest && kMaxOpsPerState * directed.maxStates > numOps
                       ? BudgetSearch::Aim::Proof
                       : BudgetSearch::Aim::Order;
  const int64_t share = isHighest ? kShareOfHighest : 1;
  switch (directed.search->decide(budget, share * directed.maxStates, aim)) {
  case BudgetSearch::Answer::Unknown:
    return false;
  case BudgetSearch::Answer::No:
    lower = std::max(lower, directed.search->bound());
    return true;
  case BudgetSearch::Answer::Yes:
    break;
  }
  offerFound(directed.search->order(), directed.search->peak(),
             directed.direction);
  return true;
}

void PartSolver::offerFound(absl::Span<const int32_t> found, int64_t peak,
                            Direction direction) {
  std::vector<OpId> order;
  for (int32_t op : found)
    order.push_back(partition.ops(part)[op]);
  if (direction == Direction::Backward)
    std::reverse(order.begin(), order.end());
  offer(order, peak);
}
