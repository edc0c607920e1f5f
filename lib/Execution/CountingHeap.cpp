//===- CountingHeap.cpp - Memory counted to the byte ----------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Execution/CountingHeap.h"
#include "llvm/Support/MemAlloc.h"
#include <algorithm>
#include <cstring>

using namespace serenity;

/// What new and freed blocks are filled with.
static constexpr int kNewByte = 0xA5;
static constexpr int kFreedByte = 0x5A;

/// Blocks of zero bytes have addresses of their own, too.
static size_t getStorageBytes(int64_t bytes) {
  return std::max<int64_t>(bytes, 1);
}

static void release(uintptr_t begin, int64_t bytes) {
  void *block = reinterpret_cast<void *>(begin);
  std::memset(block, kFreedByte, bytes);
  llvm::deallocate_buffer(block, getStorageBytes(bytes),
                          CountingHeap::kAlignment);
}

void *CountingHeap::allocate(int64_t bytes) {
  void *block = llvm::allocate_buffer(getStorageBytes(bytes), kAlignment);
  std::memset(block, kNewByte, bytes);
  blocks.emplace(reinterpret_cast<uintptr_t>(block), bytes);
  ++numAllocations;
  liveBytes += bytes;
  peakBytes = std::max(peakBytes, liveBytes);
  return block;
}

void CountingHeap::free(void *block) {
  if (!block)
    return;
  const auto it = blocks.find(reinterpret_cast<uintptr_t>(block));
  if (it == blocks.end()) {
    ++numInvalidFrees;
    return;
  }
  liveBytes -= it->second;
  release(it->first, it->second);
  blocks.erase(it);
}

std::optional<CountingHeap::Block>
CountingHeap::findBlock(const void *address) const {
  const uintptr_t wanted = reinterpret_cast<uintptr_t>(address);
  auto it = blocks.upper_bound(wanted);
  if (it == blocks.begin())
    return std::nullopt;
  --it;
  if (wanted - it->first >= getStorageBytes(it->second))
    return std::nullopt;
  return Block{reinterpret_cast<const void *>(it->first), it->second};
}

void CountingHeap::reset() {
  for (const auto &[begin, bytes] : blocks)
    release(begin, bytes);
  blocks.clear();
  liveBytes = peakBytes = numAllocations = numInvalidFrees = 0;
}
