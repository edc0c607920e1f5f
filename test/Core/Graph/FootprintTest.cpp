//===- FootprintTest.cpp --------------------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Graph/Footprint.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace serenity::core;
using ::testing::ElementsAre;

namespace {

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

} // namespace
