//===- WindowSearchTest.cpp -----------------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WindowSearch.h"
#include "Instances.h"

#include "BruteForce.h"
#include "Heuristics.h"
#include "LargeGraphs.h"
#include "RandomGraph.h"

using namespace serenity::core;

namespace {

int64_t peakOf(const Graph &graph, absl::Span<const OpId> order) {
  return computeFootprint(graph, order)->peakBytes;
}

TEST(WindowSearchTest, MakesNoOrderWorse) {
  int numImproved = 0;
  for (uint64_t seed = 0; seed < serenity::instances(2'000u); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const Graph graph = RandomGraph::make(seed);
    if (graph.numOps() == 0)
      continue;
    BruteForce bruteForce(graph);
    const int64_t optimum = bruteForce.leastPeak();
    std::vector<OpId> order = kahnOrder(graph);
    int64_t peak = peakOf(graph, order);
    SearchLimits limits((ScheduleOptions()));
    WindowSearch windows(graph, ExactSwitches(), limits);
    for (int sweep = 0; sweep < 8; ++sweep) {
      const bool hasImproved = windows.sweep(order, /*goal=*/0);
      const std::optional<int64_t> newPeak = bruteForce.peakOf(order);
      ASSERT_TRUE(newPeak.has_value());
      EXPECT_EQ(hasImproved, *newPeak < peak);
      EXPECT_LE(*newPeak, peak);
      EXPECT_GE(*newPeak, optimum);
      numImproved += hasImproved;
      peak = *newPeak;
    }
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(numImproved, serenity::instances(200));
}

TEST(WindowSearchTest, LowersThePeakOfWideGraphs) {
  const Graph graph = makeLayered(/*numLayers=*/40, /*width=*/50, /*seed=*/1);
  std::vector<OpId> order = sourceOrder(graph);
  const int64_t peak = peakOf(graph, order);
  SearchLimits limits((ScheduleOptions()));
  WindowSearch windows(graph, ExactSwitches(), limits);
  for (int sweep = 0; sweep < 24; ++sweep)
    windows.sweep(order, /*goal=*/0);
  EXPECT_LT(peakOf(graph, order), peak * 9 / 10);
}

TEST(WindowSearchTest, CountsRoundsWithoutSuccess) {
  const Graph graph = makeChain(100);
  std::vector<OpId> order = sourceOrder(graph);
  SearchLimits limits((ScheduleOptions()));
  WindowSearch windows(graph, ExactSwitches(), limits);
  // Windows of 32 and of 64 operations, four sweeps each.
  for (int sweep = 0; sweep < 8; ++sweep) {
    EXPECT_EQ(windows.numFailedRounds(), 0);
    EXPECT_FALSE(windows.sweep(order, /*goal=*/0));
  }
  EXPECT_EQ(windows.numFailedRounds(), 1);
}

} // namespace
