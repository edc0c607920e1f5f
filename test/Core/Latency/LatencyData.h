//===- LatencyData.h - The public measurements, for tests -------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_TEST_CORE_LATENCY_LATENCYDATA_H
#define SERENITY_TEST_CORE_LATENCY_LATENCYDATA_H

#include "serenity/Core/Graph/RandomSource.h"
#include "serenity/Core/Latency/Adaptation.h"
#include "serenity/Core/Latency/RankStatistics.h"
#include "serenity/Core/Latency/Tables.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>
#include <sstream>

namespace serenity::core {

/// A file of the shared data as text; empty if it is not there.
inline std::string readSharedFile(const std::string &name) {
  std::ifstream file(SERENITY_SHARED_DATA "/latency/" + name);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Architectures with the latencies of all devices.
struct LatencyData {
  std::vector<std::string> featureNames, devices;
  Eigen::MatrixXd features, milliseconds;

  Eigen::Index size() const { return features.rows(); }

  Eigen::Index device(absl::string_view name) const {
    return std::find(devices.begin(), devices.end(), name) - devices.begin();
  }

  Architectures rows(const std::vector<Eigen::Index> &indices,
                     const std::vector<Eigen::Index> &proxies) const {
    return {features(indices, Eigen::all), milliseconds(indices, proxies)};
  }
};

/// Reads the files with the given names; no rows if one is absent or broken.
inline LatencyData readLatencyData(const std::string &latencyFile,
                                   const std::vector<std::string> &archFiles) {
  LatencyData data;
  const std::string latencies = readSharedFile(latencyFile);
  std::vector<std::string> texts;
  for (const std::string &name : archFiles)
    texts.push_back(readSharedFile(name));
  const std::vector<absl::string_view> views(texts.begin(), texts.end());
  ArchitectureReader reader(views);
  const auto devices = readDeviceNames(latencies);
  if (!devices.ok() || !reader.readHeader().ok())
    return data;
  const auto table = readLatencies(latencies, *devices);
  if (!table.ok())
    return data;
  data.devices = *devices;
  data.featureNames = reader.featureNames();
  std::vector<double> features;
  std::vector<Eigen::Index> rows;
  for (auto hasRow = reader.nextRow(); hasRow.ok() && *hasRow;
       hasRow = reader.nextRow()) {
    features.insert(features.end(), reader.features().begin(),
                    reader.features().end());
    rows.push_back(table->rowOfId.at(reader.id()));
  }
  using RowMajor =
      Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  data.features = Eigen::Map<const RowMajor>(features.data(), rows.size(),
                                             data.featureNames.size());
  data.milliseconds = table->milliseconds(rows, Eigen::all);
  return data;
}

/// `count` different rows whose target latency is known.
inline std::vector<Eigen::Index> drawSamples(const LatencyData &data,
                                             Eigen::Index target, size_t count,
                                             RandomSource &random) {
  std::vector<Eigen::Index> known;
  for (Eigen::Index row = 0; row < data.size(); ++row)
    if (!std::isnan(data.milliseconds(row, target)))
      known.push_back(row);
  for (size_t i = 0; i < count; ++i)
    std::swap(known[i], known[i + random.below(known.size() - i)]);
  known.resize(count);
  return known;
}

/// One adaptation: who predicts whom, from which rows.
struct LatencyTask {
  std::vector<Eigen::Index> proxies;
  Eigen::Index target;
  std::vector<Eigen::Index> samples;
};

inline AdaptationProblem makeProblem(const LatencyData &data,
                                     const LatencyTask &task) {
  std::vector<Eigen::Index> all(data.size());
  std::iota(all.begin(), all.end(), 0);
  return {data.featureNames, data.rows(all, task.proxies),
          data.rows(task.samples, task.proxies),
          data.milliseconds(task.samples, task.target)};
}

inline double spearman(const Eigen::VectorXd &a, const Eigen::VectorXd &b) {
  return core::spearman(absl::MakeConstSpan(a.data(), a.size()),
                        absl::MakeConstSpan(b.data(), b.size()))
      .value_or(0);
}

/// All rows but the samples.
inline std::vector<Eigen::Index> heldOutRows(const LatencyData &data,
                                             const LatencyTask &task) {
  std::vector<bool> isSample(data.size());
  for (Eigen::Index row : task.samples)
    isSample[row] = true;
  std::vector<Eigen::Index> rows;
  for (Eigen::Index row = 0; row < data.size(); ++row)
    if (!isSample[row])
      rows.push_back(row);
  return rows;
}

/// Spearman's correlation of the method's predictions over the held-out rows.
inline double scoreHeldOut(const LatencyData &data, const LatencyTask &task,
                           AdaptationMethod method) {
  const auto predictor = adaptPredictor(makeProblem(data, task), method);
  if (!predictor.ok())
    return -2;
  const std::vector<Eigen::Index> rows = heldOutRows(data, task);
  return spearman((*predictor)->predict(data.rows(rows, task.proxies)).mean,
                  data.milliseconds(rows, task.target));
}

/// What golden.json expects of one draw.
struct GoldenDraw {
  std::string target;
  std::vector<Eigen::Index> samples;
  double plain, adaProxyL1, ridge, gaussianProcess;
};

/// The number behind "key": in the text from `position` on, which moves there.
inline double readGoldenNumber(const std::string &text, const char *key,
                               size_t &position) {
  position = text.find(absl::StrCat("\"", key, "\":"), position);
  return std::stod(text.substr(text.find(':', position) + 1, 32));
}

/// Reads golden.json, whose keys have a fixed order; empty if it is absent.
inline std::vector<GoldenDraw> readGoldenDraws() {
  const std::string text = readSharedFile("golden.json");
  std::vector<GoldenDraw> draws;
  size_t position = 0;
  while ((position = text.find("\"target\"", position)) != std::string::npos) {
    GoldenDraw draw;
    const size_t begin = text.find('"', text.find(':', position)) + 1;
    draw.target = text.substr(begin, text.find('"', begin) - begin);
    position = text.find('[', position);
    std::stringstream indices(
        text.substr(position + 1, text.find(']', position) - position - 1));
    for (std::string index; std::getline(indices, index, ',');)
      draw.samples.push_back(std::stol(index));
    draw.plain = readGoldenNumber(text, "plain", position);
    draw.adaProxyL1 = readGoldenNumber(text, "ada_l1", position);
    draw.ridge = readGoldenNumber(text, "ridge_counts", position);
    draw.gaussianProcess = readGoldenNumber(text, "gp_counts", position);
    draws.push_back(std::move(draw));
  }
  return draws;
}

} // namespace serenity::core

#endif // SERENITY_TEST_CORE_LATENCY_LATENCYDATA_H
