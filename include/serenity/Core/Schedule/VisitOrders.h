//===- VisitOrders.h - All orders within a budget ---------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_CORE_SCHEDULE_VISITORDERS_H
#define SERENITY_CORE_SCHEDULE_VISITORDERS_H

#include "serenity/Core/Graph/Graph.h"

#include "absl/functional/function_ref.h"

#include <optional>

namespace serenity::core {

/// Told of an order; returns the budget for the orders to come, no larger than
/// the one before, or nothing if it has seen enough.
using OrderVisitor =
    absl::FunctionRef<std::optional<int64_t>(absl::Span<const OpId>)>;

/// Calls `visit` with the orders of `graph` whose peak is within `budgetBytes`,
/// one after the other, those first that keep least alive. Returns whether it
/// came to the last one: not if `visit` stopped it, or if more than `maxStates`
/// partial orders had to be tried. Depth first; sets of operations that cannot
/// be completed within the budget are entered once.
bool visitOrders(const Graph &graph, int64_t budgetBytes, int64_t maxStates,
                 OrderVisitor visit);

} // namespace serenity::core

#endif // SERENITY_CORE_SCHEDULE_VISITORDERS_H
