//===- Placer.cpp - Puts items into the gaps between others ---------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Placer.h"

#include <algorithm>
#include <limits>

namespace serenity::core {

Placer::Placer(const Layout &layout)
    : layout(layout), itemBases(layout.items().size(), -1),
      leafOfPart(layout.parts().size(), -1) {
  absl::Span<const Part> parts = layout.parts();
  std::vector<int32_t> byStart;
  for (size_t i = 0; i < parts.size(); ++i)
    if (parts[i].size > 0)
      byStart.push_back(static_cast<int32_t>(i));
  std::sort(byStart.begin(), byStart.end(), [&](int32_t a, int32_t b) {
    return std::make_pair(parts[a].lower, a) <
           std::make_pair(parts[b].lower, b);
  });
  for (int32_t i : byStart) {
    leafOfPart[i] = static_cast<int32_t>(leaves.size());
    leaves.push_back({parts[i].lower, parts[i].upper, -1, -1,
                      layout.itemOf(parts[i]), parts[i].buffer});
  }
  while (numLeaves < leaves.size())
    numLeaves *= 2;
  latestEnd.assign(2 * numLeaves, -1);
}

void Placer::place(int32_t item, int64_t base) {
  itemBases[item] = base;
  const Item &placed = layout.items()[item];
  for (int32_t i = 0; i < placed.numParts; ++i) {
    const Part &part = layout.parts()[placed.firstPart + i];
    const int32_t position = leafOfPart[placed.firstPart + i];
    if (position < 0)
      continue;
    Leaf &leaf = leaves[position];
    leaf.bottom = base + part.bottom;
    leaf.top = leaf.bottom + part.size;
    for (size_t node = numLeaves + position; node > 0; node /= 2)
      latestEnd[node] = std::max(latestEnd[node], leaf.upper);
  }
}

/// The first leaf at or after `position` whose part is placed and ends after
/// `lower`; the number of leaves of the tree if there is none.
size_t Placer::nextPlaced(size_t position, int64_t lower) const {
  size_t node = numLeaves + position;
  while (latestEnd[node] <= lower) {
    // Up past all nodes that are right children, then to the right.
    while (node & 1)
      node /= 2;
    if (node == 0)
      return numLeaves;
    ++node;
  }
  while (node < numLeaves)
    node = latestEnd[2 * node] > lower ? 2 * node : 2 * node + 1;
  return node - numLeaves;
}

/// Calls `visit` with each placed leaf of another item that is alive together
/// with `part` of `item`.
template <typename Visitor>
void Placer::forEachAlive(const Part &part, int32_t item, Visitor visit) const {
  for (size_t i = nextPlaced(0, part.lower); i < leaves.size();) {
    const Leaf &leaf = leaves[i];
    if (leaf.lower >= part.upper)
      return;
    if (leaf.item != item)
      visit(leaf);
    if (++i < numLeaves)
      i = nextPlaced(i, part.lower);
  }
}

void Placer::collectObstacles(int32_t item) {
  obstacles.clear();
  sharedBases.clear();
  numSorted = numSeen = 0;
  for (const Part &part : layout.partsOf(layout.items()[item]))
    if (part.size > 0)
      forEachAlive(part, item, [&](const Leaf &leaf) {
        obstacles.push_back(toObstacle(leaf, part));
        if (layout.mayShare(leaf.buffer, part.buffer))
          sharedBases.push_back(leaf.bottom - part.bottom);
      });
}

const Placer::Obstacle *Placer::nextObstacle() {
  constexpr size_t kFirstChunk = 16;
  if (numSeen == obstacles.size())
    return nullptr;
  if (numSeen == numSorted) {
    const auto byLow = [](const Obstacle &a, const Obstacle &b) {
      return a.low < b.low;
    };
    const auto begin = obstacles.begin() + numSorted;
    numSorted =
        std::min(std::max(2 * numSorted, kFirstChunk), obstacles.size());
    const auto end = obstacles.begin() + numSorted;
    std::nth_element(begin, end - 1, obstacles.end(), byLow);
    std::sort(begin, end, byLow);
  }
  return &obstacles[numSeen++];
}

int64_t Placer::findShared(int32_t index, int64_t limit) const {
  const Item &item = layout.items()[index];
  int64_t best = -1;
  for (int64_t base : sharedBases)
    if (base >= 0 && base <= limit && (best < 0 || base < best) &&
        item.alignBase(base) == base && findObstacle(index, base) < 0)
      best = base;
  return best;
}

int64_t Placer::firstFit(int32_t index) {
  const Item &item = layout.items()[index];
  collectObstacles(index);
  int64_t base = item.alignBase(0);
  while (const Obstacle *obstacle = nextObstacle()) {
    if (obstacle->low >= base)
      break;
    if (obstacle->high > base)
      base = item.alignBase(obstacle->high);
  }
  const int64_t shared = findShared(index, base);
  return shared >= 0 ? shared : base;
}

int64_t Placer::bestFit(int32_t index) {
  constexpr int64_t kInfinite = std::numeric_limits<int64_t>::max();
  const Item &item = layout.items()[index];
  collectObstacles(index);
  int64_t base = item.alignBase(0), best = -1, leastPlay = kInfinite;
  while (const Obstacle *obstacle = nextObstacle()) {
    if (obstacle->low >= base && obstacle->low - base < leastPlay) {
      best = base;
      leastPlay = obstacle->low - base;
    }
    if (obstacle->high > base)
      base = item.alignBase(obstacle->high);
  }
  const int64_t shared = findShared(index, kInfinite);
  return shared >= 0 ? shared : best >= 0 ? best : base;
}

int32_t Placer::findObstacle(int32_t item, int64_t base) const {
  int32_t first = -1;
  for (const Part &part : layout.partsOf(layout.items()[item]))
    if (part.size > 0)
      forEachAlive(part, item, [&](const Leaf &leaf) {
        const bool startsTogether = leaf.bottom == base + part.bottom &&
                                    layout.mayShare(leaf.buffer, part.buffer);
        if (!startsTogether && toObstacle(leaf, part).blocks(base) &&
            (first < 0 || leaf.buffer < first))
          first = leaf.buffer;
      });
  return first;
}

} // namespace serenity::core
