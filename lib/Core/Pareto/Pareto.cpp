//===- Pareto.cpp - Fronts and what they are worth ------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Pareto/Pareto.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

namespace serenity::core {
namespace {

/// The indices of the points, lexicographically smallest first, so that no
/// point comes before one that dominates it.
std::vector<size_t> sortedIndices(absl::Span<const ParetoPoint> points) {
  std::vector<size_t> order(points.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return points[a] != points[b] ? points[a] < points[b] : a < b;
  });
  return order;
}

/// The front of points with two objectives, by the least second one so far.
std::vector<size_t> sweepFront(absl::Span<const ParetoPoint> points) {
  std::vector<size_t> front;
  for (size_t index : sortedIndices(points))
    if (front.empty() || points[index][1] < points[front.back()][1] ||
        points[index] == points[front.back()])
      front.push_back(index);
  return front;
}

/// The front in general: whatever dominates a point has a representative
/// before it.
std::vector<size_t> filterFront(absl::Span<const ParetoPoint> points) {
  std::vector<size_t> front;
  for (size_t index : sortedIndices(points))
    if (std::none_of(front.begin(), front.end(), [&](size_t other) {
          return dominates(points[other], points[index]);
        }))
      front.push_back(index);
  return front;
}

/// The volume of points that are all below the reference, in their first
/// `numObjectives` objectives: slices of the last of these, each with all the
/// points that reach down to it.
double sliceVolume(std::vector<ParetoPoint> points,
                   const ParetoPoint &reference, size_t numObjectives) {
  if (points.empty())
    return 0;
  const size_t last = numObjectives - 1;
  std::sort(points.begin(), points.end(),
            [&](const ParetoPoint &a, const ParetoPoint &b) {
              return a[last] < b[last];
            });
  if (numObjectives == 1)
    return reference[0] - points.front()[0];
  double volume = 0, leastFirst = reference[0];
  for (size_t i = 0; i < points.size(); ++i) {
    const double end =
        i + 1 < points.size() ? points[i + 1][last] : reference[last];
    leastFirst = std::min(leastFirst, points[i][0]);
    if (end == points[i][last])
      continue;
    const double area =
        numObjectives == 2
            ? reference[0] - leastFirst
            : sliceVolume({points.begin(), points.begin() + i + 1}, reference,
                          last);
    volume += area * (end - points[i][last]);
  }
  return volume;
}

} // namespace

bool dominates(const ParetoPoint &a, const ParetoPoint &b) {
  assert(a.size() == b.size() && "points have the same objectives");
  bool isSmaller = false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i] > b[i])
      return false;
    isSmaller |= a[i] < b[i];
  }
  return isSmaller;
}

std::vector<size_t> paretoFront(absl::Span<const ParetoPoint> points) {
  if (points.empty())
    return {};
  std::vector<size_t> front =
      points.front().size() == 2 ? sweepFront(points) : filterFront(points);
  std::sort(front.begin(), front.end());
  return front;
}

std::vector<size_t> epsilonFront(absl::Span<const ParetoPoint> points,
                                 double epsilon) {
  const double logBase = std::log1p(epsilon);
  std::map<ParetoPoint, size_t> pointOfBox;
  for (size_t index : sortedIndices(points)) {
    ParetoPoint box = points[index];
    for (double &coordinate : box)
      coordinate = std::floor(std::log(coordinate) / logBase);
    // The first of a box in this order is dominated by no other of it.
    pointOfBox.try_emplace(std::move(box), index);
  }
  std::vector<ParetoPoint> boxes;
  std::vector<size_t> indices;
  for (const auto &[box, index] : pointOfBox) {
    boxes.push_back(box);
    indices.push_back(index);
  }
  std::vector<ParetoPoint> kept;
  std::vector<size_t> keptIndices;
  for (size_t box : paretoFront(boxes)) {
    kept.push_back(points[indices[box]]);
    keptIndices.push_back(indices[box]);
  }
  std::vector<size_t> front;
  for (size_t index : paretoFront(kept))
    front.push_back(keptIndices[index]);
  std::sort(front.begin(), front.end());
  return front;
}

double hypervolume(absl::Span<const ParetoPoint> points,
                   const ParetoPoint &reference) {
  std::vector<ParetoPoint> inside;
  for (const ParetoPoint &point : points) {
    bool isBelow = true;
    for (size_t i = 0; i < reference.size(); ++i)
      isBelow &= point[i] < reference[i];
    if (isBelow)
      inside.push_back(point);
  }
  std::vector<ParetoPoint> front;
  for (size_t index : paretoFront(inside))
    front.push_back(inside[index]);
  return sliceVolume(std::move(front), reference, reference.size());
}

std::optional<size_t> chooseUnderBudget(absl::Span<const double> cost,
                                        absl::Span<const double> value,
                                        double budget) {
  std::optional<size_t> best;
  for (size_t i = 0; i < cost.size(); ++i)
    if (cost[i] <= budget && (!best || value[i] < value[*best]))
      best = i;
  return best;
}

std::optional<double> regretUnderBudget(absl::Span<const double> cost,
                                        absl::Span<const double> predicted,
                                        absl::Span<const double> actual,
                                        double budget, size_t numMeasured) {
  const std::optional<size_t> best = chooseUnderBudget(cost, actual, budget);
  if (!best)
    return std::nullopt;
  std::vector<size_t> affordable;
  for (size_t i = 0; i < cost.size(); ++i)
    if (cost[i] <= budget)
      affordable.push_back(i);
  const size_t count = std::min(numMeasured, affordable.size());
  std::partial_sort(affordable.begin(), affordable.begin() + count,
                    affordable.end(), [&](size_t a, size_t b) {
                      return predicted[a] != predicted[b]
                                 ? predicted[a] < predicted[b]
                                 : a < b;
                    });
  double reached = std::numeric_limits<double>::infinity();
  for (size_t i = 0; i < count; ++i)
    reached = std::min(reached, actual[affordable[i]]);
  return reached / actual[*best] - 1;
}

double probabilityOfDominance(const UncertainPoint &a,
                              const UncertainPoint &b) {
  double probability = 1;
  for (size_t i = 0; i < a.mean.size(); ++i) {
    const double difference = b.mean[i] - a.mean[i];
    const double deviation = std::hypot(a.deviation[i], b.deviation[i]);
    probability *= deviation > 0
                       ? std::erfc(-difference / deviation / std::sqrt(2)) / 2
                       : (difference >= 0 ? 1.0 : 0.0);
  }
  return probability;
}

} // namespace serenity::core
