//===- Adapt.cpp - Predicts a target from proxies and samples -------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Inputs.h"

#include "serenity/Core/Latency/RankStatistics.h"

#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace llvm;
using namespace serenity::core;

namespace serenity::proxy {
namespace {

/// What the summary says of the predictions.
struct Score {
  std::vector<double> predicted, measured;

  void add(double prediction, double measurement) {
    predicted.push_back(prediction);
    measured.push_back(measurement);
  }

  std::optional<double> srcc() const { return spearman(predicted, measured); }

  /// The mean of |prediction / measurement - 1|, in percent.
  std::optional<double> meanAbsolutePercentageError() const {
    if (measured.empty())
      return std::nullopt;
    double sum = 0;
    for (size_t i = 0; i < measured.size(); ++i)
      sum += std::abs(predicted[i] / measured[i] - 1);
    return 100 * sum / static_cast<double>(measured.size());
  }
};

/// How the best proxy ranks the samples.
struct ProxyAgreement {
  std::optional<double> srcc;
  Interval interval{-1, 1};
};

/// One adaptation, step by step.
class Adaptation {
public:
  Adaptation(const Options &options, ProxyInputs inputs)
      : options(options), inputs(std::move(inputs)) {}

  Error run() {
    if (Error error = readSamples())
      return error;
    if (Error error = fit())
      return error;
    if (Error error = writeToOutput(
            options.output, [&](raw_ostream &os) { return predict(os); }))
      return error;
    printSummary();
    return Error::success();
  }

private:
  Error readSamples() {
    Expected<InputFile> file = InputFile::open(options.samples);
    if (!file)
      return file.takeError();
    sampleFile = std::move(*file);
    const absl::StatusOr<std::vector<absl::string_view>> ids =
        readIds(sampleFile.text());
    if (!ids.ok())
      return sampleFile.error(ids.status());
    sampleIds.insert(ids->begin(), ids->end());
    const absl::StatusOr<LatencyTable> table = readLatencies(
        inputs.latencyFile().text(), {options.target}, &sampleIds);
    if (!table.ok())
      return inputs.latencyFile().error(table.status());
    return selectMeasured(*ids, *table);
  }

  /// Keeps the samples that have a latency, in their order.
  Error selectMeasured(const std::vector<absl::string_view> &ids,
                       const LatencyTable &table) {
    std::vector<absl::string_view> measured;
    std::vector<double> latency;
    for (absl::string_view id : ids) {
      const auto row = table.rowOfId.find(id);
      if (row == table.rowOfId.end())
        return inputs.latencyFile().error(absl::NotFoundError(
            absl::StrCat("no row for the sample ", quoteCell(id))));
      const double value = table.milliseconds(row->second, 0);
      if (std::isnan(value)) {
        WithColor::warning(errs(), "serenity-proxy")
            << "sample '" << toRef(id) << "' has no latency on '"
            << options.target << "' and is left out\n";
        continue;
      }
      measured.push_back(id);
      latency.push_back(value);
    }
    Expected<ArchitectureRows> rows = inputs.select(measured);
    if (!rows)
      return rows.takeError();
    problem.samples = std::move(rows->table);
    problem.latency =
        Eigen::Map<const Eigen::VectorXd>(latency.data(), latency.size());
    return Error::success();
  }

  Error fit() {
    problem.featureNames = inputs.featureNames();
    Expected<ArchitectureRows> population = inputs.samplePopulation();
    if (!population)
      return population.takeError();
    problem.population = std::move(population->table);
    const std::optional<AdaptationMethod> method =
        parseAdaptationMethod(options.method);
    if (!method)
      return createStringError("unknown method '" + options.method + "'");
    absl::StatusOr<std::unique_ptr<AdaptedPredictor>> fitted =
        adaptPredictor(problem, *method);
    if (!fitted.ok())
      return createStringError(std::string(fitted.status().message()));
    predictor = *std::move(fitted);
    return Error::success();
  }

  /// Writes the predictions; with --score, only now that they cannot change
  /// any more, the target is read.
  Error predict(raw_ostream &os) {
    constexpr size_t kBatchSize = 1024;
    LatencyTable truth;
    if (options.score) {
      absl::StatusOr<LatencyTable> table =
          readLatencies(inputs.latencyFile().text(), {options.target});
      if (!table.ok())
        return inputs.latencyFile().error(table.status());
      truth = *std::move(table);
    }
    os << "id,latency_ms,stddev_ms\n";
    return inputs.forEachBatch(kBatchSize, [&](const ArchitectureRows &rows) {
      const LatencyEstimate estimate = predictor->predict(rows.table);
      for (size_t i = 0; i < rows.ids.size(); ++i) {
        os << toRef(rows.ids[i])
           << format(",%.9g,%.6g\n", estimate.mean(i), estimate.stddev(i));
        const auto row = truth.rowOfId.find(rows.ids[i]);
        if (row != truth.rowOfId.end() && !sampleIds.contains(rows.ids[i]) &&
            !std::isnan(truth.milliseconds(row->second, 0)))
          score.add(estimate.mean(i), truth.milliseconds(row->second, 0));
      }
      return Error::success();
    });
  }

  /// The interval of the proxy with the highest lower end. Of p proxies each
  /// interval misses with 1/p of the error that one may have, so that picking
  /// the best does not make the answer too confident.
  ProxyAgreement judgeProxies() const {
    const Eigen::MatrixXd &proxies = problem.samples.proxies;
    const absl::Span<const double> latency(problem.latency.data(),
                                           problem.latency.size());
    BootstrapOptions bootstrap;
    bootstrap.level = 1 - (1 - bootstrap.level) / proxies.cols();
    bootstrap.seed = options.seed;
    ProxyAgreement best;
    for (Eigen::Index i = 0; i < proxies.cols(); ++i) {
      const absl::Span<const double> proxy(proxies.col(i).data(),
                                           proxies.rows());
      const ProxyAgreement candidate{
          spearman(proxy, latency),
          spearmanInterval(proxy, latency, bootstrap)};
      if (i == 0 || candidate.interval.lower > best.interval.lower)
        best = candidate;
    }
    return best;
  }

  void printSummary() const {
    const ProxyAgreement agreement = judgeProxies();
    json::OStream json(outs());
    auto number = [&](StringRef name, std::optional<double> value) {
      json.attribute(name, value ? json::Value(*value) : json::Value(nullptr));
    };
    json.object([&] {
      json.attribute("method", options.method);
      json.attribute("k", problem.latency.size());
      number("srcc_on_samples", agreement.srcc);
      json.attributeArray("srcc_interval", [&] {
        json.value(agreement.interval.lower);
        json.value(agreement.interval.upper);
      });
      json.attribute("decision",
                     toRef(toString(decideOnProxy(agreement.interval))));
      if (options.score) {
        number("srcc_heldout", score.srcc());
        number("mape_heldout", score.meanAbsolutePercentageError());
      }
    });
    outs() << "\n";
  }

  const Options &options;
  ProxyInputs inputs;
  InputFile sampleFile;
  absl::flat_hash_set<absl::string_view> sampleIds;
  AdaptationProblem problem;
  std::unique_ptr<AdaptedPredictor> predictor;
  Score score;
};

} // namespace

Error runAdapt(const Options &options) {
  Expected<ProxyInputs> inputs =
      ProxyInputs::open(options.arch, options.latency, options.proxies);
  if (!inputs)
    return inputs.takeError();
  return Adaptation(options, std::move(*inputs)).run();
}

} // namespace serenity::proxy
