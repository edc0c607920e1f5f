//===- LatencyExperiments.cpp - The tables of docs/Latency.md -------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LatencyExperiments golden|nb201|fbnet|choose|coverage|traffic [DRAWS] [PROXY]
//
//===----------------------------------------------------------------------===//

#include "GraphFile.h"
#include "LatencyData.h"
#include "serenity/Core/Latency/Traffic.h"
#include "serenity/Core/Pareto/Pareto.h"
#include "serenity/Core/Schedule/Schedule.h"

#include <cstdio>
#include <cstdlib>
#include <limits>
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

/// golden.json: what each method reaches on every `every`th draw, beside what
/// is expected.
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

std::vector<Index> otherDevices(const LatencyData &data, Index device) {
  std::vector<Index> others;
  for (size_t i = 0; i < data.devices.size(); ++i)
    if (static_cast<Index>(i) != device)
      others.push_back(i);
  return others;
}

/// The scores of one method on NAS-Bench-201, by the number of samples.
struct NasBenchScores {
  std::map<int, Mean> srcc, atLeastPlain;

  void print(const std::string &proxy, AdaptationMethod method) const {
    std::printf("%s | %s", proxy.c_str(),
                std::string(toString(method)).c_str());
    for (const auto &[k, mean] : srcc)
      std::printf(" | %.4f", mean.get());
    for (const auto &[k, mean] : atLeastPlain)
      std::printf(" | %.3f", mean.get());
    std::printf("\n");
    std::fflush(stdout);
  }
};

using NasBenchTable = std::map<AdaptationMethod, NasBenchScores>;

/// Adds what `methods`, of which the first is `plain`, reach from one draw.
void addNasBenchDraw(const LatencyData &data, const LatencyTask &task,
                     absl::Span<const AdaptationMethod> methods,
                     absl::Span<NasBenchTable *const> tables) {
  const int k = task.samples.size();
  double plain = 0;
  for (AdaptationMethod method : methods) {
    const double score = scoreHeldOut(data, task, method);
    if (method == AdaptationMethod::Plain)
      plain = score;
    for (NasBenchTable *table : tables) {
      (*table)[method].srcc[k].add(score);
      (*table)[method].atLeastPlain[k].add(score >= plain);
    }
  }
}

/// NAS-Bench-201, one proxy, all targets: all methods for `onlyProxy`, or
/// `plain` and `auto` for every proxy, whose rows are printed as they come.
void runNasBench(int draws, const std::string &onlyProxy) {
  const LatencyData data = readLatencyData(
      "nb201_latency.csv", {"nb201_counts.csv", "nb201_arch.csv"});
  std::vector<AdaptationMethod> methods = {AdaptationMethod::Plain,
                                           AdaptationMethod::Auto};
  if (!onlyProxy.empty())
    methods.insert(methods.end(),
                   {AdaptationMethod::AdaProxyL1, AdaptationMethod::AdaProxyL2,
                    AdaptationMethod::Ridge,
                    AdaptationMethod::GaussianProcess});
  std::printf("proxy | method | SRCC at 10 | 20 | 50 | 70 "
              "| at least as good as plain at 10 | 20 | 50 | 70\n");
  NasBenchTable all;
  for (size_t proxy = 0; proxy < data.devices.size(); ++proxy) {
    if (!onlyProxy.empty() && onlyProxy != data.devices[proxy])
      continue;
    NasBenchTable table;
    for (Index target : otherDevices(data, proxy))
      for (int k : {10, 20, 50, 70}) {
        RandomSource random(1000 * target + k);
        for (int draw = 0; draw < draws; ++draw) {
          const LatencyTask task{{static_cast<Index>(proxy)},
                                 target,
                                 drawSamples(data, target, k, random)};
          addNasBenchDraw(data, task, methods, {&table, &all});
        }
      }
    for (const auto &[method, scores] : table)
      scores.print(data.devices[proxy], method);
  }
  for (const auto &[method, scores] : all)
    scores.print("all", method);
}

/// FBNet's devices by kind.
const std::map<std::string, std::vector<std::string>> &deviceKinds() {
  static const std::map<std::string, std::vector<std::string>> kinds = {
      {"accelerator", {"eyeriss"}},
      {"board", {"raspi4"}},
      {"gpu", {"1080ti_1", "1080ti_32", "2080ti_1", "titanx_1"}},
      {"phone", {"essential_ph_1", "pixel2", "pixel3", "samsung_a50"}},
      {"server", {"gold_6226", "silver_4114"}}};
  return kinds;
}

