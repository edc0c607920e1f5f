//===- Exact.h - Orders of proven least peak --------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_SCHEDULE_EXACT_H
#define SERENITY_LIB_CORE_SCHEDULE_EXACT_H

#include "SearchLimits.h"

namespace serenity::core {

/// Strategy::Exact. Cuts the graph at its waists, takes for each part the best
/// order of the portfolio and its lower bound, and then lets BudgetSearch raise
/// the bounds and lower the peaks of the parts that matter, until the largest
/// peak and the largest bound meet, a budget is met or a limit strikes. `graph`
/// has at least one operation.
absl::StatusOr<Schedule> scheduleExactly(const Graph &graph,
                                         const ScheduleOptions &options,
                                         SearchLimits &limits);

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_SCHEDULE_EXACT_H
