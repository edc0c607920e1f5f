//===- SampleChoice.cpp - Which architectures tell most -------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SampleChoice.h"

#include "Kernels.h"

#include <algorithm>

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace serenity::core {
namespace {

/// The covariance of the target's latencies a priori, and the noise.
struct PriorCovariance {
  MatrixXd covariance;
  double noise;
};

PriorCovariance learnCovariance(const AdaptationProblem &problem,
                                const std::vector<Index> &rows) {
  constexpr int kIterations = 40;
  const Embedding embedding(problem);
  const KernelInputs inputs(
      embedding.apply({problem.population.features(rows, Eigen::all),
                       problem.population.proxies(rows, Eigen::all)}),
      /*useMeasured=*/false);
  std::vector<Kernel> kernels =
      makeKernels(inputs.embedded, embedding.getOptionCosts());
  // Rows that tell what costs weigh in each choice tell less of all else.
  kernels.erase(std::remove_if(kernels.begin(), kernels.end(),
                               [](const Kernel &kernel) {
                                 return kernel.input == Kernel::SingleCost;
                               }),
                kernels.end());
  const WeightPrior prior = makePrior(kernels);
  const FittedWeights fitted =
      fitWeights(learnFromProxies(kernels, problem.population, embedding,
                                  /*useMeasured=*/false),
                 prior, prior.mean, kIterations);
  const VectorXd weights = fitted.logWeights.array().exp();
  PriorCovariance result{MatrixXd::Ones(rows.size(), rows.size()),
                         weights.tail(1)(0)};
  for (size_t i = 0; i < kernels.size(); ++i)
    result.covariance += weights(i) * compare(kernels[i], inputs, inputs);
  return result;
}

} // namespace

std::vector<Index> chooseInformativeRows(const AdaptationProblem &problem,
                                         Index count, uint64_t seed) {
  constexpr Index kNumCandidates = 512;
  const Index size = problem.population.features.rows();
  const std::vector<Index> rows =
      drawIndices(size, std::min(size, std::max(kNumCandidates, count)), seed);
  auto [covariance, noise] = learnCovariance(problem, rows);
  std::vector<Index> chosen;
  std::vector<bool> isChosen(rows.size());
  while (static_cast<Index>(chosen.size()) < count) {
    Index best = -1;
    double bestGain = 0;
    for (size_t i = 0; i < rows.size(); ++i) {
      const double gain =
          covariance.col(i).squaredNorm() / (covariance(i, i) + noise);
      if (!isChosen[i] && (best < 0 || gain > bestGain)) {
        best = i;
        bestGain = gain;
      }
    }
    isChosen[best] = true;
    chosen.push_back(rows[best]);
    const VectorXd column = covariance.col(best);
    covariance -= column * column.transpose() / (column(best) + noise);
  }
  return chosen;
}

} // namespace serenity::core
