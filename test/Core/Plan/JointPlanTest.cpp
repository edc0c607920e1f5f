//===- JointPlanTest.cpp --------------------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Plan/JointPlan.h"
#include "BruteForce.h"
#include "RandomGraph.h"
#include "serenity/Core/Schedule/Schedule.h"

#include "gmock/gmock.h"

using namespace serenity::core;

namespace {

/// A random graph in which nothing is done in place: proofs are quick then.
Graph makeGraph(uint64_t seed, int32_t maxOps) {
  const Graph graph = RandomGraph::make(seed, maxOps);
  auto toVector = [](absl::Span<const BufferId> list) {
    return std::vector<BufferId>(list.begin(), list.end());
  };
  GraphBuilder builder;
  for (BufferId buffer : graph.bufferIds())
    builder.addBuffer({graph.name(buffer), graph.bytes(buffer),
                       graph.isInput(buffer), graph.isOutput(buffer)});
  for (OpId op : graph.opIds())
    builder.addOp({graph.name(op), toVector(graph.reads(op)),
                   toVector(graph.writes(op)), graph.scratchBytes(op)});
  return *std::move(builder).build();
}

/// The smallest arena over the orders of `graph` with a peak of at most
/// `maxPeak`, by trying all permutations.
int64_t smallestArena(const Graph &graph, int64_t maxPeak,
                      const MemoryPlanOptions &options) {
  const BruteForce bruteForce(graph);
  std::vector<OpId> order = sourceOrder(graph);
  int64_t smallest = INT64_MAX;
  do {
    const std::optional<int64_t> peak = bruteForce.peakOf(order);
    if (!peak || *peak > std::min(maxPeak, smallest - 1))
      continue;
    const auto plan = planMemory(graph, order, options);
    EXPECT_TRUE(plan.ok() && plan->isProvenOptimal());
    smallest = std::min(smallest, plan->arenaBytes);
  } while (std::next_permutation(order.begin(), order.end()));
  return smallest;
}

TEST(JointPlanTest, AgreesWithBruteForce) {
  int64_t numImproved = 0;
  for (uint64_t seed = 0; seed < 800; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const Graph graph = makeGraph(seed, /*maxOps=*/7);
    const auto schedule = computeSchedule(graph, ScheduleOptions());
    JointPlanOptions options;
    options.memory.alignment = seed % 2 ? 1 : 4;
    options.maxOrders = 10'000;
    const auto alone = planMemory(graph, schedule->order, options.memory);
    const auto joint = planJointly(graph, schedule->order, options);
    ASSERT_TRUE(joint.ok()) << joint.status();
    EXPECT_TRUE(joint->isProvenOptimal());
    const int64_t smallest = smallestArena(graph, INT64_MAX, options.memory);
    EXPECT_EQ(joint->plan.arenaBytes, smallest);
    numImproved += smallest < alone->arenaBytes;
    EXPECT_LE(smallest,
              smallestArena(graph, schedule->peakBytes, options.memory));
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(numImproved, 0);
}

/// Where not all orders can be tried, what is found is as good as without
/// another order at least, and says what is proven.
TEST(JointPlanTest, IsNeverWorseThanOffsetsAlone) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const Graph graph = RandomGraph::make(seed, /*maxOps=*/25);
    const auto schedule = computeSchedule(graph, ScheduleOptions());
    JointPlanOptions options;
    options.memory.alignment = 4;
    options.memory.arena.maxNodes = 10'000;
    options.maxStates = 500;
    options.maxOrders = 20;
    const auto alone = planMemory(graph, schedule->order, options.memory);
    const auto joint = planJointly(graph, schedule->order, options);
    ASSERT_TRUE(joint.ok()) << joint.status();
    EXPECT_LE(joint->plan.arenaBytes, alone->arenaBytes);
    EXPECT_LE(joint->lowerBoundBytes, joint->plan.lowerBoundBytes);
    EXPECT_GE(joint->lowerBoundBytes, schedule->peakBytes);
    ASSERT_FALSE(HasFailure());
  }
}

TEST(JointPlanTest, ACapacityEndsTheWork) {
  const Graph graph = makeGraph(/*seed=*/5, /*maxOps=*/9);
  JointPlanOptions options;
  options.memory.arena.capacityBytes = 1 << 20;
  const std::vector<OpId> order =
      computeSchedule(graph, ScheduleOptions())->order;
  const auto joint = planJointly(graph, order, options);
  ASSERT_TRUE(joint.ok()) << joint.status();
  EXPECT_EQ(joint->numOrders, 1);
  EXPECT_EQ(joint->plan.order, order);
  EXPECT_EQ(joint->plan.stop, ArenaStop::CapacityMet);
}

} // namespace
