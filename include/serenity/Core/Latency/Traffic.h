//===- Traffic.h - Bytes moved to and from slow memory ----------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What an order costs beyond the work of its operations: the activations that
// do not fit into fast memory are moved. docs/Latency.md, section 5.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_CORE_LATENCY_TRAFFIC_H
#define SERENITY_CORE_LATENCY_TRAFFIC_H

#include "serenity/Core/Graph/Graph.h"

namespace serenity::core {

/// Bytes moved between slow and fast memory.
struct Traffic {
  int64_t readBytes = 0;
  int64_t writtenBytes = 0;
  /// Both together for each step; what is left to write at the end belongs to
  /// the last one.
  std::vector<int64_t> stepBytes;

  int64_t totalBytes() const { return readBytes + writtenBytes; }
};

/// The traffic of `order` with `fastBytes` of fast memory. Inputs begin and
/// outputs end in slow memory. A step needs the buffers that it reads and
/// writes, and its scratch, in fast memory; what of them does not fit even
/// alone is streamed past it. For what is missing, room is made by Belady's
/// rule (1966), byte by byte: what is used again latest goes first, of equals
/// what slow memory holds already. Only bytes that it does not hold are
/// written, and dead ones never. A buffer with several writers is read again by
/// all but the first. Overwriting in place needs no room for the result.
///
/// If the footprint's peak is at most `fastBytes`, only inputs that are read
/// and outputs that are written move, whatever the order. Fails with
/// InvalidArgument if `fastBytes` is negative or verifyOrder fails.
/// O(n log n) for n reads and writes.
absl::StatusOr<Traffic> computeTraffic(const Graph &graph,
                                       absl::Span<const OpId> order,
                                       int64_t fastBytes);

} // namespace serenity::core

#endif // SERENITY_CORE_LATENCY_TRAFFIC_H
