//===- LatencyExperiments.cpp - The tables of docs/Latency.md -------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LatencyExperiments golden|nb201|fbnet|coverage [DRAWS]
//
//===----------------------------------------------------------------------===//

#include "LatencyData.h"

#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>

using namespace serenity::core;
using Eigen::Index;
using Eigen::VectorXd;

namespace {

/// A mean that is built up.
struct Mean {
  double sum = 0;
  int count = 0;

  void add(double value) {
    sum += value;
    ++count;
  }
  double get() const { return sum / count; }
};

/// golden.json: what each method reaches, beside what is expected.
void runGolden(int every) {
  const LatencyData encoded =
      readLatencyData("nb201_latency.csv", {"nb201_arch.csv"});
  const LatencyData counted =
      readLatencyData("nb201_latency.csv", {"nb201_counts.csv"});
  const LatencyData both = readLatencyData(
      "nb201_latency.csv", {"nb201_counts.csv", "nb201_arch.csv"});
  std::map<size_t, std::map<std::string, Mean>> table;
  const std::vector<GoldenDraw> draws = readGoldenDraws();
  for (size_t i = 0; i < draws.size(); i += every) {
    const GoldenDraw &draw = draws[i];
    const LatencyTask task{{encoded.device("myriad_vpu")},
                           encoded.device(draw.target),
                           draw.samples};
    auto &row = table[draw.samples.size()];
    auto add = [&](const std::string &name, double expected,
                   const LatencyData &data, AdaptationMethod method) {
      row[name + " expected"].add(expected);
      row[name].add(scoreHeldOut(data, task, method));
    };
    add("plain", draw.plain, encoded, AdaptationMethod::Plain);
    add("adaproxy-l1", draw.adaProxyL1, encoded, AdaptationMethod::AdaProxyL1);
    add("ridge, counts", draw.ridge, counted, AdaptationMethod::Ridge);
    add("gp, counts", draw.gaussianProcess, counted,
        AdaptationMethod::GaussianProcess);
    add("gp, counts and encoding", draw.gaussianProcess, both,
        AdaptationMethod::GaussianProcess);
    add("gp, encoding", draw.gaussianProcess, encoded,
        AdaptationMethod::GaussianProcess);
  }
  for (const auto &[k, row] : table)
    for (const auto &[name, mean] : row)
      std::printf("%zu | %s | %.4f\n", k, name.c_str(), mean.get());
}

} // namespace

int main(int argc, char **argv) {
  const std::string name = argc > 1 ? argv[1] : "";
  const int draws = argc > 2 ? std::atoi(argv[2]) : 0;
  if (name == "golden")
    runGolden(draws > 0 ? draws : 1);
  return 0;
}
