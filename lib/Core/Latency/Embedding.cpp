//===- Embedding.cpp - Architectures as inputs of kernels -----------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Embedding.h"

#include "absl/strings/string_view.h"

#include <Eigen/Cholesky>

#include <algorithm>
#include <cmath>
#include <map>

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::RowVectorXd;
using Eigen::VectorXd;

namespace serenity::core {
namespace {

/// Splits "layer_option" at its first underscore; without one there is no
/// layer.
std::pair<absl::string_view, absl::string_view>
splitName(absl::string_view name) {
  const size_t split = name.find('_');
  if (split == absl::string_view::npos)
    return {{}, name};
  return {name.substr(0, split), name.substr(split + 1)};
}

/// Whether each row has a single 1 in `columns` and otherwise zeros.
bool isOneHot(const MatrixXd &features, const std::vector<Index> &columns) {
  for (Index row = 0; row < features.rows(); ++row) {
    double sum = 0;
    for (Index column : columns) {
      const double value = features(row, column);
      if (value != 0 && value != 1)
        return false;
      sum += value;
    }
    if (sum != 1)
      return false;
  }
  return true;
}

/// The factor that gives each column variance 1; 0 for a constant one.
RowVectorXd inverseDeviations(const MatrixXd &centred) {
  RowVectorXd deviation =
      (centred.colwise().squaredNorm() / centred.rows()).cwiseSqrt();
  return deviation.unaryExpr([](double d) { return d > 1e-12 ? 1 / d : 0.0; });
}

/// Ridge regression over the same inputs, fitted to several columns of values.
class RidgeRegression {
public:
  explicit RidgeRegression(MatrixXd inputMatrix)
      : inputs(std::move(inputMatrix)),
        normal(MatrixXd::Zero(inputs.cols(), inputs.cols())) {
    constexpr double kPenalty = 1;
    normal.selfadjointView<Eigen::Lower>().rankUpdate(inputs.transpose());
    normal.diagonal().array() += kPenalty;
  }

  Index numInputs() const { return inputs.cols(); }

  /// The weights of the inputs, a column for each of `values`.
  MatrixXd fit(const MatrixXd &values) const {
    return normal.llt().solve(inputs.transpose() * values);
  }

