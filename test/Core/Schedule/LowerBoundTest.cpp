//===- LowerBoundTest.cpp -------------------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LowerBound.h"

#include "RandomGraph.h"
#include "serenity/Core/Graph/RandomGraphs.h"

#include "absl/algorithm/container.h"
#include "gtest/gtest.h"

using namespace serenity::core;

namespace {

/// By operation: those that it depends on.
using Ancestors = std::vector<std::vector<bool>>;

Ancestors findAncestors(const Graph &graph) {
  Ancestors ancestors(graph.numOps(), std::vector<bool>(graph.numOps()));
  for (bool changed = true; changed;) {
    changed = false;
    const auto add = [&](OpId op, OpId earlier) {
      changed |= !ancestors[op.index()][earlier.index()];
      ancestors[op.index()][earlier.index()] = true;
    };
    for (OpId op : graph.opIds())
      for (BufferId buffer : graph.reads(op))
        for (OpId writer : graph.writers(buffer)) {
          add(op, writer);
          for (OpId earlier : graph.opIds())
            if (ancestors[writer.index()][earlier.index()])
              add(op, earlier);
        }
  }
  return ancestors;
}

/// Theorem 4 of docs/Scheduling.md, to the letter.
int64_t boundByDefinition(const Graph &graph) {
  const Ancestors ancestors = findAncestors(graph);
  const auto isBorn = [&](BufferId buffer, OpId op) {
    return graph.isInput(buffer) ||
           absl::c_any_of(graph.writers(buffer), [&](OpId writer) {
             return ancestors[op.index()][writer.index()];
           });
  };
  const auto isNeeded = [&](BufferId buffer, OpId op) {
    const auto isLater = [&](OpId user) {
      return ancestors[user.index()][op.index()];
    };
    return graph.isOutput(buffer) ||
           absl::c_any_of(graph.readers(buffer), isLater) ||
           absl::c_any_of(graph.writers(buffer), isLater);
  };
  int64_t bound = 0;
  for (OpId op : graph.opIds()) {
    int64_t bytes = graph.scratchBytes(op);
    for (BufferId buffer : graph.bufferIds()) {
      const bool writes = absl::c_linear_search(graph.writes(op), buffer);
      const bool uses =
          writes || absl::c_linear_search(graph.reads(op), buffer);
      if ((writes || isBorn(buffer, op)) && (uses || isNeeded(buffer, op)))
        bytes += graph.bytes(buffer);
    }
    if (absl::c_any_of(
            graph.mayOverwrite(op),
            [&](BufferId buffer) { return !isNeeded(buffer, op); }) &&
        !isBorn(graph.writes(op).front(), op))
      bytes -= graph.bytes(graph.writes(op).front());
    bound = std::max(bound, bytes);
  }
  return bound;
}

Partition makeOnePart(const Graph &graph) {
  return {graph, {sourceOrder(graph)}};
}

TEST(LowerBoundTest, IsWhatTheTheoremSays) {
  for (uint64_t seed = 0; seed < 5'000; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const Graph graph = RandomGraph::make(seed);
    if (graph.numOps() == 0)
      continue;
    ASSERT_EQ(lowerBoundOfPart(makeOnePart(graph), 0),
              boundByDefinition(graph));
  }
}

TEST(LowerBoundTest, GoesThroughManyBatches) {
  const Graph graph = *buildRandWire({*wattsStrogatz(300, 4, 0.75, 0)});
  ASSERT_GT(graph.numBuffers(), 256u);
  EXPECT_EQ(lowerBoundOfPart(makeOnePart(graph), 0), boundByDefinition(graph));
}

TEST(LowerBoundTest, LessWorkGivesALowerBound) {
  int numWeaker = 0;
  for (uint64_t seed = 0; seed < 2'000; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const Graph graph = RandomGraph::make(seed);
    if (graph.numOps() == 0)
      continue;
    const Partition partition = makeOnePart(graph);
    const int64_t least = lowerBoundOfPart(partition, 0, /*maxWork=*/0);
    ASSERT_LE(least, lowerBoundOfPart(partition, 0));
    for (OpId op : graph.opIds())
      ASSERT_GE(least, graph.scratchBytes(op));
    numWeaker += least < lowerBoundOfPart(partition, 0);
  }
  EXPECT_GT(numWeaker, 100);
}

} // namespace