/// Three devices of three different kinds that are not the target's.
std::vector<Index> drawProxies(const LatencyData &data, Index target,
                               RandomSource &random) {
  std::vector<std::vector<std::string>> others;
  for (const auto &[kind, devices] : deviceKinds())
    if (std::find(devices.begin(), devices.end(), data.devices[target]) ==
        devices.end())
      others.push_back(devices);
  std::vector<Index> proxies;
  for (size_t i = 0; i < 3; ++i) {
    std::swap(others[i], others[i + random.below(others.size() - i)]);
    proxies.push_back(data.device(others[i][random.below(others[i].size())]));
  }
  return proxies;
}

absl::Span<const double> toSpan(const VectorXd &values) {
  return absl::MakeConstSpan(values.data(), values.size());
}

/// The hypervolume of the really best points under `front`, relative to that of
/// the true front.
double hypervolumeRatio(const VectorXd &bytes, const VectorXd &predicted,
                        const VectorXd &actual) {
  const ParetoPoint reference{1.1 * bytes.maxCoeff(), 1.1 * actual.maxCoeff()};
  std::vector<ParetoPoint> guesses, truth, chosen;
  for (Index i = 0; i < bytes.size(); ++i) {
    guesses.push_back({bytes(i), predicted(i)});
    truth.push_back({bytes(i), actual(i)});
  }
  for (size_t index : paretoFront(guesses))
    chosen.push_back(truth[index]);
  return hypervolume(chosen, reference) / hypervolume(truth, reference);
}

/// The columns of the table for FBNet.
struct ChoiceScores {
  Mean srcc, regret, remeasured, volume;

  void add(const VectorXd &bytes, const VectorXd &predicted,
           const VectorXd &actual) {
    srcc.add(serenity::core::spearman(predicted, actual));
    volume.add(hypervolumeRatio(bytes, predicted, actual));
    const std::set<double> budgets(bytes.begin(), bytes.end());
    Mean single, three;
    for (double budget : budgets) {
      single.add(*regretUnderBudget(toSpan(bytes), toSpan(predicted),
                                    toSpan(actual), budget));
      three.add(*regretUnderBudget(toSpan(bytes), toSpan(predicted),
                                   toSpan(actual), budget, 3));
    }
    regret.add(100 * single.get());
    remeasured.add(100 * three.get());
  }

  void print(const std::string &name, int k) const {
    std::printf("%s | %d | %.4f | %.2f | %.2f | %.4f\n", name.c_str(), k,
                srcc.get(), regret.get(), remeasured.get(), volume.get());
  }
};

/// What the target's own linear predictor over the features says of `heldOut`
/// once all other rows have been measured: about as far as samples lead.
VectorXd predictFromAllOthers(const LatencyData &data, const LatencyTask &task,
                              const std::vector<Index> &heldOut) {
  constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
  AdaptationProblem problem =
      makeProblem(data, {{task.target}, task.target, task.samples});
  for (Index row : heldOut)
    problem.population.proxies(row, 0) = kMissing;
  Architectures unmeasured = data.rows(heldOut, {task.target});
  unmeasured.proxies.setConstant(kMissing);
  return (*adaptPredictor(problem, AdaptationMethod::Plain))
      ->predict(unmeasured)
      .mean;
}

/// Writes the rows of a table of scores of FBNet.
void runFbnet(int draws) {
  const LatencyData data = readLatencyData(
      "fbnet_latency.csv", {"fbnet_costs.csv", "fbnet_arch.csv"});
  const Index bytesColumn =
      std::find(data.featureNames.begin(), data.featureNames.end(),
                "peak_act_bytes_int8") -
      data.featureNames.begin();
  std::map<std::pair<std::string, int>, ChoiceScores> table;
  RandomSource random(1);
  for (int draw = 0; draw < draws; ++draw)
    for (Index target = 0; target < static_cast<Index>(data.devices.size());
         ++target) {
      const std::vector<Index> proxies = drawProxies(data, target, random);
      const std::vector<Index> rows = drawSamples(data, target, 1050, random);
      const std::vector<Index> heldOut(rows.begin() + 50, rows.end());
      const auto addScores = [&](const std::string &name, int k,
                                 const VectorXd &predicted) {
        for (const std::string &row : {name, name + " " + data.devices[target]})
          table[{row, k}].add(data.features(heldOut, bytesColumn), predicted,
                              data.milliseconds(heldOut, target));
      };
      LatencyTask task{proxies, target, {}};
      for (int k : {10, 20, 50}) {
        task.samples.assign(rows.begin(), rows.begin() + k);
        for (AdaptationMethod method :
             {AdaptationMethod::Plain, AdaptationMethod::Ridge,
              AdaptationMethod::GaussianProcess, AdaptationMethod::Auto})
          addScores(std::string(toString(method)), k,
                    (*adaptPredictor(makeProblem(data, task), method))
                        ->predict(data.rows(heldOut, proxies))
                        .mean);
      }
      addScores("linear", data.size() - heldOut.size(),
                predictFromAllOthers(data, task, heldOut));
    }
  std::printf("method | k | SRCC | regret %% | re-measured %% | volume\n");
  for (const auto &[key, scores] : table)
    scores.print(key.first, key.second);
}

