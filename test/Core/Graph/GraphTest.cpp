//===- GraphTest.cpp ------------------------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Graph/Graph.h"

#include "serenity/Core/Graph/Footprint.h"

#include "gmock/gmock.h"

using namespace serenity::core;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace {

constexpr int64_t kMaxBytes = std::numeric_limits<int64_t>::max();

absl::Status invalid(absl::string_view message) {
  return absl::InvalidArgumentError(message);
}

TEST(GraphTest, ListsAreSortedAndEachEntryOnce) {
  GraphBuilder builder;
  const BufferId a = builder.addBuffer({"a", 1, /*isInput=*/true});
  const BufferId b = builder.addBuffer({"b", 2, /*isInput=*/true});
  const BufferId c = builder.addBuffer({"c", 1, false, /*isOutput=*/true});
  const OpId first = builder.addOp({"first", {b, a, b}, {c, c}, 0, {b, b}});
  const OpId second = builder.addOp({"second", {a}, {c}, 7});
  const auto graph = std::move(builder).build();
  ASSERT_TRUE(graph.ok()) << graph.status();
  EXPECT_THAT(graph->reads(first), ElementsAre(a, b));
  EXPECT_THAT(graph->writes(first), ElementsAre(c));
  EXPECT_THAT(graph->mayOverwrite(first), ElementsAre(b));
  EXPECT_THAT(graph->readers(a), ElementsAre(first, second));
  EXPECT_THAT(graph->writers(c), ElementsAre(first, second));
  EXPECT_THAT(graph->writers(a), IsEmpty());
  EXPECT_EQ(graph->scratchBytes(second), 7);
  EXPECT_EQ(graph->name(second), "second");
  EXPECT_EQ(graph->bytes(b), 2);
  EXPECT_TRUE(graph->isInput(a) && !graph->isOutput(a));
  EXPECT_TRUE(graph->isOutput(c) && !graph->isInput(c));
}

TEST(GraphTest, AnEmptyGraphIsAGraph) {
  const auto graph = GraphBuilder().build();
  ASSERT_TRUE(graph.ok()) << graph.status();
  EXPECT_EQ(graph->numOps(), 0u);
  EXPECT_EQ(graph->numBuffers(), 0u);
}

TEST(GraphTest, RejectsADanglingRead) {
  GraphBuilder builder;
  builder.addBuffer({"a", 1, /*isInput=*/true});
  builder.addOp({"op", {BufferId(3)}});
  EXPECT_EQ(std::move(builder).build().status(),
            invalid("operation 'op' names buffer 3 of only 1"));
}

TEST(GraphTest, RejectsADanglingWrite) {
  GraphBuilder builder;
  builder.addOp({"op", {}, {BufferId()}});
  EXPECT_EQ(std::move(builder).build().status(),
            invalid("operation 'op' names buffer -1 of only 0"));
}

TEST(GraphTest, RejectsADanglingOverwrite) {
  GraphBuilder builder;
  const BufferId a = builder.addBuffer({"a", 1});
  builder.addOp({"op", {}, {a}, 0, {BufferId(1)}});
  EXPECT_EQ(std::move(builder).build().status(),
            invalid("operation 'op' names buffer 1 of only 1"));
}

TEST(GraphTest, RejectsANegativeBuffer) {
  GraphBuilder builder;
  builder.addBuffer({"a", -5, /*isInput=*/true});
  EXPECT_EQ(std::move(builder).build().status(),
            invalid("buffer 'a' has a negative size: -5"));
}

TEST(GraphTest, RejectsNegativeScratch) {
  GraphBuilder builder;
  builder.addOp({"op", {}, {}, -1});
  EXPECT_EQ(std::move(builder).build().status(),
            invalid("scratch of 'op' has a negative size: -1"));
}

TEST(GraphTest, RejectsASumOfSizesThatOverflows) {
  GraphBuilder builder;
  builder.addBuffer({"a", kMaxBytes - 1, /*isInput=*/true});
  builder.addBuffer({"b", 1, /*isInput=*/true});
  builder.addOp({"op", {}, {}, 1});
  EXPECT_EQ(std::move(builder).build().status(),
            invalid("the sizes up to scratch of 'op' exceed "
                    "9223372036854775807 bytes"));
}

TEST(GraphTest, AcceptsTheLargestSumOfSizes) {
  GraphBuilder builder;
  const BufferId a = builder.addBuffer({"a", kMaxBytes - 2, /*isInput=*/true});
  const BufferId b = builder.addBuffer({"b", 1, false, /*isOutput=*/true});
  const OpId op = builder.addOp({"op", {a}, {b}, 1});
  const auto graph = std::move(builder).build();
  ASSERT_TRUE(graph.ok()) << graph.status();
  EXPECT_EQ(computeFootprint(*graph, {op})->peakBytes, kMaxBytes);
}

TEST(GraphTest, RejectsABufferFromNowhere) {
  GraphBuilder builder;
  builder.addBuffer({"a", 1});
  EXPECT_EQ(std::move(builder).build().status(),
            invalid("buffer 'a' is no input and nobody writes it"));
}

TEST(GraphTest, RejectsOverwritingWithTwoResults) {
  GraphBuilder builder;
  const BufferId a = builder.addBuffer({"a", 1, /*isInput=*/true});
  const BufferId b = builder.addBuffer({"b", 1});
  const BufferId c = builder.addBuffer({"c", 1});
  builder.addOp({"op", {a}, {b, c}, 0, {a}});
  EXPECT_EQ(std::move(builder).build().status(),
            invalid("operation 'op' writes 2 buffers; overwriting asks for 1"));
}

TEST(GraphTest, RejectsOverwritingWhatIsNotRead) {
  GraphBuilder builder;
  const BufferId a = builder.addBuffer({"a", 1, /*isInput=*/true});
  const BufferId b = builder.addBuffer({"b", 1});
  builder.addOp({"op", {}, {b}, 0, {a}});
  EXPECT_EQ(
      std::move(builder).build().status(),
      invalid("operation 'op' may overwrite 'a', which it does not read"));
}

TEST(GraphTest, RejectsOverwritingASmallerOperand) {
  GraphBuilder builder;
  const BufferId a = builder.addBuffer({"a", 3, /*isInput=*/true});
  const BufferId b = builder.addBuffer({"b", 4});
  builder.addOp({"op", {a}, {b}, 0, {a}});
  EXPECT_EQ(
      std::move(builder).build().status(),
      invalid("operation 'op' cannot put 4 bytes in place of the 3 of 'a'"));
}

TEST(GraphTest, RejectsACycle) {
  GraphBuilder builder;
  const BufferId a = builder.addBuffer({"a", 1}),
                 b = builder.addBuffer({"b", 1});
  builder.addOp({"free"});
  builder.addOp({"forth", {a}, {b}});
  builder.addOp({"back", {b}, {a}});
  EXPECT_EQ(std::move(builder).build().status(),
            invalid("operation 'forth' waits for a cycle of dependencies: "
                    "only 1 of 3 operations can run"));
}

TEST(GraphTest, RejectsAnOperationThatReadsItsOwnResult) {
  GraphBuilder builder;
  const BufferId a = builder.addBuffer({"a", 1, /*isInput=*/true});
  builder.addOp({"op", {a}, {a}});
  EXPECT_EQ(std::move(builder).build().status(),
            invalid("operation 'op' waits for a cycle of dependencies: "
                    "only 0 of 1 operations can run"));
}

TEST(GraphTest, MessagesStayOnOneLineWhateverTheName) {
  GraphBuilder builder;
  builder.addBuffer({"a\nb" + std::string(1000, 'x'), 1});
  EXPECT_EQ(std::move(builder).build().status(),
            invalid("buffer 'a\\nb" + std::string(57, 'x') +
                    "...' is no input and nobody writes it"));
}

TEST(GraphTest, HundredThousandOperationsInARow) {
  GraphBuilder builder;
  BufferId last = builder.addBuffer({"in", 1, /*isInput=*/true});
  std::vector<OpId> order;
  for (int i = 0; i < 100'000; ++i) {
    const BufferId next = builder.addBuffer({"x", i % 3});
    order.push_back(builder.addOp({"op", {last}, {next}}));
    last = next;
  }
  const auto graph = std::move(builder).build();
  ASSERT_TRUE(graph.ok()) << graph.status();
  const auto footprint = computeFootprint(*graph, order);
  ASSERT_TRUE(footprint.ok()) << footprint.status();
  EXPECT_EQ(footprint->peakBytes, 3);
}

/// x is written by a and b and read by c; y, from a to d, passes c by.
struct TwoWriters {
  OpId a, b, c, d;
  Graph graph;

  static TwoWriters make() {
    GraphBuilder builder;
    const BufferId in = builder.addBuffer({"in", 8, /*isInput=*/true});
    const BufferId x = builder.addBuffer({"x", 4});
    const BufferId y = builder.addBuffer({"y", 16});
    const BufferId z = builder.addBuffer({"z", 4});
    const BufferId out =
        builder.addBuffer({"out", 2, false, /*isOutput=*/true});
    builder.addBuffer({"untouched", 32, /*isInput=*/true});
    const OpId a = builder.addOp({"a", {in}, {x, y}});
    const OpId b = builder.addOp({"b", {}, {x}, /*scratchBytes=*/3});
    const OpId c = builder.addOp({"c", {x}, {z}, 0, {x}});
    const OpId d = builder.addOp({"d", {y, z}, {out}});
    return {a, b, c, d, *std::move(builder).build()};
  }
};

std::vector<std::string> bufferNames(const Graph &graph) {
  std::vector<std::string> names;
  for (BufferId buffer : graph.bufferIds())
    names.push_back(graph.name(buffer));
  return names;
}

TEST(ExtractPartTest, BuffersAliveAtTheCutsBecomeInputsAndOutputs) {
  const TwoWriters g = TwoWriters::make();
  const auto part =
      extractPart(g.graph, {g.c, g.b}, {true, false, false, false});
  ASSERT_TRUE(part.ok()) << part.status();
  EXPECT_THAT(bufferNames(*part), ElementsAre("x", "y", "z"));
  const BufferId x(0), y(1), z(2);
  const OpId c(0), b(1);
  EXPECT_EQ(part->name(c), "c");
  EXPECT_THAT(part->writers(x), ElementsAre(b));
  EXPECT_TRUE(part->isInput(x)) << "the first writer has run before the part";
  EXPECT_FALSE(part->isOutput(x));
  EXPECT_TRUE(part->isInput(y) && part->isOutput(y)) << "alive throughout";
  EXPECT_TRUE(part->isOutput(z)) << "read after the part";
  EXPECT_THAT(part->mayOverwrite(c), ElementsAre(x));
  EXPECT_EQ(part->scratchBytes(b), 3);
  // b: x + y + scratch; c: x + y, z in place of x.
  EXPECT_THAT(computeFootprint(*part, {b, c})->stepBytes, ElementsAre(23, 20));
}

TEST(ExtractPartTest, TheWholeGraphIsAPart) {
  const TwoWriters g = TwoWriters::make();
  const auto part = extractPart(g.graph, {g.a, g.b, g.c, g.d},
                                std::vector<bool>(g.graph.numOps()));
  ASSERT_TRUE(part.ok()) << part.status();
  EXPECT_THAT(bufferNames(*part), ElementsAre("in", "x", "y", "z", "out"));
  EXPECT_EQ(computeFootprint(*part, {g.a, g.b, g.c, g.d})->stepBytes,
            computeFootprint(g.graph, {g.a, g.b, g.c, g.d})->stepBytes);
}

TEST(ExtractPartTest, RejectsMarksOfAnotherGraph) {
  const TwoWriters g = TwoWriters::make();
  EXPECT_EQ(extractPart(g.graph, {g.a}, std::vector<bool>(3)).status(),
            invalid("marks for 3 operations, but the graph has 4"));
}

TEST(ExtractPartTest, RejectsAnOperationOutOfRange) {
  const TwoWriters g = TwoWriters::make();
  EXPECT_EQ(extractPart(g.graph, {OpId(4)}, std::vector<bool>(4)).status(),
            invalid("operation 4 of only 4"));
}

TEST(ExtractPartTest, RejectsAnOperationNamedTwice) {
  const TwoWriters g = TwoWriters::make();
  EXPECT_EQ(extractPart(g.graph, {g.b, g.b}, std::vector<bool>(4)).status(),
            invalid("operation 'b' is in the part twice or before it"));
}

TEST(ExtractPartTest, RejectsAnOperationThatHasRunBefore) {
  const TwoWriters g = TwoWriters::make();
  EXPECT_EQ(extractPart(g.graph, {g.a}, {true, false, false, false}).status(),
            invalid("operation 'a' is in the part twice or before it"));
}

} // namespace
