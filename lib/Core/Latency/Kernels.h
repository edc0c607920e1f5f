//===- Kernels.h - In which ways architectures are alike --------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_LATENCY_KERNELS_H
#define SERENITY_LIB_CORE_LATENCY_KERNELS_H

#include "Embedding.h"
#include "Evidence.h"

namespace serenity::core {

/// One way in which architectures can be alike.
struct Kernel {
  /// The last two are sums over the chosen options. `AllCosts`: each adds a
  /// smooth function of its costs. `SingleCost`: each adds one of its costs,
  /// times a weight that is a smooth function of the costs of its choice.
  enum Input { Proxy, NumericColumn, Numeric, Choices, AllCosts, SingleCost };
  Input input;
  /// Of `Proxy`, `NumericColumn` and `SingleCost`.
  Eigen::Index column;
  /// 0 for the linear kernel, otherwise that of a Gaussian one.
  double lengthScale;
  /// The prior mean of the logarithm of its weight.
  double logWeight;
  /// Of `AllCosts` and `SingleCost`: the covariance of what each option adds to
  /// the latency.
  Eigen::MatrixXd optionCovariance;
};

/// Architectures as the kernels see them.
struct KernelInputs {
  KernelInputs(EmbeddedArchitectures architectures, bool useMeasured);

  EmbeddedArchitectures embedded;
  /// The proxies, fitted or measured.
  Eigen::MatrixXd proxies;
  /// What the target is expected to do like: a single proxy. Of several none is
  /// more likely than others, and nothing is expected.
  Eigen::VectorXd expected;

  Eigen::Index size() const { return proxies.rows(); }
};

/// All pairs of a row of `a` with a row of `b`.
Eigen::MatrixXd compare(const Kernel &kernel, const KernelInputs &a,
                        const KernelInputs &b);
/// Each row with itself.
Eigen::VectorXd compareWithItself(const Kernel &kernel,
                                  const KernelInputs &inputs);

/// A linear kernel for every proxy.
std::vector<Kernel> makeProxyKernels(const EmbeddedArchitectures &sample);
/// Linear kernels with one weight each for the proxies, the numeric columns and
/// the choices, as ridge regression has it.
std::vector<Kernel> makeRidgeKernels(const EmbeddedArchitectures &sample);
/// A linear kernel for every proxy and every numeric column, linear and
/// Gaussian ones for all numeric columns and for all choices, and those of sums
/// over the chosen options.
std::vector<Kernel> makeKernels(const EmbeddedArchitectures &sample,
                                const OptionCosts &optionCosts);

WeightPrior makePrior(const std::vector<Kernel> &kernels);

/// `count` different indices below `size` in random order.
std::vector<Eigen::Index> drawIndices(Eigen::Index size, Eigen::Index count,
                                      uint64_t seed);

/// What the proxies teach of the kernels' weights: each is taken for a target
/// whose proxies are the others. Together these observations count as a
/// fraction of one target's.
std::vector<Observations> learnFromProxies(const std::vector<Kernel> &kernels,
                                           const Architectures &population,
                                           const Embedding &embedding,
                                           bool useMeasured);

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_LATENCY_KERNELS_H
