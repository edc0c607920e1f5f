//===- Footprint.cpp - Bytes alive along an order -------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Graph/Footprint.h"

#include "Quoted.h"

#include "absl/algorithm/container.h"

#include <algorithm>

using namespace serenity::core;

namespace {

/// The step of each operation, after checking that `order` is a permutation.
absl::StatusOr<std::vector<int32_t>> stepsOf(const Graph &graph,
                                             absl::Span<const OpId> order) {
  if (order.size() != graph.numOps())
    return absl::InvalidArgumentError(
        absl::StrCat("the order has ", order.size(), " operations, the graph ",
                     graph.numOps()));
  constexpr int32_t kUnseen = -1;
  std::vector<int32_t> steps(graph.numOps(), kUnseen);
  for (size_t step = 0; step < order.size(); ++step) {
    const OpId op = order[step];
    if (op.getValue() < 0 || op.index() >= graph.numOps())
      return absl::InvalidArgumentError(
          absl::StrCat("step ", step, " names operation ", op.getValue(),
                       " of only ", graph.numOps()));
    if (steps[op.index()] != kUnseen)
      return absl::InvalidArgumentError(
          absl::StrCat("operation ", quoted(graph.name(op)), " runs at steps ",
                       steps[op.index()], " and ", step));
    steps[op.index()] = static_cast<int32_t>(step);
  }
  return steps;
}

/// Whether every reader of every buffer comes after every writer. Takes the
/// last writer once per buffer, so that the check stays linear.
absl::Status checkDependencies(const Graph &graph,
                               const std::vector<int32_t> &steps) {
  auto byStep = [&](OpId a, OpId b) {
    return steps[a.index()] < steps[b.index()];
  };
  for (BufferId buffer : graph.bufferIds()) {
    const absl::Span<const OpId> writers = graph.writers(buffer);
    const absl::Span<const OpId> readers = graph.readers(buffer);
    if (writers.empty() || readers.empty())
      continue;
    const OpId writer = *absl::c_max_element(writers, byStep);
    const OpId reader = *absl::c_min_element(readers, byStep);
    if (!byStep(writer, reader))
      return absl::InvalidArgumentError(absl::StrCat(
          "operation ", quoted(graph.name(reader)), " runs at step ",
          steps[reader.index()], ", before ", quoted(graph.name(writer)),
          " at step ", steps[writer.index()], " has written ",
          quoted(graph.name(buffer))));
  }
  return absl::OkStatus();
}

Lifetime lifetimeOf(const Graph &graph, BufferId buffer,
                    const std::vector<int32_t> &steps) {
  const int32_t lastStep = static_cast<int32_t>(steps.size()) - 1;
  int32_t first = lastStep, last = -1;
  for (OpId op : graph.writers(buffer)) {
    first = std::min(first, steps[op.index()]);
    last = std::max(last, steps[op.index()]);
  }
  for (OpId op : graph.readers(buffer))
    last = std::max(last, steps[op.index()]);
  if (graph.isInput(buffer))
    first = 0;
  if (graph.isOutput(buffer))
    last = lastStep;
  return {first, last};
}

/// Bytes that `op` saves by writing its result over an operand that dies.
int64_t overwrittenBytes(const Graph &graph, OpId op, int32_t step,
                         const std::vector<Lifetime> &lifetimes) {
  if (graph.mayOverwrite(op).empty())
    return 0;
  const BufferId result = graph.writes(op).front();
  const bool isBorn =
      !graph.isInput(result) && lifetimes[result.index()].first == step;
  const bool anyDies =
      absl::c_any_of(graph.mayOverwrite(op), [&](BufferId operand) {
        return !graph.isOutput(operand) &&
               lifetimes[operand.index()].last == step;
      });
  return isBorn && anyDies ? graph.bytes(result) : 0;
}

/// Bytes alive before the first step: the inputs that anybody wants.
int64_t inputBytes(const Graph &graph) {
  int64_t bytes = 0;
  for (BufferId buffer : graph.bufferIds())
    if (graph.isInput(buffer) &&
        (graph.isOutput(buffer) || !graph.readers(buffer).empty() ||
         !graph.writers(buffer).empty()))
      bytes += graph.bytes(buffer);
  return bytes;
}

/// Sums the lifetimes into bytes per step, by differences.
std::vector<int64_t> liveBytes(const Graph &graph,
                               const std::vector<Lifetime> &lifetimes) {
  std::vector<int64_t> bytes(graph.numOps() + 1);
  for (BufferId buffer : graph.bufferIds()) {
    const Lifetime &life = lifetimes[buffer.index()];
    bytes[life.first] += graph.bytes(buffer);
    bytes[life.last + 1] -= graph.bytes(buffer);
  }
  for (size_t step = 1; step < bytes.size(); ++step)
    bytes[step] += bytes[step - 1];
  bytes.pop_back();
  return bytes;
}

} // namespace

absl::Status serenity::core::verifyOrder(const Graph &graph,
                                         absl::Span<const OpId> order) {
  absl::StatusOr<std::vector<int32_t>> steps = stepsOf(graph, order);
  return steps.ok() ? checkDependencies(graph, *steps) : steps.status();
}

absl::StatusOr<Footprint>
serenity::core::computeFootprint(const Graph &graph,
                                 absl::Span<const OpId> order) {
  absl::StatusOr<std::vector<int32_t>> steps = stepsOf(graph, order);
  if (!steps.ok())
    return steps.status();
  if (absl::Status s = checkDependencies(graph, *steps); !s.ok())
    return s;

  Footprint result;
  result.peakBytes = inputBytes(graph);
  if (order.empty())
    return result;
  for (BufferId buffer : graph.bufferIds())
    result.lifetimes.push_back(lifetimeOf(graph, buffer, *steps));
  result.stepBytes = liveBytes(graph, result.lifetimes);
  for (size_t step = 0; step < order.size(); ++step) {
    result.stepBytes[step] +=
        graph.scratchBytes(order[step]) -
        overwrittenBytes(graph, order[step], static_cast<int32_t>(step),
                         result.lifetimes);
    result.peakBytes = std::max(result.peakBytes, result.stepBytes[step]);
  }
  return result;
}
