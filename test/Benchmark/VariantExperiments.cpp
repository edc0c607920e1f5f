//===- VariantExperiments.cpp - Fronts, predicted and measured ------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// VariantExperiments TABLE.csv [PROXY.csv]
//
// How well latencies of variants are ranked, and what the front is worth that
// is chosen by them, before and after some were measured. The variants of TABLE
// are all measured; with PROXY, what was measured there of the same variants is
// the prediction.
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Graph/RandomSource.h"
#include "serenity/Core/Latency/RankStatistics.h"
#include "serenity/Core/Latency/Variants.h"
#include "serenity/Core/Pareto/Pareto.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>

using namespace serenity::core;

namespace {

std::vector<MeasuredVariant> readTable(const char *path) {
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  absl::StatusOr<std::vector<MeasuredVariant>> rows = readVariants(text);
  if (rows.ok())
    return *std::move(rows);
  std::fprintf(stderr, "%s: %s\n", path,
               std::string(rows.status().message()).c_str());
  std::exit(2);
}

/// Variants and their true latencies.
struct Experiment {
  /// Without measurements.
  std::vector<MeasuredVariant> rows;
  std::vector<double> truth;

  std::vector<ParetoPoint> points(const std::vector<double> &latency) const {
    std::vector<ParetoPoint> points;
    for (size_t i = 0; i < rows.size(); ++i)
      points.push_back({static_cast<double>(rows[i].peakBytes), latency[i]});
    return points;
  }

  /// The volume of the front chosen by `latency` divided by that of the true
  /// one, below one and a tenth of the largest peak and latency.
  double volumeRatio(const std::vector<double> &latency) const {
    const std::vector<ParetoPoint> all = points(truth);
    ParetoPoint reference = {0, 0};
    for (const ParetoPoint &point : all)
      for (size_t i = 0; i < 2; ++i)
        reference[i] = std::max(reference[i], 1.1 * point[i]);
    std::vector<ParetoPoint> chosen;
    for (size_t i : paretoFront(points(latency)))
      chosen.push_back(all[i]);
    return hypervolume(chosen, reference) / hypervolume(all, reference);
  }

  void print(const char *what, const std::vector<double> &latency) const {
    std::printf("%s | %.3f | %.4f\n", what,
                spearman(latency, truth).value_or(0), volumeRatio(latency));
  }

  std::vector<double> predictions() const {
    std::vector<double> latency;
    for (const MeasuredVariant &row : rows)
      latency.push_back(row.predictedLatency);
    return latency;
  }

  std::vector<double> adaptTo(const std::vector<size_t> &measured) const {
    std::vector<MeasuredVariant> some = rows;
    for (size_t i : measured)
      some[i].measuredLatency = truth[i];
    const auto estimates = adaptToMeasurements(some);
    std::vector<double> latency;
    for (const OperationEstimate &estimate : *estimates)
      latency.push_back(estimate.microseconds);
    return latency;
  }
};

Experiment readExperiment(int argc, char **argv) {
  Experiment experiment{readTable(argv[1]), {}};
  const std::vector<MeasuredVariant> proxy =
      argc > 2 ? readTable(argv[2]) : experiment.rows;
  for (size_t i = 0; i < experiment.rows.size(); ++i) {
    MeasuredVariant &row = experiment.rows[i];
    if (proxy.size() != experiment.rows.size() || proxy[i].id != row.id ||
        !row.measuredLatency || !proxy[i].measuredLatency) {
      std::fprintf(stderr, "variant %s is not measured everywhere\n",
                   row.id.c_str());
      std::exit(2);
    }
    experiment.truth.push_back(*row.measuredLatency);
    if (argc > 2)
      row.predictedLatency = *proxy[i].measuredLatency;
    row.measuredLatency.reset();
  }
  return experiment;
}

/// The means over `draws` random samples of `count` variants.
void printRandom(const Experiment &experiment, size_t count, int draws) {
  RandomSource random(/*seed=*/0);
  double correlation = 0, ratio = 0;
  for (int draw = 0; draw < draws; ++draw) {
    std::vector<size_t> order(experiment.rows.size());
    for (size_t i = 0; i < order.size(); ++i) {
      order[i] = i;
      std::swap(order[i], order[random.below(i + 1)]);
    }
    order.resize(count);
    const std::vector<double> latency = experiment.adaptTo(order);
    correlation += spearman(latency, experiment.truth).value_or(0) / draws;
    ratio += experiment.volumeRatio(latency) / draws;
  }
  std::printf("%zu at random, mean of %d draws | %.3f | %.4f\n", count, draws,
              correlation, ratio);
}

} // namespace

int main(int argc, char **argv) {
  if (argc < 2 || argc > 3) {
    std::fprintf(stderr, "expected TABLE.csv [PROXY.csv]\n");
    return 2;
  }
  constexpr size_t kMeasured = 10;
  const Experiment experiment = readExperiment(argc, argv);
  if (experiment.rows.size() <= kMeasured) {
    std::fprintf(stderr, "there are %zu variants, expected more than %zu\n",
                 experiment.rows.size(), kMeasured);
    return 2;
  }
  std::printf("%zu variants, %zu on the true front\n", experiment.rows.size(),
              paretoFront(experiment.points(experiment.truth)).size());
  std::printf("known | Spearman | hypervolume ratio\n");
  const std::vector<double> predicted = experiment.predictions();
  experiment.print("nothing", predicted);
  std::vector<bool> isOnFront(experiment.rows.size(), false);
  for (size_t i : paretoFront(experiment.points(predicted)))
    isOnFront[i] = true;
  const std::vector<size_t> chosen =
      *chooseToMeasure(experiment.rows, isOnFront, kMeasured);
  experiment.print("10 by measure=10", experiment.adaptTo(chosen));
  printRandom(experiment, kMeasured, /*draws=*/20);
  return 0;
}
