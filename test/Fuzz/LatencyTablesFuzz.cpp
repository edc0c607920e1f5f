//===- LatencyTablesFuzz.cpp - Any text is a table or a clear error -------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An input is a table of architectures, a line "--", and a table of latencies
// whose first device is the proxy and whose last is the target.
//
//===----------------------------------------------------------------------===//

#include "FuzzSupport.h"
#include "serenity/Core/Latency/Adaptation.h"
#include "serenity/Core/Latency/Tables.h"

#include <cmath>
#include <optional>

using namespace serenity::core;

namespace {

struct Rows {
  std::vector<std::string> names, ids;
  std::vector<double> values;
};

/// The table, or nothing after an error of one line.
std::optional<Rows> readRows(absl::string_view text) {
  ArchitectureReader reader(absl::MakeConstSpan(&text, 1));
  absl::Status status = reader.readHeader();
  Rows rows;
  while (status.ok()) {
    const absl::StatusOr<bool> hasRow = reader.nextRow();
    if (hasRow.ok() && !*hasRow)
      break;
    status = hasRow.status();
    if (!status.ok())
      break;
    rows.ids.emplace_back(reader.id());
    rows.values.insert(rows.values.end(), reader.features().begin(),
                       reader.features().end());
  }
  require(status.ok() || isOneLine(status.message()));
  rows.names = reader.featureNames();
  return status.ok() ? std::optional<Rows>(std::move(rows)) : std::nullopt;
}

/// The problem that both tables pose, if they share enough rows.
std::optional<AdaptationProblem> makeProblem(const Rows &rows,
                                             const LatencyTable &table) {
  constexpr Eigen::Index kMostSamples = 12, kMostColumns = 20;
  const Eigen::Index numColumns = rows.names.size();
  if (numColumns > kMostColumns)
    return std::nullopt;
  AdaptationProblem problem{rows.names, {}, {}, {}};
  std::vector<double> latency;
  for (size_t i = 0; i < rows.ids.size(); ++i) {
    const auto row = table.rowOfId.find(rows.ids[i]);
    if (row == table.rowOfId.end() ||
        std::isnan(table.milliseconds(row->second, 1)))
      continue;
    const Eigen::Index count = latency.size();
    if (count == kMostSamples)
      break;
    problem.samples.features.conservativeResize(count + 1, numColumns);
    problem.samples.proxies.conservativeResize(count + 1, 1);
    for (Eigen::Index j = 0; j < numColumns; ++j)
      problem.samples.features(count, j) = rows.values[i * numColumns + j];
    problem.samples.proxies(count, 0) = table.milliseconds(row->second, 0);
    latency.push_back(table.milliseconds(row->second, 1));
  }
  problem.population = problem.samples;
  problem.latency =
      Eigen::Map<const Eigen::VectorXd>(latency.data(), latency.size());
  return problem;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char *>(data), size);
  const size_t split = text.find("\n--\n");
  const std::optional<Rows> rows = readRows(text.substr(0, split + 1));
  if (!rows || split == absl::string_view::npos)
    return 0;
  const absl::string_view latencies = text.substr(split + 4);
  const auto devices = readDeviceNames(latencies);
  require(devices.ok() || isOneLine(devices.status().message()));
  if (!devices.ok() || devices->empty())
    return 0;
  const auto table =
      readLatencies(latencies, {devices->front(), devices->back()});
  require(table.ok() || isOneLine(table.status().message()));
  if (!table.ok())
    return 0;
  const std::optional<AdaptationProblem> problem = makeProblem(*rows, *table);
  if (!problem)
    return 0;
  for (AdaptationMethod method :
       {AdaptationMethod::AdaProxyL2, AdaptationMethod::Auto}) {
    const auto predictor = adaptPredictor(*problem, method);
    require(predictor.ok() || isOneLine(predictor.status().message()));
    if (predictor.ok())
      require((*predictor)->predict(problem->samples).mean.size() ==
              problem->latency.size());
  }
  return 0;
}
