//===- Graph.cpp - Operations and the buffers they touch ------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Graph/Graph.h"

#include "Quoted.h"

#include "absl/algorithm/container.h"
#include "serenity/Core/Graph/ReadySet.h"

#include <algorithm>
#include <limits>
#include <optional>

using namespace serenity::core;

namespace {

constexpr int64_t kMaxBytes = std::numeric_limits<int64_t>::max();

absl::Status invalid(const std::string &message) {
  return absl::InvalidArgumentError(message);
}

template <typename T> void sortAndUnique(std::vector<T> &items) {
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
}

/// Turns the lists `from -> to` into the lists `to -> from`, both ascending.
template <typename Lists>
std::vector<std::vector<OpId>> invert(const Lists &listOf, size_t numOps,
                                      size_t numBuffers) {
  std::vector<std::vector<OpId>> inverse(numBuffers);
  for (OpId op : IdRange<OpId>(numOps))
    for (BufferId buffer : listOf[op])
      inverse[buffer.index()].push_back(op);
  return inverse;
}

/// InvalidArgument if no order runs every operation of `graph`.
absl::Status checkAcyclic(const Graph &graph) {
  ReadySet ready(graph);
  std::vector<OpId> stack = ready.initial();
  std::vector<bool> done(graph.numOps());
  size_t numDone = 0;
  while (!stack.empty()) {
    const OpId op = stack.back();
    stack.pop_back();
    done[op.index()] = true;
    ++numDone;
    ready.run(op, [&](OpId next) { stack.push_back(next); });
  }
  if (numDone == graph.numOps())
    return absl::OkStatus();
  const size_t culprit =
      std::find(done.begin(), done.end(), false) - done.begin();
  return invalid(absl::StrCat(
      "operation ", quoted(graph.name(OpId(static_cast<int32_t>(culprit)))),
      " waits for a cycle of dependencies: only ", numDone, " of ",
      graph.numOps(), " operations can run"));
}

} // namespace

BufferId GraphBuilder::addBuffer(BufferSpec spec) {
  buffers.push_back(std::move(spec));
  return BufferId(static_cast<int32_t>(buffers.size() - 1));
}

OpId GraphBuilder::addOp(OpSpec spec) {
  sortAndUnique(spec.reads);
  sortAndUnique(spec.writes);
  sortAndUnique(spec.mayOverwrite);
  ops.push_back(std::move(spec));
  return OpId(static_cast<int32_t>(ops.size() - 1));
}

absl::Status GraphBuilder::checkIds(const OpSpec &op) const {
  for (const auto *list : {&op.reads, &op.writes, &op.mayOverwrite})
    for (BufferId buffer : *list)
      if (buffer.getValue() < 0 || buffer.index() >= buffers.size())
        return invalid(absl::StrCat("operation ", quoted(op.name),
                                    " names buffer ", buffer.getValue(),
                                    " of only ", buffers.size()));
  return absl::OkStatus();
}

absl::Status GraphBuilder::checkOverwrites(const OpSpec &op) const {
  if (op.mayOverwrite.empty())
    return absl::OkStatus();
  if (op.writes.size() != 1)
    return invalid(absl::StrCat("operation ", quoted(op.name), " writes ",
                                op.writes.size(),
                                " buffers; overwriting asks for 1"));
  const BufferSpec &result = buffers[op.writes.front().index()];
  for (BufferId buffer : op.mayOverwrite) {
    const BufferSpec &operand = buffers[buffer.index()];
    if (!std::binary_search(op.reads.begin(), op.reads.end(), buffer))
      return invalid(absl::StrCat("operation ", quoted(op.name),
                                  " may overwrite ", quoted(operand.name),
                                  ", which it does not read"));
    if (operand.bytes < result.bytes)
      return invalid(absl::StrCat("operation ", quoted(op.name), " cannot put ",
                                  result.bytes, " bytes in place of the ",
                                  operand.bytes, " of ", quoted(operand.name)));
  }
  return absl::OkStatus();
}

absl::Status GraphBuilder::checkSizes() const {
  int64_t total = 0;
  auto add = [&total](const char *what, const std::string &name,
                      int64_t bytes) -> absl::Status {
    if (bytes < 0)
      return invalid(absl::StrCat(what, " ", quoted(name),
                                  " has a negative size: ", bytes));
    if (bytes > kMaxBytes - total)
      return invalid(absl::StrCat("the sizes up to ", what, " ", quoted(name),
                                  " exceed ", kMaxBytes, " bytes"));
    total += bytes;
    return absl::OkStatus();
  };
  for (const BufferSpec &buffer : buffers)
    if (absl::Status s = add("buffer", buffer.name, buffer.bytes); !s.ok())
      return s;
  for (const OpSpec &op : ops)
    if (absl::Status s = add("scratch of", op.name, op.scratchBytes); !s.ok())
      return s;
  return absl::OkStatus();
}

