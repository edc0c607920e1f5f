//===- ExactTest.cpp ------------------------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BruteForce.h"
#include "GraphFile.h"
#include "Instances.h"
#include "RandomGraph.h"
#include "serenity/Core/Graph/RandomGraphs.h"
#include "serenity/Core/Schedule/Schedule.h"

#include "gmock/gmock.h"

using namespace serenity::core;

namespace {

constexpr bool ExactSwitches::*kSwitches[] = {&ExactSwitches::valleyRule,
                                              &ExactSwitches::freeRuns,
                                              &ExactSwitches::failedStates,
                                              &ExactSwitches::sleepSets,
                                              &ExactSwitches::refutationOrder,
                                              &ExactSwitches::divideAndConquer,
                                              &ExactSwitches::beam,
                                              &ExactSwitches::cutBound,
                                              &ExactSwitches::windows};

/// All combinations that search in some direction.
std::vector<ExactSwitches> allSwitches() {
  std::vector<ExactSwitches> result;
  for (size_t bits = 0; bits < size_t{1} << std::size(kSwitches); ++bits)
    for (auto [backward, forward] :
         {std::pair(true, true), {true, false}, {false, true}}) {
      ExactSwitches &switches = result.emplace_back();
      switches.backward = backward;
      switches.forward = forward;
      for (size_t i = 0; i < std::size(kSwitches); ++i)
        switches.*kSwitches[i] = bits >> i & 1;
    }
  return result;
}

std::string describe(const ExactSwitches &switches) {
  return absl::StrCat(
      "valleyRule ", switches.valleyRule, ", freeRuns ", switches.freeRuns,
      ", failedStates ", switches.failedStates, ", sleepSets ",
      switches.sleepSets, ", refutationOrder ", switches.refutationOrder,
      ", divideAndConquer ", switches.divideAndConquer, ", beam ",
      switches.beam, ", cutBound ", switches.cutBound, ", windows ",
      switches.windows, ", backward ", switches.backward, ", forward ",
      switches.forward);
}

void expectOptimum(const Graph &graph, const ScheduleOptions &options,
                   int64_t optimum) {
  const auto result = computeSchedule(graph, options);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->stopReason, StopReason::Finished);
  EXPECT_EQ(result->peakBytes, optimum);
  EXPECT_EQ(result->lowerBoundBytes, optimum);
}

