//===- Tables.h - Architectures and latencies as CSV ------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two kinds of tables, both with a column `id` (Core/Csv): architectures, whose
// other columns are numbers, and latencies, with one column a device, in
// milliseconds, empty or -1 where a measurement is missing. docs/Latency.md
// describes the formats. Errors are InvalidArguments of one line.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_CORE_LATENCY_TABLES_H
#define SERENITY_CORE_LATENCY_TABLES_H

#include "serenity/Core/Csv/CsvReader.h"

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"

#include <Eigen/Core>

namespace serenity::core {

/// Reads architectures row by row from one file, or from several whose columns
/// are put side by side and whose rows have the same ids in the same order.
/// Nothing is kept but the current row and the ids.
class ArchitectureReader {
public:
  /// The texts must outlive the reader; at least one.
  explicit ArchitectureReader(absl::Span<const absl::string_view> texts);

  /// Reads the headers; to be called first.
  absl::Status readHeader();
  /// The names of all columns but the ids'.
  const std::vector<std::string> &featureNames() const { return names; }
  /// Moves on to the next row; false after the last.
  absl::StatusOr<bool> nextRow();
  absl::string_view id() const { return currentId; }
  absl::Span<const double> features() const { return values; }

private:
  /// One of the files.
  struct Part {
    CsvReader reader;
    size_t idColumn = 0;
  };

  absl::Status readPart(const Part &part);

  std::vector<Part> parts;
  CsvIds ids;
  std::vector<std::string> names;
  std::vector<double> values;
  absl::string_view currentId;
};

/// Some columns of a file of latencies.
struct LatencyTable {
  /// The row of an id; the ids are views of the text.
  absl::flat_hash_map<absl::string_view, Eigen::Index> rowOfId;
  /// One row an id and one column a device; NaN where a value is missing.
  Eigen::MatrixXd milliseconds;
};

/// Reads the columns `devices` of `text`. With `onlyIds`, no value of any other
/// row is looked at, so that nobody can profit from what he should not know.
/// Fails if a device is unknown, or a latency is neither positive nor missing.
absl::StatusOr<LatencyTable>
readLatencies(absl::string_view text, absl::Span<const std::string> devices,
              const absl::flat_hash_set<absl::string_view> *onlyIds = nullptr);

/// The names of the devices of `text`, in their order.
absl::StatusOr<std::vector<std::string>>
readDeviceNames(absl::string_view text);

/// Reads a list of ids, one a line, each once. The ids are views of the text.
absl::StatusOr<std::vector<absl::string_view>> readIds(absl::string_view text);

} // namespace serenity::core

#endif // SERENITY_CORE_LATENCY_TABLES_H
