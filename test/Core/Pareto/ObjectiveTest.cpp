//===- ObjectiveTest.cpp - One point of a front ---------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Pareto/Objective.h"

#include "serenity/Core/Graph/RandomSource.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include <limits>
#include <vector>

namespace serenity::core {
namespace {

constexpr double kNoBudget = std::numeric_limits<double>::infinity();

bool dominates(const PeakAndLatency &a, const PeakAndLatency &b) {
  return a.peakBytes <= b.peakBytes && a.latency <= b.latency &&
         (a.peakBytes < b.peakBytes || a.latency < b.latency);
}

TEST(ObjectiveTest, takesEndsAndKnee) {
  // The third is far below the line from the first to the last.
  const std::vector<PeakAndLatency> points = {{100, 50}, {90, 90},  {120, 20},
                                              {150, 18}, {300, 10}, {310, 10}};
  EXPECT_EQ(choosePoint(points, Objective::Memory, kNoBudget), 1);
  EXPECT_EQ(choosePoint(points, Objective::Knee, kNoBudget), 2);
  EXPECT_EQ(choosePoint(points, Objective::Latency, kNoBudget), 4);
  EXPECT_EQ(choosePoint(points, Objective::Latency, 299), 3);
  EXPECT_EQ(choosePoint(points, Objective::Latency, 89), std::nullopt);
}

TEST(ObjectiveTest, takesTheFastestWithoutAKnee) {
  EXPECT_EQ(choosePoint({{2, 1}, {1, 2}}, Objective::Knee, kNoBudget), 0);
  EXPECT_EQ(choosePoint({{1, 3}, {2, 2}, {3, 1}}, Objective::Knee, kNoBudget),
            2);
  EXPECT_EQ(choosePoint({}, Objective::Knee, kNoBudget), std::nullopt);
}

TEST(ObjectiveTest, neverTakesWhatIsDominated) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    RandomSource random(seed);
    std::vector<PeakAndLatency> points(1 + random.below(40));
    for (PeakAndLatency &point : points)
      point = {static_cast<double>(random.below(30)),
               static_cast<double>(random.below(30))};
    const double budget = random.below(30);
    for (Objective objective :
         {Objective::Latency, Objective::Knee, Objective::Memory}) {
      const auto chosen = choosePoint(points, objective, budget);
      for (const PeakAndLatency &point : points) {
        if (point.peakBytes > budget)
          continue;
        ASSERT_TRUE(chosen);
        EXPECT_FALSE(dominates(point, points[*chosen]));
        if (objective == Objective::Latency) {
          EXPECT_LE(points[*chosen].latency, point.latency);
        }
        if (objective == Objective::Memory) {
          EXPECT_LE(points[*chosen].peakBytes, point.peakBytes);
        }
      }
      if (chosen) {
        EXPECT_LE(points[*chosen].peakBytes, budget);
      }
    }
  }
}

} // namespace
} // namespace serenity::core
