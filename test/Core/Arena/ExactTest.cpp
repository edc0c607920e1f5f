//===- ExactTest.cpp - Searches against brute force -----------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BruteForceArena.h"
#include "Instances.h"
#include "OrientationSearch.h"
#include "RandomArena.h"
#include "SkylineSearch.h"
#include "serenity/Core/Arena/CsvFormat.h"
#include "serenity/Core/Arena/Verifier.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include <fstream>
#include <sstream>

namespace serenity::core {
namespace {

/// Every combination of the switches.
std::vector<ArenaSwitches> allSwitches() {
  std::vector<ArenaSwitches> all;
  for (int bits = 0; bits < 32; ++bits) {
    ArenaSwitches switches;
    switches.noWastedGaps = bits & 1;
    switches.freePlacement = bits & 2;
    switches.subsetBounds = bits & 4;
    switches.decomposition = bits & 8;
    switches.learnedOrder = bits & 16;
    all.push_back(switches);
  }
  return all;
}

/// Expects `search` to find a plan of `optimum` bytes, and to prove that there
/// is none of one byte less.
template <typename SearchFn>
void expectDecides(const ArenaProblem &problem, const Layout &layout,
                   int64_t optimum, SearchFn search) {
  const SearchResult found = search(optimum);
  ASSERT_EQ(found.kind, SearchResult::Found);
  ArenaPlan plan{layout.toOffsets(found.bases)};
  for (size_t i = 0; i < plan.offsets.size(); ++i)
    plan.arenaBytes =
        std::max(plan.arenaBytes, plan.offsets[i] + problem.buffers[i].size);
  EXPECT_TRUE(verifyPlan(problem, plan).ok()) << verifyPlan(problem, plan);
  EXPECT_EQ(plan.arenaBytes, optimum);
  if (optimum == 0)
    return;
  const SearchResult refuted = search(optimum - 1);
  ASSERT_EQ(refuted.kind, SearchResult::Refuted);
  EXPECT_EQ(refuted.lowerBound, optimum);
}

TEST(ExactTest, searchesDecideLikeBruteForce) {
  const std::vector<ArenaSwitches> all = allSwitches();
  ArenaOptions unlimited;
  unlimited.maxNodes = std::numeric_limits<int64_t>::max();
  const SearchClock clock(unlimited.maxSeconds);
  SearchBudget budget(unlimited, clock);
  int64_t numGaps = 0, numSkyline = 0;
  for (uint64_t seed = 0; seed < instances(20000u); ++seed) {
    SCOPED_TRACE(seed);
    const ArenaProblem problem = RandomArena::make(seed);
    const Layout layout = *Layout::make(problem);
    const int64_t optimum = BruteForceArena(problem).smallestArena();
    numGaps += optimum > arenaLowerBound(problem);
    OrientationSearch orientation(layout);
    expectDecides(problem, layout, optimum, [&](int64_t capacity) {
      budget.startShare(1000000);
      return orientation.search(capacity, budget);
    });
    if (!isPlain(layout, problem))
      continue;
    ++numSkyline;
    for (size_t i = seed % 4; i < all.size(); i += 4) {
      SkylineSearch skyline(layout, all[i]);
      expectDecides(problem, layout, optimum, [&](int64_t capacity) {
        budget.startShare(1000000);
        return skyline.search(capacity, seed % SkylineSearch::kNumHeuristics,
                              budget);
      });
    }
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(numGaps, instances(500));
  EXPECT_GT(numSkyline, instances(9000));
}

TEST(ExactTest, nothingFitsAnywhere) {
  const Layout layout = *Layout::make({});
  const ArenaOptions options;
  const SearchClock clock(options.maxSeconds);
  SearchBudget budget(options, clock);
  budget.startShare(1);
  SkylineSearch skyline(layout, {});
  EXPECT_EQ(skyline.search(3, /*order=*/0, budget).kind, SearchResult::Found);
}

absl::StatusOr<ArenaProblem> readShared(const std::string &name) {
  std::ifstream file(std::string(SERENITY_SHARED_DATA) + "/alloc/" + name);
  std::stringstream text;
  text << file.rdbuf();
  return parseArenaCsv(text.str());
}

/// Expects that the buffers of `conflict` alone do not fit `capacity`. A buffer
/// without bytes is as good as absent, but for what is adjacent to it.
void expectConflict(ArenaProblem problem, const std::vector<int32_t> &conflict,
                    int64_t capacity) {
  EXPECT_FALSE(conflict.empty());
  EXPECT_TRUE(std::is_sorted(conflict.begin(), conflict.end()));
  for (int32_t i = 0; i < static_cast<int32_t>(problem.buffers.size()); ++i)
    if (!std::binary_search(conflict.begin(), conflict.end(), i))
      problem.buffers[i] = {problem.buffers[i].name};
  EXPECT_GT(BruteForceArena(problem).smallestArena(), capacity);
}

TEST(ExactTest, plansAreOptimalWithEverySwitch) {
  const std::vector<ArenaSwitches> all = allSwitches();
  for (uint64_t seed = 100000; seed < 100000 + instances(4000u); ++seed) {
    SCOPED_TRACE(seed);
    const ArenaProblem problem = RandomArena::make(seed);
    const int64_t optimum = BruteForceArena(problem).smallestArena();
    ArenaOptions options;
    options.switches = all[seed % all.size()];
    options.maxNodes = std::numeric_limits<int64_t>::max();
    const ArenaPlan plan = *planArena(problem, options);
    EXPECT_EQ(plan.arenaBytes, optimum);
    EXPECT_TRUE(plan.isProvenOptimal());
    options.capacityBytes = optimum;
    EXPECT_EQ(planArena(problem, options)->stop, ArenaStop::CapacityMet);
    if (optimum == 0)
      continue;
    options.capacityBytes = optimum - 1;
    const ArenaPlan none = *planArena(problem, options);
    EXPECT_EQ(none.stop, ArenaStop::Infeasible);
    expectConflict(problem, none.conflict, optimum - 1);
  }
}

TEST(ExactTest, meetsTheCapacitiesOfMinimallocsBenchmarks) {
  for (const char *name : {"A", "B", "C", "D", "E", "F"}) {
    const absl::StatusOr<ArenaProblem> problem =
        readShared(std::string(name) + ".1048576.csv");
    if (!problem.ok())
      GTEST_SKIP() << "no shared data";
    ArenaOptions options;
    options.capacityBytes = 1048576;
    const absl::StatusOr<ArenaPlan> plan = planArena(*problem, options);
    ASSERT_TRUE(plan.ok()) << plan.status();
    EXPECT_EQ(plan->stop, ArenaStop::CapacityMet) << name;
    EXPECT_LE(plan->nodes, 200000) << name;
  }
}

/// A right to share that nobody needs makes no problem harder.
TEST(ExactTest, solvesHardProblemsWithAnInPlacePair) {
  absl::StatusOr<ArenaProblem> problem = readShared("A.1048576.csv");
  if (!problem.ok())
    GTEST_SKIP() << "no shared data";
  problem->inPlacePairs.push_back({0, 1});
  ArenaOptions options;
  options.capacityBytes = 1048576;
  options.maxNodes = 200000;
  EXPECT_EQ(planArena(*problem, options)->stop, ArenaStop::CapacityMet);
}

TEST(ExactTest, sameProblemSamePlan) {
  const absl::StatusOr<ArenaProblem> problem = readShared("D.1048576.csv");
  if (!problem.ok())
    GTEST_SKIP() << "no shared data";
  ArenaOptions options;
  options.maxNodes = 1500;
  const ArenaPlan first = *planArena(*problem, options);
  const ArenaPlan second = *planArena(*problem, options);
  EXPECT_EQ(first.stop, ArenaStop::NodeLimit);
  EXPECT_EQ(first.offsets, second.offsets);
  EXPECT_EQ(first.nodes, second.nodes);
  EXPECT_LE(first.nodes, options.maxNodes);
}

TEST(ExactTest, stopsInTime) {
  const absl::StatusOr<ArenaProblem> problem = readShared("D.1048576.csv");
  if (!problem.ok())
    GTEST_SKIP() << "no shared data";
  ArenaOptions options;
  options.maxSeconds = 0;
  const ArenaPlan plan = *planArena(*problem, options);
  EXPECT_EQ(plan.stop, ArenaStop::TimeLimit);
  EXPECT_EQ(plan.nodes, 0);
}

/// Buffers of which about fifty are alive together.
ArenaProblem makeLargeProblem(int32_t numBuffers) {
  RandomSource random(/*seed=*/1);
  ArenaProblem problem;
  for (int32_t i = 0; i < numBuffers; ++i) {
    const int64_t lower = random.below(numBuffers);
    problem.buffers.push_back({absl::StrCat("b", i), lower,
                               lower + 1 + random.below(100),
                               1 + random.below(65536)});
  }
  return problem;
}

TEST(ExactTest, doesNotBeginWhatItCannotEnd) {
  const ArenaProblem problem = makeLargeProblem(20000);
  const ArenaPlan plan = *planArena(problem, {});
  EXPECT_EQ(plan.stop, ArenaStop::NodeLimit);
  EXPECT_EQ(plan.nodes, 0);
}

TEST(ExactTest, namesFewOfManyBuffersThatDoNotFit) {
  const ArenaProblem problem = makeLargeProblem(20000);
  ArenaOptions options;
  options.capacityBytes = arenaLowerBound(problem) - 1;
  const ArenaPlan plan = *planArena(problem, options);
  EXPECT_EQ(plan.stop, ArenaStop::Infeasible);
  EXPECT_LT(plan.conflict.size(), 150u);
  ArenaProblem part;
  for (int32_t buffer : plan.conflict)
    part.buffers.push_back(problem.buffers[buffer]);
  EXPECT_GT(arenaLowerBound(part), *options.capacityBytes);
}

} // namespace
} // namespace serenity::core
