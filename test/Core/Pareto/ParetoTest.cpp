//===- ParetoTest.cpp - Fronts against their definitions ------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Pareto/Pareto.h"

#include "serenity/Core/Graph/RandomSource.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include <algorithm>
#include <cmath>

namespace serenity::core {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Points of small integers from 1, with many ties.
std::vector<ParetoPoint> randomPoints(RandomSource &random, size_t size,
                                      size_t numObjectives, int64_t range) {
  std::vector<ParetoPoint> points(size, ParetoPoint(numObjectives));
  for (ParetoPoint &point : points)
    for (double &value : point)
      value = static_cast<double>(1 + random.below(range));
  return points;
}

std::vector<size_t> slowFront(const std::vector<ParetoPoint> &points) {
  std::vector<size_t> front;
  for (size_t i = 0; i < points.size(); ++i) {
    bool isDominated = false;
    for (const ParetoPoint &other : points)
      isDominated |= dominates(other, points[i]);
    if (!isDominated)
      front.push_back(i);
  }
  return front;
}

/// Counts the unit cells below the reference (range + 1 everywhere) that some
/// point dominates.
double slowVolume(const std::vector<ParetoPoint> &points, size_t numObjectives,
                  int64_t range) {
  int64_t numCells = 1;
  for (size_t i = 0; i < numObjectives; ++i)
    numCells *= range;
  double volume = 0;
  for (int64_t cell = 0; cell < numCells; ++cell) {
    bool isCovered = false;
    for (const ParetoPoint &point : points) {
      bool isBelow = true;
      int64_t rest = cell;
      for (size_t i = 0; i < numObjectives; ++i, rest /= range)
        isBelow &= point[i] <= static_cast<double>(1 + rest % range);
      isCovered |= isBelow;
    }
    volume += isCovered;
  }
  return volume;
}

TEST(ParetoTest, dominatesOnlyWhereItIsBetter) {
  EXPECT_TRUE(dominates({1, 2}, {1, 3}));
  EXPECT_FALSE(dominates({1, 2}, {1, 2}));
  EXPECT_FALSE(dominates({1, 4}, {2, 3}));
}

TEST(ParetoTest, keepsEqualPoints) {
  EXPECT_THAT(paretoFront({{2, 2}, {1, 3}, {2, 2}, {3, 3}}),
              ElementsAre(0, 1, 2));
  EXPECT_THAT(paretoFront({}), IsEmpty());
}

TEST(ParetoTest, agreesWithTheDefinitionOfTheFront) {
  RandomSource random(1);
  for (int trial = 0; trial < 2000; ++trial) {
    SCOPED_TRACE(trial);
    const auto points =
        randomPoints(random, 1 + random.below(30), 1 + random.below(4), 6);
    EXPECT_EQ(paretoFront(points), slowFront(points));
  }
}

TEST(ParetoTest, computesVolumesByCells) {
  RandomSource random(2);
  constexpr int64_t kRange = 5;
  for (int trial = 0; trial < 500; ++trial) {
    SCOPED_TRACE(trial);
    const size_t numObjectives = 1 + random.below(4);
    const auto points =
        randomPoints(random, random.below(12), numObjectives, kRange);
    EXPECT_DOUBLE_EQ(
        hypervolume(points, ParetoPoint(numObjectives, kRange + 1)),
        slowVolume(points, numObjectives, kRange));
  }
}

TEST(ParetoTest, leavesOutWhatIsBeyondTheReference) {
  EXPECT_DOUBLE_EQ(hypervolume({{1, 9}, {9, 1}}, {5, 5}), 0);
  EXPECT_DOUBLE_EQ(hypervolume({{1, 1}, {5, 0}}, {5, 5}), 16);
}

TEST(ParetoTest, coversAllPointsWithinEpsilon) {
  RandomSource random(3);
  for (int trial = 0; trial < 200; ++trial) {
    SCOPED_TRACE(trial);
    const double epsilon = 0.05 + 0.05 * static_cast<double>(random.below(10));
    const auto points = randomPoints(random, 200, 2, 1000);
    const std::vector<size_t> front = paretoFront(points);
    const std::vector<size_t> small = epsilonFront(points, epsilon);
    EXPECT_LE(small.size(), front.size());
    for (size_t index : small)
      EXPECT_THAT(front, ::testing::Contains(index));
    for (const ParetoPoint &point : points)
      EXPECT_TRUE(std::any_of(small.begin(), small.end(), [&](size_t index) {
        return points[index][0] <= (1 + epsilon) * point[0] * (1 + 1e-9) &&
               points[index][1] <= (1 + epsilon) * point[1] * (1 + 1e-9);
      }));
  }
}

TEST(ParetoTest, choosesTheFastestThatFits) {
  EXPECT_EQ(chooseUnderBudget({10, 20, 30}, {3, 2, 1}, 25), 1u);
  EXPECT_EQ(chooseUnderBudget({10, 20}, {2, 2}, 25), 0u);
  EXPECT_EQ(chooseUnderBudget({10, 20}, {2, 2}, 5), std::nullopt);
}

TEST(ParetoTest, measuresTheRegretOfAChoice) {
  // By prediction 1 is best, really 0; measuring two finds it.
  const std::vector<double> cost{1, 1, 1, 9}, predicted{2, 1, 3, 0};
  const std::vector<double> actual{4, 5, 8, 1};
  EXPECT_DOUBLE_EQ(*regretUnderBudget(cost, predicted, actual, 5), 0.25);
  EXPECT_DOUBLE_EQ(*regretUnderBudget(cost, predicted, actual, 5, 2), 0);
  EXPECT_DOUBLE_EQ(*regretUnderBudget(cost, predicted, actual, 9, 9), 0);
  EXPECT_EQ(regretUnderBudget(cost, predicted, actual, 0), std::nullopt);
}

TEST(ParetoTest, weighsUncertainDominance) {
  EXPECT_EQ(probabilityOfDominance({{1, 2}, {0, 0}}, {{1, 2}, {0, 0}}), 1);
  EXPECT_EQ(probabilityOfDominance({{2, 2}, {0, 0}}, {{1, 2}, {0, 0}}), 0);
  EXPECT_DOUBLE_EQ(probabilityOfDominance({{1, 2}, {0, 3}}, {{1, 2}, {0, 4}}),
                   0.5);
  // One standard deviation of the difference.
  EXPECT_NEAR(probabilityOfDominance({{0}, {3}}, {{5}, {4}}), 0.841345, 1e-6);
}

} // namespace
} // namespace serenity::core
