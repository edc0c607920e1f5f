//===- JointPlan.cpp - Order and offsets decided together -----------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Plan/JointPlan.h"

#include "serenity/Core/Graph/RandomSource.h"
#include "serenity/Core/Schedule/Schedule.h"
#include "serenity/Core/Schedule/VisitOrders.h"

#include <algorithm>
#include <limits>

using namespace serenity::core;

namespace {

int64_t alignUp(int64_t bytes, int64_t alignment) {
  return (bytes + alignment - 1) / alignment * alignment;
}

/// `graph` with all sizes rounded up to multiples of `alignment`, as its
/// buffers have them in an arena, but for the one on top.
absl::StatusOr<Graph> roundUp(const Graph &graph, int64_t alignment) {
  auto toVector = [](absl::Span<const BufferId> list) {
    return std::vector<BufferId>(list.begin(), list.end());
  };
  GraphBuilder builder;
  for (BufferId buffer : graph.bufferIds())
    builder.addBuffer({graph.name(buffer),
                       alignUp(graph.bytes(buffer), alignment),
                       graph.isInput(buffer), graph.isOutput(buffer)});
  for (OpId op : graph.opIds())
    builder.addOp({graph.name(op), toVector(graph.reads(op)),
                   toVector(graph.writes(op)),
                   alignUp(graph.scratchBytes(op), alignment),
                   toVector(graph.mayOverwrite(op))});
  return std::move(builder).build();
}

/// The most that rounding adds to any one size.
int64_t largestPadding(const Graph &graph, int64_t alignment) {
  int64_t padding = 0;
  auto consider = [&](int64_t bytes) {
    padding = std::max(padding, alignUp(bytes, alignment) - bytes);
  };
  for (BufferId buffer : graph.bufferIds())
    consider(graph.bytes(buffer));
  for (OpId op : graph.opIds())
    consider(graph.scratchBytes(op));
  return padding;
}

/// Looks for an order whose arena is smaller than that of the best one so far.
class JointPlanner {
public:
  JointPlanner(const Graph &graph, const JointPlanOptions &options)
      : graph(graph), options(options) {}

  absl::Status run(absl::Span<const OpId> order) {
    best.arenaBytes = std::numeric_limits<int64_t>::max();
    tryOrder(order);
    if (!isDone())
      tryScheduledOrders();
    if (!isDone())
      walk();
    if (!isDone())
      search();
    if (status.ok())
      finish();
    return status;
  }

  JointPlan take() && {
    return {std::move(best), std::min(lowerBound, best.arenaBytes), numOrders};
  }

private:
  bool isDone() const {
    return !status.ok() ||
           best.arenaBytes <=
               std::max(lowerBound,
                        options.memory.arena.capacityBytes.value_or(0));
  }

  /// Finds the least peak, of the sizes as they are and as they are in an
  /// arena, which no arena can be below, and tries the orders that have it.
  void tryScheduledOrders() {
    const int64_t alignment = options.memory.alignment;
    tryScheduledOrder(graph, /*padding=*/0);
    const absl::StatusOr<Graph> rounded = roundUp(graph, alignment);
    if (!rounded.ok())
      status = rounded.status();
    else if (!isDone())
      tryScheduledOrder(*rounded, largestPadding(graph, alignment));
  }

  /// `sized` has the operations of `graph`, and no arena is smaller than its
  /// least peak less `padding`.
  void tryScheduledOrder(const Graph &sized, int64_t padding) {
    ScheduleOptions scheduling;
    scheduling.maxStates = options.maxStates;
    const absl::StatusOr<Schedule> schedule =
        computeSchedule(sized, scheduling);
    if (!schedule.ok()) {
      status = schedule.status();
      return;
    }
    lowerBound = std::max(lowerBound, schedule->lowerBoundBytes - padding);
    if (!isDone())
      tryOrder(schedule->order);
  }

