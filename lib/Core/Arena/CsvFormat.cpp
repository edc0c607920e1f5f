//===- CsvFormat.cpp - Arena problems and plans as CSV --------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Arena/CsvFormat.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include <algorithm>
#include <array>

namespace serenity::core {
namespace {

enum Column { Id, Lower, Upper, Size, Alignment, Offset, NumColumns };
constexpr std::array<absl::string_view, NumColumns> kColumnNames = {
    "id", "lower", "upper", "size", "alignment", "offset"};

constexpr size_t kLongestId = 200;

/// A cell as it appears in messages: on one line and not too long.
std::string quote(absl::string_view cell) {
  constexpr size_t kLongest = 40;
  return absl::StrCat("'", absl::CHexEscape(cell.substr(0, kLongest)),
                      cell.size() <= kLongest ? "'" : "...'");
}

/// Reads line after line.
class CsvParser {
public:
  absl::StatusOr<ArenaProblem> parse(absl::string_view text) {
    std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
    if (lines.back().empty())
      lines.pop_back();
    if (lines.empty())
      return absl::InvalidArgumentError("no header: the file is empty");
    absl::Status status = parseHeader(nextLine(lines[0]));
    for (size_t i = 1; i < lines.size() && status.ok(); ++i)
      status = parseRow(nextLine(lines[i]));
    if (status.ok())
      status = checkProblem(problem);
    if (!status.ok())
      return status;
    return std::move(problem);
  }

private:
  template <typename... Args> absl::Status error(const Args &...what) const {
    return absl::InvalidArgumentError(
        absl::StrCat("line ", lineNumber, ": ", what...));
  }

  std::vector<absl::string_view> nextLine(absl::string_view line) {
    ++lineNumber;
    return absl::StrSplit(absl::StripSuffix(line, "\r"), ',');
  }

  absl::Status parseHeader(const std::vector<absl::string_view> &cells) {
    positions.fill(-1);
    for (size_t i = 0; i < cells.size(); ++i) {
      const auto *name =
          std::find(kColumnNames.begin(), kColumnNames.end(), cells[i]);
      if (name == kColumnNames.end())
        return error("unknown column ", quote(cells[i]));
      int &position = positions[name - kColumnNames.begin()];
      if (position >= 0)
        return error("column ", quote(cells[i]), " appears twice");
      position = static_cast<int>(i);
    }
    for (int column = Id; column <= Size; ++column)
      if (positions[column] < 0)
        return error("no column '", kColumnNames[column], "'");
    numColumns = cells.size();
    return absl::OkStatus();
  }

  absl::Status parseRow(const std::vector<absl::string_view> &cells) {
    if (cells.size() != numColumns)
      return error("expected ", numColumns, " columns, got ", cells.size());
    ArenaBuffer buffer;
    buffer.name = std::string(cells[positions[Id]]);
    absl::Status status = parseId(buffer.name);
    status.Update(parseNumber(cells, Lower, buffer.lower));
    status.Update(parseNumber(cells, Upper, buffer.upper));
    status.Update(parseNumber(cells, Size, buffer.size));
    if (hasCell(cells, Alignment))
      status.Update(parseNumber(cells, Alignment, buffer.alignment));
    if (hasCell(cells, Offset))
      status.Update(parseNumber(cells, Offset, buffer.offset.emplace()));
    if (status.ok())
      if (absl::Status checked = checkBuffer(buffer); !checked.ok())
        status = error(checked.message());
    problem.buffers.push_back(std::move(buffer));
    return status;
  }

  absl::Status parseId(const std::string &id) {
    if (id.empty())
      return error("empty id");
    if (id.size() > kLongestId)
      return error("id of ", id.size(), " characters, allowed are ",
                   kLongestId);
    if (!std::all_of(id.begin(), id.end(), absl::ascii_isprint))
      return error("id ", quote(id), " is not printable ASCII");
    auto [entry, isNew] = lineOfId.try_emplace(id, lineNumber);
    if (!isNew)
      return error("id ", quote(id), " was used on line ", entry->second);
    return absl::OkStatus();
  }

  bool hasCell(const std::vector<absl::string_view> &cells,
               Column column) const {
    return positions[column] >= 0 && !cells[positions[column]].empty();
  }

  absl::Status parseNumber(const std::vector<absl::string_view> &cells,
                           Column column, int64_t &number) const {
    const absl::string_view cell = cells[positions[column]];
    const bool isPlain =
        !cell.empty() &&
        cell.find_first_not_of("-0123456789") == absl::string_view::npos;
    if (!isPlain || !absl::SimpleAtoi(cell, &number))
      return error(kColumnNames[column], " is ", quote(cell),
                   ", not a 64-bit integer");
    return absl::OkStatus();
  }

  ArenaProblem problem;
  int64_t lineNumber = 0;
  size_t numColumns = 0;
  /// Where each column is in a line; -1 if it is absent.
  std::array<int, NumColumns> positions;
  absl::flat_hash_map<std::string, int64_t> lineOfId;
};

} // namespace

absl::StatusOr<ArenaProblem> parseArenaCsv(absl::string_view text) {
  return CsvParser().parse(text);
}

std::string printArenaCsv(const ArenaProblem &problem, const ArenaPlan &plan) {
  const bool hasAlignment =
      std::any_of(problem.buffers.begin(), problem.buffers.end(),
                  [](const ArenaBuffer &b) { return b.alignment != 1; });
  std::string text = absl::StrCat("id,lower,upper,size,",
                                  hasAlignment ? "alignment," : "", "offset\n");
  for (size_t i = 0; i < problem.buffers.size(); ++i) {
    const ArenaBuffer &buffer = problem.buffers[i];
    absl::StrAppend(&text, buffer.name, ",", buffer.lower, ",", buffer.upper,
                    ",", buffer.size, ",");
    if (hasAlignment)
      absl::StrAppend(&text, buffer.alignment, ",");
    absl::StrAppend(&text, plan.offsets[i], "\n");
  }
  return text;
}

} // namespace serenity::core
