//===- StateTableTest.cpp -------------------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "StateTable.h"

#include "gmock/gmock.h"

using namespace serenity::core;

namespace {

std::vector<uint64_t> keyOf(uint64_t number) { return {number, ~number}; }

TEST(StateTableTest, RemembersWhatItIsTold) {
  SearchLimits limits{ScheduleOptions()};
  StateTable table(2, limits);
  EXPECT_EQ(table.lookup(7, keyOf(1)), 0);
  table.store(7, keyOf(1), 10);
  EXPECT_EQ(table.lookup(7, keyOf(1)), 10);
  table.store(7, keyOf(1), 20);
  EXPECT_EQ(table.lookup(7, keyOf(1)), 20);
}

/// A proof must not rest on a hash.
TEST(StateTableTest, TellsSetsOfEqualHashApart) {
  SearchLimits limits{ScheduleOptions()};
  StateTable table(2, limits);
  constexpr uint32_t kHash = 0xffffffff;
  for (uint64_t number = 0; number < 2'000; ++number)
    table.store(kHash, keyOf(number), 1 + number);
  for (uint64_t number = 0; number < 2'000; ++number)
    ASSERT_EQ(table.lookup(kHash, keyOf(number)), 1 + number);
  EXPECT_EQ(table.lookup(kHash, keyOf(2'000)), 0);
}

TEST(StateTableTest, KeepsEverythingWhileItGrows) {
  SearchLimits limits{ScheduleOptions()};
  StateTable table(2, limits);
  for (uint32_t number = 0; number < 50'000; ++number)
    table.store(number * 0x9e3779b9, keyOf(number), 1 + number);
  for (uint32_t number = 0; number < 50'000; ++number)
    ASSERT_EQ(table.lookup(number * 0x9e3779b9, keyOf(number)), 1 + number);
}

TEST(StateTableTest, StopsAtTheLimitAndGivesItsBytesBack) {
  ScheduleOptions options;
  options.maxTableBytes = 100'000;
  SearchLimits limits(options);
  {
    StateTable table(2, limits);
    for (uint32_t number = 0; !limits.stopReason(); ++number) {
      ASSERT_LT(number, 10'000u);
      table.store(number, keyOf(number), 1);
    }
    EXPECT_EQ(table.lookup(0, keyOf(0)), 1);
  }
  EXPECT_EQ(limits.stopReason(), StopReason::TableLimit);

  SearchLimits unharmed{ScheduleOptions()};
  {
    StateTable table(2, unharmed);
    for (uint32_t number = 0; number < 10'000; ++number)
      table.store(number, keyOf(number), 1);
  }
  EXPECT_TRUE(unharmed.addTableBytes(ScheduleOptions().maxTableBytes));
}

} // namespace
