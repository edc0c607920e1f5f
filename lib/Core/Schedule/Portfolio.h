//===- Portfolio.h - The orders from which a search starts ------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_SCHEDULE_PORTFOLIO_H
#define SERENITY_LIB_CORE_SCHEDULE_PORTFOLIO_H

#include "serenity/Core/Graph/Graph.h"

namespace serenity::core {

/// Legal orders of `graph` that are quick to find and often good: the source
/// order if it is legal, and the order of every heuristic, run from the start
/// of the graph and from its end. Near-linear time.
absl::StatusOr<std::vector<std::vector<OpId>>>
portfolioOrders(const Graph &graph);

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_SCHEDULE_PORTFOLIO_H
