//===- BudgetSearch.cpp - Is there an order within a budget? --------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BudgetSearch.h"

#include "absl/algorithm/container.h"

#include <algorithm>
#include <limits>
#include <tuple>

using namespace serenity::core;

BudgetSearch::BudgetSearch(SearchGraph searchGraph,
                           const ExactSwitches &switches, SearchLimits &limits)
    : graph(std::move(searchGraph)), switches(switches), limits(limits),
      state(graph), failed(state.bits().size(), limits),
      sleepBounds(graph.numOps()), mostFreed(graph.scratchBytes) {
  for (size_t op = 0; op < graph.numOps(); ++op)
    for (int32_t buffer : graph.deaths[op])
      mostFreed[op] += graph.bytes[buffer];
}

BudgetSearch::Answer BudgetSearch::decide(int64_t newBudget, int64_t maxStates,
                                          Aim newAim) {
  budget = newBudget;
  aim = switches.refutationOrder ? newAim : Aim::Order;
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
  sleepers.clear();
  return answer;
}

BudgetSearch::Answer BudgetSearch::search(int64_t maxStates) {
  for (int64_t numStates = 0;;) {
    const size_t firstCandidate = candidates.size();
    const int64_t bound = settle();
    if (state.isComplete())
      return Answer::Yes;
    if (candidates.size() == firstCandidate) {
      returnToTopFrame(bound);
    } else if (const int64_t known = knownBound(); known > budget) {
      candidates.resize(firstCandidate);
      returnToTopFrame(known);
    } else if (const int64_t ahead = lookAhead(firstCandidate);
               ahead > budget) {
      candidates.resize(firstCandidate);
      returnToTopFrame(ahead);
    } else if (numStates++ == maxStates || !limits.addState()) {
      return Answer::Unknown;
    } else {
      pushFrame(firstCandidate, bound);
    }
    while (!stack.empty() && stack.back().isExhausted())
      failTopFrame();
    if (stack.empty())
      return Answer::No;
    tryNextCandidate();
  }
}

/// Runs free steps (theorem 2), then makes candidates of the ready operations
/// that fit and are awake. Returns what every other one needs: what another
/// budget would have to allow.
int64_t BudgetSearch::settle() {
  for (size_t i = firstSleeper(); i < sleepers.size(); ++i)
    sleepBounds[sleepers[i].op] = sleepers[i].bound;
  const int64_t bound = settleAwake(candidates.size());
  for (size_t i = firstSleeper(); i < sleepers.size(); ++i)
    sleepBounds[sleepers[i].op] = 0;
  return bound;
}

int64_t BudgetSearch::settleAwake(size_t firstCandidate) {
  for (;;) {
    const int64_t bound = collectCandidates();
    if (!switches.valleyRule || candidates.size() == firstCandidate)
      return bound;
    const Candidate best =
        *std::min_element(candidates.begin() + firstCandidate, candidates.end(),
                          Candidate::leavesLess);
    if (best.liveAfter > state.liveBytes())
      return bound;
    candidates.resize(firstCandidate);
    // The current set needs no less than the one that a free step leads to.
    if (sleepBounds[best.op] != 0)
      return sleepBounds[best.op];
    run(best);
  }
}

/// Appends the ready operations that fit; of those that sleep only free steps.
int64_t BudgetSearch::collectCandidates() {
  int64_t bound = std::numeric_limits<int64_t>::max();
  for (int32_t op : state.readyOps()) {
    const SearchState::Step step = state.evaluate(op);
    const bool isFree = step.liveAfter <= state.liveBytes();
    if (sleepBounds[op] != 0 && !(switches.valleyRule && isFree))
      bound = std::min(bound, sleepBounds[op]);
    else if (step.cost > budget)
      bound = std::min(bound, step.cost);
    else
      candidates.push_back({step.liveAfter, step.cost, op});
  }
  limits.addWork(state.readyOps().size());
  return bound;
}

/// Runs `step`. Sleepers of the current set wake up if it might not fit once
/// they have run. Two upper bounds of what it would cost then: what it adds
/// now, added to what they would leave alive; and what it could free at most,
/// added to what is alive after both.
void BudgetSearch::run(const Candidate &step) {
  const auto first = sleepers.begin() + firstSleeper();
  const int64_t added = step.cost - state.liveBytes();
  const auto doubtful =
      std::partition(first, sleepers.end(), [&](const Sleeper &sleeper) {
        return state.evaluate(sleeper.op).liveAfter + added <= budget;
      });
  state.run(step.op);
  const auto awake =
      std::partition(doubtful, sleepers.end(), [&](const Sleeper &sleeper) {
        return state.evaluate(sleeper.op).liveAfter + mostFreed[step.op] <=
               budget;
      });
  for (auto it = awake; it != sleepers.end(); ++it)
    sleepBounds[it->op] = 0;
  sleepers.erase(awake, sleepers.end());
}

