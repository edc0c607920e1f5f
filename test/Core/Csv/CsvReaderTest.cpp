//===- CsvReaderTest.cpp - What the CSV reader takes and refuses ----------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Csv/CsvReader.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace serenity::core {
namespace {

using ::testing::ElementsAre;

TEST(CsvReaderTest, readsRowAfterRow) {
  CsvReader reader("a,b\r\n1,x\n,\n");
  ASSERT_TRUE(reader.readHeader().ok());
  EXPECT_THAT(reader.columns(), ElementsAre("a", "b"));
  EXPECT_EQ(reader.findColumn("b"), 1u);
  EXPECT_EQ(reader.findColumn("c"), std::nullopt);
  ASSERT_TRUE(*reader.nextRow());
  EXPECT_EQ(reader.cell(0), "1");
  EXPECT_EQ(reader.cell(1), "x");
  ASSERT_TRUE(*reader.nextRow());
  EXPECT_EQ(reader.getLineNumber(), 3);
  EXPECT_EQ(reader.cell(1), "");
  EXPECT_FALSE(*reader.nextRow());
}

TEST(CsvReaderTest, refusesBrokenLines) {
  EXPECT_EQ(CsvReader("").readHeader().message(),
            "no header: the file is empty");
  EXPECT_EQ(CsvReader("a,b,a").readHeader().message(),
            "line 1: column 'a' appears twice");
  CsvReader reader("a,b\n1\n");
  ASSERT_TRUE(reader.readHeader().ok());
  EXPECT_EQ(reader.requireColumn("c").status().message(),
            "line 1: no column 'c'");
  EXPECT_EQ(reader.nextRow().status().message(),
            "line 2: expected 2 columns, got 1");
}

/// The message for a single cell read as a number, or the number.
std::string readNumber(absl::string_view cell) {
  const std::string text = absl::StrCat("n\n", cell, "\n");
  CsvReader reader(text);
  EXPECT_TRUE(reader.readHeader().ok() && reader.nextRow().ok());
  const absl::StatusOr<double> number = reader.readNumber(0);
  return number.ok() ? absl::StrCat(*number)
                     : std::string(number.status().message());
}

TEST(CsvReaderTest, readsFiniteDecimalNumbers) {
  EXPECT_EQ(readNumber("1.5e2"), "150");
  EXPECT_EQ(readNumber("-0.25"), "-0.25");
  for (absl::string_view cell : {"", "abc", "nan", "inf", "1e999", " 1", "0x1"})
    EXPECT_EQ(readNumber(cell),
              absl::StrCat("line 2: 'n' is '", cell, "', not a number"));
}

TEST(CsvReaderTest, readsIdsOnce) {
  CsvReader reader("id\na\nb\na\n");
  CsvIds ids;
  ASSERT_TRUE(reader.readHeader().ok());
  EXPECT_TRUE(*reader.nextRow() && ids.add(reader, 0).ok());
  EXPECT_TRUE(*reader.nextRow() && ids.add(reader, 0).ok());
  ASSERT_TRUE(*reader.nextRow());
  EXPECT_EQ(ids.add(reader, 0).message(), "line 4: id 'a' was used on line 2");
}

} // namespace
} // namespace serenity::core