  /// Tries all orders that could do better, as far as the limits allow.
  void walk() {
    bool isProof = true;
    int64_t numLeft = options.maxOrders;
    const bool isComplete = visitOrders(
        graph, best.arenaBytes - 1, options.maxStates,
        [&](absl::Span<const OpId> order) -> std::optional<int64_t> {
          isProof &= tryOrder(order);
          if (isDone() || --numLeft == 0)
            return std::nullopt;
          return best.arenaBytes - 1;
        });
    if (isComplete && isProof && status.ok())
      lowerBound = best.arenaBytes;
  }

  /// Moves operations of an order at random and follows what is no worse.
  void search() {
    RandomSource random(/*seed=*/0);
    std::vector<OpId> current = best.order;
    int64_t currentBytes = best.arenaBytes;
    const int64_t numMoves = current.size() < 2 ? 0 : options.maxOrders;
    for (int64_t i = 0; i < numMoves && !isDone(); ++i) {
      std::vector<OpId> next = current;
      moveAnOperation(next, random);
      const absl::StatusOr<Footprint> footprint = computeFootprint(graph, next);
      if (!footprint.ok() || footprint->peakBytes >= best.arenaBytes)
        continue;
      const int64_t bytes = arenaOf(next).arenaBytes;
      if (bytes > currentBytes)
        continue;
      current = std::move(next);
      currentBytes = bytes;
    }
  }

  static void moveAnOperation(std::vector<OpId> &order, RandomSource &random) {
    const int64_t from = random.below(order.size());
    const int64_t to = random.below(order.size());
    const auto begin = order.begin();
    if (from < to)
      std::rotate(begin + from, begin + from + 1, begin + to + 1);
    else
      std::rotate(begin + to, begin + from, begin + from + 1);
  }

  /// Looks for offsets for `order` in a smaller arena than the best, and takes
  /// them if there are. Returns whether the answer is certain.
  bool tryOrder(absl::Span<const OpId> order) {
    const MemoryPlan plan = arenaOf(order);
    return plan.stop == ArenaStop::CapacityMet ||
           plan.stop == ArenaStop::Infeasible;
  }

  MemoryPlan arenaOf(absl::Span<const OpId> order) {
    constexpr int64_t kMaxNodes = 5000;
    ++numOrders;
    MemoryPlanOptions memory = options.memory;
    memory.arena.maxNodes = std::min(kMaxNodes, memory.arena.maxNodes);
    memory.arena.capacityBytes = numOrders == 1
                                     ? options.memory.arena.capacityBytes
                                     : std::optional(best.arenaBytes - 1);
    absl::StatusOr<MemoryPlan> plan = planMemory(graph, order, memory);
    if (!plan.ok()) {
      status = plan.status();
      return best;
    }
    if (plan->arenaBytes < best.arenaBytes)
      best = *plan;
    return *std::move(plan);
  }

  /// Seeks offsets for the best order as if it were the only one.
  void finish() {
    absl::StatusOr<MemoryPlan> plan =
        planMemory(graph, best.order, options.memory);
    if (!plan.ok()) {
      status = plan.status();
      return;
    }
    if (plan->arenaBytes > best.arenaBytes) {
      plan->arenaBytes = best.arenaBytes;
      plan->bufferOffsets = best.bufferOffsets;
      plan->scratchOffsets = best.scratchOffsets;
    }
    best = *std::move(plan);
  }

  const Graph &graph;
  const JointPlanOptions &options;
  absl::Status status;
  MemoryPlan best;
  int64_t lowerBound = 0;
  int64_t numOrders = 0;
};

} // namespace

absl::StatusOr<JointPlan>
serenity::core::planJointly(const Graph &graph, absl::Span<const OpId> order,
                            const JointPlanOptions &options) {
  JointPlanner planner(graph, options);
  if (absl::Status status = planner.run(order); !status.ok())
    return status;
  return std::move(planner).take();
}
