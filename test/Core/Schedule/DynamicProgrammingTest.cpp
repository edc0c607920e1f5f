//===- DynamicProgrammingTest.cpp -----------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DynamicProgramming.h"
#include "Instances.h"

#include "BruteForce.h"
#include "GraphFile.h"
#include "Heuristics.h"
#include "RandomGraph.h"
#include "serenity/Core/Graph/RandomGraphs.h"

#include "gmock/gmock.h"

using namespace serenity::core;

namespace {

absl::StatusOr<Schedule> schedule(const Graph &graph,
                                  ScheduleOptions options = {}) {
  options.strategy = Strategy::DynamicProgramming;
  return computeSchedule(graph, options);
}

/// All eight combinations of the switches.
std::vector<DynamicProgrammingSwitches> allSwitches() {
  std::vector<DynamicProgrammingSwitches> result;
  for (bool mergeStates : {true, false})
    for (bool divideAndConquer : {true, false})
      for (bool softBudget : {true, false})
        result.push_back({mergeStates, divideAndConquer, softBudget});
  return result;
}

std::string describe(const DynamicProgrammingSwitches &switches) {
  return absl::StrCat("mergeStates ", switches.mergeStates,
                      ", divideAndConquer ", switches.divideAndConquer,
                      ", softBudget ", switches.softBudget);
}

void expectOptimal(const Graph &graph, const ScheduleOptions &options) {
  const auto result = schedule(graph, options);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->stopReason, StopReason::Finished);
  EXPECT_TRUE(result->isProvenOptimal());
  EXPECT_EQ(result->peakBytes, BruteForce(graph).leastPeak());
  const auto footprint = computeFootprint(graph, result->order);
  ASSERT_TRUE(footprint.ok()) << footprint.status();
  EXPECT_EQ(result->peakBytes, footprint->peakBytes);
}

