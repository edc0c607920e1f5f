//===- ScaleTest.cpp ------------------------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Heuristics.h"
#include "LargeGraphs.h"
#include "serenity/Core/Graph/Footprint.h"
#include "serenity/Core/Schedule/Schedule.h"

#include "gtest/gtest.h"

using namespace serenity::core;

namespace {

Schedule scheduleWith(const Graph &graph, const ScheduleOptions &options) {
  auto result = computeSchedule(graph, options);
  EXPECT_TRUE(result.ok()) << result.status();
  return *std::move(result);
}

/// The least peak of the orders that take no search.
int64_t bestHeuristic(const Graph &graph) {
  int64_t best = INT64_MAX;
  for (auto *heuristic :
       {sourceOrder, kahnOrder, greedyOrder, depthFirstOrder, postOrder})
    best = std::min(best, computeFootprint(graph, heuristic(graph))->peakBytes);
  return best;
}

/// Anything quadratic takes minutes here.
TEST(ScaleTest, OrdersAHundredThousandOperations) {
  ScheduleOptions options;
  options.maxStates = 0;
  for (const Graph &graph :
       {makeChain(100'000), makeLayered(1'000, 100, /*seed=*/0),
        makeTrainedResidual(350)}) {
    const Schedule schedule = scheduleWith(graph, options);
    EXPECT_LE(schedule.peakBytes, bestHeuristic(graph));
  }
}

TEST(ScaleTest, ProvesANasnetOf60Cells) {
  const Graph graph = NasnetBuilder::make(60);
  const Schedule schedule = scheduleWith(graph, ScheduleOptions());
  EXPECT_TRUE(schedule.isProvenOptimal());
  EXPECT_LT(schedule.peakBytes, bestHeuristic(graph));
  EXPECT_LE(schedule.states, 10'000);
}

TEST(ScaleTest, ImprovesWhatIsBeyondProof) {
  ScheduleOptions options;
  options.maxStates = 20'000;
  for (const Graph &graph :
       {makeTrainedResidual(70), makeLayered(60, 60, /*seed=*/0)}) {
    const Schedule schedule = scheduleWith(graph, options);
    EXPECT_LT(schedule.peakBytes, bestHeuristic(graph) * 19 / 20);
  }
}

} // namespace
