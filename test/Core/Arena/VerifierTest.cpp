//===- VerifierTest.cpp - Plans that are wrong, and how -------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Arena/Verifier.h"
#include "RandomArena.h"
#include "serenity/Core/Arena/Solver.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace serenity::core {
namespace {

using testing::HasSubstr;

ArenaProblem makeProblem() {
  return {{{"a", 0, 4, 8, 8}, {"b", 2, 6, 8}, {"c", 5, 9, 4, 1, 16}},
          {{0, 1}},
          {{1, 2}}};
}

void expectRejected(const ArenaPlan &plan, const std::string &message) {
  const absl::Status status = verifyPlan(makeProblem(), plan);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr(message));
}

TEST(VerifierTest, acceptsPlansThatKeepTheRules) {
  EXPECT_TRUE(verifyPlan({}, {}).ok());
  EXPECT_TRUE(verifyPlan(makeProblem(), {{0, 8, 16}, 20, 20}).ok());
  EXPECT_TRUE(verifyPlan(makeProblem(), {{8, 8, 16}, 20, 0}).ok());
  EXPECT_TRUE(verifyPlan(makeProblem(), {{24, 8, 16}, 32, 0}).ok());
}

TEST(VerifierTest, namesWhatIsWrong) {
  expectRejected({{0, 8}, 16, 0}, "2 offsets for 3 buffers");
  expectRejected({{-8, 8, 16}, 20, 0}, "buffer 'a' at offset -8 is below");
  expectRejected({{4, 8, 16}, 20, 0}, "buffer 'a' at offset 4 is not aligned");
  expectRejected({{0, 8, 12}, 16, 0},
                 "buffer 'c' at offset 12 should be at 16");
  expectRejected({{0, 4, 16}, 20, 0}, "should follow its neighbour, which ends "
                                      "at 12");
  expectRejected({{0, 8, 16}, 24, 0}, "an arena of 24 bytes but reaches 20");
  expectRejected({{0, 8, 16}, 20, 21},
                 "lower bound of 21 bytes but reaches 20");
}

TEST(VerifierTest, allowsPairsInPlaceOnlyAtTheSameOffset) {
  ArenaProblem problem{{{"a", 0, 4, 8}, {"b", 2, 6, 4}}};
  EXPECT_FALSE(verifyPlan(problem, {{0, 0}, 8, 0}).ok());
  problem.inPlacePairs = {{1, 0}};
  EXPECT_TRUE(verifyPlan(problem, {{0, 0}, 8, 0}).ok());
  EXPECT_FALSE(verifyPlan(problem, {{0, 4}, 8, 0}).ok());
}

/// The rules once more, pair by pair.
bool isLegal(const ArenaProblem &problem, const std::vector<int64_t> &offsets) {
  for (size_t i = 0; i < offsets.size(); ++i) {
    const ArenaBuffer &a = problem.buffers[i];
    if (offsets[i] < 0 || offsets[i] % a.alignment != 0 ||
        offsets[i] != a.offset.value_or(offsets[i]))
      return false;
    for (size_t j = 0; j < i; ++j) {
      const ArenaBuffer &b = problem.buffers[j];
      bool mayShare = false;
      for (const InPlacePair &pair : problem.inPlacePairs)
        mayShare |=
            std::minmax<size_t>(pair.first, pair.second) == std::minmax(i, j);
      if (a.lower < b.upper && b.lower < a.upper &&
          offsets[i] < offsets[j] + b.size &&
          offsets[j] < offsets[i] + a.size && a.size > 0 && b.size > 0 &&
          !(mayShare && offsets[i] == offsets[j]))
        return false;
    }
  }
  for (const std::vector<int32_t> &group : problem.adjacentGroups)
    for (size_t i = 1; i < group.size(); ++i)
      if (offsets[group[i]] !=
          offsets[group[i - 1]] + problem.buffers[group[i - 1]].size)
        return false;
  return true;
}

TEST(VerifierTest, rejectsExactlyTheMutationsThatBreakARule) {
  int64_t numRejected = 0, numAccepted = 0;
  for (uint64_t seed = 0; seed < 5000; ++seed) {
    SCOPED_TRACE(seed);
    const ArenaProblem problem = RandomArena::make(seed);
    if (problem.buffers.empty())
      continue;
    ArenaPlan plan =
        *planArena(problem, {ArenaStrategy::GreedyBySize, std::nullopt});
    RandomSource random(seed);
    const size_t victim = random.below(problem.buffers.size());
    plan.offsets[victim] += random.below(13) - 6;
    plan.arenaBytes = plan.lowerBoundBytes = 0;
    for (size_t i = 0; i < plan.offsets.size(); ++i)
      plan.arenaBytes =
          std::max(plan.arenaBytes, plan.offsets[i] + problem.buffers[i].size);
    const bool legal = isLegal(problem, plan.offsets);
    EXPECT_EQ(verifyPlan(problem, plan).ok(), legal);
    (legal ? numAccepted : numRejected) += 1;
    ++plan.arenaBytes;
    EXPECT_FALSE(verifyPlan(problem, plan).ok());
  }
  EXPECT_GT(numRejected, 2000);
  EXPECT_GT(numAccepted, 500);
}

} // namespace
} // namespace serenity::core
