//===- StateTable.h - Bounds proven of sets of operations -------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_SCHEDULE_STATETABLE_H
#define SERENITY_LIB_CORE_SCHEDULE_STATETABLE_H

#include "SearchLimits.h"

#include "absl/types/span.h"

#include <memory>

namespace serenity::core {

/// Maps sets of operations to bounds: whoever completes the set needs at least
/// so many bytes. Sets are compared bit by bit, so that no two can ever be
/// taken for each other. Open addressing; grows as needed and says so to the
/// limits.
class StateTable {
public:
  /// For sets of `wordsPerKey` words. `limits` must outlive this.
  StateTable(size_t wordsPerKey, SearchLimits &limits);
  ~StateTable();
  StateTable(const StateTable &) = delete;
  StateTable &operator=(const StateTable &) = delete;

  /// The bound of the set `key`; 0 if none is known. `hash` must be a function
  /// of `key`.
  int64_t lookup(uint32_t hash, absl::Span<const uint64_t> key) const;

  /// Makes `bound` the bound of the set `key`. Does nothing once a limit has
  /// struck.
  void store(uint32_t hash, absl::Span<const uint64_t> key, int64_t bound);

private:
  /// Entries are kept in blocks that never move; slots refer to them.
  static constexpr size_t kEntriesPerBlock = 256;
  struct Slot {
    uint32_t hash = 0;
    /// One more than the entry's number; 0 in an empty slot.
    uint32_t entry = 0;
  };

  const uint64_t *entryAt(uint32_t entry) const;
  size_t findSlot(uint32_t hash, absl::Span<const uint64_t> key) const;
  bool reserve(int64_t bytes);
  bool reserveEntry();
  bool growSlots();

  size_t wordsPerKey;
  SearchLimits &limits;
  int64_t reservedBytes = 0;
  uint32_t numEntries = 0;
  std::vector<Slot> slots;
  /// An entry is the words of its key and then the bound.
  std::vector<std::unique_ptr<uint64_t[]>> blocks;
};

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_SCHEDULE_STATETABLE_H
