//===- SubsetSearchTest.cpp -----------------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Dialect/Serenity/Transforms/Rewriting/SubsetSearch.h"

#include "serenity/Core/Graph/RandomSource.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include <algorithm>

using namespace serenity;
using ::testing::ElementsAre;

namespace {

/// A made-up problem: each subset has a random peak, at least `bounds` of every
/// subset that contains it.
struct RandomProblem {
  explicit RandomProblem(int seed);

  Subset subsetOf(size_t bits) const {
    Subset subset(numSites);
    for (size_t site = 0; site < numSites; ++site)
      subset[site] = bits >> site & 1;
    return subset;
  }
  size_t bitsOf(const Subset &subset) const {
    size_t bits = 0;
    for (size_t site = 0; site < numSites; ++site)
      bits |= size_t(subset[site]) << site;
    return bits;
  }
  bool isClosed(const Subset &subset) const;
  SubsetCost bruteForce() const;

  size_t numSites;
  std::vector<int64_t> peaks, bounds, kernels;
  SubsetProblem problem;
  int64_t evaluations = 0;
};

RandomProblem::RandomProblem(int seed) {
  core::RandomSource random(seed);
  numSites = 1 + random.below(7);
  problem.requirements.resize(numSites);
  problem.largestSavings.resize(numSites);
  std::vector<int64_t> change(numSites);
  for (size_t site = 0; site < numSites; ++site) {
    if (site > 0 && random.below(3) == 0)
      problem.requirements[site].push_back(random.below(site));
    change[site] = static_cast<int64_t>(random.below(4)) - 1;
    problem.largestSavings[site] = std::max<int64_t>(-change[site], 0);
  }
  problem.floorBytes = random.below(12);
  for (size_t bits = 0; bits < size_t(1) << numSites; ++bits) {
    peaks.push_back(5 + random.below(15));
    kernels.push_back(20);
    for (size_t site = 0; site < numSites; ++site)
      kernels.back() += bits >> site & 1 ? change[site] : 0;
  }
  for (size_t bits = 0; bits < peaks.size(); ++bits) {
    int64_t least = peaks[bits];
    for (size_t part = 0; part < peaks.size(); ++part)
      if ((part & bits) == part)
        least = std::min(least, peaks[part]);
    bounds.push_back(least - static_cast<int64_t>(random.below(3)));
  }
  problem.evaluate = [this](const Subset &subset, const SubsetCost &toBeat) {
    EXPECT_TRUE(isClosed(subset));
    ++evaluations;
    const size_t bits = bitsOf(subset);
    const SubsetCost cost = {std::max(peaks[bits], problem.floorBytes),
                             kernels[bits]};
    if (cost < toBeat)
      return SubsetCost{peaks[bits], kernels[bits]};
    // The least peak that does not beat it.
    return SubsetCost{toBeat.peakBytes + (kernels[bits] < toBeat.kernels),
                      kernels[bits]};
  };
  problem.bound = [this](const Subset &subset) {
    return bounds[bitsOf(subset)];
  };
  problem.maxEvaluations = 1 << numSites;
}

bool RandomProblem::isClosed(const Subset &subset) const {
  for (size_t site = 0; site < numSites; ++site)
    for (size_t required : problem.requirements[site])
      if (subset[site] && !subset[required])
        return false;
  return true;
}

SubsetCost RandomProblem::bruteForce() const {
  SubsetCost best = {1000, 1000};
  for (size_t bits = 0; bits < peaks.size(); ++bits) {
    const SubsetCost cost = {std::max(peaks[bits], problem.floorBytes),
                             kernels[bits]};
    if (isClosed(subsetOf(bits)) && cost < best)
      best = cost;
  }
  return best;
}

TEST(SubsetSearchTest, AgreesWithBruteForce) {
  for (int seed = 0; seed < 20000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomProblem random(seed);
    const SubsetChoice choice = findBestSubset(random.problem);
    const SubsetCost best = random.bruteForce();
    ASSERT_TRUE(choice.provenBest);
    ASSERT_TRUE(random.isClosed(choice.subset));
    ASSERT_EQ(choice.cost.peakBytes, best.peakBytes);
    ASSERT_EQ(choice.cost.kernels, best.kernels);
    ASSERT_EQ(choice.evaluations, random.evaluations);
    const size_t bits = random.bitsOf(choice.subset);
    ASSERT_EQ(std::max(random.peaks[bits], random.problem.floorBytes),
              best.peakBytes);
  }
}

TEST(SubsetSearchTest, StopsAtItsLimit) {
  int numProven = 0;
  for (int seed = 0; seed < 2000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomProblem random(seed);
    random.problem.maxEvaluations = 1 + seed % 10;
    const SubsetChoice choice = findBestSubset(random.problem);
    ASSERT_LE(random.evaluations, random.problem.maxEvaluations);
    ASSERT_TRUE(random.isClosed(choice.subset));
    const SubsetCost best = random.bruteForce();
    ASSERT_FALSE(choice.cost < best);
    // What is claimed to be proved is so.
    if (choice.provenBest) {
      ++numProven;
      ASSERT_FALSE(best < choice.cost);
    }
  }
  EXPECT_GT(numProven, 100);
  EXPECT_LT(numProven, 1900);
}

TEST(SubsetSearchTest, ChoosesAmongNothing) {
  SubsetProblem problem;
  problem.evaluate = [](const Subset &, const SubsetCost &) {
    return SubsetCost{7, 3};
  };
  problem.bound = [](const Subset &) { return int64_t(7); };
  problem.maxEvaluations = 1;
  const SubsetChoice choice = findBestSubset(problem);
  EXPECT_TRUE(choice.provenBest);
  EXPECT_TRUE(choice.subset.empty());
  EXPECT_EQ(choice.cost.peakBytes, 7);
}

TEST(SubsetSearchTest, FlippingFollowsRequirements) {
  // 1 requires 0, 2 requires 1.
  const Requirements requirements = {{}, {0}, {1}, {}};
  EXPECT_THAT(flipSite(requirements, {false, false, false, true}, 2),
              ElementsAre(true, true, true, true));
  EXPECT_THAT(flipSite(requirements, {true, true, true, true}, 0),
              ElementsAre(false, false, false, true));
  EXPECT_THAT(flipSite(requirements, {true, true, true, true}, 2),
              ElementsAre(true, true, false, true));
}

} // namespace
