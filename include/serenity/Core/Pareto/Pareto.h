//===- Pareto.h - Fronts and what they are worth ----------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every objective is minimised. A point dominates another if it is nowhere
// larger and somewhere smaller; equal points do not dominate each other.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_CORE_PARETO_PARETO_H
#define SERENITY_CORE_PARETO_PARETO_H

#include "absl/types/span.h"

#include <optional>
#include <vector>

namespace serenity::core {

/// One value an objective, such as peak bytes and latency. No NaN.
using ParetoPoint = std::vector<double>;

/// Whether `a` dominates `b`; both have the same number of objectives.
bool dominates(const ParetoPoint &a, const ParetoPoint &b);

/// The indices of the points that no other dominates, ascending; of equal
/// points all are kept. O(n log n) for up to two objectives, otherwise O(n f)
/// for a front of f points.
std::vector<size_t> paretoFront(absl::Span<const ParetoPoint> points);

/// A small front for large sets of positive points: for each point some kept
/// one is at most 1 + `epsilon` times as large in every objective. At most one
/// point is kept in each box of a logarithmic grid (Laumanns et al. 2002), and
/// none that is dominated. Indices ascending. `epsilon` is positive.
std::vector<size_t> epsilonFront(absl::Span<const ParetoPoint> points,
                                 double epsilon);

/// The volume that the points dominate below `reference`; points not below it
/// in every objective add nothing. O(n log n) for two objectives; each further
/// one multiplies by n (slicing, Zitzler 2001).
double hypervolume(absl::Span<const ParetoPoint> points,
                   const ParetoPoint &reference);

/// The index with the least `value` among those whose `cost` is at most
/// `budget`, the first of equal ones; nothing if there is none.
std::optional<size_t> chooseUnderBudget(absl::Span<const double> cost,
                                        absl::Span<const double> value,
                                        double budget);

/// What choosing by `predicted` costs: the `actual` value of the choice divided
/// by the best actual value under the budget, less 1. The `numMeasured` best by
/// prediction are measured and the best of them is taken; 1 is the plain
/// choice. Nothing if no cost is within the budget.
std::optional<double> regretUnderBudget(absl::Span<const double> cost,
                                        absl::Span<const double> predicted,
                                        absl::Span<const double> actual,
                                        double budget, size_t numMeasured = 1);

/// A point that is known only roughly: independent normal variables.
struct UncertainPoint {
  ParetoPoint mean;
  /// Standard deviations; 0 for an exact value.
  ParetoPoint deviation;
};

/// The probability that `a` is nowhere larger than `b`.
double probabilityOfDominance(const UncertainPoint &a, const UncertainPoint &b);

} // namespace serenity::core

#endif // SERENITY_CORE_PARETO_PARETO_H
