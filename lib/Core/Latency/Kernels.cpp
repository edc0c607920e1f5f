//===- Kernels.cpp - In which ways architectures are alike ----------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Kernels.h"

#include "serenity/Core/Graph/RandomSource.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace serenity::core {
namespace {

/// The prior mean of most weights' logarithms.
constexpr double kLogWeight = -4;

/// The columns that `kernel` compares.
MatrixXd selectColumns(const Kernel &kernel, const KernelInputs &inputs) {
  switch (kernel.input) {
  case Kernel::Proxy:
    return inputs.proxies.col(kernel.column);
  case Kernel::NumericColumn:
    return inputs.embedded.numeric.col(kernel.column);
  case Kernel::Numeric:
    return inputs.embedded.numeric / std::sqrt(inputs.embedded.numeric.cols());
  case Kernel::Choices:
  case Kernel::AllCosts:
  case Kernel::SingleCost:
    return inputs.embedded.choices;
  }
  return {};
}

/// The Gaussian kernel for all pairs of a row of `left` with one of `right`.
MatrixXd compareGaussian(const MatrixXd &left, const MatrixXd &right,
                         double lengthScale) {
  const VectorXd leftNorms = left.rowwise().squaredNorm();
  const VectorXd rightNorms = right.rowwise().squaredNorm();
  MatrixXd distances = -2 * left * right.transpose();
  distances.colwise() += leftNorms;
  distances.rowwise() += rightNorms.transpose();
  const double factor = -0.5 / (lengthScale * lengthScale);
  return (distances.cwiseMax(0) * factor).array().exp();
}

/// How alike rows of costs are, those on `hiddenProxy` left out.
MatrixXd compareCosts(const MatrixXd &costs, double lengthScale,
                      std::optional<Index> hiddenProxy) {
  std::vector<Index> columns;
  for (Index column = 0; column < costs.cols(); ++column)
    if (column != hiddenProxy)
      columns.push_back(column);
  const MatrixXd seen = costs(Eigen::all, columns) /
                        std::sqrt(std::max<size_t>(columns.size(), 1));
  return compareGaussian(seen, seen, lengthScale);
}

bool isSumOverOptions(const Kernel &kernel) {
  return kernel.input == Kernel::AllCosts || kernel.input == Kernel::SingleCost;
}

/// The covariance of what options add to the latency under `kernel`, which does
/// not see costs on `hiddenProxy`.
MatrixXd compareOptions(const Kernel &kernel, const OptionCosts &costs,
                        std::optional<Index> hiddenProxy = std::nullopt) {
  if (kernel.input == Kernel::AllCosts)
    return compareCosts(costs.options, kernel.lengthScale, hiddenProxy);
  const VectorXd cost = costs.options.col(kernel.column);
  return compareCosts(costs.choices, kernel.lengthScale, hiddenProxy)
      .cwiseProduct(cost * cost.transpose());
}

/// The kernels without what they know of `proxy`, for it to be the target.
std::vector<std::optional<Kernel>> hideProxy(const std::vector<Kernel> &kernels,
                                             const OptionCosts &optionCosts,
                                             Index proxy) {
  std::vector<std::optional<Kernel>> others(kernels.begin(), kernels.end());
  for (std::optional<Kernel> &kernel : others) {
    const bool seesOneColumn =
        kernel->input == Kernel::Proxy || kernel->input == Kernel::SingleCost;
    if (seesOneColumn && kernel->column == proxy)
      kernel.reset();
    else if (isSumOverOptions(*kernel))
      kernel->optionCovariance = compareOptions(*kernel, optionCosts, proxy);
  }
  return others;
}

/// A proxy as if it were the target: the other proxies are its proxies. What
/// explains it tells which kernels to expect to matter.
Observations imitateTarget(const std::vector<std::optional<Kernel>> &kernels,
                           const KernelInputs &inputs, Index proxy) {
  Observations observations;
  for (const std::optional<Kernel> &kernel : kernels)
    observations.grams.push_back(kernel ? compare(*kernel, inputs, inputs)
                                        : MatrixXd());
  observations.values = inputs.embedded.measured.col(proxy);
  observations.noiseFactors.setOnes(inputs.size());
  return observations;
}

} // namespace

KernelInputs::KernelInputs(EmbeddedArchitectures architectures,
                           bool useMeasured)
    : embedded(std::move(architectures)),
      proxies(useMeasured ? embedded.measured : embedded.fitted),
      expected(VectorXd::Zero(proxies.rows())) {
  if (proxies.cols() == 1)
    expected = proxies;
}

MatrixXd compare(const Kernel &kernel, const KernelInputs &a,
                 const KernelInputs &b) {
  const MatrixXd left = selectColumns(kernel, a);
  const MatrixXd right = selectColumns(kernel, b);
  if (isSumOverOptions(kernel))
    return left * (kernel.optionCovariance * right.transpose());
  if (kernel.lengthScale != 0)
    return compareGaussian(left, right, kernel.lengthScale);
  return left * right.transpose();
}

