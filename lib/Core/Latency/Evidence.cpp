//===- Evidence.cpp - Kernel weights by marginal likelihood ---------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Evidence.h"

#include <Eigen/Cholesky>

#include <algorithm>
#include <cmath>
#include <limits>

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace serenity::core {
namespace {

/// The inverse gamma prior of the scale.
constexpr double kScaleShape = 2, kScaleRate = 1;
/// Keeps the covariance of equal rows positive definite.
constexpr double kJitter = 1e-9;

MatrixXd covariance(const Observations &data, const VectorXd &weights) {
  const Index size = data.values.size();
  MatrixXd sum = MatrixXd::Ones(size, size);
  for (size_t i = 0; i < data.grams.size(); ++i)
    if (data.grams[i].size() > 0)
      sum += weights(i) * data.grams[i];
  sum.diagonal() += weights.tail(1)(0) * data.noiseFactors;
  sum.diagonal().array() += kJitter;
  return sum;
}

double logDeterminant(const Eigen::LLT<MatrixXd> &factor) {
  return 2 * factor.matrixLLT().diagonal().array().log().sum();
}

/// Adds the log evidence of `data` to `value`, and its derivatives by the log
/// weights to `gradient`.
void addEvidence(const Observations &data, const VectorXd &weights,
                 double &value, VectorXd &gradient) {
  const Index size = data.values.size();
  const Eigen::LLT<MatrixXd> factor(covariance(data, weights));
  if (factor.info() != Eigen::Success) {
    value = -std::numeric_limits<double>::infinity();
    return;
  }
  const VectorXd coefficients = factor.solve(data.values);
  const double shape = kScaleShape + size / 2.0;
  const double rate = kScaleRate + data.values.dot(coefficients) / 2;
  value += data.weight * (-logDeterminant(factor) / 2 - shape * std::log(rate));
  const MatrixXd slope =
      (shape / rate * coefficients * coefficients.transpose() -
       factor.solve(MatrixXd::Identity(size, size))) *
      (data.weight / 2);
  for (size_t i = 0; i < data.grams.size(); ++i)
    if (data.grams[i].size() > 0)
      gradient(i) += weights(i) * slope.cwiseProduct(data.grams[i]).sum();
  gradient.tail(1)(0) +=
      weights.tail(1)(0) * slope.diagonal().dot(data.noiseFactors);
}

double logPosterior(const std::vector<Observations> &data,
                    const WeightPrior &prior, const VectorXd &logWeights,
                    VectorXd &gradient) {
  const VectorXd deviation = (logWeights - prior.mean) / prior.deviation;
  gradient = -deviation / prior.deviation;
  double value = -deviation.squaredNorm() / 2;
  const VectorXd weights = logWeights.array().exp();
  for (const Observations &observations : data)
    addEvidence(observations, weights, value, gradient);
  return value;
}

} // namespace

FittedWeights fitWeights(const std::vector<Observations> &data,
                         const WeightPrior &prior, const VectorXd &start,
                         int iterations) {
  constexpr double kFirstStep = 0.3, kLongestStep = 1;
  constexpr double kGrow = 1.2, kShrink = 0.5;
  FittedWeights best{start, -std::numeric_limits<double>::infinity()};
  VectorXd current = start, gradient, previous = VectorXd::Zero(start.size());
  VectorXd steps = VectorXd::Constant(start.size(), kFirstStep);
  for (int iteration = 0; iteration < iterations; ++iteration) {
    const double value = logPosterior(data, prior, current, gradient);
    if (value > best.logDensity)
      best = {current, value};
    for (Index i = 0; i < current.size(); ++i) {
      const double agreement = gradient(i) * previous(i);
      if (agreement != 0)
        steps(i) = std::min(steps(i) * (agreement > 0 ? kGrow : kShrink),
                            kLongestStep);
      current(i) += gradient(i) > 0 ? steps(i) : -steps(i);
    }
    previous = gradient;
  }
  return best;
}

Posterior::Posterior(const Observations &data, const VectorXd &logWeights) {
  const Index size = data.values.size();
  const VectorXd weights = logWeights.array().exp();
  const Eigen::LLT<MatrixXd> factor(covariance(data, weights));
  precision = factor.solve(MatrixXd::Identity(size, size));
  coefficients = precision * data.values;
  scale = (kScaleRate + data.values.dot(coefficients) / 2) /
          (kScaleShape + size / 2.0);
}

VectorXd leaveOneOutDeviations(const Observations &data,
                               const Posterior &posterior, double noiseWeight) {
  const VectorXd variance = posterior.precision.diagonal().cwiseInverse();
  const VectorXd error = posterior.coefficients.cwiseProduct(variance);
  const VectorXd expected =
      posterior.scale *
      (variance.array() - noiseWeight * (data.noiseFactors.array() - 1));
  return error.array() / expected.array().max(kJitter).sqrt();
}

} // namespace serenity::core
