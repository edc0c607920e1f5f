//===- GraphTextFuzz.cpp - Any text is a graph or a clear error -----------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FuzzSupport.h"
#include "serenity/Core/Graph/Footprint.h"
#include "serenity/Core/Graph/TextFormat.h"
#include "serenity/Core/Schedule/Schedule.h"

#include <algorithm>

using namespace serenity::core;

namespace {

/// The schedule of `strategy`; nothing if it has none, as only the source order
/// may.
std::optional<Schedule> scheduleBy(Strategy strategy, const Graph &graph) {
  ScheduleOptions options;
  options.strategy = strategy;
  options.maxStates = 200;
  absl::StatusOr<Schedule> schedule = computeSchedule(graph, options);
  require(schedule.ok() || strategy == Strategy::Source);
  if (!schedule.ok())
    return std::nullopt;
  const auto footprint = computeFootprint(graph, schedule->order);
  require(footprint.ok() && footprint->peakBytes == schedule->peakBytes &&
          schedule->lowerBoundBytes <= schedule->peakBytes);
  return *std::move(schedule);
}

/// No strategy may beat what another has proved.
void checkStrategies(const Graph &graph) {
  int64_t peak = std::numeric_limits<int64_t>::max(), bound = 0;
  for (Strategy strategy : {Strategy::Source, Strategy::Kahn, Strategy::Greedy,
                            Strategy::DepthFirst, Strategy::PostOrder,
                            Strategy::DynamicProgramming, Strategy::Exact})
    if (const auto schedule = scheduleBy(strategy, graph)) {
      peak = std::min(peak, schedule->peakBytes);
      bound = std::max(bound, schedule->lowerBoundBytes);
    }
  require(bound <= peak);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char *>(data), size);
  const absl::StatusOr<Graph> graph = parseGraph(text);
  if (!graph.ok()) {
    require(isOneLine(graph.status().message()));
    return 0;
  }
  const std::string printed = printGraph(*graph);
  const absl::StatusOr<Graph> again = parseGraph(printed);
  require(again.ok() && printGraph(*again) == printed);
  checkStrategies(*graph);
  return 0;
}
