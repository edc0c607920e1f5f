//===- MinimumCutTest.cpp -------------------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MinimumCut.h"
#include "Instances.h"

#include "serenity/Core/Graph/RandomSource.h"

#include "gtest/gtest.h"

using namespace serenity::core;

namespace {

struct Arc {
  int32_t from, to;
  int64_t capacity;
};

/// The least capacity over all sides that node 0 can be on without node 1.
int64_t leastCut(int32_t numNodes, const std::vector<Arc> &arcs) {
  int64_t best = INT64_MAX;
  for (uint32_t side = 1; side < uint32_t{1} << numNodes; side += 4) {
    int64_t capacity = 0;
    for (const Arc &arc : arcs) {
      const bool isCut = (side >> arc.from & 1) && !(side >> arc.to & 1);
      if (isCut && arc.capacity == MinimumCut::kUncuttable)
        capacity = INT64_MAX;
      else if (isCut && capacity != INT64_MAX)
        capacity += arc.capacity;
    }
    best = std::min(best, capacity);
  }
  return best;
}

TEST(MinimumCutTest, AgreesWithBruteForce) {
  int numWithFlow = 0;
  for (uint64_t seed = 0; seed < serenity::instances(5'000u); ++seed) {
    RandomSource random(seed);
    const int32_t numNodes = static_cast<int32_t>(2 + random.below(7));
    MinimumCut cut(2);
    while (cut.addNode() + 1 < numNodes) {
    }
    std::vector<Arc> arcs;
    for (int64_t i = random.below(24); i > 0; --i) {
      Arc arc{static_cast<int32_t>(random.below(numNodes)),
              static_cast<int32_t>(random.below(numNodes)), random.below(20)};
      // Cuttable somewhere on every path from 0 to 1.
      if (arc.from > 1 && random.chance(0.2))
        arc.capacity = MinimumCut::kUncuttable;
      arcs.push_back(arc);
    }
    if (numNodes == 2)
      arcs.clear();
    const int64_t expected = leastCut(numNodes, arcs);
    if (expected == INT64_MAX)
      continue;
    for (const Arc &arc : arcs)
      cut.addArc(arc.from, arc.to, arc.capacity);
    EXPECT_EQ(cut.solve(0, 1), expected) << "seed " << seed;
    numWithFlow += expected > 0;
  }
  EXPECT_GT(numWithFlow, serenity::instances(500));
}

} // namespace
