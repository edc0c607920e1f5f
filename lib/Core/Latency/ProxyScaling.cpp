//===- ProxyScaling.cpp - The methods that follow one proxy ---------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ProxyScaling.h"

#include "Embedding.h"
#include "serenity/Core/Latency/RankStatistics.h"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <Eigen/QR>

#include <algorithm>
#include <cmath>
#include <limits>

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::RowVectorXd;
using Eigen::VectorXd;

namespace serenity::core {
namespace {

/// Spearman's correlation, or the least possible one if there is none.
double rankAgreement(const VectorXd &a, const VectorXd &b) {
  return spearman(absl::MakeConstSpan(a.data(), a.size()),
                  absl::MakeConstSpan(b.data(), b.size()))
      .value_or(-1);
}

/// The proxy that ranks the samples most like the target.
Index findBestProxy(const MatrixXd &proxies, const VectorXd &latency) {
  Index best = 0;
  double bestAgreement = -std::numeric_limits<double>::infinity();
  for (Index proxy = 0; proxy < proxies.cols(); ++proxy) {
    const double agreement = rankAgreement(proxies.col(proxy), latency);
    if (agreement > bestAgreement) {
      bestAgreement = agreement;
      best = proxy;
    }
  }
  return best;
}

class PlainPredictor : public AdaptedPredictor {
public:
  explicit PlainPredictor(const AdaptationProblem &problem)
      : embedding(problem) {
    const MatrixXd proxies = embedding.completeProxies(problem.samples);
    proxy = findBestProxy(proxies, problem.latency);
    const VectorXd logRatio =
        (problem.latency.array() / positive(proxies.col(proxy)).array()).log();
    scale = std::exp(logRatio.mean());
    deviation = std::sqrt((logRatio.array() - logRatio.mean()).square().mean());
  }

  LatencyEstimate predict(const Architectures &architectures) const override {
    const VectorXd mean =
        scale * positive(embedding.completeProxies(architectures).col(proxy));
    return {mean, deviation * mean};
  }

private:
  /// A latency filled in by the linear predictor may be anything.
  static VectorXd positive(const VectorXd &latency) {
    return latency.cwiseMax(1e-9);
  }

  Embedding embedding;
  Index proxy;
  double scale, deviation;
};

/// The point of the l1 ball of `radius` nearest to `point` (Duchi et al. 2008).
VectorXd projectOntoL1Ball(const VectorXd &point, double radius) {
  if (point.lpNorm<1>() <= radius)
    return point;
  VectorXd sorted = point.cwiseAbs();
  std::sort(sorted.data(), sorted.data() + sorted.size(), std::greater<>());
  double sum = 0, threshold = 0;
  for (Index i = 0; i < sorted.size(); ++i) {
    sum += sorted(i);
    const double candidate = (sum - radius) / static_cast<double>(i + 1);
    if (sorted(i) <= candidate)
      break;
    threshold = candidate;
  }
  return point.unaryExpr([&](double x) {
    return std::copysign(std::max(std::abs(x) - threshold, 0.0), x);
  });
}

/// Minimises |x - point|^2 / 2 + threshold |x|.
VectorXd shrink(const VectorXd &point, double threshold, PenaltyNorm norm) {
  switch (norm) {
  case PenaltyNorm::L1:
    return point.unaryExpr([&](double x) {
      return std::copysign(std::max(std::abs(x) - threshold, 0.0), x);
    });
  case PenaltyNorm::L2: {
    const double length = point.norm();
    return length <= threshold ? VectorXd::Zero(point.size())
                               : VectorXd(point * (1 - threshold / length));
  }
  case PenaltyNorm::LInf:
    return point - projectOntoL1Ball(point, threshold);
  }
  return point;
}

/// The norm dual to the penalty's.
double dualNorm(const VectorXd &vector, PenaltyNorm norm) {
  switch (norm) {
  case PenaltyNorm::L1:
    return vector.lpNorm<Eigen::Infinity>();
  case PenaltyNorm::L2:
    return vector.norm();
  case PenaltyNorm::LInf:
    return vector.lpNorm<1>();
  }
  return 0;
}

/// Finds b, a and c that minimise |U b + a u + c - y|^2 / n + lambda |b|, where
/// u is what the proxy predicts and U its summands. Since a and c are free,
/// both sides are first freed of their parts along u and 1.
class PenalisedFit {
public:
  PenalisedFit(const MatrixXd &summands, const VectorXd &target,
               PenaltyNorm norm)
      : summands(summands), target(target), norm(norm) {
    base.resize(target.size(), 2);
    base.col(0) = summands.rowwise().sum();
    base.col(1).setOnes();
    solver.compute(base);
    reducedSummands = summands - base * solver.solve(summands);
    reducedTarget = target - base * solver.solve(target);
    const bool isWide = reducedSummands.cols() == 0 ||
                        reducedSummands.rows() < reducedSummands.cols();
    const MatrixXd square =
        isWide ? MatrixXd(reducedSummands * reducedSummands.transpose())
               : MatrixXd(reducedSummands.transpose() * reducedSummands);
    curvature = 2.0 / target.size() *
                Eigen::SelfAdjointEigenSolver<MatrixXd>(square)
                    .eigenvalues()
                    .cwiseAbs()
                    .maxCoeff();
  }

  /// The least penalty under which b is 0.
  double largestPenalty() const {
    return dualNorm(gradient(VectorXd::Zero(summands.cols())), norm);
  }

