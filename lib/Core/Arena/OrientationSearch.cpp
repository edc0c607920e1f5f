//===- OrientationSearch.cpp - Decides who is above whom ------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OrientationSearch.h"

#include <algorithm>
#include <limits>

namespace serenity::core {

OrientationSearch::OrientationSearch(const Layout &layout) : layout(layout) {
  absl::Span<const Part> parts = layout.parts();
  std::vector<int32_t> byStart;
  for (size_t i = 0; i < parts.size(); ++i)
    if (parts[i].size > 0)
      byStart.push_back(static_cast<int32_t>(i));
  std::stable_sort(byStart.begin(), byStart.end(), [&](int32_t a, int32_t b) {
    return parts[a].lower < parts[b].lower;
  });
  for (size_t i = 0; i < byStart.size(); ++i) {
    const Part &first = parts[byStart[i]];
    for (size_t j = i + 1;
         j < byStart.size() && parts[byStart[j]].lower < first.upper; ++j) {
      const Part &second = parts[byStart[j]];
      if (layout.itemOf(first) != layout.itemOf(second))
        conflicts.push_back({byStart[i], byStart[j],
                             layout.mayShare(first.buffer, second.buffer)});
    }
  }
}

SearchResult OrientationSearch::search(int64_t bytes, SearchBudget &budget) {
  capacity = bytes;
  lowestExcess = std::numeric_limits<int64_t>::max();
  bool isOpen = start();
  while (true) {
    if (!budget.addNode(bases.size()))
      return {};
    std::optional<Conflict> collision;
    if (isOpen) {
      collision = findCollision();
      if (!collision)
        return {SearchResult::Found, bases};
      frames.push_back({*collision, 0, trail.size(), constraints.size()});
    }
    if (!backtrack())
      return {SearchResult::Refuted, {}, lowestExcess};
    isOpen = true;
  }
}

/// Sets all items as low as alignment and fixed offsets allow.
bool OrientationSearch::start() {
  const size_t numItems = layout.items().size();
  bases.assign(numItems, 0);
  numRaises.assign(numItems, 0);
  constraints.clear();
  constraintsFrom.assign(numItems, {});
  trail.clear();
  frames.clear();
  queue.clear();
  for (size_t i = 0; i < numItems; ++i) {
    const Item &item = layout.items()[i];
    bases[i] = item.fixedBase.value_or(item.alignBase(0));
    if (bases[i] + item.height > capacity) {
      lowestExcess = bases[i] + item.height;
      return false;
    }
  }
  return true;
}

/// Takes the next choice of the last frame that has one and leads to no
/// contradiction at once. Returns false if there is none.
bool OrientationSearch::backtrack() {
  while (!frames.empty()) {
    Frame &frame = frames.back();
    undo(frame);
    const int numChoices = frame.conflict.mayShare ? 3 : 2;
    if (frame.choice == numChoices)
      frames.pop_back();
    else if (resolve(frame.conflict, frame.choice++))
      return true;
  }
  return false;
}

void OrientationSearch::undo(const Frame &frame) {
  for (; trail.size() > frame.numTrail; trail.pop_back())
    bases[trail.back().item] = trail.back().base;
  for (; constraints.size() > frame.numConstraints; constraints.pop_back())
    constraintsFrom[constraints.back().from].pop_back();
}

int64_t OrientationSearch::bottomOf(int32_t part) const {
  const Part &p = layout.parts()[part];
  return bases[layout.itemOf(p)] + p.bottom;
}

bool OrientationSearch::collide(const Conflict &conflict) const {
  const int64_t first = bottomOf(conflict.first);
  const int64_t second = bottomOf(conflict.second);
  return first < second + layout.parts()[conflict.second].size &&
         second < first + layout.parts()[conflict.first].size &&
         !(conflict.mayShare && first == second);
}

/// The lowest collision.
std::optional<OrientationSearch::Conflict>
OrientationSearch::findCollision() const {
  std::optional<Conflict> best;
  int64_t lowest = std::numeric_limits<int64_t>::max();
  for (const Conflict &conflict : conflicts) {
    const int64_t bottom =
        std::max(bottomOf(conflict.first), bottomOf(conflict.second));
    if (bottom < lowest && collide(conflict)) {
      best = conflict;
      lowest = bottom;
    }
  }
  return best;
}

/// Puts one of two parts above the other, the larger one below at first, or
/// both at the same offset.
bool OrientationSearch::resolve(const Conflict &conflict, int choice) {
  const Part *below = &layout.parts()[conflict.first];
  const Part *above = &layout.parts()[conflict.second];
  if ((above->size > below->size) != (choice == 1))
    std::swap(above, below);
  const bool isShared = choice == 2;
  const int64_t distance =
      below->bottom - above->bottom + (isShared ? 0 : below->size);
  constrain(layout.itemOf(*below), layout.itemOf(*above), distance);
  if (isShared)
    constrain(layout.itemOf(*above), layout.itemOf(*below), -distance);
  return propagate();
}

void OrientationSearch::constrain(int32_t from, int32_t to, int64_t distance) {
  constraintsFrom[from].push_back(static_cast<int32_t>(constraints.size()));
  constraints.push_back({from, to, distance});
  queue.push_back(from);
}

/// Raises `item` to `base` or above; false if it cannot be there.
bool OrientationSearch::raise(int32_t index, int64_t base) {
  if (bases[index] >= base)
    return true;
  const Item &item = layout.items()[index];
  if (item.fixedBase)
    return false;
  trail.push_back({index, bases[index]});
  bases[index] = item.alignBase(base);
  queue.push_back(index);
  if (bases[index] + item.height > capacity) {
    lowestExcess = std::min(lowestExcess, bases[index] + item.height);
    return false;
  }
  // Constraints that lead from an item back above itself would go on for ever.
  // Without such a circle an item is raised at most once for each other item;
  // a circle through alignments repeats itself after the second round.
  return ++numRaises[index] <= 2 * static_cast<int64_t>(bases.size()) + 2;
}

/// Raises everything that the items in `queue` push up, first in, first out.
bool OrientationSearch::propagate() {
  std::fill(numRaises.begin(), numRaises.end(), 0);
  bool isPossible = true;
  for (size_t i = 0; i < queue.size() && isPossible; ++i)
    isPossible = propagateFrom(queue[i]);
  queue.clear();
  return isPossible;
}

bool OrientationSearch::propagateFrom(int32_t item) {
  for (int32_t index : constraintsFrom[item]) {
    const Constraint &constraint = constraints[index];
    if (!raise(constraint.to, bases[item] + constraint.distance))
      return false;
  }
  return true;
}

} // namespace serenity::core
