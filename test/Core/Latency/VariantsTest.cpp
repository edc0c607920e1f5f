//===- VariantsTest.cpp - Variants of a network, some measured ------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Latency/Variants.h"

#include "serenity/Core/Graph/RandomSource.h"
#include "serenity/Core/Latency/RankStatistics.h"
#include "serenity/Core/Pareto/Pareto.h"

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace serenity::core {
namespace {

constexpr const char *kHeader =
    "id,file,latency_us,predicted_us,peak_bytes,launches,macs,read_bytes,"
    "written_bytes,weight_bytes,traffic_bytes\n";

/// Variants whose predicted latency is a weighted sum of their costs.
std::vector<MeasuredVariant> drawVariants(uint64_t seed, size_t count) {
  RandomSource random(seed);
  std::vector<MeasuredVariant> variants;
  for (size_t i = 0; i < count; ++i) {
    MeasuredVariant variant;
    variant.id = absl::StrCat("v", i);
    variant.file = variant.id + ".mlir";
    variant.peakBytes = 1000 + 10 * random.below(200);
    variant.costs = {
        20 + random.below(30),      1000000, 50000 + random.below(20000),
        30000 + random.below(9000), 7000,    random.below(40000)};
    variant.predictedLatency = variant.costs.launches +
                               variant.costs.readBytes / 1000.0 +
                               variant.costs.trafficBytes / 400.0;
    variants.push_back(variant);
  }
  return variants;
}

std::vector<double> means(absl::Span<const OperationEstimate> estimates) {
  std::vector<double> values;
  for (const OperationEstimate &estimate : estimates)
    values.push_back(estimate.microseconds);
  return values;
}

/// The positions of the front of peaks and `latency`.
std::vector<size_t> frontOf(absl::Span<const MeasuredVariant> variants,
                            absl::Span<const double> latency) {
  std::vector<ParetoPoint> points;
  for (size_t i = 0; i < variants.size(); ++i)
    points.push_back({static_cast<double>(variants[i].peakBytes), latency[i]});
  return paretoFront(points);
}

TEST(VariantsTest, readsWhatItPrints) {
  std::vector<MeasuredVariant> variants = drawVariants(/*seed=*/1, 5);
  variants[2].measuredLatency = 12.5;
  const std::string text = printVariants(variants);
  const auto read = readVariants(text);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(printVariants(*read), text);
  EXPECT_EQ((*read)[2].measuredLatency, 12.5);
  EXPECT_FALSE((*read)[3].measuredLatency);
  EXPECT_EQ((*read)[4].costs.trafficBytes, variants[4].costs.trafficBytes);
}

TEST(VariantsTest, namesLineColumnAndValue) {
  const auto messageOf = [](absl::string_view text) {
    return std::string(readVariants(text).status().message());
  };
  EXPECT_THAT(messageOf("id,file\n"), testing::HasSubstr("latency_us"));
  EXPECT_EQ(messageOf(absl::StrCat(kHeader, "a,f,0,1,2,3,4,5,6,7,8\n")),
            "line 2: 'latency_us' is 0, expected is more than 0");
  EXPECT_EQ(messageOf(absl::StrCat(kHeader, "a,f,,1,2,3,4,5,6,-7,8\n")),
            "line 2: 'weight_bytes' is -7, expected is 0 or more");
  EXPECT_EQ(messageOf(absl::StrCat(kHeader, "a,f,x,1,2,3,4,5,6,7,8\n")),
            "line 2: 'latency_us' is 'x', not a number");
  EXPECT_EQ(messageOf(absl::StrCat(kHeader, "a,f,,1,2,3,4,5,6,7,8\n",
                                   "a,f,-1,1,2,3,4,5,6,7,8\n")),
            "line 3: id 'a' was used on line 2");
}

TEST(VariantsTest, takesMeasurementsForWhatTheyAre) {
  std::vector<MeasuredVariant> variants = drawVariants(/*seed=*/2, 12);
  EXPECT_EQ(adaptToMeasurements(variants).status().message(),
            "there are 0 measurements of the target, needed are at least 3");
  for (size_t i = 0; i < 4; ++i)
    variants[i].measuredLatency = 1000.0 * (i + 1);
  const auto estimates = adaptToMeasurements(variants);
  ASSERT_TRUE(estimates.ok()) << estimates.status();
  for (size_t i = 0; i < variants.size(); ++i) {
    const OperationEstimate &estimate = (*estimates)[i];
    EXPECT_EQ(estimate.stddev == 0, i < 4);
    if (i < 4) {
      EXPECT_EQ(estimate.microseconds, 1000.0 * (i + 1));
    }
  }
}

TEST(VariantsTest, choosesPromisingOnesFirst) {
  std::vector<MeasuredVariant> variants = drawVariants(/*seed=*/3, 12);
  std::vector<bool> isPromising(variants.size(), false);
  for (size_t i : {1, 4, 5, 9})
    isPromising[i] = true;
  variants[4].measuredLatency = 5;
  EXPECT_THAT(*chooseToMeasure(variants, isPromising, 2),
              testing::ElementsAre(1, 5));
  const std::vector<size_t> six = *chooseToMeasure(variants, isPromising, 6);
  EXPECT_THAT(six, testing::SizeIs(6));
  EXPECT_THAT(six, testing::IsSupersetOf({1, 5, 9}));
  EXPECT_THAT(six, testing::Not(testing::Contains(4)));
  EXPECT_THAT(*chooseToMeasure(variants, isPromising, 50), testing::SizeIs(11));
}

TEST(VariantsTest, scalingTheTargetChangesNoRank) {
  for (uint64_t seed = 0; seed < 6; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    RandomSource random(seed);
    std::vector<MeasuredVariant> variants = drawVariants(seed, 30);
    std::vector<MeasuredVariant> scaled = variants;
    for (size_t i = 0; i < variants.size(); i += 3) {
      const double latency =
          variants[i].predictedLatency * (1 + random.below(100) / 200.0);
      variants[i].measuredLatency = latency;
      scaled[i].measuredLatency = 1024 * latency;
    }
    const auto before = adaptToMeasurements(variants);
    const auto after = adaptToMeasurements(scaled);
    ASSERT_TRUE(before.ok() && after.ok());
    EXPECT_EQ(averageRanks(means(*before)), averageRanks(means(*after)));
  }
}

/// Without noise, on a target that takes three times as long as the proxy, one
/// more measurement never hides a variant that is on the true front.
TEST(VariantsTest, oneMoreMeasurementLosesNoOptimum) {
  for (uint64_t seed = 0; seed < 4; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    std::vector<MeasuredVariant> variants = drawVariants(seed, 24);
    std::vector<double> truth;
    for (const MeasuredVariant &variant : variants)
      truth.push_back(3 * variant.predictedLatency);
    const std::vector<size_t> trueFront = frontOf(variants, truth);
    for (size_t i = 0; i < variants.size(); ++i) {
      variants[i].measuredLatency = truth[i];
      if (i < 2)
        continue;
      const auto estimates = adaptToMeasurements(variants);
      ASSERT_TRUE(estimates.ok());
      const std::vector<size_t> front = frontOf(variants, means(*estimates));
      for (size_t optimum : trueFront)
        EXPECT_TRUE(absl::c_linear_search(front, optimum))
            << optimum << " is lost with " << i + 1 << " measurements";
    }
  }
}

} // namespace
} // namespace serenity::core
