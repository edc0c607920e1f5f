//===- SearchStateTest.cpp ------------------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SearchState.h"

#include "Heuristics.h"
#include "RandomGraph.h"
#include "Waists.h"
#include "serenity/Core/Graph/Footprint.h"

#include "gmock/gmock.h"

using namespace serenity::core;
using ::testing::ElementsAreArray;
using ::testing::Not;
using ::testing::UnorderedElementsAreArray;

namespace {

/// Walks through every part of `graph` in `direction`, along Kahn's order, and
/// returns the cost of each step in the order of the graph.
std::vector<int64_t> costsOf(const Graph &graph, const Partition &partition,
                             Direction direction) {
  const std::vector<OpId> order = kahnOrder(graph);
  std::vector<int64_t> costs;
  for (size_t part = 0; part < partition.size(); ++part) {
    const SearchGraph searchGraph = partition.extract(part, direction);
    SearchState state(searchGraph);
    std::vector<int32_t> local;
    for (OpId op : order)
      for (size_t i = 0; i < partition.ops(part).size(); ++i)
        if (partition.ops(part)[i] == op)
          local.push_back(static_cast<int32_t>(i));
    if (direction == Direction::Backward)
      std::reverse(local.begin(), local.end());
    std::vector<int64_t> partCosts;
    for (int32_t op : local) {
      EXPECT_THAT(state.readyOps(), testing::Contains(op));
      const SearchState::Step step = state.evaluate(op);
      const std::vector<int32_t> readyBefore(state.readyOps().begin(),
                                             state.readyOps().end());
      const bool enablesAny = state.enablesAny(op);
      state.run(op);
      const auto enabled = state.readyOps().subspan(readyBefore.size() - 1);
      EXPECT_TRUE(!enablesAny || !enabled.empty());
      for (int32_t other : enabled)
        EXPECT_THAT(readyBefore, Not(testing::Contains(other)));
      EXPECT_EQ(state.liveBytes(), step.liveAfter);
      EXPECT_LE(step.liveAfter, step.cost);
      partCosts.push_back(step.cost);
    }
    EXPECT_TRUE(state.isComplete());
    if (direction == Direction::Backward)
      std::reverse(partCosts.begin(), partCosts.end());
    costs.insert(costs.end(), partCosts.begin(), partCosts.end());
  }
  return costs;
}

/// Theorem 3: every step costs the same in both directions, and what it costs
/// by the footprint.
TEST(SearchStateTest, BothDirectionsAgreeWithTheFootprint) {
  for (uint64_t seed = 0; seed < 5'000; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const Graph graph = RandomGraph::make(seed);
    const auto footprint = computeFootprint(graph, kahnOrder(graph));
    ASSERT_TRUE(footprint.ok()) << footprint.status();
    const Partition partition(graph, splitAtWaists(graph));
    for (Direction direction : {Direction::Forward, Direction::Backward})
      EXPECT_EQ(costsOf(graph, partition, direction), footprint->stepBytes);
    ASSERT_FALSE(HasFailure());
  }
}

/// Everything that a state tells about itself.
struct Snapshot {
  explicit Snapshot(const SearchState &state)
      : live(state.liveBytes()), hash(state.hash()),
        bits(state.bits().begin(), state.bits().end()),
        ready(state.readyOps().begin(), state.readyOps().end()) {
    for (int32_t op : ready)
      costs.push_back(state.evaluate(op).cost);
  }
  friend bool operator==(const Snapshot &a, const Snapshot &b) {
    return std::tie(a.live, a.hash, a.bits, a.ready, a.costs) ==
           std::tie(b.live, b.hash, b.bits, b.ready, b.costs);
  }

  int64_t live;
  uint32_t hash;
  std::vector<uint64_t> bits;
  std::vector<int32_t> ready;
  std::vector<int64_t> costs;
};

TEST(SearchStateTest, UndoRestoresEverything) {
  for (uint64_t seed = 0; seed < 2'000; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const Graph graph = RandomGraph::make(seed, /*maxOps=*/20);
    if (graph.numOps() == 0)
      continue;
    RandomSource random(seed);
    const Partition partition(graph, {sourceOrder(graph)});
    const SearchGraph searchGraph = partition.extract(0, Direction::Forward);
    SearchState state(searchGraph);
    std::vector<Snapshot> before;
    for (int step = 0; step < 100; ++step) {
      if (!state.readyOps().empty() && random.chance(0.6)) {
        before.emplace_back(state);
        state.run(state.readyOps()[random.below(state.readyOps().size())]);
      } else if (!before.empty()) {
        state.undo();
        ASSERT_TRUE(Snapshot(state) == before.back());
        before.pop_back();
      }
    }
  }
}

} // namespace
