//===- BeamSearchTest.cpp -------------------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BeamSearch.h"
#include "Instances.h"

#include "BruteForce.h"
#include "RandomGraph.h"
#include "serenity/Core/Graph/RandomGraphs.h"

#include <optional>

using namespace serenity::core;

namespace {

/// A graph, one way in time, and what a beam finds in it.
class Beam {
public:
  Beam(const Graph &graph, Direction direction,
       const ScheduleOptions &options = ScheduleOptions())
      : direction(direction), limits(options),
        partition(graph, {sourceOrder(graph)}),
        searchGraph(partition.extract(0, direction)),
        search(searchGraph, limits) {}

  /// An order within the budget, from start to end.
  std::optional<std::vector<OpId>> find(int64_t budget, int64_t width) {
    if (!search.find(budget, width))
      return std::nullopt;
    std::vector<OpId> order;
    for (int32_t op : search.order())
      order.push_back(partition.ops(0)[op]);
    if (direction == Direction::Backward)
      std::reverse(order.begin(), order.end());
    return order;
  }

  int64_t peak() const { return search.peak(); }
  int64_t states() const { return limits.states(); }
  int64_t tableBytes() const { return limits.peakTableBytes(); }

private:
  Direction direction;
  SearchLimits limits;
  Partition partition;
  SearchGraph searchGraph;
  BeamSearch search;
};

TEST(BeamSearchTest, KeepsTheBudgetAndSaysThePeak) {
  int numOptimal = 0;
  for (uint64_t seed = 0; seed < serenity::instances(5'000u); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const Graph graph = RandomGraph::make(seed, /*maxOps=*/8);
    if (graph.numOps() == 0)
      continue;
    BruteForce bruteForce(graph);
    const int64_t optimum = bruteForce.leastPeak();
    for (Direction direction : {Direction::Forward, Direction::Backward}) {
      Beam beam(graph, direction);
      EXPECT_FALSE(beam.find(optimum - 1, /*width=*/1'000'000));
      for (int64_t budget : {optimum, optimum + 1, optimum + 10}) {
        const auto order = beam.find(budget, /*width=*/4);
        if (!order)
          continue;
        EXPECT_EQ(bruteForce.peakOf(*order), beam.peak());
        EXPECT_LE(beam.peak(), budget);
        numOptimal += beam.peak() == optimum;
      }
    }
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(numOptimal, serenity::instances(5'000));
}

Graph makeRandWire(uint64_t seed) {
  return *buildRandWire({*wattsStrogatz(64, 4, 0.75, seed)});
}

TEST(BeamSearchTest, FindsTheOptimumOfRandWire) {
  int numFound = 0;
  for (uint64_t seed = 0; seed < 10; ++seed) {
    const Graph graph = makeRandWire(seed);
    const auto optimum = computeSchedule(graph, ScheduleOptions());
    ASSERT_TRUE(optimum.ok()) << optimum.status();
    Beam beam(graph, Direction::Backward);
    numFound += beam.find(optimum->peakBytes, /*width=*/64).has_value();
  }
  EXPECT_GE(numFound, 6);
}

TEST(BeamSearchTest, ExpandsNoMoreThanItsWidth) {
  const Graph graph = makeRandWire(0);
  for (int64_t width : {1, 7, 50}) {
    Beam beam(graph, Direction::Backward);
    beam.find(INT64_MAX / 2, width);
    EXPECT_LE(beam.states(), width * static_cast<int64_t>(graph.numOps()));
  }
}

TEST(BeamSearchTest, TakesNoMoreMemoryThanItMay) {
  const Graph graph = makeRandWire(0);
  Beam unlimited(graph, Direction::Backward);
  EXPECT_TRUE(unlimited.find(INT64_MAX / 2, /*width=*/100));
  int numFound = 0;
  ScheduleOptions options;
  for (options.maxTableBytes = 64;
       options.maxTableBytes < 2 * unlimited.tableBytes();
       options.maxTableBytes = options.maxTableBytes * 5 / 4) {
    Beam beam(graph, Direction::Backward, options);
    const bool isFound = beam.find(INT64_MAX / 2, /*width=*/100).has_value();
    EXPECT_EQ(isFound, options.maxTableBytes >= unlimited.tableBytes());
    EXPECT_LE(beam.tableBytes(), options.maxTableBytes);
    numFound += isFound;
  }
  EXPECT_GT(numFound, 0);
}

TEST(BeamSearchTest, StopsAtLimits) {
  ScheduleOptions options;
  options.maxStates = 10;
  Beam atStateLimit(makeRandWire(0), Direction::Forward, options);
  EXPECT_FALSE(atStateLimit.find(INT64_MAX / 2, /*width=*/100));
  EXPECT_EQ(atStateLimit.states(), 10);

  options = ScheduleOptions();
  options.maxTableBytes = 1'000;
  Beam atTableLimit(makeRandWire(0), Direction::Forward, options);
  EXPECT_FALSE(atTableLimit.find(INT64_MAX / 2, /*width=*/100));
}

} // namespace
