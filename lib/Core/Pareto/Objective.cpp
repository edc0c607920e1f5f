//===- Objective.cpp - One point of a front -------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Pareto/Objective.h"

#include <algorithm>
#include <tuple>
#include <vector>

namespace serenity::core {
namespace {

/// The points within the budget that none of them dominates, by falling
/// latency and rising peak, each once.
std::vector<size_t> findFront(absl::Span<const PeakAndLatency> points,
                              double budgetBytes) {
  std::vector<size_t> order;
  for (size_t i = 0; i < points.size(); ++i)
    if (points[i].peakBytes <= budgetBytes)
      order.push_back(i);
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return std::tie(points[a].peakBytes, points[a].latency, a) <
           std::tie(points[b].peakBytes, points[b].latency, b);
  });
  std::vector<size_t> front;
  for (size_t i : order)
    if (front.empty() || points[i].latency < points[front.back()].latency)
      front.push_back(i);
  return front;
}

/// How far a point of the front is below the line between the ends of it, in
/// units in which these are (0, 1) and (1, 0).
double depthBelowLine(const PeakAndLatency &point, const PeakAndLatency &first,
                      const PeakAndLatency &last) {
  const double x =
      (point.peakBytes - first.peakBytes) / (last.peakBytes - first.peakBytes);
  const double y =
      (point.latency - last.latency) / (first.latency - last.latency);
  return 1 - x - y;
}

size_t findKnee(absl::Span<const PeakAndLatency> points,
                const std::vector<size_t> &front) {
  size_t knee = front.back();
  double deepest = 1e-12; // Beyond rounding: the ends are on the line.
  for (size_t i : front) {
    if (front.size() < 3)
      break;
    const double depth =
        depthBelowLine(points[i], points[front.front()], points[front.back()]);
    if (depth > deepest) {
      deepest = depth;
      knee = i;
    }
  }
  return knee;
}

} // namespace

std::optional<size_t> choosePoint(absl::Span<const PeakAndLatency> points,
                                  Objective objective, double budgetBytes) {
  const std::vector<size_t> front = findFront(points, budgetBytes);
  if (front.empty())
    return std::nullopt;
  switch (objective) {
  case Objective::Latency:
    return front.back();
  case Objective::Knee:
    return findKnee(points, front);
  case Objective::Memory:
    return front.front();
  }
  return std::nullopt;
}

} // namespace serenity::core
