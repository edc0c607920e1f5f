//===- StateTable.cpp - Bounds proven of sets of operations ---------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "StateTable.h"

#include <algorithm>

using namespace serenity::core;

StateTable::StateTable(size_t wordsPerKey, SearchLimits &limits)
    : wordsPerKey(wordsPerKey), limits(limits) {}

StateTable::~StateTable() { limits.addTableBytes(-reservedBytes); }

const uint64_t *StateTable::entryAt(uint32_t entry) const {
  return blocks[entry / kEntriesPerBlock].get() +
         (entry % kEntriesPerBlock) * (wordsPerKey + 1);
}

/// The slot that holds `key`, or the empty one where it belongs.
size_t StateTable::findSlot(uint32_t hash,
                            absl::Span<const uint64_t> key) const {
  const size_t mask = slots.size() - 1;
  for (size_t i = hash & mask;; i = (i + 1) & mask) {
    const Slot &slot = slots[i];
    if (slot.entry == 0 ||
        (slot.hash == hash &&
         std::equal(key.begin(), key.end(), entryAt(slot.entry - 1))))
      return i;
  }
}

int64_t StateTable::lookup(uint32_t hash,
                           absl::Span<const uint64_t> key) const {
  if (slots.empty())
    return 0;
  const Slot &slot = slots[findSlot(hash, key)];
  return slot.entry == 0
             ? 0
             : static_cast<int64_t>(entryAt(slot.entry - 1)[wordsPerKey]);
}

void StateTable::store(uint32_t hash, absl::Span<const uint64_t> key,
                       int64_t bound) {
  if (2 * (size_t{numEntries} + 1) > slots.size() && !growSlots())
    return;
  Slot &slot = slots[findSlot(hash, key)];
  if (slot.entry == 0) {
    if (!reserveEntry())
      return;
    slot = {hash, ++numEntries};
  }
  uint64_t *entry = const_cast<uint64_t *>(entryAt(slot.entry - 1));
  std::copy(key.begin(), key.end(), entry);
  entry[wordsPerKey] = static_cast<uint64_t>(bound);
}

bool StateTable::reserve(int64_t bytes) {
  reservedBytes += bytes;
  return limits.addTableBytes(bytes);
}

/// Makes room for one more entry.
bool StateTable::reserveEntry() {
  if (numEntries % kEntriesPerBlock != 0)
    return true;
  const size_t words = kEntriesPerBlock * (wordsPerKey + 1);
  if (!reserve(words * sizeof(uint64_t)))
    return false;
  blocks.push_back(std::make_unique<uint64_t[]>(words));
  return true;
}

/// Doubles the slots.
bool StateTable::growSlots() {
  constexpr size_t kFirstSize = 1024;
  const size_t newSize = std::max(kFirstSize, 2 * slots.size());
  if (!reserve(newSize * sizeof(Slot)))
    return false;
  const std::vector<Slot> old =
      std::exchange(slots, std::vector<Slot>(newSize));
  for (const Slot &slot : old) {
    size_t i = slot.hash & (newSize - 1);
    while (slot.entry != 0 && slots[i].entry != 0)
      i = (i + 1) & (newSize - 1);
    if (slot.entry != 0)
      slots[i] = slot;
  }
  return reserve(-static_cast<int64_t>(old.size() * sizeof(Slot)));
}
