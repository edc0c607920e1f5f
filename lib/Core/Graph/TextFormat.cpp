//===- TextFormat.cpp - Graphs as text ------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Graph/TextFormat.h"

#include "Quoted.h"

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include <algorithm>
#include <limits>

using namespace serenity::core;

namespace {

constexpr absl::string_view kHeader = "serenity-graph";
constexpr absl::string_view kBlanks = " \t";

/// Takes one line apart, word by word.
class LineReader {
public:
  LineReader(absl::string_view line, int64_t number)
      : rest(line), number(number) {
    skipBlanks();
  }

  bool isAtEnd() const { return rest.empty() || rest.front() == '#'; }

  /// Takes the next word if it is `word`.
  bool take(absl::string_view word) {
    if (peek() != word)
      return false;
    drop(word.size());
    return true;
  }

  /// Whether the next word begins like a number.
  bool isAtNumber() const {
    return !rest.empty() && absl::ascii_isdigit(rest.front());
  }

  /// Takes a number of at most `max`; `what` is what it stands for.
  absl::StatusOr<int64_t> takeNumber(absl::string_view what, int64_t max) {
    const absl::string_view word = peek();
    if (word.empty() || !absl::c_all_of(word, absl::ascii_isdigit))
      return expected(what);
    int64_t value = 0;
    if (!absl::SimpleAtoi(word, &value) || value > max)
      return error(absl::StrCat(what, " ", quoted(word), " exceeds ", max));
    drop(word.size());
    return value;
  }

  /// Takes a name within double quotes.
  absl::StatusOr<std::string> takeName() {
    if (rest.empty() || rest.front() != '"')
      return expected("a name in double quotes");
    size_t end = 1;
    while (end < rest.size() && rest[end] != '"')
      end += rest[end] == '\\' ? 2 : 1;
    if (end >= rest.size())
      return error("a name has no closing quote");
    const absl::string_view escaped = rest.substr(1, end - 1);
    std::string name;
    if (!absl::CUnescape(escaped, &name))
      return error(absl::StrCat("bad escape in name ", quoted(escaped)));
    drop(end + 1);
    if (!rest.empty() && rest.data() == escaped.end() + 1)
      return error("no blank after a name");
    return name;
  }

  absl::Status takeEnd() const {
    return isAtEnd() ? absl::OkStatus() : expected("the end of the line");
  }

  absl::Status expected(absl::string_view what) const {
    return error(
        absl::StrCat("expected ", what, ", found ",
                     isAtEnd() ? "the end of the line" : quoted(peek())));
  }

  absl::Status error(absl::string_view message) const {
    return absl::InvalidArgumentError(
        absl::StrCat("line ", number, ": ", message));
  }

private:
  absl::string_view peek() const {
    return rest.substr(0, rest.find_first_of(kBlanks));
  }

  void drop(size_t size) {
    rest.remove_prefix(size);
    skipBlanks();
  }

  void skipBlanks() {
    rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
  }

  absl::string_view rest;
  int64_t number;
};

class GraphReader {
public:
  absl::StatusOr<Graph> read(absl::string_view text) {
    int64_t number = 0;
    for (absl::string_view words : absl::StrSplit(text, '\n')) {
      LineReader line(absl::StripSuffix(words, "\r"), ++number);
      if (line.isAtEnd())
        continue;
      if (absl::Status s = readLine(line); !s.ok())
        return s;
      if (absl::Status s = line.takeEnd(); !s.ok())
        return s;
    }
    if (!sawHeader)
      return absl::InvalidArgumentError(
          absl::StrCat("no '", kHeader, " 1' line before the end of the text"));
    return std::move(builder).build();
  }

private:
  absl::Status readLine(LineReader &line) {
    if (!sawHeader)
      return readHeader(line);
    if (line.take("buffer"))
      return readBuffer(line);
    if (line.take("op"))
      return readOp(line);
    return line.expected("'buffer' or 'op'");
  }

  absl::Status readHeader(LineReader &line) {
    sawHeader = true;
    if (!line.take(kHeader))
      return line.expected(absl::StrCat("'", kHeader, " 1'"));
    return line.take("1") ? absl::OkStatus() : line.expected("version '1'");
  }

