//===- Objective.h - One point of a front -----------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which of many points (peak bytes, latency) to take.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_CORE_PARETO_OBJECTIVE_H
#define SERENITY_CORE_PARETO_OBJECTIVE_H

#include "absl/types/span.h"

#include <cstddef>
#include <optional>

namespace serenity::core {

/// What is asked of the choice.
enum class Objective {
  /// The smallest latency; of equals the smallest peak.
  Latency,
  /// The point of the front that is farthest from the line between its ends,
  /// both axes scaled to the front (Das 1999); a front of less than three
  /// points, or on a line, has none, and the smallest latency is taken.
  Knee,
  /// The smallest peak; of equals the smallest latency.
  Memory,
};

/// A point; less is better in both.
struct PeakAndLatency {
  double peakBytes = 0;
  double latency = 0;
};

/// The index of the point that `objective` asks for among those with a peak of
/// at most `budgetBytes`, the first of equal ones; nothing if there is none. No
/// point that is within the budget dominates it. O(n log n).
std::optional<size_t> choosePoint(absl::Span<const PeakAndLatency> points,
                                  Objective objective, double budgetBytes);

} // namespace serenity::core

#endif // SERENITY_CORE_PARETO_OBJECTIVE_H
