//===- Schedule.cpp - Orders of least peak memory -------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Schedule/Schedule.h"

#include "DynamicProgramming.h"
#include "Exact.h"
#include "Heuristics.h"

#include "absl/strings/str_cat.h"
#include "serenity/Core/Graph/Footprint.h"

#include <algorithm>

using namespace serenity::core;

namespace {

struct StrategyName {
  Strategy strategy;
  absl::string_view name;
};

constexpr StrategyName kStrategyNames[] = {
    {Strategy::Source, "source"},
    {Strategy::Kahn, "kahn"},
    {Strategy::Greedy, "greedy"},
    {Strategy::DepthFirst, "depth-first"},
    {Strategy::PostOrder, "post-order"},
    {Strategy::DynamicProgramming, "dynamic-programming"},
    {Strategy::Exact, "exact"},
};

absl::Status checkOptions(const ScheduleOptions &options) {
  auto invalid = [](absl::string_view limit, auto value) {
    return absl::InvalidArgumentError(
        absl::StrCat(limit, " must not be negative: ", value));
  };
  if (options.budgetBytes && *options.budgetBytes < 0)
    return invalid("the budget in bytes", *options.budgetBytes);
  if (options.maxStates < 0)
    return invalid("the limit on states", options.maxStates);
  if (options.maxTableBytes < 0)
    return invalid("the limit on table bytes", options.maxTableBytes);
  // Written so that NaN is refused.
  if (!(options.maxSeconds >= 0))
    return invalid("the limit on seconds", options.maxSeconds);
  if (!options.exact.backward && !options.exact.forward)
    return absl::InvalidArgumentError(
        "the exact search is switched off in both directions");
  return absl::OkStatus();
}

/// The order of a strategy that does not search; nothing for one that does.
std::optional<std::vector<OpId>> heuristicOrder(const Graph &graph,
                                                Strategy strategy) {
  switch (strategy) {
  case Strategy::Source:
    return sourceOrder(graph);
  case Strategy::Kahn:
    return kahnOrder(graph);
  case Strategy::Greedy:
    return greedyOrder(graph);
  case Strategy::DepthFirst:
    return depthFirstOrder(graph);
  case Strategy::PostOrder:
    return postOrder(graph);
  case Strategy::DynamicProgramming:
  case Strategy::Exact:
    break;
  }
  return std::nullopt;
}

/// A schedule without a search behind it. Fails if `order` is not legal.
absl::StatusOr<Schedule> assess(const Graph &graph, std::vector<OpId> order) {
  const absl::StatusOr<Footprint> footprint = computeFootprint(graph, order);
  if (!footprint.ok())
    return footprint.status();
  return Schedule{std::move(order), footprint->peakBytes, lowerBound(graph)};
}

absl::StatusOr<Schedule> search(const Graph &graph,
                                const ScheduleOptions &options) {
  SearchLimits limits(options);
  if (options.strategy == Strategy::DynamicProgramming)
    return scheduleByDynamicProgramming(graph, options, limits);
  return scheduleExactly(graph, options, limits);
}

/// Takes the source order if `schedule` needs no less, so that nothing moves
/// without a reason.
void preferSourceOrder(const Graph &graph, Schedule &schedule) {
  std::vector<OpId> order = sourceOrder(graph);
  const absl::StatusOr<Footprint> footprint = computeFootprint(graph, order);
  if (footprint.ok() && footprint->peakBytes <= schedule.peakBytes)
    schedule.order = std::move(order);
}

/// Trusts nothing that a search claims of its order.
absl::Status verify(const Graph &graph, const Schedule &schedule) {
  const absl::StatusOr<Footprint> footprint =
      computeFootprint(graph, schedule.order);
  if (!footprint.ok())
    return absl::InternalError(absl::StrCat("the search found no legal order: ",
                                            footprint.status().message()));
  if (footprint->peakBytes != schedule.peakBytes)
    return absl::InternalError(
        absl::StrCat("the search claims a peak of ", schedule.peakBytes,
                     " bytes for an order that needs ", footprint->peakBytes));
  if (schedule.lowerBoundBytes > schedule.peakBytes)
    return absl::InternalError(
        absl::StrCat("the search claims that no order needs less than ",
                     schedule.lowerBoundBytes, " bytes, but one needs ",
                     schedule.peakBytes));
  return absl::OkStatus();
}

} // namespace

absl::string_view serenity::core::toString(Strategy strategy) {
  for (const StrategyName &entry : kStrategyNames)
    if (entry.strategy == strategy)
      return entry.name;
  return "unknown";
}

std::optional<Strategy> serenity::core::parseStrategy(absl::string_view name) {
  for (const StrategyName &entry : kStrategyNames)
    if (entry.name == name)
      return entry.strategy;
  return std::nullopt;
}

absl::string_view serenity::core::toString(StopReason reason) {
  switch (reason) {
  case StopReason::Finished:
    return "finished";
  case StopReason::BudgetMet:
    return "budget-met";
  case StopReason::StateLimit:
    return "state-limit";
  case StopReason::TableLimit:
    return "table-limit";
  case StopReason::TimeLimit:
    return "time-limit";
  }
  return "unknown";
}

absl::StatusOr<Schedule>
serenity::core::computeSchedule(const Graph &graph,
                                const ScheduleOptions &options) {
  if (absl::Status status = checkOptions(options); !status.ok())
    return status;
  if (graph.numOps() == 0)
    return assess(graph, {});
  if (auto order = heuristicOrder(graph, options.strategy))
    return assess(graph, *std::move(order));
  absl::StatusOr<Schedule> schedule = search(graph, options);
  if (!schedule.ok())
    return schedule;
  preferSourceOrder(graph, *schedule);
  if (absl::Status status = verify(graph, *schedule); !status.ok())
    return status;
  return schedule;
}