VectorXd compareWithItself(const Kernel &kernel, const KernelInputs &inputs) {
  const MatrixXd columns = selectColumns(kernel, inputs);
  if (isSumOverOptions(kernel))
    return (columns * kernel.optionCovariance)
        .cwiseProduct(columns)
        .rowwise()
        .sum();
  if (kernel.lengthScale != 0)
    return VectorXd::Ones(inputs.size());
  return columns.rowwise().squaredNorm();
}

std::vector<Kernel> makeProxyKernels(const EmbeddedArchitectures &sample) {
  constexpr double kProxyLogWeight = kLogWeight + 2;
  std::vector<Kernel> kernels;
  for (Index i = 0; i < sample.fitted.cols(); ++i)
    kernels.push_back({Kernel::Proxy, i, 0, kProxyLogWeight});
  return kernels;
}

std::vector<Kernel> makeRidgeKernels(const EmbeddedArchitectures &sample) {
  constexpr double kRidgeLogWeight = -2;
  std::vector<Kernel> kernels = makeProxyKernels(sample);
  if (sample.numeric.cols() > 0)
    kernels.push_back({Kernel::Numeric, 0, 0, kRidgeLogWeight});
  if (sample.choices.cols() > 0)
    kernels.push_back({Kernel::Choices, 0, 0, kRidgeLogWeight});
  return kernels;
}

std::vector<Kernel> makeKernels(const EmbeddedArchitectures &sample,
                                const OptionCosts &optionCosts) {
  constexpr double kChoicesLogWeight = kLogWeight - 1, kChoiceScale = 1.2;
  std::vector<Kernel> kernels = makeProxyKernels(sample);
  for (Index i = 0; i < sample.numeric.cols(); ++i)
    kernels.push_back({Kernel::NumericColumn, i, 0, kLogWeight});
  if (sample.choices.cols() > 0)
    kernels.push_back({Kernel::Choices, 0, 0, kChoicesLogWeight});
  // All inputs have a mean squared distance of 2.
  for (double lengthScale : {0.6, 1.2, 2.5}) {
    if (sample.numeric.cols() > 0)
      kernels.push_back({Kernel::Numeric, 0, lengthScale, kLogWeight});
    if (sample.choices.cols() == 0)
      continue;
    kernels.push_back({Kernel::Choices, 0, lengthScale, kChoicesLogWeight});
    const double costScale = lengthScale / 2;
    kernels.push_back({Kernel::AllCosts, 0, costScale, kChoicesLogWeight});
  }
  for (Index i = 0; i < optionCosts.options.cols(); ++i)
    kernels.push_back({Kernel::SingleCost, i, kChoiceScale, kChoicesLogWeight});
  for (Kernel &kernel : kernels)
    if (isSumOverOptions(kernel))
      kernel.optionCovariance = compareOptions(kernel, optionCosts);
  return kernels;
}

WeightPrior makePrior(const std::vector<Kernel> &kernels) {
  constexpr double kNoiseLogWeight = -3, kDeviation = 2;
  WeightPrior prior{VectorXd(kernels.size() + 1), kDeviation};
  for (size_t i = 0; i < kernels.size(); ++i)
    prior.mean(i) = kernels[i].logWeight;
  prior.mean.tail(1)(0) = kNoiseLogWeight;
  return prior;
}

std::vector<Index> drawIndices(Index size, Index count, uint64_t seed) {
  RandomSource random(seed);
  std::vector<Index> rows(size);
  std::iota(rows.begin(), rows.end(), 0);
  for (Index i = 0; i < count; ++i)
    std::swap(rows[i], rows[i + random.below(size - i)]);
  rows.resize(count);
  return rows;
}

std::vector<Observations> learnFromProxies(const std::vector<Kernel> &kernels,
                                           const Architectures &population,
                                           const Embedding &embedding,
                                           bool useMeasured) {
  constexpr double kWeight = 0.15;
  constexpr int kNumSubsets = 2;
  constexpr Index kSubsetSize = 40;
  std::vector<Observations> lessons;
  const Index size = population.features.rows();
  const Index numProxies = population.proxies.cols();
  std::vector<std::vector<std::optional<Kernel>>> kernelsWithout;
  for (Index proxy = 0; proxy < numProxies; ++proxy)
    kernelsWithout.push_back(
        hideProxy(kernels, embedding.getOptionCosts(), proxy));
  for (int subset = 0; subset < kNumSubsets; ++subset)
    for (Index proxy = 0; proxy < numProxies; ++proxy) {
      const std::vector<Index> rows =
          drawIndices(size, std::min(size, kSubsetSize), lessons.size());
      const KernelInputs inputs(
          embedding.apply({population.features(rows, Eigen::all),
                           population.proxies(rows, Eigen::all)}),
          useMeasured);
      lessons.push_back(imitateTarget(kernelsWithout[proxy], inputs, proxy));
      lessons.back().weight = kWeight / (kNumSubsets * numProxies);
    }
  return lessons;
}

} // namespace serenity::core
