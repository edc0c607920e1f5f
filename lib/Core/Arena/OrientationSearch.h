//===- OrientationSearch.h - Decides who is above whom ----------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Exact search on any problem. Where two buffers alive together collide at the
// lowest offsets still conceivable, one of them has to go above the other, or
// both start together if they are a pair. Each such decision is a difference
// constraint, and raises the lowest offsets of others; once nothing collides,
// the lowest offsets are a plan. Slower than SkylineSearch, but it knows fixed
// offsets, pairs and groups.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_ARENA_ORIENTATIONSEARCH_H
#define SERENITY_LIB_CORE_ARENA_ORIENTATIONSEARCH_H

#include "Layout.h"
#include "SearchBudget.h"

namespace serenity::core {

class OrientationSearch {
public:
  explicit OrientationSearch(const Layout &layout);

  /// Looks for a plan within `capacity`.
  SearchResult search(int64_t capacity, SearchBudget &budget);

private:
  /// The base of `to` is at least that of `from` plus `distance`.
  struct Constraint {
    int32_t from, to;
    int64_t distance;
  };

  /// Two parts of different items, alive together.
  struct Conflict {
    int32_t first, second;
    bool mayShare;
  };

  /// A collision, and the ways to resolve it not yet tried.
  struct Frame {
    Conflict conflict;
    int choice;
    size_t numTrail, numConstraints;
  };

  struct Change {
    int32_t item;
    int64_t base;
  };

  bool start();
  bool raise(int32_t item, int64_t base);
  bool propagate();
  bool propagateFrom(int32_t item);
  std::optional<Conflict> findCollision() const;
  bool collide(const Conflict &conflict) const;
  bool backtrack();
  void constrain(int32_t from, int32_t to, int64_t distance);
  bool resolve(const Conflict &conflict, int choice);
  void undo(const Frame &frame);
  int64_t bottomOf(int32_t part) const;

  const Layout &layout;
  std::vector<Conflict> conflicts;

  // The state of one search.
  int64_t capacity = 0, lowestExcess = 0;
  std::vector<int64_t> bases;
  std::vector<Constraint> constraints;
  /// Constraints by the item they start from.
  std::vector<std::vector<int32_t>> constraintsFrom;
  std::vector<Change> trail;
  std::vector<Frame> frames;
  /// Items whose bases were raised, and how often since the last decision.
  std::vector<int32_t> queue, numRaises;
};

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_ARENA_ORIENTATIONSEARCH_H
