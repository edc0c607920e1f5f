//===- Tables.cpp - Architectures and latencies as CSV --------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Latency/Tables.h"

#include "absl/algorithm/container.h"

#include <limits>

namespace serenity::core {
namespace {

constexpr absl::string_view kIdColumn = "id";

/// A latency, NaN if it is missing.
absl::StatusOr<double> readLatency(const CsvReader &reader, size_t column) {
  constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
  if (reader.cell(column).empty())
    return kMissing;
  const absl::StatusOr<double> value = reader.readNumber(column);
  if (!value.ok() || *value > 0)
    return value;
  if (*value == -1)
    return kMissing;
  return reader.error(quoteCell(reader.columns()[column]), " is ",
                      quoteCell(reader.cell(column)),
                      ", neither positive nor -1 for missing");
}

/// Reads latencies row after row.
class LatencyParser {
public:
  LatencyParser(absl::string_view text,
                const absl::flat_hash_set<absl::string_view> *onlyIds)
      : reader(text), onlyIds(onlyIds) {}

  absl::StatusOr<LatencyTable> parse(absl::Span<const std::string> devices) {
    absl::Status status = parseHeader(devices);
    while (status.ok()) {
      const absl::StatusOr<bool> hasRow = reader.nextRow();
      if (hasRow.ok() && !*hasRow)
        break;
      status = hasRow.ok() ? parseRow() : hasRow.status();
    }
    if (!status.ok())
      return status;
    using RowMajor =
        Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    table.milliseconds = Eigen::Map<const RowMajor>(
        values.data(), table.rowOfId.size(), devices.size());
    return std::move(table);
  }

private:
  absl::Status parseHeader(absl::Span<const std::string> devices) {
    absl::Status status = reader.readHeader();
    if (!status.ok())
      return status;
    const absl::StatusOr<size_t> id = reader.requireColumn(kIdColumn);
    if (!id.ok())
      return id.status();
    idColumn = *id;
    for (const std::string &device : devices) {
      const absl::StatusOr<size_t> column = reader.requireColumn(device);
      if (!column.ok() || *column == idColumn)
        return reader.error("no device ", quoteCell(device));
      columns.push_back(*column);
    }
    return absl::OkStatus();
  }

  absl::Status parseRow() {
    if (absl::Status status = ids.add(reader, idColumn); !status.ok())
      return status;
    const absl::string_view id = reader.cell(idColumn);
    if (onlyIds && !onlyIds->contains(id))
      return absl::OkStatus();
    table.rowOfId.try_emplace(id, table.rowOfId.size());
    for (size_t column : columns) {
      const absl::StatusOr<double> value = readLatency(reader, column);
      if (!value.ok())
        return value.status();
      values.push_back(*value);
    }
    return absl::OkStatus();
  }

  CsvReader reader;
  const absl::flat_hash_set<absl::string_view> *onlyIds;
  size_t idColumn = 0;
  std::vector<size_t> columns;
  CsvIds ids;
  LatencyTable table;
  std::vector<double> values;
};

} // namespace

ArchitectureReader::ArchitectureReader(
    absl::Span<const absl::string_view> texts) {
  for (absl::string_view text : texts)
    parts.push_back({CsvReader(text)});
}

absl::Status ArchitectureReader::readHeader() {
  for (Part &part : parts) {
    if (absl::Status status = part.reader.readHeader(); !status.ok())
      return status;
    const absl::StatusOr<size_t> id = part.reader.requireColumn(kIdColumn);
    if (!id.ok())
      return id.status();
    part.idColumn = *id;
    for (absl::string_view name : part.reader.columns()) {
      if (name == kIdColumn)
        continue;
      if (absl::c_linear_search(names, name))
        return part.reader.error("column ", quoteCell(name),
                                 " is in another file as well");
      names.emplace_back(name);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> ArchitectureReader::nextRow() {
  values.clear();
  const absl::StatusOr<bool> hasRow = parts.front().reader.nextRow();
  for (size_t i = 1; i < parts.size() && hasRow.ok(); ++i) {
    const absl::StatusOr<bool> other = parts[i].reader.nextRow();
    if (!other.ok())
      return other;
    if (*other != *hasRow)
      return absl::InvalidArgumentError(
          "the files of architectures have different numbers of rows");
  }
  if (!hasRow.ok() || !*hasRow)
    return hasRow;
  const Part &first = parts.front();
  if (absl::Status status = ids.add(first.reader, first.idColumn); !status.ok())
    return status;
  currentId = first.reader.cell(first.idColumn);
  for (const Part &part : parts)
    if (absl::Status status = readPart(part); !status.ok())
      return status;
  return true;
}

absl::Status ArchitectureReader::readPart(const Part &part) {
  const absl::string_view id = part.reader.cell(part.idColumn);
  if (id != currentId)
    return part.reader.error("id ", quoteCell(id), " where the first file has ",
                             quoteCell(currentId));
  for (size_t column = 0; column < part.reader.columns().size(); ++column) {
    if (column == part.idColumn)
      continue;
    const absl::StatusOr<double> value = part.reader.readNumber(column);
    if (!value.ok())
      return value.status();
    values.push_back(*value);
  }
  return absl::OkStatus();
}

absl::StatusOr<LatencyTable>
readLatencies(absl::string_view text, absl::Span<const std::string> devices,
              const absl::flat_hash_set<absl::string_view> *onlyIds) {
  return LatencyParser(text, onlyIds).parse(devices);
}

absl::StatusOr<std::vector<std::string>>
readDeviceNames(absl::string_view text) {
  CsvReader reader(text);
  if (absl::Status status = reader.readHeader(); !status.ok())
    return status;
  if (auto id = reader.requireColumn(kIdColumn); !id.ok())
    return id.status();
  std::vector<std::string> names;
  for (absl::string_view name : reader.columns())
    if (name != kIdColumn)
      names.emplace_back(name);
  return names;
}

absl::StatusOr<std::vector<absl::string_view>> readIds(absl::string_view text) {
  CsvReader reader(text);
  reader.assumeHeader({kIdColumn});
  CsvIds seen;
  std::vector<absl::string_view> ids;
  while (true) {
    const absl::StatusOr<bool> hasRow = reader.nextRow();
    if (!hasRow.ok())
      return hasRow.status();
    if (!*hasRow)
      return ids;
    if (absl::Status status = seen.add(reader, 0); !status.ok())
      return status;
    ids.push_back(reader.cell(0));
  }
}

} // namespace serenity::core
