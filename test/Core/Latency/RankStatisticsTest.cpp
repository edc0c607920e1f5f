//===- RankStatisticsTest.cpp - Correlations, intervals, decisions --------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Latency/RankStatistics.h"

#include "serenity/Core/Graph/RandomSource.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include <cmath>
#include <limits>

namespace serenity::core {
namespace {

using ::testing::ElementsAre;

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

std::vector<double> randomValues(RandomSource &random, size_t size,
                                 int64_t range) {
  std::vector<double> values(size);
  for (double &value : values)
    value = static_cast<double>(random.below(range));
  return values;
}

int sign(double x) { return (x > 0) - (x < 0); }

/// The definition: all pairs of pairs.
std::optional<double> slowKendall(const std::vector<double> &a,
                                  const std::vector<double> &b) {
  double sum = 0, untiedA = 0, untiedB = 0;
  for (size_t i = 0; i < a.size(); ++i)
    for (size_t j = 0; j < i; ++j) {
      sum += sign(a[i] - a[j]) * sign(b[i] - b[j]);
      untiedA += a[i] != a[j];
      untiedB += b[i] != b[j];
    }
  if (untiedA == 0 || untiedB == 0)
    return std::nullopt;
  return sum / std::sqrt(untiedA * untiedB);
}

TEST(RankStatisticsTest, averagesTheRanksOfTies) {
  EXPECT_THAT(averageRanks({5, 1, 5, 3}), ElementsAre(2.5, 0, 2.5, 1));
  EXPECT_THAT(averageRanks({7, 7, 7}), ElementsAre(1, 1, 1));
  EXPECT_THAT(averageRanks({}), ElementsAre());
}

TEST(RankStatisticsTest, computesSpearman) {
  EXPECT_DOUBLE_EQ(*spearman({1, 2, 3, 4}, {10, 20, 40, 80}), 1);
  EXPECT_DOUBLE_EQ(*spearman({1, 2, 3, 4}, {4, 3, 2, 1}), -1);
  // Ranks 0 1 2 3 4 and 0 2 1 4 3: 1 - 6 * 4 / (5 * 24).
  EXPECT_DOUBLE_EQ(*spearman({1, 2, 3, 4, 5}, {1, 3, 2, 5, 4}), 0.8);
  // Ranks 0 1.5 1.5 3 and 0 1 2 3: 4.5 / sqrt(4.5 * 5).
  EXPECT_DOUBLE_EQ(*spearman({1, 2, 2, 3}, {1, 2, 3, 4}), std::sqrt(0.9));
}

TEST(RankStatisticsTest, leavesIncompletePairsOut) {
  EXPECT_DOUBLE_EQ(*spearman({1, kMissing, 2, 9}, {1, 7, 2, kMissing}), 1);
  EXPECT_DOUBLE_EQ(*kendallTauB({1, kMissing, 2, 9}, {1, 7, 2, kMissing}), 1);
}

TEST(RankStatisticsTest, hasNoCorrelationWithAConstant) {
  EXPECT_EQ(spearman({1, 2, 3}, {5, 5, 5}), std::nullopt);
  EXPECT_EQ(spearman({1}, {5}), std::nullopt);
  EXPECT_EQ(spearman({}, {}), std::nullopt);
  EXPECT_EQ(kendallTauB({2, 2, 2}, {1, 2, 3}), std::nullopt);
  EXPECT_EQ(kendallTauB({1, kMissing}, {1, 2}), std::nullopt);
}

TEST(RankStatisticsTest, agreesWithTheDefinitionOfKendall) {
  RandomSource random(1);
  for (int trial = 0; trial < 500; ++trial) {
    SCOPED_TRACE(trial);
    const size_t size = 2 + random.below(30);
    const std::vector<double> a = randomValues(random, size, 12);
    const std::vector<double> b = randomValues(random, size, 12);
    const std::optional<double> expected = slowKendall(a, b);
    const std::optional<double> actual = kendallTauB(a, b);
    ASSERT_EQ(actual.has_value(), expected.has_value());
    EXPECT_NEAR(actual.value_or(2), expected.value_or(2), 1e-12);
  }
}

TEST(RankStatisticsTest, ignoresMonotoneTransformations) {
  RandomSource random(2);
  const std::vector<double> a = randomValues(random, 100, 50);
  std::vector<double> b = randomValues(random, 100, 50);
  const double before = *spearman(a, b);
  for (double &value : b)
    value = std::exp(value / 7) * 1000;
  EXPECT_EQ(*spearman(a, b), before);
}

TEST(RankStatisticsTest, findsAnIntervalAroundTheEstimate) {
  RandomSource random(3);
  std::vector<double> a = randomValues(random, 40, 1000), b = a;
  for (double &value : b)
    value += static_cast<double>(random.below(800));
  const double estimate = *spearman(a, b);
  const Interval interval = spearmanInterval(a, b);
  EXPECT_LT(interval.lower, estimate);
  EXPECT_GT(interval.upper, estimate);
  const Interval again = spearmanInterval(a, b);
  EXPECT_EQ(again.lower, interval.lower);
  EXPECT_EQ(again.upper, interval.upper);
  const Interval wider = spearmanInterval(a, b, {0.99});
  EXPECT_LT(wider.lower, interval.lower);
  EXPECT_GT(wider.upper, interval.upper);
}

TEST(RankStatisticsTest, knowsNothingFromTooFewPairs) {
  for (const Interval &interval :
       {spearmanInterval({1, 2, 3}, {1, 2, 3}),
        spearmanInterval({1, 2, 3, 4}, {5, 5, 5, 5})}) {
    EXPECT_EQ(interval.lower, -1);
    EXPECT_EQ(interval.upper, 1);
  }
}

TEST(RankStatisticsTest, decidesByTheEndsOfTheInterval) {
  EXPECT_EQ(decideOnProxy({0.91, 0.99}), ProxyDecision::Reuse);
  EXPECT_EQ(decideOnProxy({0.70, 0.99}), ProxyDecision::Unknown);
  EXPECT_EQ(decideOnProxy({0.50, 0.89}), ProxyDecision::Adapt);
  EXPECT_EQ(decideOnProxy({0.50, 0.89}, 0.4), ProxyDecision::Reuse);
}

} // namespace
} // namespace serenity::core
