//===- PartSolver.h - The least peak of one part of a graph -----*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_SCHEDULE_PARTSOLVER_H
#define SERENITY_LIB_CORE_SCHEDULE_PARTSOLVER_H

#include "BeamSearch.h"
#include "BudgetSearch.h"

#include <limits>
#include <memory>
#include <optional>

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

  /// Searches for a while, longer each time, in the direction that has had
  /// the smaller share so far. Asks for no order of less than `goal` bytes.
  void search(int64_t goal, const ExactSwitches &switches,
              SearchLimits &limits);

  /// Frees what the search has learnt.
  void forget() { searches.clear(); }

private:
  struct DirectedSearch {
    Direction direction;
    /// What a state of this search counts when states are shared out.
    int64_t price;
    std::unique_ptr<BudgetSearch> search;
    std::unique_ptr<BeamSearch> beam;
    /// States expanded so far, times the price.
    int64_t effort = 0;
    /// The limit for one question.
    int64_t maxStates = 64;
    /// The budgets left undecided at this limit.
    std::vector<int64_t> beamUndecided, searchUndecided;
    /// States that beams have spent in vain.
    int64_t beamLosses = 0;

    void raiseLimit();
  };
  /// Who is asked, and about which budget.
  enum class Method { Beam, Search };
  struct Question {
    Method method;
    int64_t budget;
  };

  std::optional<Question> nextQuestion(const DirectedSearch &directed,
                                       int64_t goal, bool useBeam) const;
  bool mayAskBeam(const DirectedSearch &directed) const;
  void startSearches(const ExactSwitches &switches, SearchLimits &limits);
  bool ask(const DirectedSearch &directed, const Question &question);
  bool askBeam(const DirectedSearch &directed, int64_t budget);
  bool askSearch(const DirectedSearch &directed, int64_t budget);
  void offerFound(absl::Span<const int32_t> found, int64_t peak,
                  Direction direction);

  const Partition &partition;
  size_t part;
  std::vector<OpId> best;
  int64_t lower;
  bool hasCutBound = false;
  int64_t upper = std::numeric_limits<int64_t>::max();
  std::vector<DirectedSearch> searches;
};

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_SCHEDULE_PARTSOLVER_H
