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

  /// A placed buffer that is in the way of `item` at `base`, or -1.
  int32_t findObstacle(int32_t item, int64_t base);

  void place(int32_t item, int64_t base);

  /// The base of each item; -1 if it has not been placed.
  absl::Span<const int64_t> bases() const { return itemBases; }

private:
  /// A placed part as seen by an item: bases strictly between `low` and `high`
  /// collide, but for `shared` if that is not negative.
  struct Obstacle {
    int64_t low, high, shared;
    int32_t buffer;

    bool blocks(int64_t base) const {
      return low < base && base < high && base != shared;
    }
  };

  void collectObstacles(int32_t item);
  void collectObstacles(const Part &part, int32_t item);
  Obstacle toObstacle(const Part &placed, const Part &part) const;
  /// The lowest base at which `item` would start together with an in-place
  /// partner, at most `limit`; -1 if there is none.
  int64_t findShared(const Item &item, int64_t limit) const;
  size_t nextPlaced(size_t position, int64_t lower) const;

  const Layout &layout;
  std::vector<int64_t> itemBases;
  /// Parts of positive size by start; the tree's leaves.
  std::vector<int32_t> byStart;
  std::vector<int32_t> leafOfPart;
  /// The latest end of the placed parts below each node of a binary tree with
  /// its root at 1 and its leaves from `numLeaves` on; -1 if none is placed.
  std::vector<int64_t> latestEnd;
  size_t numLeaves = 1;
  /// Those of the item asked about last, by `low`.
  std::vector<Obstacle> obstacles;
};

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_ARENA_PLACER_H
