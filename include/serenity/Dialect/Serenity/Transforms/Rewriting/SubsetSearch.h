//===- SubsetSearch.h - The best subset of sites ----------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which rewritings to keep, as a search that knows only what each subset of
// them costs. docs/Rewriting.md describes it.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_DIALECT_SERENITY_TRANSFORMS_REWRITING_SUBSETSEARCH_H
#define SERENITY_DIALECT_SERENITY_TRANSFORMS_REWRITING_SUBSETSEARCH_H

#include <cstdint>
#include <functional>
#include <limits>
#include <tuple>
#include <vector>

namespace serenity {

/// Whether each site is chosen.
using Subset = std::vector<bool>;

/// What a subset costs: less is better, the peak first.
struct SubsetCost {
  int64_t peakBytes = 0;
  /// Kernels that run; more of them are slower.
  int64_t kernels = 0;

  bool operator<(const SubsetCost &other) const {
    return std::tie(peakBytes, kernels) <
           std::tie(other.peakBytes, other.kernels);
  }
};

/// More than any subset costs.
inline constexpr SubsetCost infiniteCost = {
    std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::max()};

/// For each site the sites that it requires, all with smaller numbers.
using Requirements = std::vector<std::vector<size_t>>;

/// The choice among subsets of sites that are closed: with a site they have all
/// that it requires.
struct SubsetProblem {
  Requirements requirements;
  /// For each site the most by which choosing it can lower the number of
  /// kernels, whatever else is chosen; never negative.
  std::vector<int64_t> largestSavings;
  /// A peak that something else needs anyhow: below it nothing is gained.
  int64_t floorBytes = 0;
  /// The cost of a closed subset. If that is not below `toBeat`, the peak may
  /// be any with which it is not either.
  std::function<SubsetCost(const Subset &subset, const SubsetCost &toBeat)>
      evaluate;
  /// A bound from below on the peak of every closed subset of `subset`.
  std::function<int64_t(const Subset &subset)> bound;
  /// Subsets that may be evaluated; never more, whatever is proved by then.
  int64_t maxEvaluations = 0;
};

/// A closed subset, and whether it is proved that none is better.
struct SubsetChoice {
  Subset subset;
  /// The peak is at least the problem's floor.
  SubsetCost cost;
  bool provenBest = false;
  /// Different subsets that were evaluated.
  int64_t evaluations = 0;
};

/// `subset`, which is closed, with the choice of `site` turned round, and with
/// it that of what it requires or of what requires it.
Subset flipSite(const Requirements &requirements, Subset subset, size_t site);

/// Finds the closed subset of least cost, peaks below the floor counting as the
/// floor; of equals one that was found first, the empty one before all others.
///
/// Drops sites from the full subset and adds sites to the empty one, one by one
/// as long as that gains, and then goes through all closed subsets, except
/// where the bounds say that none is better. Exact unless that would take more
/// than `maxEvaluations`; the answer is the best one seen then. Deterministic.
SubsetChoice findBestSubset(const SubsetProblem &problem);

} // namespace serenity

#endif // SERENITY_DIALECT_SERENITY_TRANSFORMS_REWRITING_SUBSETSEARCH_H
