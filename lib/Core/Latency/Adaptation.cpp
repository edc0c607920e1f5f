//===- Adaptation.cpp - From a proxy's latencies to a target's ------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Latency/Adaptation.h"

#include "GaussianProcess.h"
#include "ProxyScaling.h"
#include "SampleChoice.h"

#include "absl/strings/str_cat.h"

#include <array>
#include <cmath>

namespace serenity::core {
namespace {

constexpr std::array<absl::string_view, 7> kMethodNames = {
    "plain", "adaproxy-l1", "adaproxy-l2", "adaproxy-linf",
    "ridge", "gp",          "auto"};

absl::Status checkShape(absl::string_view name, const Architectures &table,
                        Eigen::Index numFeatures, Eigen::Index numProxies) {
  if (table.features.cols() != numFeatures ||
      table.proxies.cols() != numProxies ||
      table.features.rows() != table.proxies.rows())
    return absl::InvalidArgumentError(absl::StrCat(
        "the ", name, " has ", table.features.rows(), " rows of ",
        table.features.cols(), " features and ", table.proxies.rows(),
        " rows of ", table.proxies.cols(), " proxies, expected are ",
        numFeatures, " and ", numProxies));
  if (!table.features.allFinite())
    return absl::InvalidArgumentError(
        absl::StrCat("a feature of the ", name, " is not finite"));
  return absl::OkStatus();
}

absl::Status checkProxies(const Eigen::MatrixXd &proxies) {
  for (Eigen::Index proxy = 0; proxy < proxies.cols(); ++proxy) {
    const auto isMissing = proxies.col(proxy).array().isNaN();
    const auto isLatency =
        proxies.col(proxy).array() > 0 && proxies.col(proxy).array().isFinite();
    if (!(isMissing || isLatency).all())
      return absl::InvalidArgumentError(
          absl::StrCat("a latency of proxy ", proxy + 1, " is not positive"));
    if (isMissing.all())
      return absl::InvalidArgumentError(
          absl::StrCat("proxy ", proxy + 1, " has no latency at all"));
  }
  return absl::OkStatus();
}

absl::Status checkPopulation(const Architectures &population,
                             Eigen::Index numFeatures,
                             Eigen::Index numProxies) {
  if (numProxies == 0)
    return absl::InvalidArgumentError("there is no proxy");
  absl::Status status =
      checkShape("population", population, numFeatures, numProxies);
  if (status.ok() && population.features.rows() == 0)
    return absl::InvalidArgumentError("there are no architectures");
  status.Update(checkProxies(population.proxies));
  return status;
}

absl::Status checkAdaptationProblem(const AdaptationProblem &problem) {
  constexpr Eigen::Index kFewest = 3;
  const Eigen::Index numSamples = problem.latency.size();
  const Eigen::Index numFeatures = problem.featureNames.size();
  const Eigen::Index numProxies = problem.samples.proxies.cols();
  if (numSamples < kFewest)
    return absl::InvalidArgumentError(absl::StrCat(
        "there are ", numSamples,
        " measurements of the target, needed are at least ", kFewest));
  if (problem.samples.features.rows() != numSamples)
    return absl::InvalidArgumentError(
        absl::StrCat("there are ", problem.samples.features.rows(),
                     " samples but ", numSamples, " latencies"));
  if (!(problem.latency.array() > 0).all() || !problem.latency.allFinite())
    return absl::InvalidArgumentError(
        "a latency of the target is not positive");
  absl::Status status =
      checkShape("sample", problem.samples, numFeatures, numProxies);
  status.Update(checkPopulation(problem.population, numFeatures, numProxies));
  return status;
}

} // namespace

absl::string_view toString(AdaptationMethod method) {
  return kMethodNames[static_cast<size_t>(method)];
}

std::optional<AdaptationMethod> parseAdaptationMethod(absl::string_view name) {
  for (size_t i = 0; i < kMethodNames.size(); ++i)
    if (kMethodNames[i] == name)
      return static_cast<AdaptationMethod>(i);
  return std::nullopt;
}

absl::StatusOr<std::unique_ptr<AdaptedPredictor>>
adaptPredictor(const AdaptationProblem &problem, AdaptationMethod method) {
  if (absl::Status status = checkAdaptationProblem(problem); !status.ok())
    return status;
  switch (method) {
  case AdaptationMethod::Plain:
    return fitPlain(problem);
  case AdaptationMethod::AdaProxyL1:
    return fitAdaProxy(problem, PenaltyNorm::L1);
  case AdaptationMethod::AdaProxyL2:
    return fitAdaProxy(problem, PenaltyNorm::L2);
  case AdaptationMethod::AdaProxyLInf:
    return fitAdaProxy(problem, PenaltyNorm::LInf);
  case AdaptationMethod::Ridge:
    return fitRidgeRegression(problem);
  case AdaptationMethod::GaussianProcess:
    return fitGaussianProcess(problem);
  case AdaptationMethod::Auto:
    return fitAuto(problem);
  }
  return absl::InvalidArgumentError("unknown method");
}

absl::StatusOr<std::vector<Eigen::Index>>
chooseSamples(const std::vector<std::string> &featureNames,
              const Architectures &candidates, int64_t count, uint64_t seed) {
  const Eigen::Index numRows = candidates.features.rows();
  if (count < 1 || count > numRows)
    return absl::InvalidArgumentError(absl::StrCat(
        "cannot choose ", count, " of ", numRows, " architectures"));
  if (absl::Status status = checkPopulation(candidates, featureNames.size(),
                                            candidates.proxies.cols());
      !status.ok())
    return status;
  return chooseInformativeRows({featureNames, candidates}, count, seed);
}

} // namespace serenity::core
