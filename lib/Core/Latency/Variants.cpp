//===- Variants.cpp - Variants of a network, some measured ----------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Latency/Variants.h"

#include "serenity/Core/Csv/CsvReader.h"
#include "serenity/Core/Latency/Adaptation.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include <algorithm>
#include <array>

namespace serenity::core {
namespace {

/// The columns after `id`, `file`, `latency_us` and `predicted_us`.
struct CountColumn {
  const char *name;
  int64_t &(*get)(MeasuredVariant &);
};

constexpr std::array<CountColumn, 7> kCountColumns = {{
    {"peak_bytes", [](auto &row) -> int64_t & { return row.peakBytes; }},
    {"launches", [](auto &row) -> int64_t & { return row.costs.launches; }},
    {"macs", [](auto &row) -> int64_t & { return row.costs.macs; }},
    {"read_bytes", [](auto &row) -> int64_t & { return row.costs.readBytes; }},
    {"written_bytes",
     [](auto &row) -> int64_t & { return row.costs.writtenBytes; }},
    {"weight_bytes",
     [](auto &row) -> int64_t & { return row.costs.weightBytes; }},
    {"traffic_bytes",
     [](auto &row) -> int64_t & { return row.costs.trafficBytes; }},
}};

class VariantReader {
public:
  explicit VariantReader(absl::string_view text) : reader(text) {}

  absl::StatusOr<std::vector<MeasuredVariant>> read();

private:
  absl::Status findColumns();
  absl::Status readRow(MeasuredVariant &row);
  absl::StatusOr<double> readLatency(size_t column) const;

