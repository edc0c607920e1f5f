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
    return inputs.embedded.choices;
  }
  return {};
}

/// A proxy as if it were the target: the other proxies are its proxies. What
/// explains it tells which kernels to expect to matter.
Observations imitateTarget(const std::vector<Kernel> &kernels,
                           const KernelInputs &inputs, Index proxy) {
  Observations observations;
  for (const Kernel &kernel : kernels) {
    const bool isItself =
        kernel.input == Kernel::Proxy && kernel.column == proxy;
    observations.grams.push_back(isItself ? MatrixXd()
                                          : compare(kernel, inputs, inputs));
  }
  const Index others = inputs.proxies.cols() - 1;
  observations.values = inputs.embedded.measured.col(proxy);
  if (others > 0)
    observations.values -=
        (inputs.proxies.rowwise().sum() - inputs.proxies.col(proxy)) / others;
  observations.noiseFactors.setOnes(observations.values.size());
  return observations;
}

} // namespace

KernelInputs::KernelInputs(EmbeddedArchitectures architectures,
                           bool useMeasured)
    : embedded(std::move(architectures)),
      proxies(useMeasured ? embedded.measured : embedded.fitted),
      expected(proxies.rowwise().mean()) {}

MatrixXd compare(const Kernel &kernel, const KernelInputs &a,
                 const KernelInputs &b) {
  const MatrixXd left = selectColumns(kernel, a);
  const MatrixXd right = selectColumns(kernel, b);
  MatrixXd products = left * right.transpose();
  if (kernel.lengthScale == 0)
    return products;
  const VectorXd leftNorms = left.rowwise().squaredNorm();
  const VectorXd rightNorms = right.rowwise().squaredNorm();
  MatrixXd distances = -2 * products;
  distances.colwise() += leftNorms;
  distances.rowwise() += rightNorms.transpose();
  const double factor = -0.5 / (kernel.lengthScale * kernel.lengthScale);
  return (distances.cwiseMax(0) * factor).array().exp();
}

VectorXd compareWithItself(const Kernel &kernel, const KernelInputs &inputs) {
  if (kernel.lengthScale != 0)
    return VectorXd::Ones(inputs.expected.size());
  return selectColumns(kernel, inputs).rowwise().squaredNorm();
}

std::vector<Kernel> makeProxyKernels(const EmbeddedArchitectures &sample) {
  std::vector<Kernel> kernels;
  for (Index i = 0; i < sample.fitted.cols(); ++i)
    kernels.push_back({Kernel::Proxy, i, 0, kLogWeight});
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

std::vector<Kernel> makeKernels(const EmbeddedArchitectures &sample) {
  constexpr double kChoicesLogWeight = kLogWeight - 1;
  std::vector<Kernel> kernels = makeProxyKernels(sample);
  for (Index i = 0; i < sample.numeric.cols(); ++i)
    kernels.push_back({Kernel::NumericColumn, i, 0, kLogWeight});
  if (sample.choices.cols() > 0)
    kernels.push_back({Kernel::Choices, 0, 0, kChoicesLogWeight});
  // Both inputs have a mean squared distance of 2 between two architectures.
  for (double lengthScale : {0.6, 1.2, 2.5}) {
    if (sample.numeric.cols() > 0)
      kernels.push_back({Kernel::Numeric, 0, lengthScale, kLogWeight});
    if (sample.choices.cols() > 0)
      kernels.push_back({Kernel::Choices, 0, lengthScale, kChoicesLogWeight});
  }
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
  constexpr double kWeight = 0.3;
  constexpr int kNumSubsets = 2;
  constexpr Index kSubsetSize = 40;
  std::vector<Observations> lessons;
  const Index size = population.features.rows();
  const Index numProxies = population.proxies.cols();
  for (int subset = 0; subset < kNumSubsets; ++subset)
    for (Index proxy = 0; proxy < numProxies; ++proxy) {
      const std::vector<Index> rows =
          drawIndices(size, std::min(size, kSubsetSize), lessons.size());
      const KernelInputs inputs(
          embedding.apply({population.features(rows, Eigen::all),
                           population.proxies(rows, Eigen::all)}),
          useMeasured);
      lessons.push_back(imitateTarget(kernels, inputs, proxy));
      lessons.back().weight = kWeight / (kNumSubsets * numProxies);
    }
  return lessons;
}

} // namespace serenity::core
