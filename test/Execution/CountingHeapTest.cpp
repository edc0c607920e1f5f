//===- CountingHeapTest.cpp - Memory is counted to the byte ---------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Execution/CountingHeap.h"

#include <gtest/gtest.h>

using namespace serenity;

TEST(CountingHeapTest, CountsWhatIsAliveTogether) {
  CountingHeap heap;
  void *a = heap.allocate(3);
  void *b = heap.allocate(5);
  heap.free(a);
  heap.allocate(4);
  EXPECT_EQ(heap.getLiveBytes(), 9);
  EXPECT_EQ(heap.getPeakBytes(), 9);
  heap.free(b);
  EXPECT_EQ(heap.getLiveBytes(), 4);
  EXPECT_EQ(heap.getPeakBytes(), 9);
  EXPECT_EQ(heap.getNumAllocations(), 3);
  heap.reset();
  EXPECT_EQ(heap.getLiveBytes(), 0);
  EXPECT_EQ(heap.getPeakBytes(), 0);
  EXPECT_EQ(heap.getNumAllocations(), 0);
}

TEST(CountingHeapTest, AlignsBlocks) {
  CountingHeap heap;
  for (int64_t bytes : {1, 7, 64, 100})
    EXPECT_EQ(reinterpret_cast<uintptr_t>(heap.allocate(bytes)) %
                  CountingHeap::kAlignment,
              0u);
}

TEST(CountingHeapTest, TellsBlocksOfZeroBytesApart) {
  CountingHeap heap;
  void *a = heap.allocate(0);
  void *b = heap.allocate(0);
  EXPECT_NE(a, b);
  heap.free(a);
  heap.free(b);
  EXPECT_EQ(heap.getNumInvalidFrees(), 0);
}

TEST(CountingHeapTest, CountsInvalidFrees) {
  CountingHeap heap;
  char *block = static_cast<char *>(heap.allocate(8));
  heap.free(nullptr);
  EXPECT_EQ(heap.getNumInvalidFrees(), 0);
  heap.free(block + 1);
  EXPECT_EQ(heap.getNumInvalidFrees(), 1);
  heap.free(block);
  heap.free(block);
  EXPECT_EQ(heap.getNumInvalidFrees(), 2);
  EXPECT_EQ(heap.getLiveBytes(), 0);
}

TEST(CountingHeapTest, FindsBlocks) {
  CountingHeap heap;
  char *block = static_cast<char *>(heap.allocate(8));
  ASSERT_TRUE(heap.findBlock(block + 7));
  EXPECT_EQ(heap.findBlock(block + 7)->begin, block);
  EXPECT_EQ(heap.findBlock(block + 7)->bytes, 8);
  EXPECT_FALSE(heap.findBlock(block + 8));
  EXPECT_FALSE(heap.findBlock(block - 1));
}

TEST(CountingHeapTest, NewBlocksNeverHoldZeros) {
  CountingHeap heap;
  const char *block = static_cast<char *>(heap.allocate(32));
  for (int i = 0; i < 32; ++i)
    EXPECT_NE(block[i], 0);
}
