//===- ProblemTest.cpp - Which problems are refused -----------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Arena/Problem.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include <limits>

namespace serenity::core {
namespace {

using testing::HasSubstr;

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

void expectRefused(const ArenaProblem &problem, const std::string &message) {
  const absl::Status status = checkProblem(problem);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr(message));
}

TEST(ProblemTest, acceptsAnEmptyProblem) { EXPECT_TRUE(checkProblem({}).ok()); }

TEST(ProblemTest, acceptsEverythingAtItsLimit) {
  EXPECT_TRUE(checkProblem({{{"a", 0, kMax, kMax - 1}}}).ok());
  EXPECT_TRUE(checkProblem({{{"a", 0, 1, 1, 1, kMax - 2}}}).ok());
  EXPECT_TRUE(
      checkProblem({{{"a", 0, 1, 8, 8, 0}, {"b", 0, 1, 8, 8, 8}}}).ok());
}

TEST(ProblemTest, refusesImpossibleFields) {
  expectRefused({{{"a", -1, 1, 1}}}, "buffer 'a' starts at -1, before 0");
  expectRefused({{{"a", 2, 2, 1}}}, "buffer 'a' ends at 2 but starts at 2");
  expectRefused({{{"a", 0, 1, -5}}}, "has a negative size of -5 bytes");
  expectRefused({{{"a", 0, 1, 1, 0}}}, "alignment of 0, which is not a power");
  expectRefused({{{"a", 0, 1, 1, 3}}}, "alignment of 3, which is not a power");
  expectRefused({{{"a", 0, 1, 1, 1, -4}}}, "a negative offset of -4");
  expectRefused({{{"a", 0, 1, 1, 16, 8}}},
                "offset 8, which is not a multiple of its alignment of 16");
}

TEST(ProblemTest, refusesSumsThatOverflow) {
  expectRefused({{{"a", 0, 1, kMax}}}, "add up to more than");
  expectRefused({{{"a", 0, 1, kMax - 1}, {"b", 5, 6, 1}}}, "add up to more");
  expectRefused({{{"a", 0, 1, 1, 1, kMax}}}, "add up to more than");
}

TEST(ProblemTest, refusesFixedBuffersThatOverlap) {
  expectRefused({{{"a", 0, 2, 8, 1, 0}, {"b", 1, 3, 8, 1, 7}}},
                "buffer 'b' is fixed at offset 7, where it overlaps with "
                "buffer 'a'");
}

TEST(ProblemTest, acceptsFixedPairsInPlace) {
  ArenaProblem problem{{{"a", 0, 2, 8, 1, 4}, {"b", 1, 3, 8, 1, 4}}};
  EXPECT_FALSE(checkProblem(problem).ok());
  problem.inPlacePairs = {{1, 0}};
  EXPECT_TRUE(checkProblem(problem).ok());
}

TEST(ProblemTest, refusesDanglingIndices) {
  ArenaProblem problem{{{"a", 0, 2, 8}}};
  problem.inPlacePairs = {{0, 1}};
  expectRefused(problem, "an in-place pair names buffer 1 of 1 buffers");
  problem.inPlacePairs = {};
  problem.adjacentGroups = {{-1}};
  expectRefused(problem, "a group names buffer -1 of 1 buffers");
}

TEST(ProblemTest, refusesContradictoryGroups) {
  ArenaProblem problem{{{"a", 0, 2, 8, 1, 0}, {"b", 1, 3, 8, 16}}};
  problem.adjacentGroups = {{0, 1}, {0}};
  expectRefused(problem, "buffer 'a' is in adjacent groups twice");
  problem.adjacentGroups = {{0, 1}};
  problem.buffers[0].alignment = 16;
  expectRefused(problem, "buffer 'b' cannot be aligned to 16 bytes, 8 bytes");
  problem.buffers[0] = {"a", 0, 2, 16, 1, 8};
  expectRefused(problem,
                "buffer 'a' is fixed at offset 8, where another of its "
                "group cannot be aligned to 16 bytes");
  problem.buffers[0] = {"a", 0, 2, 8, 1, 0};
  problem.buffers[1].alignment = 1;
  problem.buffers[1].offset = 9;
  expectRefused(problem,
                "buffer 'b' is fixed at offset 9 but its group puts it "
                "at 8");
  problem.buffers[0].offset.reset();
  problem.buffers[1].offset = 4;
  expectRefused(problem, "fixed at offset 4 but its group needs 8 bytes");
}

} // namespace
} // namespace serenity::core
