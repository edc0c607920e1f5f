//===- Heuristics.h - Orders found without a search -------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The baselines, and the portfolio from which the searches start. Each runs in
// near-linear time and returns every operation once; all but sourceOrder keep
// the dependencies. Ties are broken by index.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_SCHEDULE_HEURISTICS_H
#define SERENITY_LIB_CORE_SCHEDULE_HEURISTICS_H

#include "serenity/Core/Graph/Graph.h"

namespace serenity::core {

/// Kahn, "Topological sorting of large networks" (1962): first ready, first
/// run. O(V + E).
std::vector<OpId> kahnOrder(const Graph &graph);

/// Runs at each step the ready operation after which the fewest bytes are
/// alive. O((V + E) log V).
std::vector<OpId> greedyOrder(const Graph &graph);

/// Depth first from the operations on which nobody depends, taking operands and
/// writers by index. O(V + E).
std::vector<OpId> depthFirstOrder(const Graph &graph);

/// Depth first like depthFirstOrder, but taking first what needs most room to
/// compute and leaves least behind.
///
/// On a tree this is Liu's best postorder ("On the storage requirement in the
/// out-of-core multifrontal method", 1986), a generalisation of Sethi and
/// Ullman's to results of any size. On a graph the same numbers are computed as
/// if every operand were computed anew for each reader:
///
///   need(input without writers) = hold(input without writers) = 0
///   hold(b) = bytes(b)
///   need(b) = the largest need(w) over the writers w of b, by decreasing need,
///             with bytes(b) added for all but the first
///   need(v) = the larger of sum over reads of hold + bytes written + scratch,
///             and of need(b) plus the hold of the reads taken before b, for
///             each b read, by decreasing need(b) - hold(b)
///
/// Sums saturate at the largest int64_t. O((V + E) log V).
std::vector<OpId> postOrder(const Graph &graph);

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_SCHEDULE_HEURISTICS_H
