//===- Report.cpp - What was decided, for people and programs -------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Analysis/Report.h"

#include "ReportPage.h"
#include "serenity/Analysis/SourceOrder.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace serenity;
namespace json = llvm::json;

static llvm::StringRef toStringRef(absl::string_view text) {
  return {text.data(), text.size()};
}

static json::Array describeOrder(const core::Schedule &schedule,
                                 const BlockGraph &blockGraph) {
  json::Array order;
  for (core::OpId op : schedule.order)
    order.push_back(
        json::Object{{"index", getSourceIndex(blockGraph, op)},
                     {"name", json::fixUTF8(blockGraph.getGraph().name(op))}});
  return order;
}

/// A value that only a pass which has not run could have told is null.
template <typename RunT, typename GetT>
static json::Value getFrom(const std::optional<RunT> &run, GetT get) {
  return run ? json::Value(get(*run)) : json::Value(nullptr);
}

static json::Array describeBuffers(const FunctionReport &report,
                                   const core::Graph &graph) {
  json::Array buffers;
  for (core::BufferId buffer : graph.bufferIds()) {
    // Buffers of no bytes stand for dependencies, and need no place.
    if (graph.bytes(buffer) == 0 || report.footprint.lifetimes.empty())
      continue;
    const core::Lifetime &life = report.footprint.lifetimes[buffer.index()];
    buffers.push_back(json::Object{
        {"name", json::fixUTF8(graph.name(buffer))},
        {"bytes", graph.bytes(buffer)},
        {"first", life.first},
        {"last", life.last},
        {"offset", getFrom(report.arenaRun, [&](const ArenaRun &run) {
           return run.plan.bufferOffsets[buffer.index()];
         })}});
  }
  return buffers;
}

static json::Array describeScratch(const FunctionReport &report,
                                   const core::Graph &graph) {
  json::Array scratch;
  for (auto [step, op] : llvm::enumerate(report.schedule.order))
    if (graph.scratchBytes(op) > 0)
      scratch.push_back(json::Object{
          {"name", json::fixUTF8(graph.name(op))},
          {"bytes", graph.scratchBytes(op)},
          {"step", static_cast<int64_t>(step)},
          {"offset", getFrom(report.arenaRun, [op = op](const ArenaRun &run) {
             return run.plan.scratchOffsets[op.index()];
           })}});
  return scratch;
}

/// Adds what a scheduler tells of its search to `object`.
static void addSearch(const FunctionReport &report, json::Object &object) {
  const std::optional<ScheduleRun> &run = report.scheduleRun;
  const core::Schedule &schedule = report.schedule;
  object["strategy"] = getFrom(run, [](const ScheduleRun &run) {
    return toStringRef(core::toString(run.strategy));
  });
  object["stop_reason"] = getFrom(run, [&](const ScheduleRun &) {
    return toStringRef(core::toString(schedule.stopReason));
  });
  object["states"] =
      getFrom(run, [&](const ScheduleRun &) { return schedule.states; });
  object["solve_ms"] =
      getFrom(run, [](const ScheduleRun &run) { return run.milliseconds; });
}

/// What a planner tells of the arena.
static json::Value describeArena(const std::optional<ArenaRun> &run) {
  return getFrom(run, [](const ArenaRun &run) {
    return json::Object{
        {"strategy", toStringRef(core::toString(run.strategy))},
        {"alignment", run.alignment},
        {"aligned_peak_bytes", run.plan.alignedPeakBytes},
        {"lower_bound_bytes", run.plan.lowerBoundBytes},
        {"proven_optimal", run.plan.isProvenOptimal()},
        {"stop_reason", toStringRef(core::toString(run.plan.stop))},
        {"nodes", run.plan.nodes},
        {"orders", run.numOrders},
        {"any_order_lower_bound_bytes", run.anyOrderBoundBytes},
        {"solve_ms", run.milliseconds}};
  });
}

/// How the partial results of kernels that were rewritten are counted.
static json::Value describeAccumulator(const BlockGraph &blockGraph) {
  if (blockGraph.getOperations().empty())
    return nullptr;
  mlir::Operation *function = blockGraph.getOperations().front()->getParentOp();
  auto accumulator =
      function->getAttrOfType<mlir::StringAttr>("serenity.accumulator");
  return accumulator ? json::Value(accumulator.getValue()) : nullptr;
}

json::Object serenity::toJSON(const FunctionReport &report,
                              const BlockGraph &blockGraph) {
  const core::Schedule &schedule = report.schedule;
  const core::Graph &graph = blockGraph.getGraph();
  json::Object result{
      {"function", json::fixUTF8(report.functionName)},
      {"concat_model", toString(report.model.concat)},
      {"inplace", report.model.inPlace},
      {"accumulator", describeAccumulator(blockGraph)},
      {"source_peak_bytes", report.sourceFootprint.peakBytes},
      {"peak_bytes", schedule.peakBytes},
      {"lower_bound_bytes", schedule.lowerBoundBytes},
      {"proven_optimal", schedule.isProvenOptimal()},
      {"arena_bytes",
       getFrom(report.arenaRun,
               [](const ArenaRun &run) { return run.plan.arenaBytes; })},
      {"arena", describeArena(report.arenaRun)},
      {"order", describeOrder(schedule, blockGraph)},
      {"source_footprint", json::Array(report.sourceFootprint.stepBytes)},
      {"footprint", json::Array(report.footprint.stepBytes)},
      {"buffers", describeBuffers(report, graph)},
      {"scratch", describeScratch(report, graph)}};
  addSearch(report, result);
  return result;
}

/// `value` as text that may stand between the tags of a script: no string in it
/// can end the script or begin a comment.
static std::string toScriptText(const json::Value &value) {
  std::string text = llvm::formatv("{0}", value);
  std::string escaped;
  for (char c : text)
    if (c == '<')
      escaped += "\\u003c";
    else
      escaped += c;
  return escaped;
}

static void printPage(llvm::raw_ostream &os, const json::Value &report) {
  auto [before, after] = reportPage.split(reportPlaceholder);
  os << before << toScriptText(report) << after;
}

mlir::LogicalResult serenity::writeReport(mlir::Location loc,
                                          llvm::StringRef path,
                                          json::Array functions) {
  if (path.empty())
    return mlir::success();
  const json::Value report(std::move(functions));
  llvm::Error error = llvm::writeToOutput(path, [&](llvm::raw_ostream &os) {
    if (path.ends_with(".html"))
      printPage(os, report);
    else
      os << llvm::formatv("{0:2}", report) << "\n";
    return llvm::Error::success();
  });
  if (!error)
    return mlir::success();
  return mlir::emitError(loc, "cannot write the report '")
         << path << "': " << llvm::toString(std::move(error));
}
