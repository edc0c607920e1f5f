//===- Layout.cpp - Buffers that move together ----------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Layout.h"

#include "absl/strings/str_cat.h"

#include <algorithm>

namespace serenity::core {

/// Settles where the base of `item` may be, and checks that each part agrees.
static absl::Status alignParts(const ArenaProblem &problem,
                               absl::Span<const Part> parts, Item &item) {
  for (const Part &part : parts) {
    const int64_t alignment = problem.buffers[part.buffer].alignment;
    if (alignment > item.alignment) {
      item.alignment = alignment;
      item.residue = -part.bottom & (alignment - 1);
    }
  }
  for (const Part &part : parts) {
    const ArenaBuffer &buffer = problem.buffers[part.buffer];
    if ((item.residue + part.bottom) % buffer.alignment != 0)
      return absl::InvalidArgumentError(absl::StrCat(
          "buffer '", buffer.name, "' cannot be aligned to ", buffer.alignment,
          " bytes, ", part.bottom, " bytes above the first of its group"));
  }
  return absl::OkStatus();
}

/// Settles the base if any part is fixed, and checks that all parts agree.
static absl::Status fixParts(const ArenaProblem &problem,
                             absl::Span<const Part> parts, Item &item) {
  for (const Part &part : parts) {
    const ArenaBuffer &buffer = problem.buffers[part.buffer];
    if (!buffer.offset)
      continue;
    const int64_t base = *buffer.offset - part.bottom;
    if (base < 0)
      return absl::InvalidArgumentError(absl::StrCat(
          "buffer '", buffer.name, "' is fixed at offset ", *buffer.offset,
          " but its group needs ", part.bottom, " bytes below it"));
    if (item.alignBase(base) != base)
      return absl::InvalidArgumentError(absl::StrCat(
          "buffer '", buffer.name, "' is fixed at offset ", *buffer.offset,
          ", where another of its group cannot be "
          "aligned to ",
          item.alignment, " bytes"));
    if (item.fixedBase.value_or(base) != base)
      return absl::InvalidArgumentError(absl::StrCat(
          "buffer '", buffer.name, "' is fixed at offset ", *buffer.offset,
          " but its group puts it at ", *item.fixedBase + part.bottom));
    item.fixedBase = base;
  }
  return absl::OkStatus();
}

absl::Status Layout::addItem(const ArenaProblem &problem,
                             absl::Span<const int32_t> buffers) {
  Item item{static_cast<int32_t>(allParts.size()),
            static_cast<int32_t>(buffers.size())};
  for (int32_t index : buffers) {
    const ArenaBuffer &buffer = problem.buffers[index];
    allParts.push_back(
        {index, buffer.lower, buffer.upper, item.height, buffer.size});
    item.height += buffer.size;
    itemOfBuffer[index] = static_cast<int32_t>(allItems.size());
  }
  absl::Status status = alignParts(problem, partsOf(item), item);
  status.Update(fixParts(problem, partsOf(item), item));
  allItems.push_back(item);
  return status;
}

void Layout::addPairs(absl::Span<const InPlacePair> pairs) {
  for (const InPlacePair &pair : pairs) {
    sharing.emplace_back(pair.first, pair.second);
    sharing.emplace_back(pair.second, pair.first);
  }
  std::sort(sharing.begin(), sharing.end());
}

absl::StatusOr<Layout> Layout::make(const ArenaProblem &problem) {
  Layout layout;
  layout.itemOfBuffer.assign(problem.buffers.size(), -1);
  for (const std::vector<int32_t> &group : problem.adjacentGroups)
    if (!group.empty())
      if (absl::Status status = layout.addItem(problem, group); !status.ok())
        return status;
  const int32_t numBuffers = static_cast<int32_t>(problem.buffers.size());
  for (int32_t i = 0; i < numBuffers; ++i)
    if (layout.itemOfBuffer[i] < 0)
      if (absl::Status status = layout.addItem(problem, {i}); !status.ok())
        return status;
  layout.addPairs(problem.inPlacePairs);
  return layout;
}

bool Layout::mayShare(int32_t first, int32_t second) const {
  return !sharing.empty() && std::binary_search(sharing.begin(), sharing.end(),
                                                std::make_pair(first, second));
}

std::vector<int64_t> Layout::toOffsets(absl::Span<const int64_t> bases) const {
  std::vector<int64_t> offsets(itemOfBuffer.size());
  for (const Part &part : allParts)
    offsets[part.buffer] = bases[itemOf(part)] + part.bottom;
  return offsets;
}

} // namespace serenity::core
