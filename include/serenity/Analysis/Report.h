//===- Report.h - What was decided, for people and programs -----*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_ANALYSIS_REPORT_H
#define SERENITY_ANALYSIS_REPORT_H

#include "serenity/Analysis/BlockGraph.h"
#include "serenity/Core/Plan/MemoryPlan.h"
#include "serenity/Core/Schedule/Schedule.h"
#include "llvm/Support/JSON.h"

namespace serenity {

/// How the order of a function was found.
struct ScheduleRun {
  core::Strategy strategy;
  /// Wall-clock time of the solver.
  double milliseconds;
};

/// The offsets of a function, and how they were found.
struct ArenaRun {
  core::MemoryPlan plan;
  /// No order needs a smaller arena; only if others were tried.
  std::optional<int64_t> anyOrderBoundBytes;
  /// Orders for which offsets were sought.
  int64_t numOrders;
  core::ArenaStrategy strategy;
  int64_t alignment;
  /// Wall-clock time of the planner.
  double milliseconds;
};

/// A function, an order of its operations and what that needs.
struct FunctionReport {
  std::string functionName;
  MemoryModel model;
  /// Footprint of the order in which the operations came.
  core::Footprint sourceFootprint;
  /// The order that was chosen; what it says of a search is of interest only
  /// with `scheduleRun`.
  core::Schedule schedule;
  /// Footprint of `schedule.order`.
  core::Footprint footprint;
  std::optional<ScheduleRun> scheduleRun;
  std::optional<ArenaRun> arenaRun;
};

/// The object that a report has for one function; docs/Report.md describes its
/// fields. Operations are named by their locations and numbered by their
/// position in the source.
llvm::json::Object toJSON(const FunctionReport &report,
                          const BlockGraph &blockGraph);

/// Writes `functions`, the objects of a report, to `path`: as a page of HTML
/// that draws them if it ends in ".html", else as JSON. Goes to a temporary
/// file first, which then takes the place of `path`, so that nobody ever reads
/// half a report. "-" is standard output, and an empty path nowhere. Fails with
/// an error at `loc`.
mlir::LogicalResult writeReport(mlir::Location loc, llvm::StringRef path,
                                llvm::json::Array functions);

} // namespace serenity

#endif // SERENITY_ANALYSIS_REPORT_H
