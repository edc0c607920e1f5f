//===- WaistsTest.cpp -----------------------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Waists.h"

#include "BruteForce.h"
#include "RandomGraph.h"
#include "gmock/gmock.h"

using namespace serenity::core;
using ::testing::ElementsAre;
using ::testing::SizeIs;

namespace {

/// The cuts as operation counts, from the definition: all pairs of the
/// transitive closure.
std::vector<size_t> cutsByClosure(const Graph &graph) {
  const size_t n = graph.numOps();
  std::vector<std::vector<bool>> before(n, std::vector<bool>(n));
  for (BufferId buffer : graph.bufferIds())
    for (OpId writer : graph.writers(buffer))
      for (OpId reader : graph.readers(buffer))
        before[writer.index()][reader.index()] = true;
  for (size_t k = 0; k < n; ++k)
    for (size_t i = 0; i < n; ++i)
      for (size_t j = 0; j < n; ++j)
        if (before[i][k] && before[k][j])
          before[i][j] = true;
  std::vector<size_t> cuts;
  for (size_t size = 1; size < n; ++size) {
    // The first `size` operations of every order, if there is a cut: those with
    // fewer than `size` ancestors.
    std::vector<size_t> first, rest;
    for (size_t op = 0; op < n; ++op) {
      size_t ancestors = 0;
      for (size_t other = 0; other < n; ++other)
        ancestors += before[other][op];
      (ancestors < size ? first : rest).push_back(op);
    }
    bool isCut = first.size() == size;
    for (size_t a : first)
      for (size_t b : rest)
        isCut = isCut && before[a][b];
    if (isCut)
      cuts.push_back(size);
  }
  return cuts;
}

std::vector<size_t> cutsBySplit(const Graph &graph) {
  std::vector<size_t> cuts;
  size_t size = 0;
  for (const std::vector<OpId> &part : splitAtWaists(graph)) {
    if (size > 0)
      cuts.push_back(size);
    size += part.size();
  }
  return cuts;
}

/// Cuts between two parts of one operation each are not made.
std::vector<size_t> withoutForcedRuns(std::vector<size_t> cuts, size_t n) {
  cuts.insert(cuts.begin(), 0);
  cuts.push_back(n);
  std::vector<size_t> result;
  for (size_t i = 1; i + 1 < cuts.size(); ++i)
    if (cuts[i] - cuts[i - 1] > 1 || cuts[i + 1] - cuts[i] > 1)
      result.push_back(cuts[i]);
  return result;
}

TEST(WaistsTest, FindsExactlyTheCutsOfTheTransitiveClosure) {
  size_t numCuts = 0;
  for (uint64_t seed = 0; seed < 20'000; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const Graph graph = RandomGraph::make(seed);
    const std::vector<size_t> expected =
        withoutForcedRuns(cutsByClosure(graph), graph.numOps());
    ASSERT_EQ(cutsBySplit(graph), expected);
    numCuts += expected.size();
  }
  EXPECT_GT(numCuts, 1000u) << "the graphs are too loose to test anything";
}

TEST(WaistsTest, OptimaOfThePartsMakeTheOptimumOfTheWhole) {
  size_t numSplit = 0;
  for (uint64_t seed = 0; seed < 20'000; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const Graph graph = RandomGraph::make(seed);
    const auto parts = splitAtWaists(graph);
    if (parts.size() < 2)
      continue;
    ++numSplit;
    int64_t peak = 0;
    std::vector<bool> before(graph.numOps());
    for (const std::vector<OpId> &ops : parts) {
      const auto part = extractPart(graph, ops, before);
      ASSERT_TRUE(part.ok()) << part.status();
      peak = std::max(peak, BruteForce(*part).leastPeak());
      for (OpId op : ops)
        before[op.index()] = true;
    }
    ASSERT_EQ(peak, BruteForce(graph).leastPeak());
  }
  EXPECT_GT(numSplit, 500u) << "the graphs are too loose to test anything";
}

TEST(WaistsTest, CutsAtABufferBetweenSeveralWritersAndReaders) {
  GraphBuilder builder;
  const BufferId sum = builder.addBuffer({"sum", 1});
  const BufferId x = builder.addBuffer({"x", 1}),
                 y = builder.addBuffer({"y", 1});
  const OpId a = builder.addOp({"a", {}, {sum}});
  const OpId c = builder.addOp({"c", {sum}, {x}});
  const OpId b = builder.addOp({"b", {}, {sum}});
  const OpId d = builder.addOp({"d", {sum}, {y}});
  const auto graph = std::move(builder).build();
  ASSERT_TRUE(graph.ok()) << graph.status();
  EXPECT_THAT(splitAtWaists(*graph),
              ElementsAre(ElementsAre(a, b), ElementsAre(c, d)));
}

TEST(WaistsTest, AnEmptyGraphHasNoParts) {
  const auto graph = GraphBuilder().build();
  ASSERT_TRUE(graph.ok());
  EXPECT_THAT(splitAtWaists(*graph), SizeIs(0));
}

/// `numLinks` diamonds in a row: four operations each.
Graph makeDiamonds(int numLinks) {
  GraphBuilder builder;
  BufferId last = builder.addBuffer({"in", 1, /*isInput=*/true});
  for (int i = 0; i < numLinks; ++i) {
    const BufferId top = builder.addBuffer({"top", 1});
    const BufferId left = builder.addBuffer({"left", 1});
    const BufferId right = builder.addBuffer({"right", 1});
    const BufferId bottom = builder.addBuffer({"bottom", 1});
    builder.addOp({"top", {last}, {top}});
    builder.addOp({"left", {top}, {left}});
    builder.addOp({"right", {top}, {right}});
    builder.addOp({"bottom", {left, right}, {bottom}});
    last = bottom;
  }
  return *std::move(builder).build();
}

TEST(WaistsTest, SplitsLongGraphsInTime) {
  // One part for the first operation, then left and right, then bottom and top.
  EXPECT_THAT(splitAtWaists(makeDiamonds(25'000)), SizeIs(50'001));
}

TEST(WaistsTest, AChainIsOnePart) {
  GraphBuilder builder;
  BufferId last = builder.addBuffer({"in", 1, /*isInput=*/true});
  for (int i = 0; i < 100'000; ++i) {
    const BufferId next = builder.addBuffer({"x", 1});
    builder.addOp({"op", {last}, {next}});
    last = next;
  }
  const auto graph = std::move(builder).build();
  ASSERT_TRUE(graph.ok()) << graph.status();
  EXPECT_THAT(splitAtWaists(*graph), ElementsAre(SizeIs(100'000)));
}

} // namespace
