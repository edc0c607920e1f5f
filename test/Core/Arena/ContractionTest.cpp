//===- ContractionTest.cpp - In-place partners as one buffer --------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Contraction.h"
#include "RandomArena.h"
#include "serenity/Core/Arena/Solver.h"
#include "serenity/Core/Arena/Verifier.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace serenity::core {
namespace {

using testing::ElementsAre;

TEST(ContractionTest, chainsBecomeOneBuffer) {
  const ArenaProblem problem{
      {{"a", 0, 3, 8}, {"b", 2, 6, 8, 4}, {"c", 5, 9, 8}}, {{0, 1}, {1, 2}}};
  const Contraction contraction = contractPairs(problem);
  EXPECT_THAT(contraction.merged, ElementsAre(0, 0, 0));
  ASSERT_EQ(contraction.problem.buffers.size(), 1u);
  EXPECT_EQ(contraction.problem.buffers[0].lower, 0);
  EXPECT_EQ(contraction.problem.buffers[0].upper, 9);
  EXPECT_EQ(contraction.problem.buffers[0].alignment, 4);
  EXPECT_TRUE(contraction.problem.inPlacePairs.empty());
}

TEST(ContractionTest, keepsApartWhatMustNotStartTogether) {
  // "y" may take the place of "w" or of "x", which are alive together.
  const ArenaProblem problem{{{"w", 0, 3, 8}, {"x", 0, 3, 8}, {"y", 2, 6, 8}},
                             {{0, 2}, {1, 2}}};
  const Contraction contraction = contractPairs(problem);
  EXPECT_THAT(contraction.merged, ElementsAre(0, 1, 0));
}

TEST(ContractionTest, leavesOtherSizesAndRigidBuffersAlone) {
  const ArenaProblem problem{
      {{"a", 0, 3, 8}, {"b", 2, 6, 4}, {"c", 5, 9, 4, 1, 0}, {"d", 8, 9, 4}},
      {{0, 1}, {1, 2}, {2, 3}}};
  EXPECT_THAT(contractPairs(problem).merged, ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(contractPairs(problem).problem.inPlacePairs.size(), 3u);
}

TEST(ContractionTest, plansAreLegalForAllBuffers) {
  int64_t numMerged = 0;
  for (uint64_t seed = 0; seed < 20000; ++seed) {
    SCOPED_TRACE(seed);
    const ArenaProblem problem = RandomArena::make(seed);
    const Contraction contraction = contractPairs(problem);
    numMerged += contraction.problem.buffers.size() < problem.buffers.size();
    const ArenaPlan plan = *planArena(
        contraction.problem, {ArenaStrategy::FirstFitByStart, std::nullopt});
    ArenaPlan all{{}, plan.arenaBytes};
    for (int32_t merged : contraction.merged)
      all.offsets.push_back(plan.offsets[merged]);
    const absl::Status legal = verifyPlan(problem, all);
    EXPECT_TRUE(legal.ok()) << legal;
  }
  EXPECT_GT(numMerged, 100);
}

} // namespace
} // namespace serenity::core