TEST(DynamicProgrammingTest, AgreesWithBruteForce) {
  for (uint64_t seed = 0; seed < serenity::instances(20'000u); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    expectOptimal(RandomGraph::make(seed), ScheduleOptions());
    ASSERT_FALSE(HasFailure());
  }
}

TEST(DynamicProgrammingTest, NoPartChangesTheOptimum) {
  for (uint64_t seed = 0; seed < serenity::instances(2'000u); ++seed) {
    const Graph graph = RandomGraph::make(seed, /*maxOps=*/7);
    for (const DynamicProgrammingSwitches &switches : allSwitches()) {
      SCOPED_TRACE(testing::Message()
                   << "seed " << seed << ", " << describe(switches));
      ScheduleOptions options;
      options.dynamicProgramming = switches;
      expectOptimal(graph, options);
      ASSERT_FALSE(HasFailure());
    }
  }
}

Graph makeRandWire(uint64_t seed) {
  const auto topology = wattsStrogatz(24, 4, 0.75, seed);
  return *buildRandWire({*topology}, /*maxBytes=*/16, seed);
}

TEST(DynamicProgrammingTest, TheHardBudgetSavesStates) {
  for (uint64_t seed = 0; seed < 5; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const Graph graph = makeRandWire(seed);
    ScheduleOptions options;
    const auto with = schedule(graph, options);
    options.dynamicProgramming.softBudget = false;
    const auto without = schedule(graph, options);
    ASSERT_TRUE(with.ok() && without.ok());
    EXPECT_EQ(with->peakBytes, without->peakBytes);
    EXPECT_LE(with->states, without->states);
  }
}

/// With layers of one state almost every budget is given up at first, so that
/// all moves of adaptive soft budgeting are made.
TEST(DynamicProgrammingTest, NarrowLayersDoNotChangeTheOptimum) {
  const ScheduleOptions options;
  int64_t statesWide = 0, statesNarrow = 0;
  for (uint64_t seed = 0; seed < serenity::instances(20'000u); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const Graph graph = RandomGraph::make(seed);
    if (graph.numOps() == 0)
      continue;
    SearchLimits wide(options), narrow(options);
    const auto expected = scheduleByDynamicProgramming(graph, options, wide);
    const auto result = scheduleByDynamicProgramming(graph, options, narrow, 1);
    ASSERT_TRUE(expected.ok() && result.ok());
    ASSERT_TRUE(result->isProvenOptimal());
    ASSERT_EQ(result->peakBytes, expected->peakBytes);
    statesWide += wide.states();
    statesNarrow += narrow.states();
  }
  EXPECT_GT(statesNarrow, statesWide);
}

TEST(DynamicProgrammingTest, BudgetsOfTheLargestSizeDoNotOverflow) {
  GraphBuilder builder;
  for (int64_t scratch : {std::numeric_limits<int64_t>::max(), int64_t{0}})
    builder.addOp({"op", {}, {}, scratch});
  const auto graph = std::move(builder).build();
  ASSERT_TRUE(graph.ok()) << graph.status();
  const ScheduleOptions options;
  SearchLimits limits(options);
  const auto result = scheduleByDynamicProgramming(*graph, options, limits, 1);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->peakBytes, std::numeric_limits<int64_t>::max());
  EXPECT_TRUE(result->isProvenOptimal());
}

TEST(DynamicProgrammingTest, AtALimitReturnsTheBestBaselineAndASoundBound) {
  const Graph graph = makeRandWire(0);
  const auto optimum = schedule(graph);
  ASSERT_TRUE(optimum.ok()) << optimum.status();
  for (int64_t maxStates = 0; maxStates < optimum->states; maxStates += 97) {
    ScheduleOptions options;
    options.maxStates = maxStates;
    const auto result = schedule(graph, options);
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->stopReason, StopReason::StateLimit);
    EXPECT_EQ(result->states, maxStates);
    EXPECT_LE(result->lowerBoundBytes, optimum->peakBytes);
    EXPECT_LE(result->peakBytes,
              computeFootprint(graph, greedyOrder(graph))->peakBytes);
  }
}

TEST(DynamicProgrammingTest, StopsAtTheTableLimitAndTheTimeLimit) {
  ScheduleOptions options;
  options.maxTableBytes = 10'000;
  const auto atTableLimit = schedule(makeRandWire(0), options);
  ASSERT_TRUE(atTableLimit.ok()) << atTableLimit.status();
  EXPECT_EQ(atTableLimit->stopReason, StopReason::TableLimit);

  options = ScheduleOptions();
  options.maxSeconds = 0;
  const auto atTimeLimit = schedule(makeRandWire(0), options);
  ASSERT_TRUE(atTimeLimit.ok()) << atTimeLimit.status();
  EXPECT_EQ(atTimeLimit->stopReason, StopReason::TimeLimit);
}

TEST(DynamicProgrammingTest, GivesBackEveryTableByte) {
  ScheduleOptions options;
  SearchLimits limits(options);
  ASSERT_TRUE(
      scheduleByDynamicProgramming(makeRandWire(0), options, limits).ok());
  EXPECT_TRUE(limits.addTableBytes(options.maxTableBytes));
}

TEST(DynamicProgrammingTest, ABudgetThatABaselineMeetsNeedsNoSearch) {
  const Graph graph = makeRandWire(0);
  ScheduleOptions options;
  options.budgetBytes = computeFootprint(graph, greedyOrder(graph))->peakBytes;
  const auto met = schedule(graph, options);
  ASSERT_TRUE(met.ok()) << met.status();
  EXPECT_EQ(met->stopReason, StopReason::BudgetMet);
  EXPECT_EQ(met->states, 0);
  EXPECT_LE(met->peakBytes, *options.budgetBytes);

  const auto optimum = schedule(graph);
  ASSERT_TRUE(optimum.ok()) << optimum.status();
  options.budgetBytes = optimum->peakBytes - 1;
  const auto impossible = schedule(graph, options);
  ASSERT_TRUE(impossible.ok()) << impossible.status();
  EXPECT_EQ(impossible->peakBytes, optimum->peakBytes);
  EXPECT_TRUE(impossible->isProvenOptimal());
}

TEST(DynamicProgrammingTest, SameGraphSameOrderSameStates) {
  const Graph graph = makeRandWire(3);
  const auto once = schedule(graph), again = schedule(graph);
  ASSERT_TRUE(once.ok() && again.ok());
  EXPECT_EQ(once->order, again->order);
  EXPECT_EQ(once->states, again->states);
}

TEST(DynamicProgrammingTest, TenThousandOperationsInARow) {
  GraphBuilder builder;
  BufferId last = builder.addBuffer({"in", 3, /*isInput=*/true});
  for (int i = 0; i < 10'000; ++i) {
    const BufferId next = builder.addBuffer({"x", 1 + i % 5});
    builder.addOp({"op", {last}, {next}});
    last = next;
  }
  const auto graph = std::move(builder).build();
  ASSERT_TRUE(graph.ok()) << graph.status();
  const auto result = schedule(*graph);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->peakBytes, 9);
  EXPECT_EQ(result->states, 10'000);
}

/// What the publication reports of its cells, and how many states it takes.
struct PublishedCell {
  const char *name;
  int64_t peakBytes;
  /// Without and with a hard budget to discard what exceeds it. The states
  /// after no operation are counted, those after the last are not.
  int64_t states, statesWithinBudget;
  /// Partial orders that stay within the optimum: what is left to keep apart
  /// under the best of all budgets if states are not merged.
  int64_t partialOrders;
};

void PrintTo(const PublishedCell &cell, std::ostream *out) {
  *out << cell.name;
}

class PublishedCellTest : public testing::TestWithParam<PublishedCell> {};

TEST_P(PublishedCellTest, IsProvenWithMergedStates) {
  const Graph graph = readGraphFile(GetParam().name);
  for (const DynamicProgrammingSwitches &switches : allSwitches()) {
    if (!switches.mergeStates)
      continue;
    SCOPED_TRACE(describe(switches));
    ScheduleOptions options;
    options.dynamicProgramming = switches;
    const auto result = schedule(graph, options);
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->peakBytes, GetParam().peakBytes);
    EXPECT_TRUE(result->isProvenOptimal());
    EXPECT_EQ(result->states, switches.softBudget
                                  ? GetParam().statesWithinBudget
                                  : GetParam().states);
  }
}

