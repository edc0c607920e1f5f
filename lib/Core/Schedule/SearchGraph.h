//===- SearchGraph.h - A part of a graph, one way in time -------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the exact search works on: small dense integers, flat lists, and no
// trace of whether it runs from the start of the network or from its end
// (docs/Scheduling.md, theorem 3: reversal).
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_SCHEDULE_SEARCHGRAPH_H
#define SERENITY_LIB_CORE_SCHEDULE_SEARCHGRAPH_H

#include "serenity/Core/Graph/Graph.h"

namespace serenity::core {

/// Where a search begins: at the start of the network or at its end.
enum class Direction { Forward, Backward };

/// Lists of small integers, one after the other in one array.
class FlatLists {
public:
  size_t size() const { return offsets.size() - 1; }
  absl::Span<const int32_t> operator[](size_t list) const {
    return {items.data() + offsets[list],
            static_cast<size_t>(offsets[list + 1] - offsets[list])};
  }
  void append(absl::Span<const int32_t> list) {
    items.insert(items.end(), list.begin(), list.end());
    offsets.push_back(static_cast<int32_t>(items.size()));
  }
  /// The lists of the lists that hold 0, 1, ..., `size` - 1.
  FlatLists inverted(size_t size) const;

private:
  std::vector<int32_t> offsets{0};
  std::vector<int32_t> items;
};

/// A part of a graph as a search sees it. Operations are numbered by their
/// position in the part, the buffers that they touch in ascending order.
///
/// A buffer is *born* with the first operation of its birth list and *dies*
/// with the last of its death list; the operations that *wait* for it run after
/// all of those that *feed* it. Reversing time swaps birth and death, feeding
/// and waiting, and so makes one SearchGraph into another.
struct SearchGraph {
  /// By buffer.
  std::vector<int64_t> bytes;
  std::vector<bool> aliveAtStart, aliveAtEnd;
  /// By buffer: the operations that wait for it.
  FlatLists waiting;
  /// By buffer: how many operations feed it.
  std::vector<int32_t> numFeeding;
  /// By buffer: its birth list and its death list, without operations if it is
  /// alive at the start, or at the end, or has no bytes.
  FlatLists bearing, killing;

  /// By operation: the buffers that it may be the first to bear, or the last to
  /// kill.
  FlatLists births, deaths;
  /// By operation: the buffers that it feeds and for which others wait.
  FlatLists feeds;
  /// By operation: the number of fed buffers that it waits for.
  std::vector<int32_t> numAwaited;
  /// By operation.
  std::vector<int64_t> scratchBytes;
  /// By operation: bytes saved if it bears one of its `sharedBirths` and kills
  /// one of its `sharedDeaths`, which then share their place.
  std::vector<int64_t> sharedBytes;
  FlatLists sharedBirths, sharedDeaths;

  /// Bytes alive before the first operation.
  int64_t startBytes = 0;

  size_t numOps() const { return scratchBytes.size(); }
  size_t numBuffers() const { return bytes.size(); }
};

/// A graph cut into consecutive parts.
class Partition {
public:
  /// `parts`, one after the other, are a partition of the operations of
  /// `graph`, which must outlive this, and no operation depends on one of a
  /// later part. Linear in the size of the graph.
  Partition(const Graph &graph, std::vector<std::vector<OpId>> parts);

  size_t size() const { return parts.size(); }
  absl::Span<const OpId> ops(size_t part) const { return parts[part]; }

  /// Part number `part` in the given direction of time. Near-linear in the size
  /// of the part.
  SearchGraph extract(size_t part, Direction direction) const;

private:
  /// The parts in which a buffer is alive, both ends included.
  struct Life {
    int32_t first, last;
  };
  Life lifeOf(BufferId buffer) const;
  void countBytesPassing(BufferId buffer, const Life &life);
  std::vector<BufferId> touchedBuffers(size_t part) const;

  const Graph &graph;
  std::vector<std::vector<OpId>> parts;
  /// By operation: the part that it belongs to.
  std::vector<int32_t> homes;
  std::vector<Life> lives;
  /// By part: bytes alive throughout in buffers that it does not touch.
  std::vector<int64_t> passingBytes;
};

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_SCHEDULE_SEARCHGRAPH_H
