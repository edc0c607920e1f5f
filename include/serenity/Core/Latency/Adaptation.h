//===- Adaptation.h - From a proxy's latencies to a target's ----*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The latency of every architecture is known on one or several proxy devices,
// on the target only that of a few. docs/Latency.md describes the methods and
// what they are worth.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_CORE_LATENCY_ADAPTATION_H
#define SERENITY_CORE_LATENCY_ADAPTATION_H

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <Eigen/Core>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace serenity::core {

/// What is known of some architectures, a row each.
struct Architectures {
  /// Encodings, counts and costs: any finite numbers.
  Eigen::MatrixXd features;
  /// Milliseconds on each proxy, positive; NaN where a measurement is missing.
  Eigen::MatrixXd proxies;
};

/// What an adaptation starts from.
struct AdaptationProblem {
  /// The names of the columns of `features`. Columns that share what is before
  /// their first '_' and hold one 1 in each row are one choice out of several.
  std::vector<std::string> featureNames;
  /// Architectures in general, measured on the target or not: the more, the
  /// better a method knows how features and proxies vary and hang together.
  Architectures population;
  /// The architectures measured on the target.
  Architectures samples;
  /// Their latencies on the target in milliseconds, positive.
  Eigen::VectorXd latency;
};

/// Latencies in milliseconds with the standard deviation of each.
struct LatencyEstimate {
  Eigen::VectorXd mean;
  Eigen::VectorXd stddev;
};

/// Predicts a target's latency.
class AdaptedPredictor {
public:
  virtual ~AdaptedPredictor() = default;
  /// One estimate a row; the columns are those of the problem.
  virtual LatencyEstimate predict(const Architectures &architectures) const = 0;
};

enum class AdaptationMethod {
  /// The ranking of the proxy, scaled to the target; of several proxies the one
  /// that agrees best with the samples.
  Plain,
  /// AdaProxy (Lu et al., SIGMETRICS 2022) with the penalty |b|_1, |b|_2 or
  /// |b|_inf.
  AdaProxyL1,
  AdaProxyL2,
  AdaProxyLInf,
  /// Ridge regression on the proxies and the features.
  Ridge,
  /// A Gaussian process over the proxies and the features, averaged over
  /// kernels by their evidence.
  GaussianProcess,
  /// Averages over the proxies alone, ridge regression and the Gaussian process
  /// by their evidence.
  Auto,
};

/// "plain", "adaproxy-l1", "adaproxy-l2", "adaproxy-linf", "ridge", "gp" or
/// "auto".
absl::string_view toString(AdaptationMethod method);
std::optional<AdaptationMethod> parseAdaptationMethod(absl::string_view name);

/// Fits `method` to `problem`. Fails with InvalidArgument if the shapes do not
/// match, there are fewer than three samples or no proxy, a latency is not
/// positive, or a feature is not finite. A missing value of a proxy is filled
/// in by that proxy's own linear predictor over the features. The same problem
/// gives the same predictor on every run.
absl::StatusOr<std::unique_ptr<AdaptedPredictor>>
adaptPredictor(const AdaptationProblem &problem, AdaptationMethod method);

/// Chooses `count` rows of `candidates` to measure on a target that nothing is
/// known of yet: one after the other the row whose measurement takes most
/// variance from all others, under what the proxies teach of the kernels of
/// `gp`. Only some hundred rows drawn by `seed` are looked at. Fails with
/// InvalidArgument if there are fewer rows than `count`, or the candidates are
/// no population of an AdaptationProblem.
absl::StatusOr<std::vector<Eigen::Index>>
chooseSamples(const std::vector<std::string> &featureNames,
              const Architectures &candidates, int64_t count, uint64_t seed);

} // namespace serenity::core

#endif // SERENITY_CORE_LATENCY_ADAPTATION_H