TEST(ExactTest, AgreesWithBruteForce) {
  for (uint64_t seed = 0; seed < serenity::instances(20'000u); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const Graph graph = RandomGraph::make(seed);
    expectOptimum(graph, ScheduleOptions(), BruteForce(graph).leastPeak());
    ASSERT_FALSE(HasFailure());
  }
}

TEST(ExactTest, NoPruningChangesTheOptimum) {
  const std::vector<ExactSwitches> combinations = allSwitches();
  for (uint64_t seed = 0; seed < serenity::instances(20'000u); ++seed) {
    const Graph graph = RandomGraph::make(seed, /*maxOps=*/8);
    const int64_t optimum = BruteForce(graph).leastPeak();
    // Each graph with some of them, all of them within 32 graphs.
    for (size_t i = seed % 32; i < combinations.size(); i += 32) {
      SCOPED_TRACE(testing::Message()
                   << "seed " << seed << ", " << describe(combinations[i]));
      ScheduleOptions options;
      options.exact = combinations[i];
      expectOptimum(graph, options, optimum);
      ASSERT_FALSE(HasFailure());
    }
  }
}

/// Two sets that look like a valley and are none. After `wide` has run and
/// `narrow`, `last`, fewer bytes are alive than at the start, but still more
/// than if `narrow` were not among them.
TEST(ExactTest, AValleyMustBeTheLowestPointOfAllThatLeadsToIt) {
  GraphBuilder builder;
  const BufferId in = builder.addBuffer({"in", 6, /*isInput=*/true});
  const BufferId wide = builder.addBuffer({"wide", 9});
  const BufferId narrow = builder.addBuffer({"narrow", 1, false, true});
  const BufferId middle = builder.addBuffer({"middle", 6});
  const BufferId out = builder.addBuffer({"out", 9, false, true});
  const BufferId unread = builder.addBuffer({"unread", 6});
  builder.addOp({"first", {}, {in, wide}});
  builder.addOp({"last", {}, {wide}});
  builder.addOp({"narrow", {}, {narrow}});
  builder.addOp({"make", {}, {middle, out}});
  builder.addOp({"use", {middle}, {unread}, /*scratchBytes=*/4, {middle}});
  const Graph graph = *std::move(builder).build();
  ScheduleOptions options;
  options.exact.backward = false;
  expectOptimum(graph, options, 19);
}

Graph makeRandWire(uint64_t seed) {
  return *buildRandWire({*wattsStrogatz(32, 4, 0.75, seed)}, /*maxBytes=*/16,
                        seed);
}

TEST(ExactTest, AtAStateLimitReturnsTheBestSoFar) {
  const Graph graph = makeRandWire(0);
  const auto optimum = computeSchedule(graph, ScheduleOptions());
  ASSERT_TRUE(optimum.ok()) << optimum.status();
  int64_t lower = 0, upper = std::numeric_limits<int64_t>::max();
  for (int64_t maxStates = 0; maxStates < optimum->states; maxStates += 13) {
    SCOPED_TRACE(testing::Message() << "limit of " << maxStates);
    ScheduleOptions options;
    options.maxStates = maxStates;
    const auto result = computeSchedule(graph, options);
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->stopReason, StopReason::StateLimit);
    EXPECT_EQ(result->states, maxStates);
    // More states never make anything worse.
    EXPECT_GE(result->lowerBoundBytes, lower);
    EXPECT_LE(result->peakBytes, upper);
    EXPECT_LE(result->lowerBoundBytes, optimum->peakBytes);
    EXPECT_GE(result->peakBytes, optimum->peakBytes);
    lower = result->lowerBoundBytes;
    upper = result->peakBytes;
  }
}

TEST(ExactTest, TakesNoMoreMemoryThanItMayAndMoreNeverHarms) {
  const Graph graph = *buildRandWire({*wattsStrogatz(64, 4, 0.75, 0)});
  const auto optimum = computeSchedule(graph, ScheduleOptions());
  ASSERT_TRUE(optimum.ok()) << optimum.status();
  int64_t lower = 0, upper = std::numeric_limits<int64_t>::max();
  ScheduleOptions options;
  for (options.maxTableBytes = 256;
       options.maxTableBytes < 2 * optimum->tableBytes;
       options.maxTableBytes = options.maxTableBytes * 5 / 4) {
    SCOPED_TRACE(testing::Message() << "limit of " << options.maxTableBytes);
    const auto result = computeSchedule(graph, options);
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_LE(result->tableBytes, options.maxTableBytes);
    EXPECT_EQ(result->isProvenOptimal(),
              options.maxTableBytes >= optimum->tableBytes);
    EXPECT_GE(result->lowerBoundBytes, lower);
    EXPECT_LE(result->peakBytes, upper);
    lower = result->lowerBoundBytes;
    upper = result->peakBytes;
  }
  EXPECT_EQ(lower, upper);
}

TEST(ExactTest, StopsAtTheTableLimitAndTheTimeLimit) {
  ScheduleOptions options;
  options.maxTableBytes = 10'000;
  const auto atTableLimit = computeSchedule(makeRandWire(0), options);
  ASSERT_TRUE(atTableLimit.ok()) << atTableLimit.status();
  EXPECT_EQ(atTableLimit->stopReason, StopReason::TableLimit);

  options = ScheduleOptions();
  options.maxSeconds = 0;
  const auto atTimeLimit = computeSchedule(makeRandWire(0), options);
  ASSERT_TRUE(atTimeLimit.ok()) << atTimeLimit.status();
  EXPECT_EQ(atTimeLimit->stopReason, StopReason::TimeLimit);
}

TEST(ExactTest, ABudgetIsMetOrProvenImpossible) {
  for (uint64_t seed = 0; seed < 10; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const Graph graph = makeRandWire(seed);
    const auto optimum = computeSchedule(graph, ScheduleOptions());
    ASSERT_TRUE(optimum.ok()) << optimum.status();
    for (int64_t slack = -2; slack < 20; ++slack) {
      ScheduleOptions options;
      options.budgetBytes = optimum->peakBytes + slack;
      const auto result = computeSchedule(graph, options);
      ASSERT_TRUE(result.ok()) << result.status();
      if (slack < 0) {
        EXPECT_EQ(result->stopReason, StopReason::Finished);
        EXPECT_EQ(result->peakBytes, optimum->peakBytes);
        EXPECT_TRUE(result->isProvenOptimal());
      } else {
        EXPECT_LE(result->peakBytes, *options.budgetBytes);
        EXPECT_TRUE(result->isProvenOptimal() ||
                    result->stopReason == StopReason::BudgetMet);
      }
    }
  }
}

/// Also if a limit strikes in the same moment.
TEST(ExactTest, ABudgetMetByTheLastStateIsMet) {
  const Graph graph = makeRandWire(0);
  ScheduleOptions options;
  options.maxStates = 0;
  const auto heuristic = computeSchedule(graph, options);
  ASSERT_TRUE(heuristic.ok()) << heuristic.status();
  options.budgetBytes = heuristic->peakBytes - 1;
  do {
    ++options.maxStates;
    const auto result = computeSchedule(graph, options);
    ASSERT_TRUE(result.ok()) << result.status();
    ASSERT_EQ(result->stopReason, result->peakBytes <= *options.budgetBytes
                                      ? StopReason::BudgetMet
                                      : StopReason::StateLimit);
  } while (options.maxStates < 200);
}

TEST(ExactTest, SameGraphSameOrderSameStates) {
  const Graph graph = makeRandWire(3);
  ScheduleOptions options;
  for (int64_t maxStates : {10, 100, 1'000, 100'000}) {
    options.maxStates = maxStates;
    const auto once = computeSchedule(graph, options);
    const auto again = computeSchedule(graph, options);
    ASSERT_TRUE(once.ok() && again.ok());
    EXPECT_EQ(once->order, again->order);
    EXPECT_EQ(once->states, again->states);
  }
}

TEST(ExactTest, ReportsPeakAndBoundOnTheWay) {
  const Graph graph = *buildRandWire({*wattsStrogatz(256, 4, 0.75, 0)});
  std::vector<SearchProgress> reports;
  ScheduleOptions options;
  options.maxStates = 400'000;
  options.onProgress = [&](const SearchProgress &progress) {
    reports.push_back(progress);
  };
  const auto result = computeSchedule(graph, options);
  ASSERT_TRUE(result.ok()) << result.status();
  ASSERT_FALSE(reports.empty());
  EXPECT_EQ(reports.front().states, 0);
  EXPECT_EQ(reports.back().peakBytes, result->peakBytes);
  EXPECT_EQ(reports.back().lowerBoundBytes, result->lowerBoundBytes);
  int numImprovements = 0, numRepetitions = 0;
  for (size_t i = 1; i < reports.size(); ++i) {
    const SearchProgress &last = reports[i - 1], &now = reports[i];
    EXPECT_LE(now.peakBytes, last.peakBytes);
    EXPECT_GE(now.lowerBoundBytes, last.lowerBoundBytes);
    EXPECT_GE(now.states, last.states);
    ++(now.peakBytes < last.peakBytes ||
               now.lowerBoundBytes > last.lowerBoundBytes
           ? numImprovements
           : numRepetitions);
  }
  EXPECT_GT(numImprovements, 3);
  EXPECT_GT(numRepetitions, 0) << "states are news, too";
  EXPECT_LT(numRepetitions, result->states / 1'000);
}

int64_t statesToProve(const Graph &graph) {
  const auto result = computeSchedule(graph, ScheduleOptions());
  EXPECT_TRUE(result.ok() && result->isProvenOptimal());
  return result->states;
}

TEST(ExactTest, ProvesSwiftNetAtOnce) {
  const Graph graph = readGraphFile("swiftnet");
  const auto result = computeSchedule(graph, ScheduleOptions());
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->peakBytes, 301'056);
  EXPECT_LE(statesToProve(graph), 200);
}

TEST(ExactTest, ProvesThreeStagesOfRandWire) {
  std::vector<int64_t> states;
  for (uint64_t seed = 0; seed < 10; ++seed) {
    std::vector<Topology> stages;
    for (uint64_t stage = 0; stage < 3; ++stage)
      stages.push_back(*wattsStrogatz(32, 4, 0.75, 3 * seed + stage));
    states.push_back(statesToProve(*buildRandWire(stages)));
  }
  std::sort(states.begin(), states.end());
  EXPECT_LE(states[5], 1'000);
}

TEST(ExactTest, ProvesRandWireOf64Nodes) {
  for (uint64_t seed = 0; seed < 10; ++seed)
    EXPECT_LE(
        statesToProve(*buildRandWire({*wattsStrogatz(64, 4, 0.75, seed)})),
        100'000);
}

} // namespace
