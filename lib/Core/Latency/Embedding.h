//===- Embedding.h - Architectures as inputs of kernels ---------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_LATENCY_EMBEDDING_H
#define SERENITY_LIB_CORE_LATENCY_EMBEDDING_H

#include "serenity/Core/Latency/Adaptation.h"

namespace serenity::core {

/// Architectures, a row each, in units of the population: every column has
/// mean 0 over it.
struct EmbeddedArchitectures {
  /// Numeric columns with variance 1.
  Eigen::MatrixXd numeric;
  /// Choices as 0 and 1, less their frequencies, scaled to a total variance
  /// of 1.
  Eigen::MatrixXd choices;
  /// Latency on each proxy with variance 1, as measured; what is missing is
  /// taken from `fitted`.
  Eigen::MatrixXd measured;
  /// The same as the proxy's own linear predictor over all features has it:
  /// free of the noise of single measurements.
  Eigen::MatrixXd fitted;
};

/// What options cost: a row for each column of EmbeddedArchitectures::choices,
/// a column for each proxy and then for each numeric column.
struct OptionCosts {
  /// Costs by linear regression, above the cheapest option of the same choice,
  /// in units of their deviation.
  Eigen::MatrixXd options;
  /// The same, averaged over all options of the choice.
  Eigen::MatrixXd choices;
};

/// Which columns are choices, and how the population is scaled. If all columns
/// are choices out of the same options, the number of times that each option is
/// chosen is added as a numeric column.
class Embedding {
public:
  /// Learns from the population of `problem`.
  explicit Embedding(const AdaptationProblem &problem);

  EmbeddedArchitectures apply(const Architectures &architectures) const;
  /// The proxies' latencies in milliseconds, completed by `fitted`.
  Eigen::MatrixXd completeProxies(const Architectures &architectures) const;
  const OptionCosts &getOptionCosts() const { return optionCosts; }
  /// The standard deviation of the proxies in units of their means, averaged.
  double meanRelativeDeviation() const { return relativeDeviation; }

private:
  void findChoices(const AdaptationProblem &problem);
  void deriveCounts(const std::vector<std::string> &names);
  void scaleFeatures(const Eigen::MatrixXd &features);
  void fitProxies(const Architectures &population);
  void costOptions(const Architectures &population);
  /// Makes `change` to the rows of each choice.
  template <typename Function>
  void changeByChoice(Eigen::MatrixXd &costs, Function change) const;
  Eigen::MatrixXd selectNumeric(const Eigen::MatrixXd &features) const;
  Eigen::MatrixXd linearInputs(const EmbeddedArchitectures &embedded) const;

  /// The columns of each choice, and those that are none.
  std::vector<std::vector<Eigen::Index>> choiceGroups;
  std::vector<Eigen::Index> choiceColumns, numericColumns;
  /// For each derived count, the columns that it adds up.
  std::vector<std::vector<Eigen::Index>> countedColumns;
  Eigen::RowVectorXd numericMean, numericScale, choiceMean;
  double choiceScale = 1;
  Eigen::RowVectorXd proxyMean, proxyDeviation;
  double relativeDeviation = 0;
  /// One column of weights a proxy.
  Eigen::MatrixXd proxyWeights;
  OptionCosts optionCosts;
};

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_LATENCY_EMBEDDING_H
