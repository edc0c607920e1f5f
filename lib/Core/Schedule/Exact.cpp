//===- Exact.cpp - Orders of proven least peak ----------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Exact.h"

#include "PartSolver.h"
#include "Portfolio.h"
#include "Waists.h"
#include "WindowSearch.h"

#include "absl/algorithm/container.h"
#include "serenity/Core/Graph/Footprint.h"

#include <algorithm>

using namespace serenity::core;

namespace {

std::vector<std::vector<OpId>> cut(const Graph &graph,
                                   const ExactSwitches &switches) {
  if (switches.divideAndConquer)
    return splitAtWaists(graph);
  return {sourceOrder(graph)};
}

/// All parts of a graph. Its peak is the largest peak of a part, so that a part
/// need not be solved further than to the largest lower bound of all (theorem
/// 6).
class ExactScheduler {
public:
  /// `graph` has at least one operation.
  ExactScheduler(const Graph &graph, const ScheduleOptions &options,
                 SearchLimits &limits)
      : graph(graph), options(options), limits(limits),
        partition(graph, cut(graph, options.exact)),
        windows(graph, options.exact, limits) {
    for (size_t part = 0; part < partition.size(); ++part)
      solvers.emplace_back(partition, part);
  }

  /// Offers each part its piece of `order`, a legal order of the graph.
  void offer(absl::Span<const OpId> order,
             absl::Span<const int64_t> stepBytes) {
    size_t begin = 0;
    for (size_t part = 0; part < partition.size(); ++part) {
      const size_t size = partition.ops(part).size();
      const absl::Span<const int64_t> bytes = stepBytes.subspan(begin, size);
      solvers[part].offer(order.subspan(begin, size),
                          *absl::c_max_element(bytes));
      begin += size;
    }
  }

  Schedule run() {
    limits.setBest(worst().upperBound(), lowerBound());
    while (worst().upperBound() > goal() && !limits.stopReason()) {
      if (windowsAreDue())
        improveWindows();
      else
        searchWorst();
      limits.setBest(worst().upperBound(), lowerBound());
    }
    Schedule result;
    result.order = bestOrder();
    result.peakBytes = worst().upperBound();
    result.lowerBoundBytes = lowerBound();
    result.states = limits.states();
    result.tableBytes = limits.peakTableBytes();
    if (!result.isProvenOptimal())
      result.stopReason = result.peakBytes <= goal() ? StopReason::BudgetMet
                                                     : *limits.stopReason();
    return result;
  }

private:
  /// Windows of the whole order take turns with the search of the worst part,
  /// once that has had its chance. Their share is a quarter until they help,
  /// then a half, and a quarter of that after each round without success.
  bool windowsAreDue() const {
    constexpr int64_t kWorkBeforeWindows = int64_t{1} << 20;
    const int64_t others = limits.work() - windowWork;
    return options.exact.windows && others > kWorkBeforeWindows &&
           windowWork < others >>
               (2 * windows.numFailedRounds() + (windowsHelp ? 0 : 2));
  }

  void improveWindows() {
    const int64_t workBefore = limits.work();
    std::vector<OpId> order = bestOrder();
    // Each sweep looks at the whole graph.
    limits.addWork(static_cast<int64_t>(graph.numOps()));
    if (windows.sweep(order, goal())) {
      windowsHelp = true;
      offer(order, computeFootprint(graph, order)->stepBytes);
    }
    windowWork += limits.work() - workBefore;
  }

  void searchWorst() {
    PartSolver &solver = worst();
    solver.search(goal(), options.exact, limits);
    if (solver.upperBound() <= goal())
      solver.forget();
  }

  std::vector<OpId> bestOrder() const {
    std::vector<OpId> order;
    for (const PartSolver &solver : solvers)
      absl::c_copy(solver.bestOrder(), std::back_inserter(order));
    return order;
  }

  PartSolver &worst() {
    return *absl::c_max_element(solvers,
                                [](const PartSolver &a, const PartSolver &b) {
                                  return a.upperBound() < b.upperBound();
                                });
  }

  int64_t lowerBound() const {
    int64_t result = 0;
    for (const PartSolver &solver : solvers)
      result = std::max(result, solver.lowerBound());
    return result;
  }

  /// A peak that would do: it cannot be avoided, or the caller asks for no
  /// less.
  int64_t goal() const {
    return std::max(lowerBound(), options.budgetBytes.value_or(0));
  }

  const Graph &graph;
  const ScheduleOptions &options;
  SearchLimits &limits;
  const Partition partition;
  std::vector<PartSolver> solvers;
  WindowSearch windows;
  int64_t windowWork = 0;
  bool windowsHelp = false;
};

} // namespace

absl::StatusOr<Schedule> serenity::core::scheduleExactly(
    const Graph &graph, const ScheduleOptions &options, SearchLimits &limits) {
  ExactScheduler scheduler(graph, options, limits);
  auto orders = portfolioOrders(graph);
  if (!orders.ok())
    return orders.status();
  for (const std::vector<OpId> &order : *orders) {
    const auto footprint = computeFootprint(graph, order);
    if (!footprint.ok())
      return footprint.status();
    scheduler.offer(order, footprint->stepBytes);
  }
  return scheduler.run();
}
