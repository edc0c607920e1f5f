//===- CutBoundTest.cpp ---------------------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CutBound.h"
#include "Heuristics.h"
#include "Instances.h"

#include "BruteForce.h"
#include "LowerBound.h"
#include "RandomGraph.h"
#include "SearchGraph.h"
#include "serenity/Core/Graph/RandomGraphs.h"

using namespace serenity::core;

namespace {

int64_t cutBound(const Graph &graph, absl::Span<const OpId> order,
                 int64_t knownBound = 0) {
  SearchLimits limits((ScheduleOptions()));
  const Partition partition(graph, {sourceOrder(graph)});
  return cutBoundOfPart(partition, 0, order, knownBound, limits);
}

int64_t cutBound(const Graph &graph) {
  return cutBound(graph, kahnOrder(graph));
}

TEST(CutBoundTest, IsNeverAboveTheOptimum) {
  int numTight = 0;
  for (uint64_t seed = 0; seed < serenity::instances(20'000u); ++seed) {
    const Graph graph = RandomGraph::make(seed, /*maxOps=*/8);
    if (graph.numOps() == 0)
      continue;
    const int64_t bound = cutBound(graph);
    const int64_t optimum = BruteForce(graph).leastPeak();
    ASSERT_LE(bound, optimum) << "seed " << seed;
    numTight += bound == optimum;
  }
  EXPECT_GT(numTight, serenity::instances(14'000));
}

/// What is left out by one order or a known bound could not have raised it.
TEST(CutBoundTest, IsTheSameByEveryOrder) {
  for (uint64_t seed = 0; seed < serenity::instances(5'000u); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const Graph graph = RandomGraph::make(seed, /*maxOps=*/20);
    if (graph.numOps() == 0)
      continue;
    const int64_t bound = cutBound(graph);
    for (auto *heuristic : {greedyOrder, depthFirstOrder, postOrder})
      ASSERT_EQ(cutBound(graph, heuristic(graph)), bound);
    for (int64_t known : {bound - 1, bound, bound + 1})
      ASSERT_EQ(cutBound(graph, kahnOrder(graph), known),
                std::max(bound, known));
  }
}

TEST(CutBoundTest, IsAtLeastWhatIsAliveForCertain) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const Graph graph = *buildRandWire({*wattsStrogatz(48, 4, 0.75, seed)},
                                       /*maxBytes=*/16, seed);
    EXPECT_GE(cutBound(graph), lowerBound(graph)) << "seed " << seed;
  }
}

/// Two chains of which the second can only end after the first has begun: at
/// no operation is anything of the other chain alive for certain, but one end
/// or the other of it always is.
TEST(CutBoundTest, SeesThatOneOfTwoIsAlive) {
  GraphBuilder builder;
  const BufferId in = builder.addBuffer({"in", 10, /*isInput=*/true});
  const BufferId out = builder.addBuffer({"out", 10, false, true});
  const BufferId middle = builder.addBuffer({"middle", 30});
  const BufferId last = builder.addBuffer({"last", 1, false, true});
  builder.addOp({"in place of the input", {in}, {out}, 0, {in}});
  builder.addOp({"make", {}, {middle}});
  builder.addOp({"use", {middle}, {last}});
  const Graph graph = *std::move(builder).build();
  EXPECT_EQ(lowerBound(graph), 31);
  EXPECT_EQ(cutBound(graph), 41);
  EXPECT_EQ(BruteForce(graph).leastPeak(), 41);
}

} // namespace
