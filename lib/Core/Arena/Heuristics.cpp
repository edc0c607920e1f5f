//===- Heuristics.cpp - Plans made in one go ------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Heuristics.h"
#include "Placer.h"

#include "absl/numeric/int128.h"

#include <algorithm>
#include <limits>

namespace serenity::core {
namespace {

/// What an item is sorted by.
struct SortKey {
  int64_t start = std::numeric_limits<int64_t>::max();
  int64_t end = 0;
  int64_t size = 0;
  absl::int128 area = 0;
};

} // namespace

static SortKey makeKey(const Layout &layout, const Item &item) {
  SortKey key;
  key.size = item.height;
  for (const Part &part : layout.partsOf(item)) {
    key.start = std::min(key.start, part.lower);
    key.end = std::max(key.end, part.upper);
    key.area += absl::int128(part.size) * (part.upper - part.lower);
  }
  return key;
}

/// Whether `strategy` places an item with key `a` before one with key `b`.
static bool comesFirst(ArenaStrategy strategy, const SortKey &a,
                       const SortKey &b) {
  switch (strategy) {
  case ArenaStrategy::GreedyBySize:
    return a.size > b.size;
  case ArenaStrategy::FirstFitByStart:
    return a.start != b.start ? a.start < b.start : a.size > b.size;
  case ArenaStrategy::FirstFitByArea:
    return a.area > b.area;
  default:
    return a.size != b.size ? a.size > b.size
                            : a.end - a.start > b.end - b.start;
  }
}

std::vector<int32_t> placementOrder(const Layout &layout,
                                    ArenaStrategy strategy) {
  std::vector<SortKey> keys;
  std::vector<int32_t> order;
  for (const Item &item : layout.items()) {
    if (!item.fixedBase)
      order.push_back(static_cast<int32_t>(keys.size()));
    keys.push_back(makeKey(layout, item));
  }
  std::stable_sort(order.begin(), order.end(), [&](int32_t a, int32_t b) {
    return comesFirst(strategy, keys[a], keys[b]);
  });
  return order;
}

std::vector<int64_t> placeByHeuristic(const Layout &layout,
                                      ArenaStrategy strategy) {
  Placer placer(layout);
  const int32_t numItems = static_cast<int32_t>(layout.items().size());
  for (int32_t i = 0; i < numItems; ++i)
    if (layout.items()[i].fixedBase)
      placer.place(i, *layout.items()[i].fixedBase);
  for (int32_t i : placementOrder(layout, strategy))
    placer.place(i, strategy == ArenaStrategy::BestFit ? placer.bestFit(i)
                                                       : placer.firstFit(i));
  return {placer.bases().begin(), placer.bases().end()};
}

} // namespace serenity::core
