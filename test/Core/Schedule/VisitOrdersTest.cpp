//===- VisitOrdersTest.cpp ------------------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Schedule/VisitOrders.h"
#include "BruteForce.h"
#include "RandomGraph.h"

#include "gmock/gmock.h"

#include <set>

using namespace serenity::core;

namespace {

constexpr int64_t kNoLimit = std::numeric_limits<int64_t>::max();

using Orders = std::set<std::vector<OpId>>;

/// All orders within `budget`, by trying all permutations.
Orders permutations(const Graph &graph, int64_t budget) {
  const BruteForce bruteForce(graph);
  std::vector<OpId> order = sourceOrder(graph);
  Orders orders;
  do {
    const std::optional<int64_t> peak = bruteForce.peakOf(order);
    if (peak && *peak <= budget)
      orders.insert(order);
  } while (std::next_permutation(order.begin(), order.end()));
  return orders;
}

TEST(VisitOrdersTest, VisitsEveryOrderWithinTheBudgetOnce) {
  for (uint64_t seed = 0; seed < 3'000; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const Graph graph = RandomGraph::make(seed, /*maxOps=*/6);
    const int64_t budget =
        BruteForce(graph).leastPeak() + RandomSource(seed).below(10) - 2;
    Orders visited;
    const bool isComplete =
        visitOrders(graph, budget, kNoLimit, [&](absl::Span<const OpId> order) {
          EXPECT_TRUE(visited.insert({order.begin(), order.end()}).second);
          return std::optional(budget);
        });
    EXPECT_TRUE(isComplete);
    EXPECT_EQ(visited, permutations(graph, budget));
    ASSERT_FALSE(HasFailure());
  }
}

TEST(VisitOrdersTest, ABudgetThatShrinksEndsAtTheLeastPeak) {
  for (uint64_t seed = 0; seed < 3'000; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const Graph graph = RandomGraph::make(seed);
    const BruteForce bruteForce(graph);
    int64_t best = kNoLimit;
    const bool isComplete = visitOrders(graph, kNoLimit, kNoLimit,
                                        [&](absl::Span<const OpId> order) {
                                          best = *bruteForce.peakOf(order);
                                          return std::optional(best - 1);
                                        });
    EXPECT_TRUE(isComplete);
    EXPECT_EQ(best, BruteForce(graph).leastPeak());
    ASSERT_FALSE(HasFailure());
  }
}

TEST(VisitOrdersTest, StopsWhenToldAndAtItsLimit) {
  GraphBuilder builder;
  for (int i = 0; i < 8; ++i)
    builder.addOp({"op"});
  const Graph graph = *std::move(builder).build();
  int64_t numOrders = 0;
  EXPECT_FALSE(visitOrders(graph, 0, kNoLimit, [&](absl::Span<const OpId>) {
    return ++numOrders < 5 ? std::optional<int64_t>(0) : std::nullopt;
  }));
  EXPECT_EQ(numOrders, 5);
  EXPECT_FALSE(
      visitOrders(graph, 0, /*maxStates=*/7, [&](absl::Span<const OpId>) {
        ADD_FAILURE();
        return std::optional<int64_t>(0);
      }));
}

} // namespace
