//===- AdaptationTest.cpp - Methods against made-up and real devices ------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Instances.h"
#include "LatencyData.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include <map>
#include <set>

namespace serenity::core {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Instrumented code is slow: it tries fewer of the draws.
constexpr size_t kGoldenStride = kIsInstrumented ? 20 : 4;

constexpr AdaptationMethod kAllMethods[] = {
    AdaptationMethod::Plain,      AdaptationMethod::AdaProxyL1,
    AdaptationMethod::AdaProxyL2, AdaptationMethod::AdaProxyLInf,
    AdaptationMethod::Ridge,      AdaptationMethod::GaussianProcess,
    AdaptationMethod::Auto,
};

/// A proxy and a target, of which the first few architectures are measured.
struct Devices {
  Devices(std::vector<std::string> names, const MatrixXd &features,
          const VectorXd &proxy, const VectorXd &target, Index numSamples)
      : problem{std::move(names),
                {features, proxy},
                {features.topRows(numSamples), proxy.head(numSamples)},
                target.head(numSamples)},
        truth(target) {}

  double score(AdaptationMethod method) const {
    const auto predictor = adaptPredictor(problem, method);
    return spearman((*predictor)->predict(problem.population).mean, truth);
  }

  AdaptationProblem problem;
  VectorXd truth;
};

/// Devices whose latency is a weighted sum of four counts.
Devices makeUpDevices(Index size, Index numSamples, uint64_t seed) {
  RandomSource random(seed);
  MatrixXd counts(size, 4);
  for (double &count : counts.reshaped())
    count = static_cast<double>(random.below(9));
  const Eigen::Vector4d proxyCosts(1, 2, 3, 4), targetCosts(4, 1, 2, 3);
  return Devices({"a", "b", "c", "d"}, counts,
                 (counts * proxyCosts).array() + 5,
                 (counts * targetCosts).array() + 7, numSamples);
}

/// Layers with a choice out of four options, of which each adds a cost: a row
/// for each layer.
Devices makeUpChoices(const MatrixXd &proxyCosts, const MatrixXd &targetCosts,
                      Index size, Index numSamples, RandomSource &random) {
  const Index numLayers = proxyCosts.rows(), numOptions = proxyCosts.cols();
  std::vector<std::string> names;
  for (Index layer = 0; layer < numLayers; ++layer)
    for (Index option = 0; option < numOptions; ++option)
      names.push_back(absl::StrCat("l", layer, "_", option));
  MatrixXd choices = MatrixXd::Zero(size, names.size());
  VectorXd proxy = VectorXd::Constant(size, 50), target = proxy;
  for (Index row = 0; row < size; ++row)
    for (Index layer = 0; layer < numLayers; ++layer) {
      const Index option = random.below(numOptions);
      choices(row, layer * numOptions + option) = 1;
      proxy(row) += proxyCosts(layer, option);
      target(row) += targetCosts(layer, option);
    }
  return Devices(names, choices, proxy, target, numSamples);
}

/// Costs of four options in each layer: the first costs nothing and the others
/// up to 99.
MatrixXd drawCosts(Index numLayers, RandomSource &random) {
  MatrixXd costs = MatrixXd::Zero(numLayers, 4);
  for (auto layer : costs.rowwise())
    for (double &cost : layer.tail(3))
      cost = static_cast<double>(random.below(100));
  return costs;
}

TEST(AdaptationTest, namesMethods) {
  for (AdaptationMethod method : kAllMethods)
    EXPECT_EQ(parseAdaptationMethod(toString(method)), method);
  EXPECT_EQ(parseAdaptationMethod("magic"), std::nullopt);
}

TEST(AdaptationTest, learnsAnotherWeighting) {
  const Devices devices = makeUpDevices(300, 30, /*seed=*/1);
  const double plain = devices.score(AdaptationMethod::Plain);
  EXPECT_LT(plain, 0.9);
  EXPECT_GT(devices.score(AdaptationMethod::Ridge), 0.99);
  EXPECT_GT(devices.score(AdaptationMethod::GaussianProcess), 0.99);
  EXPECT_GT(devices.score(AdaptationMethod::AdaProxyL2), 0.97);
}

TEST(AdaptationTest, takesOptionsThatCostAlikeForAlike) {
  // On the target options cost the more the farther from 50 on the proxy.
  RandomSource random(/*seed=*/4);
  const MatrixXd costs = drawCosts(12, random);
  const Devices devices =
      makeUpChoices(costs, (costs.array() - 50).square() / 25, 300, 20, random);
  EXPECT_LT(std::abs(devices.score(AdaptationMethod::Plain)), 0.4);
  EXPECT_LT(devices.score(AdaptationMethod::Ridge), 0.9);
  EXPECT_GT(devices.score(AdaptationMethod::GaussianProcess), 0.97);
}

TEST(AdaptationTest, weighsCostsByTheCostsOfTheChoice) {
  // In every second layer an option is dear on the proxy, and all options cost
  // a fifth of that on the target.
  RandomSource random(/*seed=*/2);
  MatrixXd costs = drawCosts(24, random);
  VectorXd factors = VectorXd::Ones(costs.rows());
  for (Index layer = 0; layer < costs.rows(); ++layer) {
    const bool isDear = layer % 2 == 0;
    costs(layer, 1) = isDear ? 300 : 0;
    factors(layer) = isDear ? 0.2 : 1;
  }
  const Devices devices =
      makeUpChoices(costs, factors.asDiagonal() * costs, 300, 40, random);
  EXPECT_LT(devices.score(AdaptationMethod::Plain), 0.8);
  EXPECT_LT(devices.score(AdaptationMethod::Ridge), 0.96);
  EXPECT_GT(devices.score(AdaptationMethod::GaussianProcess), 0.97);
}

TEST(AdaptationTest, mistrustsSlowMeasurements) {
  Devices devices = makeUpDevices(300, 30, /*seed=*/1);
  for (Index row : {3, 11, 22})
    devices.problem.latency(row) *= 3;
  EXPECT_GT(devices.score(AdaptationMethod::GaussianProcess), 0.99);
  EXPECT_GT(devices.score(AdaptationMethod::Auto), 0.99);
}

TEST(AdaptationTest, keepsTheRankingOfAPlainProxy) {
  const Devices devices = makeUpDevices(100, 10, /*seed=*/2);
  const auto predictor =
      adaptPredictor(devices.problem, AdaptationMethod::Plain);
  const LatencyEstimate estimate =
      (*predictor)->predict(devices.problem.population);
  EXPECT_DOUBLE_EQ(
      spearman(estimate.mean, devices.problem.population.proxies.col(0)), 1);
}

TEST(AdaptationTest, scalesWithTheTarget) {
  Devices devices = makeUpDevices(100, 20, /*seed=*/3);
  for (AdaptationMethod method : kAllMethods) {
    SCOPED_TRACE(std::string(toString(method)));
    const auto before = adaptPredictor(devices.problem, method);
    AdaptationProblem scaled = devices.problem;
    scaled.latency *= 1024;
    const auto after = adaptPredictor(scaled, method);
    const LatencyEstimate small =
        (*before)->predict(devices.problem.population);
    const LatencyEstimate large = (*after)->predict(devices.problem.population);
    EXPECT_TRUE(large.mean.isApprox(1024 * small.mean, 1e-6));
    EXPECT_TRUE(large.stddev.isApprox(1024 * small.stddev, 1e-4));
    EXPECT_GT(spearman(small.mean, large.mean), 0.99999);
  }
}

TEST(AdaptationTest, survivesOddTables) {
  for (AdaptationMethod method : kAllMethods) {
    SCOPED_TRACE(std::string(toString(method)));
    const auto check = [&](const AdaptationProblem &problem) {
      const auto predictor = adaptPredictor(problem, method);
      ASSERT_TRUE(predictor.ok()) << predictor.status();
      const LatencyEstimate estimate =
          (*predictor)->predict(problem.population);
      EXPECT_TRUE(estimate.mean.allFinite());
      EXPECT_TRUE(estimate.stddev.allFinite());
      EXPECT_TRUE((estimate.stddev.array() >= 0).all());
    };
    Devices constantProxy = makeUpDevices(50, 10, /*seed=*/4);
    constantProxy.problem.population.proxies.setConstant(3);
    constantProxy.problem.samples.proxies.setConstant(3);
    check(constantProxy.problem);
    Devices constantTarget = makeUpDevices(50, 10, /*seed=*/4);
    constantTarget.problem.latency.setConstant(3);
    check(constantTarget.problem);
    Devices singular = makeUpDevices(50, 10, /*seed=*/5);
    singular.problem.population.features.col(1) =
        singular.problem.population.features.col(0);
    singular.problem.population.features.col(2).setConstant(7);
    singular.problem.samples.features =
        singular.problem.population.features.topRows(10);
    check(singular.problem);
    Devices missing = makeUpDevices(50, 10, /*seed=*/6);
    missing.problem.population.proxies(3, 0) = std::nan("");
    missing.problem.samples.proxies(3, 0) = std::nan("");
    check(missing.problem);
    Devices few = makeUpDevices(50, 3, /*seed=*/7);
    check(few.problem);
    Devices bare = makeUpDevices(50, 10, /*seed=*/8);
    bare.problem.featureNames.clear();
    bare.problem.population.features.resize(50, 0);
    bare.problem.samples.features.resize(10, 0);
    check(bare.problem);
  }
}

TEST(AdaptationTest, refusesBrokenProblems) {
  const auto messageOf = [](auto change) {
    Devices devices = makeUpDevices(20, 5, /*seed=*/1);
    change(devices.problem);
    return std::string(adaptPredictor(devices.problem, AdaptationMethod::Auto)
                           .status()
                           .message());
  };
  EXPECT_EQ(messageOf([](AdaptationProblem &p) { p.latency(2) = 0; }),
            "a latency of the target is not positive");
  EXPECT_EQ(messageOf([](AdaptationProblem &p) { p.latency.resize(2); }),
            "there are 2 measurements of the target, needed are at least 3");
  EXPECT_EQ(messageOf([](AdaptationProblem &p) {
              p.population.proxies.setConstant(std::nan(""));
            }),
            "proxy 1 has no latency at all");
  EXPECT_EQ(
      messageOf([](AdaptationProblem &p) { p.population.proxies(0, 0) = -2; }),
      "a latency of proxy 1 is not positive");
  EXPECT_EQ(messageOf([](AdaptationProblem &p) { p.featureNames.pop_back(); }),
            "the sample has 5 rows of 4 features and 5 rows of 1 proxies, "
            "expected are 3 and 1");
}

TEST(AdaptationTest, choosesDifferentRows) {
  const Devices devices = makeUpDevices(60, 5, /*seed=*/9);
  const auto rows = chooseSamples(devices.problem.featureNames,
                                  devices.problem.population, 20, /*seed=*/1);
  ASSERT_TRUE(rows.ok()) << rows.status();
  EXPECT_EQ(std::set<Index>(rows->begin(), rows->end()).size(), 20u);
  EXPECT_EQ(*rows, *chooseSamples(devices.problem.featureNames,
                                  devices.problem.population, 20, /*seed=*/1));
  EXPECT_EQ(chooseSamples(devices.problem.featureNames,
                          devices.problem.population, 61, /*seed=*/1)
                .status()
                .message(),
            "cannot choose 61 of 60 architectures");
}

/// What the issue asks of the draws of golden.json.
class GoldenTest : public ::testing::Test {
protected:
  void SetUp() override {
    draws = readGoldenDraws();
    encoded = readLatencyData("nb201_latency.csv", {"nb201_arch.csv"});
    counted = readLatencyData("nb201_latency.csv", {"nb201_counts.csv"});
    if (draws.empty() || encoded.size() == 0 || counted.size() == 0)
      GTEST_SKIP() << "no shared data";
  }

