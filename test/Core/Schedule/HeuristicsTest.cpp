//===- HeuristicsTest.cpp -------------------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Heuristics.h"

#include "BruteForce.h"
#include "RandomGraph.h"
#include "gmock/gmock.h"

using namespace serenity::core;
using ::testing::ElementsAre;

namespace {

struct Heuristic {
  const char *name;
  std::vector<OpId> (*run)(const Graph &);
};
constexpr Heuristic kLegalHeuristics[] = {{"kahn", kahnOrder},
                                          {"greedy", greedyOrder},
                                          {"depth-first", depthFirstOrder},
                                          {"post-order", postOrder}};

TEST(HeuristicsTest, EveryOrderIsLegal) {
  for (uint64_t seed = 0; seed < 20'000; ++seed) {
    const Graph graph = RandomGraph::make(seed);
    for (const Heuristic &heuristic : kLegalHeuristics) {
      SCOPED_TRACE(testing::Message() << heuristic.name << ", seed " << seed);
      const std::vector<OpId> order = heuristic.run(graph);
      ASSERT_EQ(verifyOrder(graph, order), absl::OkStatus());
      ASSERT_EQ(heuristic.run(graph), order);
    }
  }
}

TEST(HeuristicsTest, SourceOrderIsTheOneGiven) {
  GraphBuilder builder;
  const BufferId x = builder.addBuffer({"x", 1});
  const OpId reader = builder.addOp({"reader", {x}});
  const OpId writer = builder.addOp({"writer", {}, {x}});
  const auto graph = std::move(builder).build();
  ASSERT_TRUE(graph.ok()) << graph.status();
  EXPECT_THAT(sourceOrder(*graph), ElementsAre(reader, writer));
}

/// Bytes alive once the operations marked in `done` have run.
int64_t liveAfter(const Graph &graph, const std::vector<bool> &done) {
  int64_t bytes = 0;
  auto isDone = [&](OpId op) { return done[op.index()]; };
  for (BufferId buffer : graph.bufferIds()) {
    const auto writers = graph.writers(buffer), readers = graph.readers(buffer);
    const bool born = graph.isInput(buffer) ||
                      std::any_of(writers.begin(), writers.end(), isDone);
    const bool dead = !graph.isOutput(buffer) &&
                      std::all_of(writers.begin(), writers.end(), isDone) &&
                      std::all_of(readers.begin(), readers.end(), isDone);
    bytes += born && !dead ? graph.bytes(buffer) : 0;
  }
  return bytes;
}

bool isReady(const Graph &graph, OpId op, const std::vector<bool> &done) {
  for (BufferId buffer : graph.reads(op))
    for (OpId writer : graph.writers(buffer))
      if (!done[writer.index()])
        return false;
  return true;
}

TEST(HeuristicsTest, GreedyTakesTheLeastIncreaseAtEveryStep) {
  for (uint64_t seed = 0; seed < 5'000; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const Graph graph = RandomGraph::make(seed);
    std::vector<bool> done(graph.numOps());
    for (OpId chosen : greedyOrder(graph)) {
      std::pair<int64_t, OpId> best{INT64_MAX, OpId()};
      for (OpId op : graph.opIds()) {
        if (done[op.index()] || !isReady(graph, op, done))
          continue;
        done[op.index()] = true;
        best = std::min(best, {liveAfter(graph, done), op});
        done[op.index()] = false;
      }
      ASSERT_EQ(chosen, best.second);
      done[chosen.index()] = true;
    }
  }
}

/// A random in-tree: every result but the last is read once, by a later
/// operation.
Graph makeTree(uint64_t seed) {
  RandomSource random(seed);
  const int32_t numOps = static_cast<int32_t>(1 + random.below(10));
  std::vector<OpSpec> ops(numOps);
  GraphBuilder builder;
  for (int32_t i = 0; i < numOps; ++i) {
    const bool isRoot = i + 1 == numOps;
    const BufferId result = builder.addBuffer(
        {"x", 1 + random.below(20), /*isInput=*/false, /*isOutput=*/isRoot});
    ops[i].name = absl::StrCat("op", i);
    ops[i].writes = {result};
    ops[i].scratchBytes = random.below(20);
    if (!isRoot)
      ops[i + 1 + random.below(numOps - 1 - i)].reads.push_back(result);
  }
  for (OpSpec &op : ops)
    builder.addOp(std::move(op));
  return *std::move(builder).build();
}

/// The best peak of all depth-first orders of the subtree of `op`, by trying
/// all orders of its operands.
int64_t bestPostorderPeak(const Graph &graph, OpId op) {
  const auto reads = graph.reads(op);
  std::vector<BufferId> operands(reads.begin(), reads.end());
  int64_t best = INT64_MAX;
  do {
    int64_t peak = 0, held = 0;
    for (BufferId operand : operands) {
      peak = std::max(
          peak, held + bestPostorderPeak(graph, graph.writers(operand)[0]));
      held += graph.bytes(operand);
    }
    peak = std::max(peak, held + graph.bytes(graph.writes(op)[0]) +
                              graph.scratchBytes(op));
    best = std::min(best, peak);
  } while (std::next_permutation(operands.begin(), operands.end()));
  return best;
}

TEST(HeuristicsTest, PostOrderIsTheBestDepthFirstOrderOfATree) {
  for (uint64_t seed = 0; seed < 2'000; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const Graph graph = makeTree(seed);
    const auto footprint = computeFootprint(graph, postOrder(graph));
    ASSERT_TRUE(footprint.ok()) << footprint.status();
    const OpId root(static_cast<int32_t>(graph.numOps()) - 1);
    ASSERT_EQ(footprint->peakBytes, bestPostorderPeak(graph, root));
  }
}

TEST(HeuristicsTest, HundredThousandOperationsInARow) {
  GraphBuilder builder;
  BufferId last = builder.addBuffer({"in", 1, /*isInput=*/true});
  // Held at every operation, so that the need of the post-order would overflow
  // if it did not saturate.
  const BufferId skip = builder.addBuffer({"skip", int64_t{1} << 61});
  builder.addOp({"first", {}, {skip}});
  for (int i = 0; i < 100'000; ++i) {
    const BufferId next = builder.addBuffer({"x", 1});
    builder.addOp({"op", {last, skip}, {next}});
    last = next;
  }
  const auto graph = std::move(builder).build();
  ASSERT_TRUE(graph.ok()) << graph.status();
  for (const Heuristic &heuristic : kLegalHeuristics)
    EXPECT_EQ(heuristic.run(*graph), sourceOrder(*graph)) << heuristic.name;
}

TEST(HeuristicsTest, AHundredThousandWritersAndReadersOfOneBuffer) {
  GraphBuilder builder;
  const BufferId sum = builder.addBuffer({"sum", 1});
  for (int i = 0; i < 50'000; ++i)
    builder.addOp({"writer", {}, {sum}});
  for (int i = 0; i < 50'000; ++i)
    builder.addOp({"reader", {sum}, {}});
  const auto graph = std::move(builder).build();
  ASSERT_TRUE(graph.ok()) << graph.status();
  for (const Heuristic &heuristic : kLegalHeuristics)
    EXPECT_EQ(verifyOrder(*graph, heuristic.run(*graph)), absl::OkStatus())
        << heuristic.name;
}

} // namespace
