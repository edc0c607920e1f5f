//===- Evidence.h - Kernel weights by marginal likelihood -------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A covariance is a weighted sum of given matrices, plus a constant of weight
// 1, plus noise, times a common scale that has an inverse gamma prior and is
// integrated out (so observations follow Student's distribution). Weights are
// log-normal a priori. docs/Latency.md, section 3.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_LATENCY_EVIDENCE_H
#define SERENITY_LIB_CORE_LATENCY_EVIDENCE_H

#include <Eigen/Core>

#include <vector>

namespace serenity::core {

/// Some observations and how alike they are under each kernel.
struct Observations {
  /// One matrix a kernel; an empty one says nothing of these observations.
  std::vector<Eigen::MatrixXd> grams;
  /// What is observed; its mean is near zero.
  Eigen::VectorXd values;
  /// For each observation a factor on the variance of its noise.
  Eigen::VectorXd noiseFactors;
  /// How much these observations count; 1 for those that are to be explained.
  double weight = 1;
};

/// The logarithms of the weights: one for each kernel, the noise's last.
struct WeightPrior {
  Eigen::VectorXd mean;
  double deviation;
};

/// The log weights of greatest posterior density found from `start` in
/// `iterations` steps of Rprop (Riedmiller and Braun 1993), with that density.
struct FittedWeights {
  Eigen::VectorXd logWeights;
  double logDensity;
};
FittedWeights fitWeights(const std::vector<Observations> &data,
                         const WeightPrior &prior, const Eigen::VectorXd &start,
                         int iterations);

/// What the observations say under given weights.
struct Posterior {
  Posterior(const Observations &data, const Eigen::VectorXd &logWeights);

  /// The covariance's inverse, without the common scale.
  Eigen::MatrixXd precision;
  /// `precision` times the values.
  Eigen::VectorXd coefficients;
  /// The expected scale.
  double scale;
};

/// How far each observation is above what the others predict of it, in standard
/// deviations of that without the excess noise.
Eigen::VectorXd leaveOneOutDeviations(const Observations &data,
                                      const Posterior &posterior,
                                      double noiseWeight);

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_LATENCY_EVIDENCE_H
