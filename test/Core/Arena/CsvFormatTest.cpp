//===- CsvFormatTest.cpp - What the CSV reader takes and refuses ----------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Arena/CsvFormat.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace serenity::core {
namespace {

constexpr char kExample[] = "id,lower,upper,size\nb1,0,3,4\nb2,3,9,5\n";

void expectRefused(absl::string_view text, const std::string &message) {
  absl::StatusOr<ArenaProblem> problem = parseArenaCsv(text);
  ASSERT_FALSE(problem.ok());
  EXPECT_EQ(problem.status().message(), message);
}

TEST(CsvFormatTest, readsMinimallocsFormat) {
  absl::StatusOr<ArenaProblem> problem = parseArenaCsv(kExample);
  ASSERT_TRUE(problem.ok()) << problem.status();
  ASSERT_EQ(problem->buffers.size(), 2u);
  EXPECT_EQ(problem->buffers[1].name, "b2");
  EXPECT_EQ(problem->buffers[1].lower, 3);
  EXPECT_EQ(problem->buffers[1].upper, 9);
  EXPECT_EQ(problem->buffers[1].size, 5);
  EXPECT_EQ(problem->buffers[1].alignment, 1);
  EXPECT_EQ(problem->buffers[1].offset, std::nullopt);
}

TEST(CsvFormatTest, readsOptionalColumnsInAnyOrder) {
  absl::StatusOr<ArenaProblem> problem = parseArenaCsv(
      "offset,size,alignment,upper,lower,id\r\n32,4,16,3,0,x\r\n,4,,3,0,y");
  ASSERT_TRUE(problem.ok()) << problem.status();
  EXPECT_EQ(problem->buffers[0].alignment, 16);
  EXPECT_EQ(problem->buffers[0].offset, 32);
  EXPECT_EQ(problem->buffers[1].alignment, 1);
  EXPECT_EQ(problem->buffers[1].offset, std::nullopt);
}

TEST(CsvFormatTest, readsBenefits) {
  absl::StatusOr<ArenaProblem> problem =
      parseArenaCsv("id,lower,upper,size,benefit\nx,0,3,4,70\ny,0,3,4,");
  ASSERT_TRUE(problem.ok()) << problem.status();
  EXPECT_EQ(problem->buffers[0].benefit, 70);
  EXPECT_EQ(problem->buffers[1].benefit, std::nullopt);
  expectRefused("id,lower,upper,size,benefit\nx,0,3,4,many",
                "line 2: 'benefit' is 'many', not a 64-bit integer");
  expectRefused("id,lower,upper,size,benefit\nx,0,3,4,-1",
                "line 2: buffer 'x' has a negative benefit of -1");
}

TEST(CsvFormatTest, readsNoBuffers) {
  EXPECT_TRUE(parseArenaCsv("id,lower,upper,size")->buffers.empty());
}

TEST(CsvFormatTest, refusesBrokenHeaders) {
  expectRefused("", "no header: the file is empty");
  expectRefused("\n", "line 1: unknown column ''");
  expectRefused("id,lower,upper", "line 1: no column 'size'");
  expectRefused("id,lower,upper,size,color", "line 1: unknown column 'color'");
  expectRefused("id,lower,upper,size,id", "line 1: column 'id' appears twice");
  expectRefused(std::string(50, 'x'),
                "line 1: unknown column '" + std::string(40, 'x') + "...'");
}

TEST(CsvFormatTest, refusesBrokenRows) {
  const std::string header = "id,lower,upper,size,offset\n";
  expectRefused(header + "a,0,1,2", "line 2: expected 5 columns, got 4");
  expectRefused(header + "a,0,1,2,,", "line 2: expected 5 columns, got 6");
  expectRefused(header + "\n", "line 2: expected 5 columns, got 1");
  expectRefused(header + ",0,1,2,", "line 2: empty id");
  expectRefused(header + "a,0,1,2,\na,0,1,2,",
                "line 3: id 'a' was used on line 2");
  expectRefused(header + "\x01\xff,0,1,2,",
                "line 2: id '\\x01\\xff' is not printable ASCII");
  expectRefused(header + std::string(201, 'x') + ",0,1,2,",
                "line 2: id of 201 characters, allowed are 200");
  expectRefused(header + "a,,1,2,",
                "line 2: 'lower' is '', not a 64-bit integer");
  expectRefused(header + "a,0, 1,2,",
                "line 2: 'upper' is ' 1', not a 64-bit integer");
  expectRefused(header + "a,0,1,1e3,",
                "line 2: 'size' is '1e3', not a 64-bit integer");
  expectRefused(header + "a,0,1,9223372036854775808,",
                "line 2: 'size' is '9223372036854775808', not a 64-bit integer");
  expectRefused(header + "a,5,1,2,",
                "line 2: buffer 'a' ends at 1 but starts at 5");
}

TEST(CsvFormatTest, refusesWhatContradictsItself) {
  expectRefused("id,lower,upper,size,offset\na,0,1,2,0\nb,0,1,2,1",
                "buffer 'b' is fixed at offset 1, where it overlaps with "
                "buffer 'a'");
}

TEST(CsvFormatTest, printsWhatItReads) {
  const ArenaProblem problem = *parseArenaCsv(kExample);
  const ArenaPlan plan{{8, 0}, 12};
  const std::string text = printArenaCsv(problem, plan);
  EXPECT_EQ(text, "id,lower,upper,size,offset\nb1,0,3,4,8\nb2,3,9,5,0\n");
  const ArenaProblem again = *parseArenaCsv(text);
  EXPECT_EQ(again.buffers[0].offset, 8);
  EXPECT_EQ(printArenaCsv(again, plan), text);
}

TEST(CsvFormatTest, printsAlignmentsIfThereAreAny) {
  const ArenaProblem problem{{{"a", 0, 1, 4, 8}, {"b", 0, 1, 4}}};
  EXPECT_EQ(printArenaCsv(problem, {{0, 4}, 8}),
            "id,lower,upper,size,alignment,offset\na,0,1,4,8,0\nb,0,1,4,1,4\n");
}

TEST(CsvFormatTest, printsMemories) {
  const ArenaProblem problem =
      *parseArenaCsv("id,lower,upper,size,benefit\nx,0,3,4,70\ny,0,3,4,");
  MemoriesPlan plan;
  plan.memories = {0, 1};
  plan.offsets = {0, 8};
  EXPECT_EQ(printMemoriesCsv(problem, {{"sram"}, {"dram"}}, plan),
            "id,lower,upper,size,benefit,memory,offset\nx,0,3,4,70,sram,0\n"
            "y,0,3,4,4,dram,8\n");
}

} // namespace
} // namespace serenity::core