/// How often the interval of a proxy's correlation holds the true one.
void runCoverage(int draws) {
  for (const char *file : {"nb201_latency.csv", "fbnet_latency.csv"}) {
    const std::string arch =
        file[0] == 'n' ? "nb201_counts.csv" : "fbnet_costs.csv";
    const LatencyData data = readLatencyData(file, {arch});
    for (int k : {10, 20, 50}) {
      Mean coverage, width;
      RandomSource random(k);
      for (size_t a = 0; a < data.devices.size(); ++a)
        for (size_t b = 0; b < a; ++b) {
          const VectorXd left = data.milliseconds.col(a);
          const VectorXd right = data.milliseconds.col(b);
          const double truth =
              *serenity::core::spearman(toSpan(left), toSpan(right));
          for (int draw = 0; draw < draws; ++draw) {
            const auto rows = drawSamples(data, a, k, random);
            BootstrapOptions options;
            options.replicates = 500;
            const VectorXd leftDraw = left(rows), rightDraw = right(rows);
            const Interval interval =
                spearmanInterval(toSpan(leftDraw), toSpan(rightDraw), options);
            coverage.add(interval.lower <= truth && truth <= interval.upper);
            width.add(interval.upper - interval.lower);
          }
        }
      std::printf("%s | %d | %.3f | %.3f\n", file, k, coverage.get(),
                  width.get());
    }
  }
}

/// What choosing the rows to measure is worth beside drawing them: held-out
/// correlations of `auto` on NAS-Bench-201.
void runChoose(int draws) {
  const LatencyData data = readLatencyData(
      "nb201_latency.csv", {"nb201_counts.csv", "nb201_arch.csv"});
  const Index proxy = data.device("myriad_vpu");
  std::vector<Index> all(data.size());
  std::iota(all.begin(), all.end(), 0);
  RandomSource random(2);
  for (int k : {10, 20}) {
    Mean chosenScore, drawnScore, isBetter;
    for (int draw = 0; draw < draws; ++draw) {
      const auto chosen = chooseSamples(
          data.featureNames, data.rows(all, {proxy}), k, /*seed=*/draw);
      for (Index target : otherDevices(data, proxy)) {
        LatencyTask task{{proxy}, target, {}};
        for (Index row : *chosen)
          if (!std::isnan(data.milliseconds(row, target)))
            task.samples.push_back(row);
        const double score = scoreHeldOut(data, task, AdaptationMethod::Auto);
        task.samples = drawSamples(data, target, k, random);
        const double other = scoreHeldOut(data, task, AdaptationMethod::Auto);
        chosenScore.add(score);
        drawnScore.add(other);
        isBetter.add(score > other);
      }
    }
    std::printf("%d | %.4f | %.4f | %.2f\n", k, chosenScore.get(),
                drawnScore.get(), isBetter.get());
  }
}

/// Kilobytes moved with little fast memory, in the order as written and in the
/// order of least peak.
void runTraffic() {
  for (const char *name :
       {"swiftnet-a", "swiftnet-b", "swiftnet-c", "swiftnet"}) {
    const Graph graph = readGraphFile(name);
    ScheduleOptions source;
    source.strategy = Strategy::Source;
    const std::vector<OpId> before = computeSchedule(graph, source)->order;
    const std::vector<OpId> after = computeSchedule(graph, {})->order;
    for (int64_t kibibytes : {32, 64, 128, 192, 256}) {
      const int64_t bytes = 1024 * kibibytes;
      const double moved = static_cast<double>(
          computeTraffic(graph, before, bytes)->totalBytes());
      const double movedLess = static_cast<double>(
          computeTraffic(graph, after, bytes)->totalBytes());
      std::printf("%s | %d | %.1f | %.1f | %.2f\n", name,
                  static_cast<int>(kibibytes), moved / 1000, movedLess / 1000,
                  moved / movedLess);
    }
  }
}

} // namespace

int main(int argc, char **argv) {
  const std::string name = argc > 1 ? argv[1] : "";
  const int draws = argc > 2 ? std::atoi(argv[2]) : 1;
  const std::string proxy = argc > 3 ? argv[3] : "";
  if (draws < 1 || readGoldenDraws().empty()) {
    std::fprintf(stderr, "expected a positive number of draws, and the shared "
                         "data beside the project\n");
    return 2;
  }
  if (name == "golden")
    runGolden(draws);
  else if (name == "nb201")
    runNasBench(draws, proxy);
  else if (name == "fbnet")
    runFbnet(draws);
  else if (name == "choose")
    runChoose(draws);
  else if (name == "coverage")
    runCoverage(draws);
  else if (name == "traffic")
    runTraffic();
  else
    return 2;
  return 0;
}
