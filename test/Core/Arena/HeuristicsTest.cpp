//===- HeuristicsTest.cpp - Plans made in one go --------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BruteForceArena.h"
#include "Instances.h"
#include "RandomArena.h"
#include "serenity/Core/Arena/Solver.h"
#include "serenity/Core/Arena/Verifier.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace serenity::core {
namespace {

using testing::ElementsAre;

constexpr ArenaStrategy kHeuristics[] = {
    ArenaStrategy::FirstFitBySize, ArenaStrategy::FirstFitByStart,
    ArenaStrategy::FirstFitByArea, ArenaStrategy::BestFit,
    ArenaStrategy::GreedyBySize};

std::vector<int64_t> place(const ArenaProblem &problem,
                           ArenaStrategy strategy) {
  absl::StatusOr<ArenaPlan> plan = planArena(problem, {strategy, std::nullopt});
  EXPECT_TRUE(plan.ok()) << plan.status();
  return plan->offsets;
}

TEST(HeuristicsTest, everyStrategyHasAName) {
  for (ArenaStrategy strategy : kHeuristics)
    EXPECT_EQ(parseArenaStrategy(toString(strategy)), strategy);
  EXPECT_EQ(parseArenaStrategy("exact"), ArenaStrategy::Exact);
  EXPECT_EQ(parseArenaStrategy("first-fit"), std::nullopt);
}

TEST(HeuristicsTest, orderDecidesWhoIsBelow) {
  // "long" is largest by area, "big" by size, "early" starts first.
  const ArenaProblem problem{
      {{"early", 0, 3, 1}, {"big", 2, 4, 8}, {"long", 1, 40, 2}}};
  EXPECT_THAT(place(problem, ArenaStrategy::FirstFitByStart),
              ElementsAre(0, 3, 1));
  EXPECT_THAT(place(problem, ArenaStrategy::FirstFitBySize),
              ElementsAre(10, 0, 8));
  EXPECT_THAT(place(problem, ArenaStrategy::FirstFitByArea),
              ElementsAre(10, 2, 0));
}

TEST(HeuristicsTest, equalSizesGoByLifetimeOrByPosition) {
  const ArenaProblem problem{{{"short", 0, 2, 4}, {"long", 0, 9, 4}}};
  EXPECT_THAT(place(problem, ArenaStrategy::FirstFitBySize), ElementsAre(4, 0));
  EXPECT_THAT(place(problem, ArenaStrategy::GreedyBySize), ElementsAre(0, 4));
}

TEST(HeuristicsTest, bestFitTakesTheNarrowestGap) {
  // Gaps of 6 bytes at 0, and of 4 bytes at 10.
  const ArenaProblem problem{
      {{"low", 0, 2, 4, 1, 6}, {"high", 0, 2, 4, 1, 14}, {"b", 0, 2, 3}}};
  EXPECT_THAT(place(problem, ArenaStrategy::FirstFitBySize),
              ElementsAre(6, 14, 0));
  EXPECT_THAT(place(problem, ArenaStrategy::BestFit), ElementsAre(6, 14, 10));
}

TEST(HeuristicsTest, inPlacePairsStartTogether) {
  ArenaProblem problem{{{"x", 0, 3, 8}, {"y", 2, 6, 8}}, {{0, 1}}};
  for (ArenaStrategy strategy : kHeuristics)
    EXPECT_THAT(place(problem, strategy), ElementsAre(0, 0));
}

TEST(HeuristicsTest, groupsStayTogetherAndAligned) {
  const ArenaProblem problem{
      {{"a", 0, 3, 8}, {"b", 2, 6, 8, 16}, {"c", 5, 7, 24}}, {}, {{0, 1}}};
  for (ArenaStrategy strategy : kHeuristics) {
    const std::vector<int64_t> offsets = place(problem, strategy);
    EXPECT_EQ(offsets[1], offsets[0] + 8);
    EXPECT_EQ(offsets[1] % 16, 0);
  }
}

TEST(HeuristicsTest, legalAndNeverBelowTheOptimum) {
  for (uint64_t seed = 0; seed < instances(4000u); ++seed) {
    SCOPED_TRACE(seed);
    const ArenaProblem problem = RandomArena::make(seed);
    const int64_t optimum = BruteForceArena(problem).smallestArena();
    EXPECT_LE(arenaLowerBound(problem), optimum);
    for (ArenaStrategy strategy : kHeuristics) {
      absl::StatusOr<ArenaPlan> plan =
          planArena(problem, {strategy, std::nullopt});
      ASSERT_TRUE(plan.ok()) << plan.status();
      EXPECT_TRUE(verifyPlan(problem, *plan).ok());
      EXPECT_GE(plan->arenaBytes, optimum);
    }
  }
}

TEST(LowerBoundTest, countsWhatIsAliveTogether) {
  EXPECT_EQ(arenaLowerBound({}), 0);
  EXPECT_EQ(arenaLowerBound({{{"a", 0, 2, 5}, {"b", 2, 3, 7}}}), 7);
  EXPECT_EQ(arenaLowerBound({{{"a", 0, 3, 5}, {"b", 2, 3, 7}}}), 12);
}

TEST(LowerBoundTest, roundsUpToTheCommonAlignment) {
  // 5 takes 8, and the one on top may be the one that wastes most: 3 of 5.
  EXPECT_EQ(arenaLowerBound({{{"a", 0, 3, 5, 8}, {"b", 2, 3, 7, 16}}}), 13);
}

TEST(LowerBoundTest, subtractsWhatPairsMaySave) {
  EXPECT_EQ(arenaLowerBound({{{"a", 0, 3, 5}, {"b", 2, 3, 7}}, {{0, 1}}}), 7);
}

TEST(LowerBoundTest, knowsFixedEndsAndGroups) {
  EXPECT_EQ(arenaLowerBound({{{"a", 0, 3, 5, 1, 40}}}), 45);
  EXPECT_EQ(arenaLowerBound({{{"a", 0, 3, 5}, {"b", 3, 6, 7}}, {}, {{1, 0}}}),
            12);
}

TEST(HeuristicsTest, capacityIsARequest) {
  const ArenaProblem problem{{{"a", 0, 2, 5}, {"b", 1, 3, 7}, {"c", 2, 4, 1}}};
  ArenaOptions options{ArenaStrategy::FirstFitBySize, 12};
  EXPECT_EQ(planArena(problem, options)->stop, ArenaStop::CapacityMet);
  options.capacityBytes = 11;
  const ArenaPlan plan = *planArena(problem, options);
  EXPECT_EQ(plan.stop, ArenaStop::Infeasible);
  EXPECT_THAT(plan.conflict, ElementsAre(0, 1));
}

TEST(HeuristicsTest, refusesNegativeLimits) {
  EXPECT_FALSE(planArena({}, {ArenaStrategy::Exact, -1}).ok());
  EXPECT_FALSE(planArena({}, {ArenaStrategy::Exact, 1, -1}).ok());
  EXPECT_FALSE(planArena({}, {ArenaStrategy::Exact, 1, 1, -1.0}).ok());
}

} // namespace
} // namespace serenity::core
