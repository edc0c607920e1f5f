//===- JointPlan.h - Order and offsets decided together ---------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_CORE_PLAN_JOINTPLAN_H
#define SERENITY_CORE_PLAN_JOINTPLAN_H

#include "serenity/Core/Plan/MemoryPlan.h"

namespace serenity::core {

/// What is asked of a joint planner.
struct JointPlanOptions {
  MemoryPlanOptions memory;
  /// Limit on the partial orders that the walk through all orders may try.
  int64_t maxStates = 50000;
  /// Limit on the orders for which offsets are sought, in that walk and again
  /// in the search that takes over where the walk does not end.
  int64_t maxOrders = 500;
};

/// An order and offsets for it.
struct JointPlan {
  MemoryPlan plan;
  /// No order and no offsets need a smaller arena than this.
  int64_t lowerBoundBytes = 0;
  /// Orders for which offsets were sought.
  int64_t numOrders = 1;

  bool isProvenOptimal() const { return plan.arenaBytes == lowerBoundBytes; }
};

/// Finds an order of `graph` and offsets for it in the smallest arena.
///
/// Starts from `order`, which stays if no better one is found. An arena as
/// large as the least peak of the graph, with sizes rounded up to the
/// alignment, ends the work. Otherwise orders of that rounded peak are tried;
/// then all orders whose peak is below the best arena, which is a proof if they
/// can all be tried; then orders that differ from the best one in the place of
/// a few operations. Deterministic, unless a limit on seconds is given.
///
/// Fails as planMemory and computeSchedule do.
absl::StatusOr<JointPlan> planJointly(const Graph &graph,
                                      absl::Span<const OpId> order,
                                      const JointPlanOptions &options);

} // namespace serenity::core

#endif // SERENITY_CORE_PLAN_JOINTPLAN_H
