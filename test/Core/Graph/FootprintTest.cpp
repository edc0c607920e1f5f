//===- FootprintTest.cpp --------------------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Graph/Footprint.h"

#include "serenity/Core/Graph/ReadySet.h"

#include "BruteForce.h"
#include "RandomGraph.h"

#include "gmock/gmock.h"

using namespace serenity::core;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace {

MATCHER_P2(Lives, first, last, "") {
  return arg.first == first && arg.last == last;
}

/// in(8) -> a -> x(4) -> c -> out(2), in(8) -> b -> y(16) -> c
struct Diamond {
  OpId a, b, c;
  Graph graph;

  static Diamond make() {
    GraphBuilder builder;
    const BufferId in = builder.addBuffer({"in", 8, /*isInput=*/true, false});
    const BufferId x = builder.addBuffer({"x", 4});
    const BufferId y = builder.addBuffer({"y", 16});
    const BufferId out =
        builder.addBuffer({"out", 2, false, /*isOutput=*/true});
    const OpId a = builder.addOp({"a", {in}, {x}});
    const OpId b = builder.addOp({"b", {in}, {y}, /*scratchBytes=*/100});
    const OpId c = builder.addOp({"c", {x, y}, {out}});
    return {a, b, c, *std::move(builder).build()};
  }
};

TEST(FootprintTest, CountsInputsResultsAndScratchOfEachStep) {
  const Diamond d = Diamond::make();
  const auto footprint = computeFootprint(d.graph, {d.a, d.b, d.c});
  ASSERT_TRUE(footprint.ok()) << footprint.status();
  EXPECT_THAT(footprint->stepBytes,
              ElementsAre(8 + 4, 8 + 4 + 16 + 100, 4 + 16 + 2));
  EXPECT_EQ(footprint->peakBytes, 128);
}

TEST(FootprintTest, LifetimesRunFromTheFirstWriterToTheLastReader) {
  const Diamond d = Diamond::make();
  const auto footprint = computeFootprint(d.graph, {d.b, d.a, d.c});
  ASSERT_TRUE(footprint.ok()) << footprint.status();
  EXPECT_THAT(footprint->lifetimes,
              ElementsAre(Lives(0, 1), Lives(1, 2), Lives(0, 2), Lives(2, 2)));
}

TEST(FootprintTest, AnOutputLivesToTheEndAndAnInputFromTheStart) {
  GraphBuilder builder;
  const BufferId out = builder.addBuffer({"out", 1, false, /*isOutput=*/true});
  const BufferId in = builder.addBuffer({"in", 2, /*isInput=*/true});
  const BufferId both = builder.addBuffer({"both", 4, true, true});
  const OpId a = builder.addOp({"a", {}, {out}});
  const OpId b = builder.addOp({"b", {in, both}});
  const auto graph = std::move(builder).build();
  ASSERT_TRUE(graph.ok()) << graph.status();
  const auto footprint = computeFootprint(*graph, {a, b});
  ASSERT_TRUE(footprint.ok()) << footprint.status();
  EXPECT_THAT(footprint->lifetimes,
              ElementsAre(Lives(0, 1), Lives(0, 1), Lives(0, 1)));
  EXPECT_THAT(footprint->stepBytes, ElementsAre(7, 7));
}

TEST(FootprintTest, SeveralWritersShareOneBufferFromTheFirstToTheLastUse) {
  GraphBuilder builder;
  const BufferId sum = builder.addBuffer({"sum", 10});
  const BufferId x = builder.addBuffer({"x", 1}),
                 y = builder.addBuffer({"y", 2});
  const BufferId out = builder.addBuffer({"out", 4, false, /*isOutput=*/true});
  const OpId makeX = builder.addOp({"makeX", {}, {x}});
  const OpId addX = builder.addOp({"addX", {x}, {sum}});
  const OpId makeY = builder.addOp({"makeY", {}, {y}});
  const OpId addY = builder.addOp({"addY", {y}, {sum}});
  const OpId use = builder.addOp({"use", {sum}, {out}});
  const auto graph = std::move(builder).build();
  ASSERT_TRUE(graph.ok()) << graph.status();
  const auto footprint =
      computeFootprint(*graph, {makeX, addX, makeY, addY, use});
  ASSERT_TRUE(footprint.ok()) << footprint.status();
  EXPECT_THAT(footprint->stepBytes, ElementsAre(1, 11, 12, 12, 14));
}

TEST(FootprintTest, AnUnreadResultLivesWhileItsWriterRuns) {
  GraphBuilder builder;
  const BufferId unread = builder.addBuffer({"unread", 5});
  const OpId a = builder.addOp({"a", {}, {unread}});
  const OpId b = builder.addOp({"b"});
  const auto graph = std::move(builder).build();
  ASSERT_TRUE(graph.ok()) << graph.status();
  EXPECT_THAT(computeFootprint(*graph, {a, b})->stepBytes, ElementsAre(5, 0));
}

TEST(FootprintTest, AnInputThatNobodyTouchesIsNotAlive) {
  GraphBuilder builder;
  builder.addBuffer({"untouched", 5, /*isInput=*/true});
  const OpId a = builder.addOp({"a"});
  const auto graph = std::move(builder).build();
  ASSERT_TRUE(graph.ok()) << graph.status();
  const auto footprint = computeFootprint(*graph, {a});
  EXPECT_EQ(footprint->peakBytes, 0);
  EXPECT_THAT(footprint->lifetimes, ElementsAre(Lives(0, -1)));
}

TEST(FootprintTest, AnInputThatIsOnlyWrittenLivesUntilThen) {
  GraphBuilder builder;
  const BufferId sum = builder.addBuffer({"sum", 5, /*isInput=*/true});
  const OpId a = builder.addOp({"a"}), b = builder.addOp({"b", {}, {sum}});
  const OpId c = builder.addOp({"c"});
  const auto graph = std::move(builder).build();
  ASSERT_TRUE(graph.ok()) << graph.status();
  EXPECT_THAT(computeFootprint(*graph, {a, b, c})->stepBytes,
              ElementsAre(5, 5, 0));
}

TEST(FootprintTest, WithoutOperationsTheInputsThatAreOutputsRemain) {
  GraphBuilder builder;
  builder.addBuffer({"both", 5, /*isInput=*/true, /*isOutput=*/true});
  builder.addBuffer({"untouched", 7, /*isInput=*/true});
  const auto graph = std::move(builder).build();
  ASSERT_TRUE(graph.ok()) << graph.status();
  const auto footprint = computeFootprint(*graph, {});
  ASSERT_TRUE(footprint.ok()) << footprint.status();
  EXPECT_EQ(footprint->peakBytes, 5);
  EXPECT_THAT(footprint->stepBytes, IsEmpty());
  EXPECT_THAT(footprint->lifetimes, IsEmpty());
}

/// in(8) -> relu -> out(6), in place if it may; `extra` also reads in.
struct InPlace {
  bool mayOverwrite = true;
  bool inIsOutput = false;
  bool outIsInput = false;

  std::vector<int64_t> stepBytes(bool extraRunsLast) const {
    GraphBuilder builder;
    const BufferId in = builder.addBuffer({"in", 8, true, inIsOutput});
    const BufferId out = builder.addBuffer({"out", 6, outIsInput, true});
    OpSpec spec{"relu", {in}, {out}};
    if (mayOverwrite)
      spec.mayOverwrite = {in};
    const OpId relu = builder.addOp(std::move(spec));
    const OpId extra = builder.addOp({"extra", {in}});
    const auto graph = std::move(builder).build();
    if (extraRunsLast)
      return computeFootprint(*graph, {relu, extra})->stepBytes;
    return computeFootprint(*graph, {extra, relu})->stepBytes;
  }
};

TEST(FootprintTest, OverwritingCountsTheBytesOnce) {
  EXPECT_THAT(InPlace().stepBytes(false), ElementsAre(8, 8));
}

TEST(FootprintTest, WithoutPermissionNothingIsOverwritten) {
  EXPECT_THAT(InPlace{/*mayOverwrite=*/false}.stepBytes(false),
              ElementsAre(8, 14));
}

TEST(FootprintTest, WhatIsReadLaterCannotBeOverwritten) {
  EXPECT_THAT(InPlace().stepBytes(true), ElementsAre(14, 14));
}

TEST(FootprintTest, AnOutputCannotBeOverwritten) {
  EXPECT_THAT((InPlace{true, /*inIsOutput=*/true}.stepBytes(false)),
              ElementsAre(8, 14));
}

TEST(FootprintTest, AResultThatHasAPlaceAlreadyTakesNoOther) {
  EXPECT_THAT((InPlace{true, false, /*outIsInput=*/true}.stepBytes(false)),
              ElementsAre(14, 14));
}

TEST(FootprintTest, TwoDyingOperandsMakeRoomForOneResult) {
  GraphBuilder builder;
  const BufferId a = builder.addBuffer({"a", 8, /*isInput=*/true});
  const BufferId b = builder.addBuffer({"b", 8, /*isInput=*/true});
  const BufferId sum = builder.addBuffer({"sum", 8, false, /*isOutput=*/true});
  const OpId add = builder.addOp({"add", {a, b}, {sum}, 1, {a, b}});
  const auto graph = std::move(builder).build();
  ASSERT_TRUE(graph.ok()) << graph.status();
  EXPECT_THAT(computeFootprint(*graph, {add})->stepBytes, ElementsAre(17));
}

absl::Status invalid(absl::string_view message) {
  return absl::InvalidArgumentError(message);
}

TEST(VerifyOrderTest, RejectsAnOrderOfAnotherLength) {
  const Diamond d = Diamond::make();
  EXPECT_EQ(verifyOrder(d.graph, {d.a, d.b}),
            invalid("the order has 2 operations, the graph 3"));
}

TEST(VerifyOrderTest, RejectsAnOperationOutOfRange) {
  const Diamond d = Diamond::make();
  EXPECT_EQ(verifyOrder(d.graph, {d.a, OpId(7), d.c}),
            invalid("step 1 names operation 7 of only 3"));
}

TEST(VerifyOrderTest, RejectsAnOperationThatRunsTwice) {
  const Diamond d = Diamond::make();
  EXPECT_EQ(verifyOrder(d.graph, {d.a, d.b, d.a}),
            invalid("operation 'a' runs at steps 0 and 2"));
}

TEST(VerifyOrderTest, RejectsAReaderBeforeItsWriter) {
  const Diamond d = Diamond::make();
  EXPECT_EQ(verifyOrder(d.graph, {d.a, d.c, d.b}),
            invalid("operation 'c' runs at step 1, before 'b' at step 2 has "
                    "written 'y'"));
}

TEST(FootprintTest, ComputesNothingForAnIllegalOrder) {
  const Diamond d = Diamond::make();
  EXPECT_EQ(computeFootprint(d.graph, {d.c, d.a, d.b}).status(),
            verifyOrder(d.graph, {d.c, d.a, d.b}));
}

/// Replaces one entry, swaps two, drops one or repeats one.
void mutate(std::vector<OpId> &order, RandomSource &random) {
  const int64_t size = static_cast<int64_t>(order.size());
  OpId &entry = order[random.below(size)];
  switch (random.below(4)) {
  case 0:
    entry = OpId(static_cast<int32_t>(random.below(size + 3)) - 1);
    break;
  case 1:
    std::swap(entry, order[random.below(size)]);
    break;
  case 2:
    order.erase(order.begin() + random.below(size));
    break;
  default:
    order.insert(order.begin() + random.below(size), entry);
  }
}

/// BruteForce applies the definitions of live() and cost, operation by
/// operation; computeFootprint adds up lifetimes. They share no code.
TEST(FootprintTest, MutatedOrdersAreRejectedOrRevaluedByTheDefinition) {
  int numLegal = 0, numIllegal = 0;
  for (uint64_t seed = 0; seed < 20'000; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const Graph graph = RandomGraph::make(seed);
    if (graph.numOps() == 0)
      continue;
    RandomSource random(seed);
    std::vector<OpId> order;
    ReadySet ready(graph);
    for (std::vector<OpId> next = ready.initial(); !next.empty();) {
      std::swap(next[random.below(next.size())], next.back());
      order.push_back(next.back());
      next.pop_back();
      ready.run(order.back(), [&](OpId op) { next.push_back(op); });
    }
    mutate(order, random);
    const std::optional<int64_t> expected = BruteForce(graph).peakOf(order);
    const auto footprint = computeFootprint(graph, order);
    ASSERT_EQ(footprint.ok(), expected.has_value()) << footprint.status();
    (footprint.ok() ? numLegal : numIllegal) += 1;
    if (footprint.ok()) {
      ASSERT_EQ(footprint->peakBytes, *expected);
    }
  }
  EXPECT_GT(numLegal, 2'000);
  EXPECT_GT(numIllegal, 2'000);
}

} // namespace