  /// Means by the number of samples: reached and expected.
  std::map<size_t, std::pair<double, double>>
  meansOf(const LatencyData &data, AdaptationMethod method,
          double GoldenDraw::*expected) const {
    std::map<size_t, std::pair<double, double>> sums;
    std::map<size_t, double> counts;
    for (size_t i = 0; i < draws.size(); i += kGoldenStride) {
      const GoldenDraw &draw = draws[i];
      const size_t k = draw.samples.size();
      sums[k].first += scoreHeldOut(
          data,
          {{data.device("myriad_vpu")}, data.device(draw.target), draw.samples},
          method);
      sums[k].second += draw.*expected;
      ++counts[k];
    }
    for (auto &[k, sum] : sums)
      sum = {sum.first / counts[k], sum.second / counts[k]};
    return sums;
  }

  std::vector<GoldenDraw> draws;
  LatencyData encoded, counted;
};

TEST_F(GoldenTest, plainIsExactOnEveryDraw) {
  for (const GoldenDraw &draw : draws) {
    const LatencyTask task{{encoded.device("myriad_vpu")},
                           encoded.device(draw.target),
                           draw.samples};
    const std::vector<Index> rows = heldOutRows(encoded, task);
    EXPECT_NEAR(spearman(encoded.milliseconds(rows, task.proxies[0]),
                         encoded.milliseconds(rows, task.target)),
                draw.plain, 1e-3);
  }
}

TEST_F(GoldenTest, adaProxyIsAsPublished) {
  for (const auto &[k, mean] : meansOf(encoded, AdaptationMethod::AdaProxyL1,
                                       &GoldenDraw::adaProxyL1)) {
    EXPECT_NEAR(mean.first, mean.second, 0.05) << k << " samples";
    EXPECT_GT(mean.first, k == 50 ? 0.90 : 0.70);
  }
}

TEST_F(GoldenTest, ridgeIsAsGoodAsExpected) {
  for (const auto &[k, mean] :
       meansOf(counted, AdaptationMethod::Ridge, &GoldenDraw::ridge))
    EXPECT_GT(mean.first, mean.second - 0.005) << k << " samples";
}

TEST_F(GoldenTest, gaussianProcessIsAsGoodAsExpected) {
  const LatencyData both = readLatencyData(
      "nb201_latency.csv", {"nb201_counts.csv", "nb201_arch.csv"});
  for (const auto &[k, mean] : meansOf(both, AdaptationMethod::GaussianProcess,
                                       &GoldenDraw::gaussianProcess))
    EXPECT_GT(mean.first, mean.second - 0.005) << k << " samples";
}

} // namespace
} // namespace serenity::core
