//===- MemoriesTest.cpp - What goes into which memory ---------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Arena/Memories.h"
#include "BruteForceArena.h"
#include "RandomArena.h"
#include "SpillBound.h"
#include "Subproblem.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace serenity::core {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// A buffer that is accessed `benefit / size` times.
ArenaBuffer makeBuffer(const std::string &name, int64_t lower, int64_t upper,
                       int64_t size, int64_t benefit) {
  ArenaBuffer buffer{name, lower, upper, size};
  buffer.benefit = benefit;
  return buffer;
}

TEST(MemoriesTest, spillsTheLeastBenefit) {
  const ArenaProblem problem{{makeBuffer("often", 0, 4, 8, 80),
                              makeBuffer("rarely", 0, 4, 8, 8),
                              makeBuffer("later", 4, 9, 8, 8)}};
  const MemoriesPlan plan = *planMemories(problem, {{"sram", 8}, {"dram"}}, {});
  EXPECT_THAT(plan.memories, ElementsAre(0, 1, 0));
  EXPECT_EQ(plan.spilledBenefit, 8);
  EXPECT_THAT(plan.arenaBytes, ElementsAre(8, 8));
  EXPECT_TRUE(plan.isProvenOptimal());
}

TEST(MemoriesTest, manySmallOnesMayBeWorthMoreThanTheGreatest) {
  const ArenaProblem problem{{makeBuffer("great", 0, 4, 8, 10),
                              makeBuffer("a", 0, 4, 4, 9),
                              makeBuffer("b", 0, 4, 4, 9)}};
  const MemoriesPlan plan = *planMemories(problem, {{"sram", 8}, {"dram"}}, {});
  EXPECT_THAT(plan.memories, ElementsAre(1, 0, 0));
}

TEST(MemoriesTest, groupsStayTogether) {
  ArenaProblem problem{
      {{"a", 0, 4, 8}, {"b", 0, 4, 8}, {"c", 0, 4, 8}}, {}, {{0, 1}}};
  const MemoriesPlan plan =
      *planMemories(problem, {{"sram", 15}, {"dram"}}, {});
  EXPECT_THAT(plan.memories, ElementsAre(1, 1, 0));
}

TEST(MemoriesTest, saysThatAllMemoriesAreTooSmall) {
  const ArenaProblem problem{{{"a", 0, 4, 8}, {"b", 0, 4, 8}}};
  const MemoriesPlan plan =
      *planMemories(problem, {{"sram", 8}, {"dram", 7}}, {});
  EXPECT_EQ(plan.stop, ArenaStop::Infeasible);
  EXPECT_TRUE(plan.memories.empty());
}

TEST(MemoriesTest, stopsAtItsLimits) {
  const ArenaProblem problem{{{"a", 0, 4, 8}, {"b", 0, 4, 8}}};
  MemoriesOptions options;
  options.maxTrials = 0;
  EXPECT_EQ(planMemories(problem, {{"sram", 8}, {"dram"}}, options)->stop,
            ArenaStop::NodeLimit);
  options.maxTrials = 10;
  options.arena.maxSeconds = 0;
  EXPECT_EQ(planMemories(problem, {{"sram", 8}, {"dram"}}, options)->stop,
            ArenaStop::TimeLimit);
}

TEST(MemoriesTest, refusesWhatMakesNoSense) {
  auto expectRefused = [](const ArenaProblem &problem,
                          const std::vector<ArenaMemory> &memories,
                          const std::string &message) {
    const absl::Status status = planMemories(problem, memories, {}).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), HasSubstr(message));
  };
  expectRefused({}, {}, "no memory");
  expectRefused({}, {{"sram", -1}},
                "memory 'sram' has a negative capacity of "
                "-1 bytes");
  expectRefused({{{"a", 0, 4, 8, 1, 16}}}, {{"sram"}},
                "buffer 'a' is fixed at offset 16 of an unknown memory");
  expectRefused({{makeBuffer("a", 0, 4, 8, -1)}}, {{"sram"}},
                "buffer 'a' has a negative benefit of -1");
  expectRefused({{makeBuffer("a", 0, 4, 8, INT64_MAX)}}, {{"sram"}, {"dram"}},
                "benefits times memories add up to more than");
}

