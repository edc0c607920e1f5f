//===- CountingHeap.h - Memory counted to the byte --------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_EXECUTION_COUNTINGHEAP_H
#define SERENITY_EXECUTION_COUNTINGHEAP_H

#include <cstdint>
#include <map>
#include <optional>

namespace serenity {

/// Where a program allocates its buffers. A block counts as many bytes as were
/// asked for, from its allocation until it is freed.
///
/// Blocks are filled with one pattern when they come and another when they go,
/// so that a program that reads what it has not written, or what it has freed,
/// computes something else than a right one, and always the same.
class CountingHeap {
public:
  /// Of every block, in bytes: enough for any vector.
  static constexpr int64_t kAlignment = 64;

  CountingHeap() = default;
  CountingHeap(const CountingHeap &) = delete;
  CountingHeap &operator=(const CountingHeap &) = delete;
  ~CountingHeap() { reset(); }

  /// A new block of `bytes`, which may be zero.
  void *allocate(int64_t bytes);

  /// Ends the life of the block that begins at `block`. Null is nothing to
  /// free; any other address that begins no living block is counted as invalid.
  void free(void *block);

  struct Block {
    const void *begin;
    int64_t bytes;
  };
  /// The living block that `address` lies in, if there is one.
  std::optional<Block> findBlock(const void *address) const;

  int64_t getLiveBytes() const { return liveBytes; }
  int64_t getPeakBytes() const { return peakBytes; }
  int64_t getNumAllocations() const { return numAllocations; }
  int64_t getNumInvalidFrees() const { return numInvalidFrees; }

  /// Frees all blocks and sets all counts to zero.
  void reset();

private:
  /// Sizes of the living blocks by their first byte.
  std::map<uintptr_t, int64_t> blocks;
  int64_t liveBytes = 0;
  int64_t peakBytes = 0;
  int64_t numAllocations = 0;
  int64_t numInvalidFrees = 0;
};

} // namespace serenity

#endif // SERENITY_EXECUTION_COUNTINGHEAP_H