  /// The same over the rows that are not `missing`, where `values` are zero.
  MatrixXd fit(const VectorXd &values,
               const std::vector<Index> &missing) const {
    if (missing.empty())
      return fit(values);
    MatrixXd present = normal;
    const MatrixXd left = inputs(missing, Eigen::all).transpose();
    present.selfadjointView<Eigen::Lower>().rankUpdate(left, -1);
    return present.llt().solve(inputs.transpose() * values);
  }

private:
  MatrixXd inputs;
  /// The lower half of the normal matrix.
  MatrixXd normal;
};

std::vector<Index> findMissing(const VectorXd &values) {
  std::vector<Index> missing;
  for (Index row = 0; row < values.size(); ++row)
    if (std::isnan(values(row)))
      missing.push_back(row);
  return missing;
}

} // namespace

Embedding::Embedding(const AdaptationProblem &problem) {
  findChoices(problem);
  if (numericColumns.empty())
    deriveCounts(problem.featureNames);
  scaleFeatures(problem.population.features);
  fitProxies(problem.population);
  costOptions(problem.population);
}

void Embedding::findChoices(const AdaptationProblem &problem) {
  std::map<absl::string_view, std::vector<Index>> columnsOfLayer;
  for (size_t i = 0; i < problem.featureNames.size(); ++i)
    columnsOfLayer[splitName(problem.featureNames[i]).first].push_back(i);
  for (const auto &[layer, columns] : columnsOfLayer) {
    const bool isChoice =
        columns.size() > 1 && isOneHot(problem.population.features, columns);
    std::vector<Index> &target = isChoice ? choiceColumns : numericColumns;
    target.insert(target.end(), columns.begin(), columns.end());
    if (isChoice)
      choiceGroups.push_back(columns);
  }
}

void Embedding::deriveCounts(const std::vector<std::string> &names) {
  std::map<absl::string_view, std::vector<Index>> columnsOfOption;
  for (Index column : choiceColumns)
    columnsOfOption[splitName(names[column]).second].push_back(column);
  const bool areShared =
      std::all_of(columnsOfOption.begin(), columnsOfOption.end(),
                  [](const auto &entry) { return entry.second.size() > 1; });
  if (areShared)
    for (const auto &[option, columns] : columnsOfOption)
      countedColumns.push_back(columns);
}

MatrixXd Embedding::selectNumeric(const MatrixXd &features) const {
  const Index numPlain = static_cast<Index>(numericColumns.size());
  MatrixXd numeric(features.rows(), numPlain + countedColumns.size());
  numeric.leftCols(numPlain) = features(Eigen::all, numericColumns);
  for (size_t i = 0; i < countedColumns.size(); ++i)
    numeric.col(numPlain + i) =
        features(Eigen::all, countedColumns[i]).rowwise().sum();
  return numeric;
}

void Embedding::scaleFeatures(const MatrixXd &features) {
  const MatrixXd numeric = selectNumeric(features);
  numericMean = numeric.colwise().mean();
  numericScale = inverseDeviations(numeric.rowwise() - numericMean);
  const MatrixXd choices = features(Eigen::all, choiceColumns);
  choiceMean = choices.colwise().mean();
  const double variance =
      (choices.rowwise() - choiceMean).squaredNorm() / features.rows();
  choiceScale = variance > 1e-12 ? 1 / std::sqrt(variance) : 0;
}

MatrixXd Embedding::linearInputs(const EmbeddedArchitectures &embedded) const {
  // A choice out of m options has up to m-1 degrees of freedom, each of which
  // is to weigh as much against the penalty as a numeric column.
  const Index numNumeric = embedded.numeric.cols();
  MatrixXd inputs(embedded.numeric.rows(),
                  numNumeric + embedded.choices.cols() + 1);
  inputs.leftCols(numNumeric) = embedded.numeric;
  inputs.middleCols(numNumeric, embedded.choices.cols()) =
      embedded.choices / (choiceScale > 0 ? choiceScale : 1);
  inputs.rightCols(1).setOnes();
  return inputs;
}

void Embedding::fitProxies(const Architectures &population) {
  const Index numProxies = population.proxies.cols();
  Architectures unmeasured{population.features, MatrixXd()};
  const RidgeRegression regression(linearInputs(apply(unmeasured)));
  proxyMean.setOnes(numProxies);
  proxyDeviation.setZero(numProxies);
  proxyWeights.setZero(regression.numInputs(), numProxies);
  for (Index proxy = 0; proxy < numProxies; ++proxy) {
    const VectorXd values = population.proxies.col(proxy);
    const std::vector<Index> missing = findMissing(values);
    const double count = values.size() - missing.size();
    const double mean = values.array().isNaN().select(0, values).sum() / count;
    const VectorXd centred =
        values.array().isNaN().select(0, values.array() - mean);
    const double deviation = std::sqrt(centred.squaredNorm() / count);
    proxyMean(proxy) = mean;
    if (deviation <= 1e-9 * mean)
      continue;
    proxyDeviation(proxy) = deviation;
    relativeDeviation += deviation / mean / numProxies;
    proxyWeights.col(proxy) = regression.fit(centred / deviation, missing);
  }
}

void Embedding::costOptions(const Architectures &population) {
  if (choiceColumns.empty())
    return;
  const EmbeddedArchitectures embedded = apply(population);
  MatrixXd values(embedded.fitted.rows(),
                  embedded.fitted.cols() + embedded.numeric.cols());
  values << embedded.fitted, embedded.numeric;
  const double unit = choiceScale > 0 ? choiceScale : 1;
  MatrixXd &costs = optionCosts.options;
  costs = RidgeRegression(embedded.choices / unit).fit(values);
  // Regression tells apart the options of one choice only.
  changeByChoice(costs, [](auto options) {
    options.rowwise() -= options.colwise().minCoeff().eval();
  });
  costs *=
      inverseDeviations(costs.rowwise() - costs.colwise().mean()).asDiagonal();
  optionCosts.choices = costs;
  changeByChoice(optionCosts.choices, [](auto options) {
    options.rowwise() = options.colwise().mean().eval();
  });
}

template <typename Function>
void Embedding::changeByChoice(MatrixXd &costs, Function change) const {
  Index begin = 0;
  for (const std::vector<Index> &group : choiceGroups) {
    change(costs.middleRows(begin, group.size()));
    begin += group.size();
  }
}

EmbeddedArchitectures
Embedding::apply(const Architectures &architectures) const {
  EmbeddedArchitectures embedded;
  const MatrixXd numeric = selectNumeric(architectures.features);
  embedded.numeric =
      (numeric.rowwise() - numericMean) * numericScale.asDiagonal();
  const MatrixXd choices = architectures.features(Eigen::all, choiceColumns);
  embedded.choices = (choices.rowwise() - choiceMean) * choiceScale;
  if (architectures.proxies.cols() == 0)
    return embedded;
  embedded.fitted = linearInputs(embedded) * proxyWeights;
  const RowVectorXd scale = proxyDeviation.unaryExpr(
      [](double deviation) { return deviation > 0 ? 1 / deviation : 0.0; });
  embedded.measured =
      (architectures.proxies.rowwise() - proxyMean) * scale.asDiagonal();
  embedded.measured = embedded.measured.array().isNaN().select(
      embedded.fitted, embedded.measured);
  return embedded;
}

MatrixXd Embedding::completeProxies(const Architectures &architectures) const {
  const MatrixXd fitted =
      (apply(architectures).fitted * proxyDeviation.asDiagonal()).rowwise() +
      proxyMean;
  return architectures.proxies.array().isNaN().select(fitted,
                                                      architectures.proxies);
}

} // namespace serenity::core