TEST(MemoriesTest, verifierNamesWhatIsWrong) {
  const ArenaProblem problem{{{"a", 0, 4, 8}, {"b", 0, 4, 8}}};
  const std::vector<ArenaMemory> memories{{"sram", 8}, {"dram"}};
  const MemoriesPlan plan = *planMemories(problem, memories, {});
  auto expectRejected = [&](auto mutate, const std::string &message) {
    MemoriesPlan wrong = plan;
    mutate(wrong);
    const absl::Status status = verifyMemories(problem, memories, wrong);
    EXPECT_THAT(std::string(status.message()), HasSubstr(message));
  };
  expectRejected([](MemoriesPlan &p) { p.memories.pop_back(); }, "1 memories");
  expectRejected([](MemoriesPlan &p) { p.memories[0] = 2; },
                 "buffer 'a' is in memory 2 of 2");
  expectRejected(
      [](MemoriesPlan &p) {
        p.memories = {1, 1};
        p.arenaBytes = {0, 8};
      },
      "memory 'dram': buffer 'b' at offset 0 overlaps with buffer 'a'");
  expectRejected(
      [](MemoriesPlan &p) {
        p.memories = {0, 0};
        p.offsets = {0, 8};
        p.arenaBytes = {16, 0};
      },
      "memory 'sram' holds 8 bytes but is filled to 16");
  expectRejected([](MemoriesPlan &p) { ++p.spilledBenefit; },
                 "claims to spill 9, at least 8, but spills 8");
}

/// The least benefit that any assignment spills; -1 if none fits. Tries them
/// all.
int64_t leastSpill(const ArenaProblem &problem,
                   const std::vector<ArenaMemory> &memories) {
  const size_t n = problem.buffers.size();
  int64_t numAssignments = 1, best = -1;
  for (size_t i = 0; i < n; ++i)
    numAssignments *= static_cast<int64_t>(memories.size());
  for (int64_t code = 0; code < numAssignments; ++code) {
    std::vector<std::vector<int32_t>> contents(memories.size());
    int64_t spilled = 0, rest = code;
    for (size_t i = 0; i < n; ++i, rest /= memories.size()) {
      const int64_t memory = rest % memories.size();
      contents[memory].push_back(static_cast<int32_t>(i));
      spilled += benefitOf(problem.buffers[i]) * memory;
    }
    bool fits = best < 0 || spilled < best;
    for (size_t m = 0; m < memories.size() && fits; ++m) {
      const ArenaProblem part = extractBuffers(problem, contents[m]);
      fits =
          !memories[m].capacityBytes ||
          BruteForceArena(part).smallestArena() <= *memories[m].capacityBytes;
    }
    if (fits)
      best = spilled;
  }
  return best;
}

TEST(MemoriesTest, agreesWithBruteForce) {
  int64_t numSpilled = 0, numInfeasible = 0;
  for (uint64_t seed = 0; seed < 3000; ++seed) {
    SCOPED_TRACE(seed);
    RandomSource random(seed);
    ArenaProblem problem = RandomArena::make(seed, /*maxBuffers=*/6);
    problem.adjacentGroups.clear();
    for (ArenaBuffer &buffer : problem.buffers) {
      buffer.offset.reset();
      if (random.chance(0.7))
        buffer.benefit = random.below(20);
    }
    std::vector<ArenaMemory> memories{{"fast", random.below(14)}};
    if (random.chance(0.3))
      memories.push_back({"middle", random.below(14)});
    memories.push_back({"slow"});
    if (random.chance(0.3))
      memories.back().capacityBytes = random.below(20);
    const int64_t least = leastSpill(problem, memories);
    const MemoriesPlan plan = *planMemories(problem, memories, {});
    if (least < 0) {
      ++numInfeasible;
      EXPECT_EQ(plan.stop, ArenaStop::Infeasible);
      continue;
    }
    numSpilled += least > 0;
    EXPECT_EQ(plan.stop, ArenaStop::Finished);
    EXPECT_EQ(plan.spilledBenefit, least);
    EXPECT_EQ(plan.lowerBound, least);
    EXPECT_LE(*spilledBenefitBound(problem, memories), least);
  }
  EXPECT_GT(numSpilled, 1000);
  EXPECT_GT(numInfeasible, 50);
}

TEST(MemoriesTest, boundsWhatItCannotProve) {
  ArenaProblem problem;
  RandomSource random(/*seed=*/1);
  for (int32_t i = 0; i < 60; ++i) {
    const int64_t lower = random.below(60);
    problem.buffers.push_back(
        makeBuffer(absl::StrCat("b", i), lower, lower + 1 + random.below(20),
                   1 + random.below(1000), 1 + random.below(10000)));
  }
  MemoriesOptions options;
  options.maxTrials = 2000;
  const MemoriesPlan plan =
      *planMemories(problem, {{"sram", 4000}, {"dram"}}, options);
  EXPECT_EQ(plan.stop, ArenaStop::NodeLimit);
  EXPECT_GT(plan.lowerBound, 0);
  EXPECT_LT(plan.lowerBound, plan.spilledBenefit);
  EXPECT_LT(plan.spilledBenefit, 3 * plan.lowerBound);
}

} // namespace
} // namespace serenity::core
