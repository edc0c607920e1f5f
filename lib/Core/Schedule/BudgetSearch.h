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
/// stack. Three prunings, each a switch (docs/Scheduling.md, theorems 2, 5 and
/// 8): the valley rule, a table of sets that are known to fail, and operations
/// that sleep since they lead to such sets.
class BudgetSearch {
public:
  /// `limits` must outlive this.
  BudgetSearch(SearchGraph graph, const ExactSwitches &switches,
               SearchLimits &limits);

  enum class Answer { Yes, No, Unknown };
  /// What is tried first: what finds an order if there is one, or what refutes
  /// the budget if there is none. Both answer either way.
  enum class Aim { Order, Proof };
  /// Whether some order stays within `budget` bytes. Gives up, with Unknown,
  /// after `maxStates` states or when a limit strikes.
  Answer decide(int64_t budget, int64_t maxStates, Aim aim);

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
    /// What its failure proves of the set that it leads to, once it has failed.
    int64_t bound = 0;
    /// Whether it makes another one ready, once that is known.
    bool enables = false;

    /// Bytes that it bears and that it frees, and twice those of its scratch,
    /// up to a constant that depends on the set alone.
    int64_t bytesMoved() const { return 2 * cost - liveAfter; }

    /// Which leaves less alive.
    static bool leavesLess(const Candidate &a, const Candidate &b) {
      return std::tie(a.liveAfter, a.cost, a.op) <
             std::tie(b.liveAfter, b.cost, b.op);
    }
    /// Which probably leads to more sets.
    static bool leadsToMore(const Candidate &a, const Candidate &b) {
      return std::make_tuple(b.enables, b.bytesMoved(), b.op) <
             std::make_tuple(a.enables, a.bytesMoved(), a.op);
    }
  };
  /// A ready operation that leads to a set known to fail (theorem 8): whoever
  /// completes that needs at least `bound` bytes.
  struct Sleeper {
    int32_t op;
    int64_t bound;
  };
  /// A set on the stack whose candidates are being tried.
  struct Frame {
    /// What the candidates that failed so far prove of this set.
    int64_t bound;
    /// The number of operations in the set.
    size_t numDone;
    size_t firstCandidate, nextCandidate, endCandidate;
    size_t firstSleeper, endSleeper;

    bool isExhausted() const { return nextCandidate == endCandidate; }
  };

  /// So many sets of a free run that lack its first operation are looked at.
  static constexpr int kMaxSetsLackingFirst = 16;

  Answer search(int64_t maxStates);
  int64_t settle();
  int64_t settleAwake(size_t firstCandidate);
  int64_t collectCandidates();
  int64_t lookAhead(size_t firstCandidate);
  bool beginsFreeRun(int32_t op);
  bool runFreeStep();
  bool isBelowAll(int64_t bytes, absl::Span<const int32_t> ops, int &maxSets);
  int64_t knownBound() const;
  void pushFrame(size_t firstCandidate, int64_t bound);
  void tryNextCandidate();
  void failTopFrame();
  void returnToTopFrame(int64_t bound);

  size_t firstSleeper() const {
    return stack.empty() ? 0 : stack.back().endSleeper;
  }
  void run(const Candidate &step);

  const SearchGraph graph;
  const ExactSwitches switches;
  SearchLimits &limits;
  SearchState state;
  StateTable failed;
  int64_t budget = 0, provenBound = 0, foundPeak = 0;
  Aim aim = Aim::Order;
  std::vector<Frame> stack;
  /// Of all frames, one after the other; those of the current set come last.
  std::vector<Candidate> candidates;
  std::vector<Sleeper> sleepers;
  /// By operation: the bound of the sleeper; 0 if it is awake.
  std::vector<int64_t> sleepBounds;
  /// By operation: bytes of what it may be the last to use, and of its scratch:
  /// an upper bound of what it costs beyond what is alive afterwards.
  std::vector<int64_t> mostFreed;
  std::vector<int32_t> found;
};

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_SCHEDULE_BUDGETSEARCH_H