  CsvReader reader;
  CsvIds ids;
  size_t idColumn = 0, fileColumn = 0, measuredColumn = 0, predictedColumn = 0;
  std::array<size_t, kCountColumns.size()> countColumns{};
};

absl::Status VariantReader::findColumns() {
  absl::Status status = reader.readHeader();
  const auto find = [&](const char *name, size_t &column) {
    if (!status.ok())
      return;
    const absl::StatusOr<size_t> found = reader.requireColumn(name);
    status.Update(found.status());
    column = found.value_or(0);
  };
  find("id", idColumn);
  find("file", fileColumn);
  find("latency_us", measuredColumn);
  find("predicted_us", predictedColumn);
  for (size_t i = 0; i < kCountColumns.size(); ++i)
    find(kCountColumns[i].name, countColumns[i]);
  return status;
}

absl::StatusOr<double> VariantReader::readLatency(size_t column) const {
  const absl::StatusOr<double> latency = reader.readNumber(column);
  if (latency.ok() && *latency <= 0)
    return reader.error(quoteCell(reader.columns()[column]), " is ", *latency,
                        ", expected is more than 0");
  return latency;
}

absl::Status VariantReader::readRow(MeasuredVariant &row) {
  if (absl::Status status = ids.add(reader, idColumn); !status.ok())
    return status;
  row.id = std::string(reader.cell(idColumn));
  row.file = std::string(reader.cell(fileColumn));
  for (size_t i = 0; i < kCountColumns.size(); ++i) {
    const absl::StatusOr<int64_t> count = reader.readInteger(countColumns[i]);
    if (!count.ok())
      return count.status();
    if (*count < 0)
      return reader.error(quoteCell(kCountColumns[i].name), " is ", *count,
                          ", expected is 0 or more");
    kCountColumns[i].get(row) = *count;
  }
  const absl::StatusOr<double> predicted = readLatency(predictedColumn);
  if (!predicted.ok())
    return predicted.status();
  row.predictedLatency = *predicted;
  const absl::string_view measured = reader.cell(measuredColumn);
  if (measured.empty() || measured == "-1")
    return absl::OkStatus();
  const absl::StatusOr<double> latency = readLatency(measuredColumn);
  if (latency.ok())
    row.measuredLatency = *latency;
  return latency.status();
}

absl::StatusOr<std::vector<MeasuredVariant>> VariantReader::read() {
  if (absl::Status status = findColumns(); !status.ok())
    return status;
  std::vector<MeasuredVariant> rows;
  while (true) {
    const absl::StatusOr<bool> hasRow = reader.nextRow();
    if (!hasRow.ok())
      return hasRow.status();
    if (!*hasRow)
      return rows;
    rows.emplace_back();
    if (absl::Status status = readRow(rows.back()); !status.ok())
      return status;
  }
}

/// Variants as the rows of an adaptation, in milliseconds.
Architectures describeVariants(absl::Span<const MeasuredVariant> variants) {
  Architectures rows;
  rows.features.resize(variants.size(), 6);
  rows.proxies.resize(variants.size(), 1);
  for (size_t i = 0; i < variants.size(); ++i) {
    const NetworkCosts &costs = variants[i].costs;
    rows.features.row(i) << costs.launches, costs.macs, costs.readBytes,
        costs.writtenBytes, costs.weightBytes, costs.trafficBytes;
    rows.proxies(i, 0) = variants[i].predictedLatency / 1000;
  }
  return rows;
}

/// The names of the columns of describeVariants.
std::vector<std::string> featureNames() {
  return {"launches",     "macs",        "readBytes",
          "writtenBytes", "weightBytes", "trafficBytes"};
}

} // namespace

absl::StatusOr<std::vector<MeasuredVariant>>
readVariants(absl::string_view text) {
  return VariantReader(text).read();
}

std::string printVariants(absl::Span<const MeasuredVariant> variants) {
  std::string text = "id,file,latency_us,predicted_us";
  for (const CountColumn &column : kCountColumns)
    absl::StrAppend(&text, ",", column.name);
  text += "\n";
  for (MeasuredVariant row : variants) {
    absl::StrAppend(&text, row.id, ",", row.file, ",");
    if (row.measuredLatency)
      absl::StrAppendFormat(&text, "%.9g", *row.measuredLatency);
    absl::StrAppendFormat(&text, ",%.9g", row.predictedLatency);
    for (const CountColumn &column : kCountColumns)
      absl::StrAppend(&text, ",", column.get(row));
    text += "\n";
  }
  return text;
}

absl::StatusOr<std::vector<OperationEstimate>>
adaptToMeasurements(absl::Span<const MeasuredVariant> variants) {
  std::vector<MeasuredVariant> measured;
  for (const MeasuredVariant &variant : variants)
    if (variant.measuredLatency)
      measured.push_back(variant);
  AdaptationProblem problem;
  problem.featureNames = featureNames();
  problem.population = describeVariants(variants);
  problem.samples = describeVariants(measured);
  problem.latency.resize(measured.size());
  for (size_t i = 0; i < measured.size(); ++i)
    problem.latency(i) = *measured[i].measuredLatency / 1000;
  const absl::StatusOr<std::unique_ptr<AdaptedPredictor>> predictor =
      adaptPredictor(problem, AdaptationMethod::Auto);
  if (!predictor.ok())
    return predictor.status();
  const LatencyEstimate adapted = (*predictor)->predict(problem.population);
  std::vector<OperationEstimate> estimates;
  for (size_t i = 0; i < variants.size(); ++i)
    if (variants[i].measuredLatency)
      estimates.push_back({*variants[i].measuredLatency, 0});
    else
      estimates.push_back(
          {std::max(1000 * adapted.mean(i), 0.0), 1000 * adapted.stddev(i)});
  return estimates;
}

absl::StatusOr<std::vector<size_t>>
chooseToMeasure(absl::Span<const MeasuredVariant> variants,
                const std::vector<bool> &isPromising, size_t count) {
  std::vector<size_t> promising, others;
  for (size_t i = 0; i < variants.size(); ++i)
    if (!variants[i].measuredLatency)
      (isPromising[i] ? promising : others).push_back(i);
  std::vector<size_t> chosen;
  const size_t numPromising = std::min(count, promising.size());
  for (size_t i = 0; i < numPromising; ++i)
    chosen.push_back(promising[i * promising.size() / numPromising]);
  const size_t numOthers = std::min(count - numPromising, others.size());
  if (numOthers > 0) {
    std::vector<MeasuredVariant> candidates;
    for (size_t i : others)
      candidates.push_back(variants[i]);
    const absl::StatusOr<std::vector<Eigen::Index>> rows = chooseSamples(
        featureNames(), describeVariants(candidates), numOthers, /*seed=*/0);
    if (!rows.ok())
      return rows.status();
    for (Eigen::Index row : *rows)
      chosen.push_back(others[row]);
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

} // namespace serenity::core
