//===- CsvFormat.cpp - Arena problems and plans as CSV --------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Arena/CsvFormat.h"
#include "SpillBound.h"

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "serenity/Core/Csv/CsvReader.h"

#include <algorithm>
#include <array>

namespace serenity::core {
namespace {

enum Column { Id, Lower, Upper, Size, Alignment, Offset, Benefit, NumColumns };
constexpr std::array<absl::string_view, NumColumns> kColumnNames = {
    "id", "lower", "upper", "size", "alignment", "offset", "benefit"};

/// Reads buffer after buffer.
class ProblemParser {
public:
  explicit ProblemParser(absl::string_view text) : reader(text) {}

  absl::StatusOr<ArenaProblem> parse() {
    absl::Status status = parseHeader();
    while (status.ok()) {
      const absl::StatusOr<bool> hasRow = reader.nextRow();
      if (hasRow.ok() && !*hasRow)
        break;
      status = hasRow.ok() ? parseRow() : hasRow.status();
    }
    if (status.ok())
      status = checkProblem(problem);
    if (!status.ok())
      return status;
    return std::move(problem);
  }

private:
  absl::Status parseHeader() {
    if (absl::Status status = reader.readHeader(); !status.ok())
      return status;
    for (absl::string_view name : reader.columns())
      if (absl::c_find(kColumnNames, name) == kColumnNames.end())
        return reader.error("unknown column ", quoteCell(name));
    for (int column = Id; column <= Size; ++column)
      if (auto position = reader.requireColumn(kColumnNames[column]);
          !position.ok())
        return position.status();
    for (int column = Id; column < NumColumns; ++column)
      positions[column] = reader.findColumn(kColumnNames[column]);
    return absl::OkStatus();
  }

  absl::Status parseRow() {
    ArenaBuffer buffer;
    absl::Status status = ids.add(reader, *positions[Id]);
    buffer.name = std::string(reader.cell(*positions[Id]));
    status.Update(parseNumber(Lower, buffer.lower));
    status.Update(parseNumber(Upper, buffer.upper));
    status.Update(parseNumber(Size, buffer.size));
    if (hasCell(Alignment))
      status.Update(parseNumber(Alignment, buffer.alignment));
    if (hasCell(Offset))
      status.Update(parseNumber(Offset, buffer.offset.emplace()));
    if (hasCell(Benefit))
      status.Update(parseNumber(Benefit, buffer.benefit.emplace()));
    if (status.ok())
      if (absl::Status checked = checkBuffer(buffer); !checked.ok())
        status = reader.error(checked.message());
    problem.buffers.push_back(std::move(buffer));
    return status;
  }

  bool hasCell(Column column) const {
    return positions[column] && !reader.cell(*positions[column]).empty();
  }

  absl::Status parseNumber(Column column, int64_t &number) const {
    const absl::StatusOr<int64_t> value =
        reader.readInteger(*positions[column]);
    if (value.ok())
      number = *value;
    return value.status();
  }

  CsvReader reader;
  CsvIds ids;
  ArenaProblem problem;
  /// Where each column is in a line, if it is there.
  std::array<std::optional<size_t>, NumColumns> positions;
};

/// The columns before the offset; an optional one if any buffer has it.
class RowPrinter {
public:
  explicit RowPrinter(const ArenaProblem &problem) {
    for (const ArenaBuffer &buffer : problem.buffers) {
      hasAlignment |= buffer.alignment != 1;
      hasBenefit |= buffer.benefit.has_value();
    }
  }

  std::string header() const {
    return absl::StrCat("id,lower,upper,size,",
                        hasAlignment ? "alignment," : "",
                        hasBenefit ? "benefit," : "");
  }

  std::string row(const ArenaBuffer &buffer) const {
    std::string text = absl::StrCat(buffer.name, ",", buffer.lower, ",",
                                    buffer.upper, ",", buffer.size, ",");
    if (hasAlignment)
      absl::StrAppend(&text, buffer.alignment, ",");
    if (hasBenefit)
      absl::StrAppend(&text, benefitOf(buffer), ",");
    return text;
  }

private:
  bool hasAlignment = false, hasBenefit = false;
};

} // namespace

absl::StatusOr<ArenaProblem> parseArenaCsv(absl::string_view text) {
  return ProblemParser(text).parse();
}

std::string printArenaCsv(const ArenaProblem &problem, const ArenaPlan &plan) {
  const RowPrinter printer(problem);
  std::string text = printer.header() + "offset\n";
  for (size_t i = 0; i < problem.buffers.size(); ++i)
    absl::StrAppend(&text, printer.row(problem.buffers[i]), plan.offsets[i],
                    "\n");
  return text;
}

std::string printMemoriesCsv(const ArenaProblem &problem,
                             const std::vector<ArenaMemory> &memories,
                             const MemoriesPlan &plan) {
  const RowPrinter printer(problem);
  std::string text = printer.header() + "memory,offset\n";
  for (size_t i = 0; i < problem.buffers.size(); ++i)
    absl::StrAppend(&text, printer.row(problem.buffers[i]),
                    memories[plan.memories[i]].name, ",", plan.offsets[i],
                    "\n");
  return text;
}

} // namespace serenity::core
