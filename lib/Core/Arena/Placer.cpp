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
  for (size_t i = 0; i < parts.size(); ++i)
    if (parts[i].size > 0)
      byStart.push_back(static_cast<int32_t>(i));
  std::sort(byStart.begin(), byStart.end(), [&](int32_t a, int32_t b) {
    return std::make_pair(parts[a].lower, a) <
           std::make_pair(parts[b].lower, b);
  });
  for (size_t i = 0; i < byStart.size(); ++i)
    leafOfPart[byStart[i]] = static_cast<int32_t>(i);
  while (numLeaves < byStart.size())
    numLeaves *= 2;
  latestEnd.assign(2 * numLeaves, -1);
}

void Placer::place(int32_t item, int64_t base) {
  itemBases[item] = base;
  const Item &placed = layout.items()[item];
  for (int32_t i = 0; i < placed.numParts; ++i) {
    const int32_t part = placed.firstPart + i;
    if (leafOfPart[part] < 0)
      continue;
    const int64_t upper = layout.parts()[part].upper;
    for (size_t node = numLeaves + leafOfPart[part]; node > 0; node /= 2)
      latestEnd[node] = std::max(latestEnd[node], upper);
  }
}

/// The first leaf at or after `position` whose part is placed and ends after
/// `lower`; the number of leaves if there is none.
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

Placer::Obstacle Placer::toObstacle(const Part &placed,
                                    const Part &part) const {
  const int64_t bottom =
      itemBases[layout.itemOf(placed)] + placed.bottom - part.bottom;
  const bool mayShare = layout.mayShare(placed.buffer, part.buffer);
  return {bottom - part.size, bottom + placed.size, mayShare ? bottom : -1,
          placed.buffer};
}

void Placer::collectObstacles(const Part &part, int32_t item) {
  absl::Span<const Part> parts = layout.parts();
  for (size_t leaf = nextPlaced(0, part.lower); leaf < byStart.size();) {
    const Part &placed = parts[byStart[leaf]];
    if (placed.lower >= part.upper)
      return;
    if (layout.itemOf(placed) != item)
      obstacles.push_back(toObstacle(placed, part));
    if (++leaf < numLeaves)
      leaf = nextPlaced(leaf, part.lower);
  }
}

void Placer::collectObstacles(int32_t item) {
  obstacles.clear();
  for (const Part &part : layout.partsOf(layout.items()[item]))
    if (part.size > 0)
      collectObstacles(part, item);
  std::sort(obstacles.begin(), obstacles.end(),
            [](const Obstacle &a, const Obstacle &b) {
              return std::make_pair(a.low, a.buffer) <
                     std::make_pair(b.low, b.buffer);
            });
}

int64_t Placer::findShared(const Item &item, int64_t limit) const {
  int64_t best = -1;
  for (const Obstacle &partner : obstacles) {
    const int64_t base = partner.shared;
    if (base < 0 || base > limit || (best >= 0 && base >= best) ||
        item.alignBase(base) != base)
      continue;
    if (std::none_of(obstacles.begin(), obstacles.end(),
                     [&](const Obstacle &other) { return other.blocks(base); }))
      best = base;
  }
  return best;
}

int64_t Placer::firstFit(int32_t index) {
  const Item &item = layout.items()[index];
  collectObstacles(index);
  int64_t base = item.alignBase(0);
  for (const Obstacle &obstacle : obstacles) {
    if (obstacle.low >= base)
      break;
    if (obstacle.high > base)
      base = item.alignBase(obstacle.high);
  }
  const int64_t shared = findShared(item, base);
  return shared >= 0 ? shared : base;
}

int64_t Placer::bestFit(int32_t index) {
  constexpr int64_t kInfinite = std::numeric_limits<int64_t>::max();
  const Item &item = layout.items()[index];
  collectObstacles(index);
  int64_t base = item.alignBase(0), best = -1, leastPlay = kInfinite;
  for (const Obstacle &obstacle : obstacles) {
    if (obstacle.low >= base && obstacle.low - base < leastPlay) {
      best = base;
      leastPlay = obstacle.low - base;
    }
    if (obstacle.high > base)
      base = item.alignBase(obstacle.high);
  }
  const int64_t shared = findShared(item, kInfinite);
  return shared >= 0 ? shared : best >= 0 ? best : base;
}

int32_t Placer::findObstacle(int32_t item, int64_t base) {
  collectObstacles(item);
  for (const Obstacle &obstacle : obstacles)
    if (obstacle.blocks(base))
      return obstacle.buffer;
  return -1;
}

} // namespace serenity::core