TEST_P(PublishedCellTest, HasSoManyPartialOrders) {
  const Graph graph = readGraphFile(GetParam().name);
  EXPECT_EQ(BruteForce(graph).countPartialOrders(GetParam().peakBytes),
            GetParam().partialOrders);
}

TEST_P(PublishedCellTest, MeetsALimitWithPartialOrdersKeptApart) {
  ScheduleOptions options;
  options.dynamicProgramming.mergeStates = false;
  options.maxStates = 50'000;
  const auto result = schedule(readGraphFile(GetParam().name), options);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->stopReason, StopReason::StateLimit);
  EXPECT_LE(result->lowerBoundBytes, GetParam().peakBytes);
  EXPECT_GE(result->peakBytes, GetParam().peakBytes);
}

INSTANTIATE_TEST_SUITE_P(
    DynamicProgrammingTest, PublishedCellTest,
    testing::Values(
        PublishedCell{"swiftnet-a", 200'704, 1'344, 1'279, 1'533'463},
        PublishedCell{"swiftnet-b", 81'536, 1'258, 1'258, 9'532'361},
        PublishedCell{"swiftnet-c", 32'536, 8'644, 8'644, 146'056'042'249},
        PublishedCell{"darts-v2-normal", 903'168, 10'613, 10'613,
                      281'290'398'760'618}),
    [](const auto &info) {
      std::string name = info.param.name;
      std::replace(name.begin(), name.end(), '-', '_');
      return name;
    });

} // namespace
