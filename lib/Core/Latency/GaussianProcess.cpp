//===- GaussianProcess.cpp - A target's latency from the proxies' ---------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GaussianProcess.h"

#include "Kernels.h"

#include <algorithm>
#include <cmath>
#include <limits>

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace serenity::core {
namespace {

/// Which kernels explain the target.
enum class Family { ProxiesOnly, Linear, Full };

std::vector<Kernel> makeFamily(Family family,
                               const EmbeddedArchitectures &sample,
                               const OptionCosts &optionCosts) {
  switch (family) {
  case Family::ProxiesOnly:
    return makeProxyKernels(sample);
  case Family::Linear:
    return makeRidgeKernels(sample);
  case Family::Full:
    return makeKernels(sample, optionCosts);
  }
  return {};
}

/// A family with one reading of the proxies.
struct Model {
  Family family;
  bool useMeasured;
};

/// The target's latency under one model.
class TargetProcess {
public:
  TargetProcess(const AdaptationProblem &problem, const Embedding &embedding,
                const VectorXd &target, const Model &model)
      : useMeasured(model.useMeasured),
        samples(embedding.apply(problem.samples), model.useMeasured),
        kernels(makeFamily(model.family, samples.embedded,
                           embedding.getOptionCosts())) {
    observations.values = target - samples.expected;
    observations.noiseFactors.setOnes(target.size());
    for (const Kernel &kernel : kernels)
      observations.grams.push_back(compare(kernel, samples, samples));
    fit(learnFromProxies(kernels, problem.population, embedding, useMeasured));
  }

  double getLogDensity() const { return fitted.logDensity; }

  /// Adds mean and variance of a measurement to `mean` and `secondMoment`,
  /// times `weight`.
  void predict(const EmbeddedArchitectures &embedded, double weight,
               VectorXd &mean, VectorXd &secondMoment) const {
    const KernelInputs inputs(embedded, useMeasured);
    const Posterior posterior(observations, fitted.logWeights);
    const VectorXd weights = fitted.logWeights.array().exp();
    MatrixXd cross = MatrixXd::Ones(inputs.size(), samples.size());
    VectorXd variance =
        VectorXd::Constant(inputs.size(), 1 + weights.tail(1)(0));
    for (size_t i = 0; i < kernels.size(); ++i) {
      cross += weights(i) * compare(kernels[i], inputs, samples);
      variance += weights(i) * compareWithItself(kernels[i], inputs);
    }
    variance -=
        (cross * posterior.precision).cwiseProduct(cross).rowwise().sum();
    const VectorXd prediction =
        inputs.expected + cross * posterior.coefficients;
    mean += weight * prediction;
    secondMoment += weight * (prediction.cwiseAbs2() +
                              posterior.scale * variance.cwiseMax(0));
  }

private:
  /// Weights first; then measurements that are slower than the others predict
  /// get more noise, as under Student's distribution, and the weights are
  /// revised. Faster ones do not: what disturbs a device slows it down.
  void fit(const std::vector<Observations> &lessons) {
    constexpr int kFirstIterations = 40, kRevisions = 4, kIterations = 20;
    constexpr double kFreedom = 2;
    const WeightPrior prior = makePrior(kernels);
    std::vector<Observations> data = lessons;
    data.push_back(observations);
    fitted = fitWeights(data, prior, prior.mean, kFirstIterations);
    for (int revision = 0; revision < kRevisions; ++revision) {
      const VectorXd deviations = leaveOneOutDeviations(
          observations, Posterior(observations, fitted.logWeights),
          std::exp(fitted.logWeights.tail(1)(0)));
      const VectorXd slowness = deviations.cwiseMax(0);
      observations.noiseFactors =
          ((kFreedom + slowness.array().square()) / (kFreedom + 1)).max(1);
      data.back() = observations;
      fitted = fitWeights(data, prior, fitted.logWeights, kIterations);
    }
  }

  bool useMeasured;
  KernelInputs samples;
  std::vector<Kernel> kernels;
  Observations observations;
  FittedWeights fitted;
};

/// Averages several models by their evidence.
class GaussianProcessPredictor : public AdaptedPredictor {
public:
  GaussianProcessPredictor(const AdaptationProblem &problem,
                           std::initializer_list<Model> models)
      : embedding(problem), meanLatency(problem.latency.mean()),
        floorLatency(problem.latency.minCoeff() / 100) {
    const double deviation = embedding.meanRelativeDeviation();
    unit = meanLatency * (deviation > 0 ? deviation : 1);
    const VectorXd target = (problem.latency.array() - meanLatency) / unit;
    for (const Model &model : models)
      processes.emplace_back(problem, embedding, target, model);
    weighProcesses();
  }

  LatencyEstimate predict(const Architectures &architectures) const override {
    const EmbeddedArchitectures embedded = embedding.apply(architectures);
    const Index size = architectures.features.rows();
    VectorXd mean = VectorXd::Zero(size), secondMoment = VectorXd::Zero(size);
    for (size_t i = 0; i < processes.size(); ++i)
      if (weights[i] > 0)
        processes[i].predict(embedded, weights[i], mean, secondMoment);
    const VectorXd variance = (secondMoment - mean.cwiseAbs2()).cwiseMax(0);
    return {(meanLatency + unit * mean.array()).max(floorLatency),
            unit * variance.array().sqrt()};
  }

private:
  void weighProcesses() {
    constexpr double kNegligible = 1e-3;
    double best = -std::numeric_limits<double>::infinity(), sum = 0;
    for (const TargetProcess &process : processes)
      best = std::max(best, process.getLogDensity());
    for (const TargetProcess &process : processes) {
      const double weight = std::exp(process.getLogDensity() - best);
      weights.push_back(weight < kNegligible ? 0 : weight);
      sum += weights.back();
    }
    for (double &weight : weights)
      weight /= sum;
  }

  Embedding embedding;
  double meanLatency, floorLatency, unit;
  std::vector<TargetProcess> processes;
  std::vector<double> weights;
};

} // namespace

std::unique_ptr<AdaptedPredictor>
fitGaussianProcess(const AdaptationProblem &problem) {
  return std::make_unique<GaussianProcessPredictor>(
      problem, std::initializer_list<Model>{{Family::Full, false},
                                            {Family::Full, true}});
}

std::unique_ptr<AdaptedPredictor>
fitRidgeRegression(const AdaptationProblem &problem) {
  return std::make_unique<GaussianProcessPredictor>(
      problem, std::initializer_list<Model>{{Family::Linear, false},
                                            {Family::Linear, true}});
}

std::unique_ptr<AdaptedPredictor> fitAuto(const AdaptationProblem &problem) {
  return std::make_unique<GaussianProcessPredictor>(
      problem, std::initializer_list<Model>{{Family::ProxiesOnly, true},
                                            {Family::Linear, false},
                                            {Family::Linear, true},
                                            {Family::Full, false},
                                            {Family::Full, true}});
}

} // namespace serenity::core
