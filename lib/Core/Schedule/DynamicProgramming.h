//===- DynamicProgramming.h - Ahn et al., as published ----------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_SCHEDULE_DYNAMICPROGRAMMING_H
#define SERENITY_LIB_CORE_SCHEDULE_DYNAMICPROGRAMMING_H

#include "SearchLimits.h"

namespace serenity::core {

/// An optimal order by the algorithm of Ahn et al., "Ordering Chaos:
/// Memory-Aware Scheduling of Irregularly Wired Neural Networks for Edge
/// Devices" (MLSys 2020), with its three parts behind switches:
///
/// - *Dynamic programming.* Layer i has the states after i operations. A state
///   is known by its zero-indegree set, the operations that can run next: what
///   has run is everything that these do not reach. Of the partial orders that
///   lead to a state only one of least peak is kept, which is enough, because
///   the bytes alive in a state and all that can follow depend on the state
///   alone.
/// - *Divide and conquer* at the cuts of splitAtWaists.
/// - *Adaptive soft budgeting.* Partial orders with a peak above a soft budget
///   are discarded. The first soft budget is the hard one, the peak of Kahn's
///   order. If a step takes too long, the budget is halved; if nothing
///   survives, it becomes the midpoint of the last two; the first solution is
///   returned.
///
/// *The first solution is optimal.* A discarded partial order, and whatever
/// completes it, has a peak above the soft budget t; so no order with a peak
/// within t is lost, and among those the programming is exact. A solution shows
/// that there are such orders, so the optimum is one of them. Likewise, if
/// nothing survives then every order has a peak of t + 1 or more.
///
/// Two things differ from the publication. *Too long* means too many states in
/// a layer, not too many seconds: the time of a step is proportional to its
/// states, and only their number is the same on every run and every machine.
/// And halving never goes below a budget known to have no solution, where the
/// published loop may come back for ever: the next budget is the midpoint of
/// the largest one without a solution (at first none) and the smallest one
/// given up. When no budget is left between the two, a step is allowed twice
/// the states; at first it is allowed `firstMaxLayerStates`.
///
/// Without `softBudget` nothing is ever discarded; without `mergeStates` a
/// layer keeps all partial orders, whose number grows like the factorial.
///
/// A part for which the portfolio has an order within `options.budgetBytes` is
/// not searched. At a limit, the parts not solved yet take the best order of
/// the portfolio, and the lower bound is the best that was proved. `graph` has
/// at least one operation.
absl::StatusOr<Schedule>
scheduleByDynamicProgramming(const Graph &graph, const ScheduleOptions &options,
                             SearchLimits &limits,
                             int64_t firstMaxLayerStates = 16'384);

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_SCHEDULE_DYNAMICPROGRAMMING_H
