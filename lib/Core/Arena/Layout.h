//===- Layout.h - Buffers that move together --------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_ARENA_LAYOUT_H
#define SERENITY_LIB_CORE_ARENA_LAYOUT_H

#include "serenity/Core/Arena/Problem.h"

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace serenity::core {

/// The smallest multiple of `alignment`, a power of two, that is at least
/// `value`, which is not negative.
inline int64_t alignUp(int64_t value, int64_t alignment) {
  return (value + (alignment - 1)) & -alignment;
}

/// A buffer as a part of an item.
struct Part {
  int32_t buffer;
  int64_t lower, upper;
  /// Above the item's base.
  int64_t bottom;
  int64_t size;
};

/// What is placed at once: a buffer, or a group of adjacent ones. Its parts do
/// not move against each other, so one base places them all.
struct Item {
  int32_t firstPart, numParts;
  /// The base must be `residue` modulo `alignment`.
  int64_t alignment = 1;
  int64_t residue = 0;
  /// From the base to the top of the highest part.
  int64_t height = 0;
  std::optional<int64_t> fixedBase;

  /// The lowest base the alignment allows at or above `value`.
  int64_t alignBase(int64_t value) const {
    return alignUp(value + alignment - residue, alignment) - alignment +
           residue;
  }
};

/// The items of a problem, and its in-place pairs by buffer.
class Layout {
public:
  /// Expects the fields of `problem` to be in range. Fails with InvalidArgument
  /// if alignments or fixed offsets within a group contradict each other.
  static absl::StatusOr<Layout> make(const ArenaProblem &problem);

  absl::Span<const Item> items() const { return allItems; }
  absl::Span<const Part> parts() const { return allParts; }
  absl::Span<const Part> partsOf(const Item &item) const {
    return absl::MakeConstSpan(allParts).subspan(item.firstPart, item.numParts);
  }
  int32_t itemOf(const Part &part) const { return itemOfBuffer[part.buffer]; }

  /// Whether two buffers may start at the same offset.
  bool mayShare(int32_t first, int32_t second) const;

  /// The offset of each buffer, given the base of each item.
  std::vector<int64_t> toOffsets(absl::Span<const int64_t> bases) const;

private:
  absl::Status addItem(const ArenaProblem &problem,
                       absl::Span<const int32_t> buffers);
  void addPairs(absl::Span<const InPlacePair> pairs);

  std::vector<Item> allItems;
  std::vector<Part> allParts;
  std::vector<int32_t> itemOfBuffer;
  /// Both directions of every pair, ascending.
  std::vector<std::pair<int32_t, int32_t>> sharing;
};

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_ARENA_LAYOUT_H
