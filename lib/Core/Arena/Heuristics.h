//===- Heuristics.h - Plans made in one go ----------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_ARENA_HEURISTICS_H
#define SERENITY_LIB_CORE_ARENA_HEURISTICS_H

#include "Layout.h"
#include "serenity/Core/Arena/Solver.h"

namespace serenity::core {

/// The strategies that do not search.
inline constexpr ArenaStrategy kHeuristics[] = {
    ArenaStrategy::GreedyBySize, ArenaStrategy::FirstFitBySize,
    ArenaStrategy::FirstFitByStart, ArenaStrategy::FirstFitByArea,
    ArenaStrategy::BestFit};

/// The order in which `strategy`, one of kHeuristics, places the items that are
/// not fixed.
std::vector<int32_t> placementOrder(const Layout &layout,
                                    ArenaStrategy strategy);

/// Places all items by `strategy`, one of kHeuristics, and returns their bases.
/// O(n log n + k log n), where k is the number of pairs of parts alive
/// together.
std::vector<int64_t> placeByHeuristic(const Layout &layout,
                                      ArenaStrategy strategy);

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_ARENA_HEURISTICS_H
