//===- Report.h - What was decided, for people and programs -----*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_ANALYSIS_REPORT_H
#define SERENITY_ANALYSIS_REPORT_H

#include "serenity/Analysis/BlockGraph.h"
#include "serenity/Core/Graph/Footprint.h"
#include "serenity/Core/Schedule/Schedule.h"
#include "llvm/Support/JSON.h"

namespace serenity {

/// A function, the order chosen for it and what that order costs.
struct ScheduleReport {
  std::string functionName;
  MemoryModel model;
  core::Strategy strategy;
  /// Peak of the order in which the operations came.
  int64_t sourcePeakBytes;
  core::Schedule schedule;
  /// Footprint of `schedule.order`.
  core::Footprint footprint;
  /// Wall-clock time of the solver.
  double solveMilliseconds;
};

/// The object that a report has for one function; docs/Report.md describes its
/// fields. Operations are named by their locations and numbered by their
/// position in the source: the operator index of an imported file, else the
/// position in `blockGraph`.
llvm::json::Object toJSON(const ScheduleReport &report,
                          const BlockGraph &blockGraph);

/// Writes `value` to `path`: to a temporary file first, which then takes the
/// place of `path`, so that nobody ever reads half a report. "-" is standard
/// output.
llvm::Error writeJSON(llvm::StringRef path, const llvm::json::Value &value);

} // namespace serenity

#endif // SERENITY_ANALYSIS_REPORT_H
