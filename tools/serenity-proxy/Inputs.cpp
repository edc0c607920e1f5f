//===- Inputs.cpp - The files of serenity-proxy ---------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Inputs.h"

#include "serenity/Core/Graph/RandomSource.h"

#include "llvm/ADT/StringExtras.h"

#include <limits>

using namespace llvm;
using namespace serenity::core;

namespace serenity::proxy {
namespace {

using RowMajorMatrix =
    Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Collects rows whose number is not known beforehand.
class RowCollector {
public:
  size_t size() const { return ids.size(); }

  /// Puts a row in place of row `index`, or behind the last.
  void put(size_t index, absl::string_view id,
           absl::Span<const double> rowFeatures,
           const Eigen::RowVectorXd &rowProxies) {
    numFeatures = rowFeatures.size();
    numProxies = rowProxies.size();
    if (index == ids.size()) {
      ids.emplace_back();
      features.resize(features.size() + numFeatures);
      proxies.resize(proxies.size() + numProxies);
    }
    ids[index] = id;
    std::copy(rowFeatures.begin(), rowFeatures.end(),
              features.begin() + index * numFeatures);
    std::copy(rowProxies.begin(), rowProxies.end(),
              proxies.begin() + index * numProxies);
  }

  ArchitectureRows take() {
    ArchitectureRows rows;
    rows.table.features = Eigen::Map<const RowMajorMatrix>(
        features.data(), ids.size(), numFeatures);
    rows.table.proxies = Eigen::Map<const RowMajorMatrix>(
        proxies.data(), ids.size(), numProxies);
    rows.ids = std::move(ids);
    *this = RowCollector();
    return rows;
  }

private:
  size_t numFeatures = 0, numProxies = 0;
  std::vector<absl::string_view> ids;
  std::vector<double> features, proxies;
};

} // namespace

Expected<InputFile> InputFile::open(const std::string &path) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> buffer = MemoryBuffer::getFileOrSTDIN(
      path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return createStringError(path + ": " + buffer.getError().message());
  InputFile file;
  file.path = path;
  file.buffer = std::move(*buffer);
  return file;
}

Error InputFile::error(const absl::Status &status) const {
  return createStringError(path + ": " + std::string(status.message()));
}

Expected<ProxyInputs>
ProxyInputs::open(const std::vector<std::string> &archPaths,
                  const std::string &latencyPath,
                  const std::vector<std::string> &proxies) {
  ProxyInputs inputs;
  inputs.archPaths = join(archPaths, ",");
  std::vector<absl::string_view> texts;
  for (const std::string &path : archPaths) {
    Expected<InputFile> file = InputFile::open(path);
    if (!file)
      return file.takeError();
    texts.push_back(file->text());
    inputs.arch.push_back(std::move(*file));
  }
  ArchitectureReader reader(texts);
  if (absl::Status status = reader.readHeader(); !status.ok())
    return inputs.archError(status);
  inputs.names = reader.featureNames();
  Expected<InputFile> file = InputFile::open(latencyPath);
  if (!file)
    return file.takeError();
  inputs.latency = std::move(*file);
  absl::StatusOr<LatencyTable> table =
      readLatencies(inputs.latency.text(), proxies);
  if (!table.ok())
    return inputs.latency.error(table.status());
  inputs.latencies = std::move(*table);
  return inputs;
}

Error ProxyInputs::archError(const absl::Status &status) const {
  return createStringError(archPaths + ": " + std::string(status.message()));
}

Eigen::RowVectorXd ProxyInputs::proxyLatencies(absl::string_view id) const {
  const auto row = latencies.rowOfId.find(id);
  if (row == latencies.rowOfId.end())
    return Eigen::RowVectorXd::Constant(
        latencies.milliseconds.cols(),
        std::numeric_limits<double>::quiet_NaN());
  return latencies.milliseconds.row(row->second);
}

Error ProxyInputs::forEachRow(
    function_ref<Error(const ArchitectureReader &)> consume) const {
  std::vector<absl::string_view> texts;
  for (const InputFile &file : arch)
    texts.push_back(file.text());
  ArchitectureReader reader(texts);
  absl::Status status = reader.readHeader();
  while (status.ok()) {
    const absl::StatusOr<bool> hasRow = reader.nextRow();
    if (hasRow.ok() && !*hasRow)
      return Error::success();
    status = hasRow.status();
    if (status.ok())
      if (Error error = consume(reader))
        return error;
  }
  return archError(status);
}

Error ProxyInputs::forEachBatch(
    size_t batchSize,
    function_ref<Error(const ArchitectureRows &)> consume) const {
  RowCollector batch;
  Error error = forEachRow([&](const ArchitectureReader &reader) -> Error {
    batch.put(batch.size(), reader.id(), reader.features(),
              proxyLatencies(reader.id()));
    if (batch.size() < batchSize)
      return Error::success();
    return consume(batch.take());
  });
  if (error || batch.size() == 0)
    return error;
  return consume(batch.take());
}

Expected<ArchitectureRows>
ProxyInputs::select(const std::vector<absl::string_view> &ids) const {
  absl::flat_hash_map<absl::string_view, size_t> positions;
  for (size_t i = 0; i < ids.size(); ++i)
    positions.emplace(ids[i], i);
  RowCollector found;
  std::vector<Eigen::Index> rowOf(ids.size(), -1);
  if (Error error = forEachRow([&](const ArchitectureReader &reader) {
        if (const auto it = positions.find(reader.id());
            it != positions.end()) {
          rowOf[it->second] = found.size();
          found.put(found.size(), reader.id(), reader.features(),
                    proxyLatencies(reader.id()));
        }
        return Error::success();
      }))
    return error;
  for (size_t i = 0; i < ids.size(); ++i)
    if (rowOf[i] < 0)
      return createStringError(archPaths + ": no architecture " +
                               quoteCell(ids[i]));
  const ArchitectureRows unordered = found.take();
  return ArchitectureRows{ids,
                          {unordered.table.features(rowOf, Eigen::all),
                           unordered.table.proxies(rowOf, Eigen::all)}};
}

Expected<ArchitectureRows> ProxyInputs::samplePopulation() const {
  constexpr int64_t kLargest = 8192;
  RandomSource random(/*seed=*/1);
  RowCollector sample;
  int64_t numSeen = 0;
  // Algorithm R (Waterman): row n replaces a random one with probability
  // kLargest / n.
  if (Error error = forEachRow([&](const ArchitectureReader &reader) {
        ++numSeen;
        const int64_t place =
            numSeen <= kLargest ? numSeen - 1 : random.below(numSeen);
        if (place < kLargest)
          sample.put(place, reader.id(), reader.features(),
                     proxyLatencies(reader.id()));
        return Error::success();
      }))
    return error;
  if (numSeen == 0)
    return createStringError(archPaths + ": there are no architectures");
  return sample.take();
}

} // namespace serenity::proxy
