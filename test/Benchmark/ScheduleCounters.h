//===- ScheduleCounters.h - One measured run of a scheduler -----*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_TEST_BENCHMARK_SCHEDULECOUNTERS_H
#define SERENITY_TEST_BENCHMARK_SCHEDULECOUNTERS_H

#include "serenity/Core/Schedule/Schedule.h"

#include "benchmark/benchmark.h"

namespace serenity::core {

/// Schedules `graph` in every iteration and reports what does not depend on the
/// machine: states expanded, peak and lower bound in bytes, and the proof.
inline void measureSchedule(benchmark::State &state, const Graph &graph,
                            const ScheduleOptions &options) {
  absl::StatusOr<Schedule> schedule;
  for (auto _ : state)
    schedule = computeSchedule(graph, options);
  state.counters["states"] = static_cast<double>(schedule->states);
  state.counters["peak"] = static_cast<double>(schedule->peakBytes);
  state.counters["bound"] = static_cast<double>(schedule->lowerBoundBytes);
  state.counters["proven"] = schedule->isProvenOptimal();
}

} // namespace serenity::core

#endif // SERENITY_TEST_BENCHMARK_SCHEDULECOUNTERS_H
