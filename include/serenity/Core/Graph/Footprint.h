//===- Footprint.h - Bytes alive along an order -----------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The simple, separate computation by which every schedule is checked before
// anybody sees it. It shares no code with the searches it checks.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_CORE_GRAPH_FOOTPRINT_H
#define SERENITY_CORE_GRAPH_FOOTPRINT_H

#include "serenity/Core/Graph/Graph.h"

namespace serenity::core {

/// When a buffer is alive, in steps of an order. Both ends are inclusive.
struct Lifetime {
  /// The step of the first writer, or 0 for an input.
  int32_t first;
  /// The step of the last reader (of the last writer if nobody reads it), or
  /// the last step for an output.
  int32_t last;
};

/// The memory an order needs.
struct Footprint {
  /// Bytes alive while each step runs, scratch included and a buffer
  /// overwritten in place counted once.
  std::vector<int64_t> stepBytes;
  /// The largest of `stepBytes`, and of the bytes alive before the first step.
  int64_t peakBytes = 0;
  /// One lifetime a buffer; none at all if there are no operations. In-place
  /// reuse does not shorten them: the operand and the result share the step of
  /// the operation between them. The lifetime of an input that nobody touches
  /// is empty: its `last` is -1.
  std::vector<Lifetime> lifetimes;
};

/// Whether `order` has every operation of `graph` once, each after all its
/// predecessors. InvalidArgument names the first operation that is not.
absl::Status verifyOrder(const Graph &graph, absl::Span<const OpId> order);

/// Checks `order` like verifyOrder and computes its footprint in O(V + E).
absl::StatusOr<Footprint> computeFootprint(const Graph &graph,
                                           absl::Span<const OpId> order);

} // namespace serenity::core

#endif // SERENITY_CORE_GRAPH_FOOTPRINT_H