  absl::Status readBuffer(LineReader &line) {
    const auto id = line.takeNumber("buffer id", kMaxId);
    if (!id.ok())
      return id.status();
    auto name = line.takeName();
    if (!name.ok())
      return name.status();
    const auto bytes = line.takeNumber("size in bytes", kMaxBytes);
    if (!bytes.ok())
      return bytes.status();
    const bool isInput = line.take("input"), isOutput = line.take("output");
    const BufferId buffer =
        builder.addBuffer({*std::move(name), *bytes, isInput, isOutput});
    if (!buffers.emplace(*id, buffer).second)
      return line.error(absl::StrCat("buffer ", *id, " is declared twice"));
    return absl::OkStatus();
  }

  absl::Status readOp(LineReader &line) {
    OpSpec op;
    auto name = line.takeName();
    if (!name.ok())
      return name.status();
    op.name = *std::move(name);
    if (absl::Status s = readIds(line, "reads", op.reads); !s.ok())
      return s;
    if (absl::Status s = readIds(line, "writes", op.writes); !s.ok())
      return s;
    if (line.take("scratch")) {
      const auto bytes = line.takeNumber("scratch in bytes", kMaxBytes);
      if (!bytes.ok())
        return bytes.status();
      op.scratchBytes = *bytes;
    }
    if (absl::Status s = readIds(line, "overwrites", op.mayOverwrite); !s.ok())
      return s;
    builder.addOp(std::move(op));
    return absl::OkStatus();
  }

  /// Reads `word` and the ids after it, if the line goes on with `word`.
  absl::Status readIds(LineReader &line, absl::string_view word,
                       std::vector<BufferId> &ids) {
    if (!line.take(word))
      return absl::OkStatus();
    absl::flat_hash_set<int64_t> seen;
    do {
      const auto id = line.takeNumber("buffer id", kMaxId);
      if (!id.ok())
        return id.status();
      const auto buffer = buffers.find(*id);
      if (buffer == buffers.end())
        return line.error(
            absl::StrCat("buffer ", *id, " is not declared above"));
      if (!seen.insert(*id).second)
        return line.error(
            absl::StrCat("'", word, "' lists buffer ", *id, " twice"));
      ids.push_back(buffer->second);
    } while (line.isAtNumber());
    return absl::OkStatus();
  }

  static constexpr int64_t kMaxId = std::numeric_limits<int32_t>::max();
  static constexpr int64_t kMaxBytes = std::numeric_limits<int64_t>::max();

  GraphBuilder builder;
  absl::flat_hash_map<int64_t, BufferId> buffers;
  bool sawHeader = false;
};

void appendName(std::string &text, absl::string_view name) {
  absl::StrAppend(&text, " \"", absl::Utf8SafeCEscape(name), "\"");
}

void appendIds(std::string &text, absl::string_view word,
               absl::Span<const BufferId> ids) {
  if (ids.empty())
    return;
  absl::StrAppend(&text, " ", word);
  for (BufferId id : ids)
    absl::StrAppend(&text, " ", id.getValue());
}

} // namespace

absl::StatusOr<Graph> serenity::core::parseGraph(absl::string_view text) {
  return GraphReader().read(text);
}

std::string serenity::core::printGraph(const Graph &graph) {
  std::string text = absl::StrCat(kHeader, " 1\n");
  for (BufferId buffer : graph.bufferIds()) {
    absl::StrAppend(&text, "buffer ", buffer.getValue());
    appendName(text, graph.name(buffer));
    absl::StrAppend(&text, " ", graph.bytes(buffer),
                    graph.isInput(buffer) ? " input" : "",
                    graph.isOutput(buffer) ? " output" : "", "\n");
  }
  for (OpId op : graph.opIds()) {
    absl::StrAppend(&text, "op");
    appendName(text, graph.name(op));
    appendIds(text, "reads", graph.reads(op));
    appendIds(text, "writes", graph.writes(op));
    if (graph.scratchBytes(op) != 0)
      absl::StrAppend(&text, " scratch ", graph.scratchBytes(op));
    appendIds(text, "overwrites", graph.mayOverwrite(op));
    absl::StrAppend(&text, "\n");
  }
  return text;
}
