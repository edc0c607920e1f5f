//===- CsvReader.h - Comma-separated tables, line by line -------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The CSV of every tool: a header names the columns, each further line is a
// row with as many cells. No quoting, no blanks around cells; a line may end in
// CR LF, and the last need not end at all.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_CORE_CSV_CSVREADER_H
#define SERENITY_CORE_CSV_CSVREADER_H

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace serenity::core {

/// A cell as it appears in messages: on one line and not too long.
std::string quoteCell(absl::string_view cell);

/// Reads one row after the other and keeps only the current one, whose cells
/// are views of the text: a file that is mapped into memory may be of any size.
/// Every error is an InvalidArgument of one line that begins with the number
/// of the offending line.
class CsvReader {
public:
  /// `text` must outlive the reader.
  explicit CsvReader(absl::string_view text) : rest(text) {}

  /// Reads the first line; to be called once, before all else. Fails if there
  /// is none, or if a name appears twice.
  absl::Status readHeader();
  /// Names the columns of a text that has no header; instead of readHeader.
  void assumeHeader(absl::Span<const absl::string_view> columns);
  /// The names of the columns.
  absl::Span<const absl::string_view> columns() const { return names; }
  /// The position of the column `name`, if there is one.
  std::optional<size_t> findColumn(absl::string_view name) const;
  /// The same, or an error that names the column.
  absl::StatusOr<size_t> requireColumn(absl::string_view name) const;

  /// Moves on to the next row; false after the last. Fails if it has not as
  /// many cells as the header.
  absl::StatusOr<bool> nextRow();
  absl::string_view cell(size_t column) const { return cells[column]; }

  /// The cell as an id: 1 to 200 printable ASCII characters.
  absl::StatusOr<absl::string_view> readId(size_t column) const;
  /// The cell as a decimal integer.
  absl::StatusOr<int64_t> readInteger(size_t column) const;
  /// The cell as a finite decimal number, with or without an exponent.
  absl::StatusOr<double> readNumber(size_t column) const;

  /// The line last read, from 1.
  int64_t getLineNumber() const { return lineNumber; }
  /// An error at that line.
  template <typename... Args> absl::Status error(const Args &...what) const {
    return absl::InvalidArgumentError(
        absl::StrCat("line ", lineNumber, ": ", what...));
  }

private:
  void splitLine(std::vector<absl::string_view> &parts);

  absl::string_view rest;
  int64_t lineNumber = 0;
  std::vector<absl::string_view> names, cells;
  absl::flat_hash_map<absl::string_view, size_t> positions;
};

/// The ids of a table, each to be used once. They are views of the text.
class CsvIds {
public:
  /// Takes the id of the reader's current row; fails if it is none (readId) or
  /// was used on an earlier line.
  absl::Status add(const CsvReader &reader, size_t column);

private:
  absl::flat_hash_map<absl::string_view, int64_t> lineOfId;
};

} // namespace serenity::core

#endif // SERENITY_CORE_CSV_CSVREADER_H
