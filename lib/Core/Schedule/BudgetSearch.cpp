//===- BudgetSearch.cpp - Is there an order within a budget? --------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BudgetSearch.h"

#include <algorithm>
#include <limits>
#include <tuple>

using namespace serenity::core;

BudgetSearch::BudgetSearch(SearchGraph searchGraph,
                           const ExactSwitches &switches, SearchLimits &limits)
    : graph(std::move(searchGraph)), switches(switches), limits(limits),
      state(graph), failed(state.bits().size(), limits) {}

BudgetSearch::Answer BudgetSearch::decide(int64_t newBudget,
                                          int64_t maxStates) {
  budget = newBudget;
  if (graph.startBytes > budget) {
    provenBound = graph.startBytes;
    return Answer::No;
  }
  const Answer answer = search(maxStates);
  if (answer == Answer::Yes)
    found.assign(state.doneOps().begin(), state.doneOps().end());
  foundPeak = state.unwind();
  stack.clear();
  candidates.clear();
  return answer;
}

BudgetSearch::Answer BudgetSearch::search(int64_t maxStates) {
  for (int64_t numStates = 0;;) {
    if (switches.valleyRule)
      commitFreeSteps();
    if (state.isComplete())
      return Answer::Yes;
    const int64_t known = knownBound();
    if (known > budget)
      returnToTopFrame(known);
    else if (numStates++ == maxStates || !limits.addState())
      return Answer::Unknown;
    else
      pushFrame();
    while (!stack.empty() && stack.back().isExhausted())
      failTopFrame();
    if (stack.empty())
      return Answer::No;
    state.run(candidates[stack.back().nextCandidate++].op);
  }
}

/// Runs operations that fit and leave no more alive than before, while there
/// are any (theorem 2).
void BudgetSearch::commitFreeSteps() {
  while (std::optional<Candidate> step = bestFreeStep()) {
    limits.addWork(state.readyOps().size());
    state.run(step->op);
  }
}

std::optional<BudgetSearch::Candidate> BudgetSearch::bestFreeStep() const {
  std::optional<Candidate> best;
  for (int32_t op : state.readyOps()) {
    const SearchState::Step step = state.evaluate(op);
    if (step.liveAfter > state.liveBytes() || step.cost > budget)
      continue;
    const Candidate candidate{step.liveAfter, step.cost, op};
    if (!best || candidate < *best)
      best = candidate;
  }
  return best;
}

int64_t BudgetSearch::knownBound() const {
  return switches.failedStates ? failed.lookup(state.hash(), state.bits()) : 0;
}

/// Makes candidates of the ready operations that fit. The cheapest of the
/// others is what another budget would have to allow.
void BudgetSearch::pushFrame() {
  Frame frame{std::numeric_limits<int64_t>::max(), state.doneOps().size(),
              candidates.size(), 0};
  for (int32_t op : state.readyOps()) {
    const SearchState::Step step = state.evaluate(op);
    if (step.cost <= budget)
      candidates.push_back({step.liveAfter, step.cost, op});
    else
      frame.bound = std::min(frame.bound, step.cost);
  }
  limits.addWork(state.readyOps().size());
  std::sort(candidates.begin() + frame.nextCandidate, candidates.end());
  frame.endCandidate = candidates.size();
  stack.push_back(frame);
}

/// Every candidate of the current set has failed.
void BudgetSearch::failTopFrame() {
  const Frame frame = stack.back();
  stack.pop_back();
  candidates.resize(stack.empty() ? 0 : stack.back().endCandidate);
  if (switches.failedStates)
    failed.store(state.hash(), state.bits(), frame.bound);
  returnToTopFrame(frame.bound);
}

/// Goes back from the current set, of which `bound` has been proved, to the one
/// that tried it.
void BudgetSearch::returnToTopFrame(int64_t bound) {
  const size_t numDone = stack.empty() ? 0 : stack.back().numDone;
  while (state.doneOps().size() > numDone)
    state.undo();
  if (stack.empty())
    provenBound = bound;
  else
    stack.back().bound = std::min(stack.back().bound, bound);
}
