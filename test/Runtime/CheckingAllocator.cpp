//===- CheckingAllocator.cpp - Allocates and watches ----------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What code lowered with `finalize-memref-to-llvm{use-generic-functions=1}`
// calls to allocate. Fills what is allocated and what is freed with different
// bytes each time, aborts where a block is freed twice or was written beyond
// its ends, and counts. A program prints the counts by calling
// `printAllocations`.
//
//===----------------------------------------------------------------------===//

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>

namespace {

constexpr size_t kGuardBytes = 64;
constexpr unsigned char kGuard = 0xA5;

/// Bytes between guards, all in one piece of memory.
struct Block {
  size_t bytes;
  char *guarded, *start, *guardedEnd;
};

struct Heap {
  std::map<void *, Block> blocks;
  size_t numBlocks = 0, liveBytes = 0, peakBytes = 0, totalBytes = 0;
};

Heap &heap() {
  static Heap instance;
  return instance;
}

void *allocate(size_t alignment, size_t bytes) {
  Heap &all = heap();
  const size_t padding = std::max(alignment, kGuardBytes);
  const size_t size =
      (bytes + 2 * padding + alignment - 1) / alignment * alignment;
  char *guarded = static_cast<char *>(std::aligned_alloc(alignment, size));
  std::memset(guarded, kGuard, size);
  char *start = guarded + padding;
  std::memset(start, static_cast<int>(++all.numBlocks * 37 + 11), bytes);
  all.blocks[start] = {bytes, guarded, start, guarded + size};
  all.liveBytes += bytes;
  all.totalBytes += bytes;
  all.peakBytes = std::max(all.peakBytes, all.liveBytes);
  return start;
}

[[noreturn]] void fail(const char *what) {
  std::fprintf(stderr, "checking allocator: %s\n", what);
  std::abort();
}

void checkGuards(const Block &block) {
  const auto isWhole = [](char byte) {
    return static_cast<unsigned char>(byte) == kGuard;
  };
  if (!std::all_of(block.guarded, block.start, isWhole) ||
      !std::all_of(block.start + block.bytes, block.guardedEnd, isWhole))
    fail("a block was written beyond its ends");
}

} // namespace

extern "C" void *_mlir_memref_to_llvm_alloc(size_t bytes) {
  return allocate(16, bytes);
}

extern "C" void *_mlir_memref_to_llvm_aligned_alloc(size_t alignment,
                                                    size_t bytes) {
  return allocate(std::max<size_t>(alignment, 16), bytes);
}

extern "C" void _mlir_memref_to_llvm_free(void *start) {
  const auto found = heap().blocks.find(start);
  if (found == heap().blocks.end())
    fail("something is freed that is not allocated");
  const Block block = found->second;
  heap().blocks.erase(found);
  checkGuards(block);
  std::memset(start, 0x5A, block.bytes);
  heap().liveBytes -= block.bytes;
  std::free(block.guarded);
}

extern "C" void _mlir_ciface_printAllocations() {
  const Heap &all = heap();
  std::printf("allocations %zu, bytes %zu, peak bytes %zu, bytes not freed "
              "%zu\n",
              all.numBlocks, all.totalBytes, all.peakBytes, all.liveBytes);
  std::fflush(stdout);
}
