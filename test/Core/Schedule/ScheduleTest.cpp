//===- ScheduleTest.cpp ---------------------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Schedule/Schedule.h"

#include "BruteForce.h"
#include "Heuristics.h"
#include "RandomGraph.h"
#include "serenity/Core/Graph/RandomGraphs.h"

#include "gmock/gmock.h"

using namespace serenity::core;
using ::testing::HasSubstr;

namespace {

constexpr Strategy kAllStrategies[] = {
    Strategy::Source,     Strategy::Kahn,      Strategy::Greedy,
    Strategy::DepthFirst, Strategy::PostOrder, Strategy::DynamicProgramming,
    Strategy::Exact};

Graph makeChain(int numOps) {
  GraphBuilder builder;
  BufferId last = builder.addBuffer({"in", 3, /*isInput=*/true});
  for (int i = 0; i < numOps; ++i) {
    const BufferId next = builder.addBuffer({"x", 1 + i % 5});
    builder.addOp({"op", {last}, {next}});
    last = next;
  }
  return *std::move(builder).build();
}

TEST(ScheduleTest, NamesAreReadBack) {
  for (Strategy strategy : kAllStrategies)
    EXPECT_EQ(parseStrategy(toString(strategy)), strategy);
  EXPECT_EQ(toString(Strategy::DynamicProgramming), "dynamic-programming");
  EXPECT_EQ(parseStrategy("best"), std::nullopt);
  EXPECT_EQ(parseStrategy(""), std::nullopt);
}

TEST(ScheduleTest, EveryStrategyGivesALegalOrderAndSoundBounds) {
  for (uint64_t seed = 0; seed < 2'000; ++seed) {
    const Graph graph = RandomGraph::make(seed);
    BruteForce oracle(graph);
    for (Strategy strategy : kAllStrategies) {
      SCOPED_TRACE(testing::Message()
                   << "seed " << seed << ", strategy " << toString(strategy));
      ScheduleOptions options;
      options.strategy = strategy;
      const auto result = computeSchedule(graph, options);
      if (strategy == Strategy::Source && !oracle.peakOf(sourceOrder(graph))) {
        ASSERT_EQ(result.status().code(), absl::StatusCode::kInvalidArgument);
        continue;
      }
      ASSERT_TRUE(result.ok()) << result.status();
      ASSERT_EQ(oracle.peakOf(result->order), result->peakBytes);
      ASSERT_LE(result->lowerBoundBytes, oracle.leastPeak());
      ASSERT_LE(lowerBound(graph), oracle.leastPeak());
    }
  }
}

/// What a bug in a search could do to an order.
std::vector<OpId> mutate(std::vector<OpId> order, RandomSource &random) {
  const int64_t size = static_cast<int64_t>(order.size());
  const size_t a = random.below(size), b = random.below(size);
  switch (random.below(5)) {
  case 0:
    std::swap(order[a], order[b]);
    break;
  case 1:
    std::rotate(order.begin() + std::min(a, b), order.begin() + std::max(a, b),
                order.end());
    break;
  case 2:
    order[a] = order[b];
    break;
  case 3:
    order.erase(order.begin() + a);
    break;
  case 4:
    order[a] = OpId(static_cast<int32_t>(random.chance(0.5) ? -1 : size));
    break;
  }
  return order;
}

TEST(ScheduleTest, MutatedOrdersAreRejectedOrRevalued) {
  int numRejected = 0, numRevalued = 0;
  for (uint64_t seed = 0; numRejected + numRevalued < 2'000; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const Graph graph = RandomGraph::make(seed);
    if (graph.numOps() == 0)
      continue;
    const auto schedule = computeSchedule(graph, ScheduleOptions());
    ASSERT_TRUE(schedule.ok()) << schedule.status();
    RandomSource random(seed);
    const std::vector<OpId> order = mutate(schedule->order, random);
    const auto footprint = computeFootprint(graph, order);
    const std::optional<int64_t> expected = BruteForce(graph).peakOf(order);
    ASSERT_EQ(footprint.ok(), expected.has_value()) << footprint.status();
    ASSERT_EQ(verifyOrder(graph, order).ok(), expected.has_value());
    if (expected) {
      ASSERT_EQ(footprint->peakBytes, *expected);
    }
    ++(expected ? numRevalued : numRejected);
  }
  EXPECT_GT(numRejected, 200);
  EXPECT_GT(numRevalued, 200);
}

TEST(ScheduleTest, RefusesBadOptions) {
  const Graph graph = makeChain(3);
  auto messageOf = [&](const ScheduleOptions &options) {
    const auto result = computeSchedule(graph, options);
    EXPECT_EQ(result.status().code(), absl::StatusCode::kInvalidArgument);
    return std::string(result.status().message());
  };
  ScheduleOptions options;
  options.maxStates = -1;
  EXPECT_THAT(messageOf(options), HasSubstr("states must not be negative: -1"));
  options = ScheduleOptions();
  options.maxTableBytes = -2;
  EXPECT_THAT(messageOf(options),
              HasSubstr("table bytes must not be negative: -2"));
  options = ScheduleOptions();
  options.maxSeconds = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(messageOf(options), HasSubstr("seconds"));
  options = ScheduleOptions();
  options.budgetBytes = -3;
  EXPECT_THAT(messageOf(options),
              HasSubstr("budget in bytes must not be negative: -3"));
  options = ScheduleOptions();
  options.exact.backward = options.exact.forward = false;
  EXPECT_THAT(messageOf(options), HasSubstr("both directions"));
}

TEST(ScheduleTest, EveryStrategySchedulesTheLargestSizes) {
  GraphBuilder builder;
  builder.addOp({"op", {}, {}, std::numeric_limits<int64_t>::max()});
  const auto graph = std::move(builder).build();
  ASSERT_TRUE(graph.ok()) << graph.status();
  for (Strategy strategy : kAllStrategies) {
    ScheduleOptions options;
    options.strategy = strategy;
    const auto schedule = computeSchedule(*graph, options);
    ASSERT_TRUE(schedule.ok()) << schedule.status();
    EXPECT_EQ(schedule->peakBytes, std::numeric_limits<int64_t>::max());
    EXPECT_TRUE(schedule->isProvenOptimal());
  }
}

TEST(ScheduleTest, AGraphWithoutOperationsHasAPeak) {
  GraphBuilder builder;
  builder.addBuffer({"through", 5, /*isInput=*/true, /*isOutput=*/true});
  builder.addBuffer({"unused", 7, /*isInput=*/true});
  const Graph graph = *std::move(builder).build();
  for (Strategy strategy : kAllStrategies) {
    ScheduleOptions options;
    options.strategy = strategy;
    const auto result = computeSchedule(graph, options);
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->peakBytes, 5);
    EXPECT_TRUE(result->isProvenOptimal());
  }
}

TEST(ScheduleTest, AHundredThousandOperationsInARow) {
  const auto result = computeSchedule(makeChain(100'000), ScheduleOptions());
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->peakBytes, 9);
  EXPECT_TRUE(result->isProvenOptimal());
  EXPECT_EQ(result->states, 0);
}

TEST(ScheduleTest, AHundredThousandOperationsWithoutAWaistGetTheBestHeuristic) {
  const Graph graph = *buildRandWire({*wattsStrogatz(100'000, 4, 0.75, 0)});
  ScheduleOptions options;
  options.maxStates = 10;
  const auto result = computeSchedule(graph, options);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->stopReason, StopReason::StateLimit);
  EXPECT_GT(result->lowerBoundBytes, 0);
  options.strategy = Strategy::Greedy;
  const auto greedy = computeSchedule(graph, options);
  ASSERT_TRUE(greedy.ok()) << greedy.status();
  EXPECT_LE(result->peakBytes, greedy->peakBytes);
}

} // namespace
