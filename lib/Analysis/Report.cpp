//===- Report.cpp - What was decided, for people and programs -------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Analysis/Report.h"

#include "serenity/Dialect/Serenity/IR/OperatorLocation.h"
#include "llvm/Support/raw_ostream.h"

using namespace serenity;
namespace json = llvm::json;

static llvm::StringRef toStringRef(absl::string_view text) {
  return {text.data(), text.size()};
}

static json::Array describeOrder(const core::Schedule &schedule,
                                 const BlockGraph &blockGraph) {
  json::Array order;
  for (core::OpId op : schedule.order) {
    std::optional<int64_t> index =
        getOperatorIndex(blockGraph.getOperation(op)->getLoc());
    order.push_back(
        json::Object{{"index", index.value_or(op.getValue())},
                     {"name", json::fixUTF8(blockGraph.getGraph().name(op))}});
  }
  return order;
}

static json::Array describeBuffers(const core::Footprint &footprint,
                                   const core::Graph &graph) {
  json::Array buffers;
  for (core::BufferId buffer : graph.bufferIds()) {
    // Buffers of no bytes stand for dependencies, and need no place.
    if (graph.bytes(buffer) == 0 || footprint.lifetimes.empty())
      continue;
    const core::Lifetime &life = footprint.lifetimes[buffer.index()];
    buffers.push_back(json::Object{{"name", json::fixUTF8(graph.name(buffer))},
                                   {"bytes", graph.bytes(buffer)},
                                   {"first", life.first},
                                   {"last", life.last},
                                   {"offset", nullptr}});
  }
  return buffers;
}

json::Object serenity::toJSON(const ScheduleReport &report,
                              const BlockGraph &blockGraph) {
  const core::Schedule &schedule = report.schedule;
  return json::Object{
      {"function", json::fixUTF8(report.functionName)},
      {"concat_model", toString(report.model.concat)},
      {"inplace", report.model.inPlace},
      {"strategy", toStringRef(core::toString(report.strategy))},
      {"source_peak_bytes", report.sourcePeakBytes},
      {"peak_bytes", schedule.peakBytes},
      {"lower_bound_bytes", schedule.lowerBoundBytes},
      {"proven_optimal", schedule.isProvenOptimal()},
      {"stop_reason", toStringRef(core::toString(schedule.stopReason))},
      {"states", schedule.states},
      {"solve_ms", report.solveMilliseconds},
      {"arena_bytes", nullptr},
      {"order", describeOrder(schedule, blockGraph)},
      {"footprint", json::Array(report.footprint.stepBytes)},
      {"buffers", describeBuffers(report.footprint, blockGraph.getGraph())}};
}

llvm::Error serenity::writeJSON(llvm::StringRef path,
                                const json::Value &value) {
  return llvm::writeToOutput(path, [&](llvm::raw_ostream &os) {
    os << llvm::formatv("{0:2}", value) << "\n";
    return llvm::Error::success();
  });
}
