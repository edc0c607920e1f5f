//===- Placer.h - Puts items into the gaps between others -------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_ARENA_PLACER_H
#define SERENITY_LIB_CORE_ARENA_PLACER_H

#include "Layout.h"

namespace serenity::core {

/// Places items one by one among those placed before. Finds the k placed parts
/// alive together with an item in O(k log n), from the maxima over a balanced
/// tree of parts sorted by start.
class Placer {
public:
  /// Nothing is placed at first. `layout` must outlive the placer.
  explicit Placer(const Layout &layout);

  /// The lowest base at which `item` is in nobody's way.
  int64_t firstFit(int32_t item);

  /// The base, in the gap that leaves `item` the least play, at which it is in
  /// nobody's way; above all others if no gap is wide enough.
  int64_t bestFit(int32_t item);

  /// The first placed buffer that is in the way of `item` at `base`, or -1.
  int32_t findObstacle(int32_t item, int64_t base) const;

  void place(int32_t item, int64_t base);

  /// The base of each item; -1 if it has not been placed.
  absl::Span<const int64_t> bases() const { return itemBases; }

private:
  /// A part of positive size, in the order of the tree's leaves.
  struct Leaf {
    int64_t lower, upper;
    /// Where it is, once it is placed.
    int64_t bottom, top;
    int32_t item, buffer;
  };

  /// Bases of an item strictly between `low` and `high` collide with a placed
  /// part.
  struct Obstacle {
    int64_t low, high;

    bool blocks(int64_t base) const { return low < base && base < high; }
  };

  template <typename Visitor>
  void forEachAlive(const Part &part, int32_t item, Visitor visit) const;
  void collectObstacles(int32_t item);
  Obstacle toObstacle(const Leaf &placed, const Part &part) const {
    return {placed.bottom - part.bottom - part.size, placed.top - part.bottom};
  }
  /// Sorts `obstacles` by `low` as far as necessary. Returns the next one; null
  /// at the end.
  const Obstacle *nextObstacle();
  /// The lowest base at which `item` would start together with an in-place
  /// partner, at most `limit`; -1 if there is none.
  int64_t findShared(int32_t item, int64_t limit) const;
  size_t nextPlaced(size_t position, int64_t lower) const;

  const Layout &layout;
  std::vector<int64_t> itemBases;
  /// By start.
  std::vector<Leaf> leaves;
  /// The leaf of each part; -1 if it has no bytes.
  std::vector<int32_t> leafOfPart;
  /// The latest end of the placed parts below each node of a binary tree with
  /// its root at 1 and its leaves from `numLeaves` on; -1 if none is placed.
  std::vector<int64_t> latestEnd;
  size_t numLeaves = 1;
  /// Those of the item asked about last. All before `numSorted` are in order
  /// and not above any of the others; `numSeen` have been returned.
  std::vector<Obstacle> obstacles;
  size_t numSorted = 0, numSeen = 0;
  /// Bases at which that item would start together with an in-place partner.
  std::vector<int64_t> sharedBases;
};

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_ARENA_PLACER_H