  /// Moves `b` to the minimum by FISTA (Beck and Teboulle 2009).
  void minimise(double penalty, VectorXd &b) const {
    constexpr int kMaxIterations = 2000;
    constexpr double kTolerance = 1e-9;
    if (curvature <= 0)
      return;
    VectorXd ahead = b;
    double momentum = 1;
    for (int i = 0; i < kMaxIterations; ++i) {
      const VectorXd next = shrink(ahead - gradient(ahead) / curvature,
                                   penalty / curvature, norm);
      const double nextMomentum =
          (1 + std::sqrt(1 + 4 * momentum * momentum)) / 2;
      ahead = next + (momentum - 1) / nextMomentum * (next - b);
      const bool isDone = (next - b).norm() <= kTolerance * (1 + b.norm());
      b = next;
      momentum = nextMomentum;
      if (isDone)
        break;
    }
  }

  /// The factor of each summand, a + b, and c.
  std::pair<VectorXd, double> factors(const VectorXd &b) const {
    const VectorXd free = solver.solve(target - summands * b);
    return {b.array() + free(0), free(1)};
  }

private:
  VectorXd gradient(const VectorXd &b) const {
    return 2.0 / target.size() *
           (reducedSummands.transpose() *
            (reducedSummands * b - reducedTarget));
  }

  const MatrixXd &summands;
  const VectorXd &target;
  PenaltyNorm norm;
  MatrixXd base;
  Eigen::CompleteOrthogonalDecomposition<MatrixXd> solver;
  MatrixXd reducedSummands;
  VectorXd reducedTarget;
  double curvature;
};

class AdaProxyPredictor : public AdaptedPredictor {
public:
  AdaProxyPredictor(const AdaptationProblem &problem, PenaltyNorm norm) {
    const Embedding embedding(problem);
    const Index proxy = findBestProxy(
        embedding.completeProxies(problem.samples), problem.latency);
    const VectorXd proxyWeights = fitLinearProxy(
        problem.population.features,
        embedding.completeProxies(problem.population).col(proxy));
    const MatrixXd summands =
        problem.samples.features * proxyWeights.asDiagonal();
    fit(summands, problem.latency, norm);
    weights = factors.cwiseProduct(proxyWeights);
    const VectorXd error = predictMean(problem.samples) - problem.latency;
    deviation = std::sqrt(error.squaredNorm() / error.size());
  }

  LatencyEstimate predict(const Architectures &architectures) const override {
    const VectorXd mean = predictMean(architectures);
    return {mean, VectorXd::Constant(mean.size(), deviation)};
  }

private:
  /// Least squares; where an encoding leaves the weights open (the options of
  /// a choice add up to 1), a tiny penalty takes the smallest ones.
  static VectorXd fitLinearProxy(const MatrixXd &features,
                                 const VectorXd &latency) {
    constexpr double kRelativePenalty = 1e-8;
    const RowVectorXd mean = features.colwise().mean();
    const MatrixXd centred = features.rowwise() - mean;
    const VectorXd target = latency.array() - latency.mean();
    MatrixXd normal = centred.transpose() * centred;
    const double penalty = kRelativePenalty * normal.trace();
    if (penalty == 0)
      return VectorXd::Zero(features.cols());
    normal.diagonal().array() += penalty;
    return normal.ldlt().solve(centred.transpose() * target);
  }

  /// The last samples validate: the penalty is that under which they are ranked
  /// best, the largest such one. The proxy as it is counts as the largest.
  void fit(const MatrixXd &summands, const VectorXd &latency,
           PenaltyNorm norm) {
    constexpr int kNumPenalties = 17;
    constexpr double kRatio = 0.5;
    const Index size = latency.size();
    const Index numValidate = std::min(std::max<Index>(3, size / 5), size - 1);
    const Index numTrain = size - numValidate;
    const MatrixXd train = summands.topRows(numTrain);
    const VectorXd target = latency.head(numTrain);
    const PenalisedFit penalised(train, target, norm);
    double penalty = penalised.largestPenalty();
    factors = VectorXd::Ones(summands.cols());
    offset = latency.mean() - summands.rowwise().sum().mean();
    double best =
        rankAgreement(summands.bottomRows(numValidate).rowwise().sum(),
                      latency.tail(numValidate));
    VectorXd b = VectorXd::Zero(summands.cols());
    for (int i = 0; i < kNumPenalties; ++i, penalty *= kRatio) {
      penalised.minimise(penalty, b);
      const auto [candidate, candidateOffset] = penalised.factors(b);
      const double agreement =
          rankAgreement(summands.bottomRows(numValidate) * candidate,
                        latency.tail(numValidate));
      if (agreement > best) {
        best = agreement;
        factors = candidate;
        offset = candidateOffset;
      }
    }
  }

  VectorXd predictMean(const Architectures &architectures) const {
    return (architectures.features * weights).array() + offset;
  }

  VectorXd factors, weights;
  double offset = 0, deviation = 0;
};

} // namespace

std::unique_ptr<AdaptedPredictor> fitPlain(const AdaptationProblem &problem) {
  return std::make_unique<PlainPredictor>(problem);
}

std::unique_ptr<AdaptedPredictor> fitAdaProxy(const AdaptationProblem &problem,
                                              PenaltyNorm norm) {
  return std::make_unique<AdaProxyPredictor>(problem, norm);
}

} // namespace serenity::core
