//===- SearchLimitsTest.cpp -----------------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SearchLimits.h"

#include "gtest/gtest.h"

using namespace serenity::core;

namespace {

TEST(SearchLimitsTest, CountsStatesUpToTheLimit) {
  ScheduleOptions options;
  options.maxStates = 2;
  SearchLimits limits(options);
  EXPECT_TRUE(limits.addState());
  EXPECT_TRUE(limits.addState());
  EXPECT_EQ(limits.stopReason(), std::nullopt);
  EXPECT_FALSE(limits.addState());
  EXPECT_EQ(limits.stopReason(), StopReason::StateLimit);
  EXPECT_EQ(limits.states(), 2);
}

TEST(SearchLimitsTest, TableBytesCanBeGivenBackBeforeTheLimit) {
  ScheduleOptions options;
  options.maxTableBytes = 100;
  SearchLimits limits(options);
  EXPECT_TRUE(limits.addTableBytes(100));
  EXPECT_TRUE(limits.addTableBytes(-60));
  EXPECT_TRUE(limits.addTableBytes(60));
  EXPECT_FALSE(limits.addTableBytes(1));
  EXPECT_EQ(limits.stopReason(), StopReason::TableLimit);
  EXPECT_EQ(limits.peakTableBytes(), 100) << "what is refused is not taken";
  EXPECT_FALSE(limits.addTableBytes(-101)) << "a limit stays struck";
  EXPECT_FALSE(limits.addState());
}

TEST(SearchLimitsTest, NoTimeAtAllStopsTheFirstState) {
  ScheduleOptions options;
  options.maxSeconds = 0;
  SearchLimits limits(options);
  EXPECT_FALSE(limits.addState());
  EXPECT_EQ(limits.stopReason(), StopReason::TimeLimit);
}

TEST(SearchLimitsTest, NothingStrikesByDefault) {
  SearchLimits limits{ScheduleOptions()};
  for (int i = 0; i < 1000; ++i)
    ASSERT_TRUE(limits.addState());
  EXPECT_EQ(limits.states(), 1000);
}

} // namespace