Graph GraphBuilder::assemble() && {
  Graph graph;
  for (OpSpec &op : ops) {
    graph.readLists.appendList(op.reads);
    graph.writeLists.appendList(op.writes);
    graph.overwriteLists.appendList(op.mayOverwrite);
    graph.ops.push_back({std::move(op.name), op.scratchBytes});
  }
  graph.buffers = std::move(buffers);
  const size_t numBuffers = graph.buffers.size();
  for (const auto &list : invert(graph.writeLists, ops.size(), numBuffers))
    graph.writerLists.appendList(list);
  for (const auto &list : invert(graph.readLists, ops.size(), numBuffers))
    graph.readerLists.appendList(list);
  return graph;
}

absl::StatusOr<Graph> GraphBuilder::build() && {
  constexpr size_t kMaxIds = std::numeric_limits<int32_t>::max();
  if (ops.size() > kMaxIds || buffers.size() > kMaxIds)
    return invalid(
        absl::StrCat("more than ", kMaxIds, " operations or buffers"));
  for (const OpSpec &op : ops) {
    if (absl::Status s = checkIds(op); !s.ok())
      return s;
    if (absl::Status s = checkOverwrites(op); !s.ok())
      return s;
  }
  if (absl::Status s = checkSizes(); !s.ok())
    return s;
  Graph graph = std::move(*this).assemble();
  for (BufferId buffer : graph.bufferIds())
    if (graph.writers(buffer).empty() && !graph.isInput(buffer))
      return invalid(absl::StrCat("buffer ", quoted(graph.name(buffer)),
                                  " is no input and nobody writes it"));
  if (absl::Status s = checkAcyclic(graph); !s.ok())
    return s;
  return graph;
}

namespace {

/// When an operation runs, seen from a part of the graph.
enum class Phase : uint8_t { Before, Inside, After };

absl::StatusOr<std::vector<Phase>>
splitIntoPhases(const Graph &graph, absl::Span<const OpId> ops,
                const std::vector<bool> &before) {
  if (before.size() != graph.numOps())
    return invalid(absl::StrCat("marks for ", before.size(),
                                " operations, but the graph has ",
                                graph.numOps()));
  std::vector<Phase> phases(graph.numOps(), Phase::After);
  for (OpId op : graph.opIds())
    if (before[op.index()])
      phases[op.index()] = Phase::Before;
  for (OpId op : ops) {
    if (op.getValue() < 0 || op.index() >= graph.numOps())
      return invalid(absl::StrCat("operation ", op.getValue(), " of only ",
                                  graph.numOps()));
    if (phases[op.index()] != Phase::After)
      return invalid(absl::StrCat("operation ", quoted(graph.name(op)),
                                  " is in the part twice or before it"));
    phases[op.index()] = Phase::Inside;
  }
  return phases;
}

/// `buffer` as the part sees it, or nothing if it is never alive in the part.
std::optional<BufferSpec> cutBuffer(const Graph &graph, BufferId buffer,
                                    const std::vector<Phase> &phases) {
  auto anyIn = [&](absl::Span<const OpId> ops, Phase phase) {
    return absl::c_any_of(ops,
                          [&](OpId op) { return phases[op.index()] == phase; });
  };
  const absl::Span<const OpId> writers = graph.writers(buffer);
  const absl::Span<const OpId> readers = graph.readers(buffer);
  const bool touched =
      anyIn(writers, Phase::Inside) || anyIn(readers, Phase::Inside);
  const bool aliveBefore =
      graph.isInput(buffer) || anyIn(writers, Phase::Before);
  const bool aliveAfter = graph.isOutput(buffer) ||
                          anyIn(writers, Phase::After) ||
                          anyIn(readers, Phase::After);
  if (!touched && !(aliveBefore && aliveAfter))
    return std::nullopt;
  return BufferSpec{graph.name(buffer), graph.bytes(buffer), aliveBefore,
                    aliveAfter};
}

} // namespace

absl::StatusOr<Graph>
serenity::core::extractPart(const Graph &graph, absl::Span<const OpId> ops,
                            const std::vector<bool> &before) {
  absl::StatusOr<std::vector<Phase>> phases =
      splitIntoPhases(graph, ops, before);
  if (!phases.ok())
    return phases.status();

  GraphBuilder builder;
  std::vector<BufferId> copies(graph.numBuffers());
  for (BufferId buffer : graph.bufferIds())
    if (std::optional<BufferSpec> copy = cutBuffer(graph, buffer, *phases))
      copies[buffer.index()] = builder.addBuffer(*std::move(copy));
  auto copyList = [&](absl::Span<const BufferId> list) {
    std::vector<BufferId> result;
    for (BufferId buffer : list)
      result.push_back(copies[buffer.index()]);
    return result;
  };
  for (OpId op : ops)
    builder.addOp({graph.name(op), copyList(graph.reads(op)),
                   copyList(graph.writes(op)), graph.scratchBytes(op),
                   copyList(graph.mayOverwrite(op))});
  return std::move(builder).build();
}