/// Looks for a free run (theorem 2). If one begins with a sleeper, returns what
/// that proves of the current set; if with a candidate, no other is needed.
int64_t BudgetSearch::lookAhead(size_t firstCandidate) {
  if (!switches.freeRuns)
    return 0;
  limits.addWork(sleepers.size() - firstSleeper() + candidates.size() -
                 firstCandidate);
  for (size_t i = firstSleeper(); i < sleepers.size(); ++i)
    if (beginsFreeRun(sleepers[i].op))
      return sleepers[i].bound;
  const auto first = candidates.begin() + firstCandidate;
  const auto best =
      std::find_if(first, candidates.end(), [&](const Candidate &candidate) {
        return beginsFreeRun(candidate.op);
      });
  if (best != candidates.end()) {
    *first = *best;
    candidates.resize(firstCandidate + 1);
  }
  return 0;
}

/// Whether after `op` and steps that fit, each leaving no more alive, no more
/// is alive than now, nor than in any set on the way that lacks `op`.
bool BudgetSearch::beginsFreeRun(int32_t op) {
  if (!state.enablesAny(op))
    return false;
  const int64_t liveBefore = state.liveBytes();
  const size_t numDone = state.doneOps().size();
  state.run(op);
  while (state.liveBytes() > liveBefore && runFreeStep()) {
  }
  const int64_t liveAfter = state.liveBytes();
  const auto steps = state.doneOps().subspan(numDone + 1);
  const std::vector<int32_t> others(steps.begin(), steps.end());
  while (state.doneOps().size() > numDone)
    state.undo();
  int maxSets = kMaxSetsLackingFirst;
  return liveAfter <= liveBefore && isBelowAll(liveAfter, others, maxSets);
}

/// Runs an operation that fits and leaves no more alive, if there is one; one
/// that has become ready last, if it can.
bool BudgetSearch::runFreeStep() {
  const auto ready = state.readyOps();
  const auto free = std::find_if(ready.rbegin(), ready.rend(), [&](int32_t op) {
    const SearchState::Step step = state.evaluate(op);
    return step.liveAfter <= state.liveBytes() && step.cost <= budget;
  });
  limits.addWork(free - ready.rbegin());
  if (free == ready.rend())
    return false;
  state.run(*free);
  return true;
}

/// Whether `bytes` are no more than what is alive now and in every set that
/// some of `ops` lead to. Gives up, with false, after `maxSets` sets.
bool BudgetSearch::isBelowAll(int64_t bytes, absl::Span<const int32_t> ops,
                              int &maxSets) {
  if (bytes > state.liveBytes() || maxSets-- == 0)
    return false;
  return absl::c_all_of(ops, [&](int32_t op) {
    if (!state.isReady(op))
      return true;
    state.run(op);
    const bool isBelow = isBelowAll(bytes, ops, maxSets);
    state.undo();
    return isBelow;
  });
}

int64_t BudgetSearch::knownBound() const {
  return switches.failedStates ? failed.lookup(state.hash(), state.bits()) : 0;
}

/// Tries the candidates from `firstCandidate` on at the current set, where
/// every other operation needs at least `bound`. For a proof those come first
/// that lead to much, and then sleep while the others are tried: operations
/// that make others ready, and of these the ones that bear and free the most
/// bytes.
void BudgetSearch::pushFrame(size_t firstCandidate, int64_t bound) {
  const auto first = candidates.begin() + firstCandidate;
  if (aim == Aim::Order) {
    std::sort(first, candidates.end(), Candidate::leavesLess);
  } else {
    for (auto it = first; it != candidates.end(); ++it)
      it->enables = state.enablesAny(it->op);
    std::sort(first, candidates.end(), Candidate::leadsToMore);
  }
  stack.push_back({bound, state.doneOps().size(), firstCandidate,
                   firstCandidate, candidates.size(), firstSleeper(),
                   sleepers.size()});
}

/// Runs the next candidate of the top frame, while those that have failed
/// sleep.
void BudgetSearch::tryNextCandidate() {
  Frame &frame = stack.back();
  if (switches.sleepSets) {
    for (size_t i = frame.firstSleeper; i < frame.endSleeper; ++i)
      sleepers.push_back(Sleeper(sleepers[i]));
    for (size_t i = frame.firstCandidate; i < frame.nextCandidate; ++i)
      sleepers.push_back({candidates[i].op, candidates[i].bound});
  }
  run(Candidate(candidates[frame.nextCandidate++]));
}

/// Every candidate of the current set has failed.
void BudgetSearch::failTopFrame() {
  const Frame frame = stack.back();
  stack.pop_back();
  candidates.resize(frame.firstCandidate);
  sleepers.resize(frame.firstSleeper);
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
  sleepers.resize(firstSleeper());
  if (stack.empty()) {
    provenBound = bound;
    return;
  }
  Frame &frame = stack.back();
  candidates[frame.nextCandidate - 1].bound = bound;
  frame.bound = std::min(frame.bound, bound);
}
