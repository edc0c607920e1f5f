//===- CsvReader.cpp - Comma-separated tables, line by line ---------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Csv/CsvReader.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"

#include <algorithm>
#include <cmath>

namespace serenity::core {

std::string quoteCell(absl::string_view cell) {
  constexpr size_t kLongest = 40;
  return absl::StrCat("'", absl::CHexEscape(cell.substr(0, kLongest)),
                      cell.size() <= kLongest ? "'" : "...'");
}

void CsvReader::splitLine(std::vector<absl::string_view> &parts) {
  ++lineNumber;
  const size_t end = rest.find('\n');
  absl::string_view line =
      absl::StripSuffix(rest.substr(0, std::min(end, rest.size())), "\r");
  rest.remove_prefix(end == absl::string_view::npos ? rest.size() : end + 1);
  parts.clear();
  for (size_t comma = line.find(','); comma != absl::string_view::npos;
       comma = line.find(',')) {
    parts.push_back(line.substr(0, comma));
    line.remove_prefix(comma + 1);
  }
  parts.push_back(line);
}

absl::Status CsvReader::readHeader() {
  if (rest.empty())
    return absl::InvalidArgumentError("no header: the file is empty");
  splitLine(names);
  for (size_t i = 0; i < names.size(); ++i)
    if (!positions.try_emplace(names[i], i).second)
      return error("column ", quoteCell(names[i]), " appears twice");
  return absl::OkStatus();
}

void CsvReader::assumeHeader(absl::Span<const absl::string_view> columns) {
  names.assign(columns.begin(), columns.end());
  for (size_t i = 0; i < names.size(); ++i)
    positions.emplace(names[i], i);
}

std::optional<size_t> CsvReader::findColumn(absl::string_view name) const {
  const auto position = positions.find(name);
  if (position == positions.end())
    return std::nullopt;
  return position->second;
}

absl::StatusOr<size_t> CsvReader::requireColumn(absl::string_view name) const {
  if (const std::optional<size_t> position = findColumn(name))
    return *position;
  return error("no column ", quoteCell(name));
}

absl::StatusOr<bool> CsvReader::nextRow() {
  if (rest.empty())
    return false;
  splitLine(cells);
  if (cells.size() != names.size())
    return error("expected ", names.size(), " columns, got ", cells.size());
  return true;
}

absl::StatusOr<absl::string_view> CsvReader::readId(size_t column) const {
  constexpr size_t kLongestId = 200;
  const absl::string_view id = cells[column];
  if (id.empty())
    return error("empty id");
  if (id.size() > kLongestId)
    return error("id of ", id.size(), " characters, allowed are ", kLongestId);
  if (!std::all_of(id.begin(), id.end(), absl::ascii_isprint))
    return error("id ", quoteCell(id), " is not printable ASCII");
  return id;
}

absl::StatusOr<int64_t> CsvReader::readInteger(size_t column) const {
  const absl::string_view text = cells[column];
  const bool isPlain = !text.empty() && text.find_first_not_of("-0123456789") ==
                                            absl::string_view::npos;
  int64_t number = 0;
  if (!isPlain || !absl::SimpleAtoi(text, &number))
    return error(quoteCell(names[column]), " is ", quoteCell(text),
                 ", not a 64-bit integer");
  return number;
}

absl::StatusOr<double> CsvReader::readNumber(size_t column) const {
  const absl::string_view text = cells[column];
  const bool isPlain =
      !text.empty() &&
      text.find_first_not_of("+-.0123456789eE") == absl::string_view::npos;
  double number = 0;
  if (!isPlain || !absl::SimpleAtod(text, &number) || !std::isfinite(number))
    return error(quoteCell(names[column]), " is ", quoteCell(text),
                 ", not a number");
  return number;
}

absl::Status CsvIds::add(const CsvReader &reader, size_t column) {
  const absl::StatusOr<absl::string_view> id = reader.readId(column);
  if (!id.ok())
    return id.status();
  const auto [entry, isNew] = lineOfId.try_emplace(*id, reader.getLineNumber());
  if (!isNew)
    return reader.error("id ", quoteCell(*id), " was used on line ",
                        entry->second);
  return absl::OkStatus();
}

} // namespace serenity::core
