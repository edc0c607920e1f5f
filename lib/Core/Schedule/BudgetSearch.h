//===- BudgetSearch.h - Is there an order within a budget? ------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_SCHEDULE_BUDGETSEARCH_H
#define SERENITY_LIB_CORE_SCHEDULE_BUDGETSEARCH_H

#include "SearchState.h"
#include "StateTable.h"

#include <tuple>

namespace serenity::core {

/// Decides, budget after budget, whether the operations of a SearchGraph can
/// run within it. What one search proves of a set of operations helps the next.
///
/// A depth-first search over sets of operations that have run, on an explicit
/// stack. Two prunings, each a switch (docs/Scheduling.md, theorems 2 and 5):
/// the valley rule, and a table of sets that are known to fail.
class BudgetSearch {
public:
  /// `limits` must outlive this.
  BudgetSearch(SearchGraph graph, const ExactSwitches &switches,
               SearchLimits &limits);

  enum class Answer { Yes, No, Unknown };
  /// Whether some order stays within `budget` bytes. Gives up, with Unknown,
  /// after `maxStates` states or when a limit strikes.
  Answer decide(int64_t budget, int64_t maxStates);

  /// What is searched.
  const SearchGraph &searchGraph() const { return graph; }

  /// After Yes: the operations in the direction of the search.
  absl::Span<const int32_t> order() const { return found; }
  /// After Yes: the peak of that order.
  int64_t peak() const { return foundPeak; }
  /// After No: every order needs at least so many bytes, more than the budget.
  int64_t bound() const { return provenBound; }

private:
  /// A ready operation that fits the budget, and what it would do.
  struct Candidate {
    int64_t liveAfter, cost;
    int32_t op;

    friend bool operator<(const Candidate &a, const Candidate &b) {
      return std::tie(a.liveAfter, a.cost, a.op) <
             std::tie(b.liveAfter, b.cost, b.op);
    }
  };
  /// A set on the stack whose candidates are being tried.
  struct Frame {
    /// What the candidates that failed so far prove of this set.
    int64_t bound;
    /// The number of operations in the set.
    size_t numDone;
    /// The candidates that have not been tried.
    size_t nextCandidate, endCandidate;

    bool isExhausted() const { return nextCandidate == endCandidate; }
  };

  Answer search(int64_t maxStates);
  void commitFreeSteps();
  std::optional<Candidate> bestFreeStep() const;
  int64_t knownBound() const;
  void pushFrame();
  void failTopFrame();
  void returnToTopFrame(int64_t bound);

  const SearchGraph graph;
  const ExactSwitches switches;
  SearchLimits &limits;
  SearchState state;
  StateTable failed;
  int64_t budget = 0, provenBound = 0, foundPeak = 0;
  std::vector<Frame> stack;
  /// Of all frames, one after the other.
  std::vector<Candidate> candidates;
  std::vector<int32_t> found;
};

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_SCHEDULE_BUDGETSEARCH_H
