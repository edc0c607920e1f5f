//===- TablesTest.cpp - What the readers of tables take and refuse --------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Latency/Tables.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include <cmath>

namespace serenity::core {
namespace {

using ::testing::ElementsAre;

TEST(TablesTest, readsLatenciesWithGaps) {
  const auto table =
      readLatencies("id,a,b\nx,1.5,-1\ny,,2e1\n", {"b", "a"}, nullptr);
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_EQ(table->rowOfId.at("y"), 1);
  EXPECT_TRUE(std::isnan(table->milliseconds(0, 0)));
  EXPECT_EQ(table->milliseconds(0, 1), 1.5);
  EXPECT_EQ(table->milliseconds(1, 0), 20);
  EXPECT_TRUE(std::isnan(table->milliseconds(1, 1)));
}

TEST(TablesTest, looksAtNoOtherRow) {
  const absl::flat_hash_set<absl::string_view> only = {"y"};
  const auto table = readLatencies("id,a\nx,secret\ny,2\n", {"a"}, &only);
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_EQ(table->milliseconds.size(), 1);
  EXPECT_EQ(table->milliseconds(table->rowOfId.at("y"), 0), 2);
}

TEST(TablesTest, refusesBrokenLatencies) {
  const auto messageOf = [](absl::string_view text) {
    return std::string(readLatencies(text, {"a"}).status().message());
  };
  EXPECT_EQ(messageOf(""), "no header: the file is empty");
  EXPECT_EQ(messageOf("a\n1\n"), "line 1: no column 'id'");
  EXPECT_EQ(messageOf("id,b\nx,1\n"), "line 1: no device 'a'");
  EXPECT_EQ(messageOf("id,a\nx,1,2\n"), "line 2: expected 2 columns, got 3");
  EXPECT_EQ(messageOf("id,a\nx,fast\n"), "line 2: 'a' is 'fast', not a number");
  EXPECT_EQ(messageOf("id,a\nx,0\n"),
            "line 2: 'a' is '0', neither positive nor -1 for missing");
  EXPECT_EQ(messageOf("id,a\nx,1\nx,1\n"), "line 3: id 'x' was used on line 2");
}

TEST(TablesTest, readsArchitecturesFromFilesSideBySide) {
  const absl::string_view texts[] = {"id,a\nx,1\ny,2\n", "b,id\n3,x\n4,y\n"};
  ArchitectureReader reader(texts);
  ASSERT_TRUE(reader.readHeader().ok());
  EXPECT_THAT(reader.featureNames(), ElementsAre("a", "b"));
  ASSERT_TRUE(*reader.nextRow() && *reader.nextRow());
  EXPECT_EQ(reader.id(), "y");
  EXPECT_THAT(reader.features(), ElementsAre(2, 4));
  EXPECT_FALSE(*reader.nextRow());
}

TEST(TablesTest, refusesFilesThatDoNotMatch) {
  const auto messageOf = [](absl::string_view first, absl::string_view second) {
    const absl::string_view texts[] = {first, second};
    ArchitectureReader reader(texts);
    absl::Status status = reader.readHeader();
    while (status.ok()) {
      const auto hasRow = reader.nextRow();
      status = hasRow.status();
      if (hasRow.ok() && !*hasRow)
        break;
    }
    return std::string(status.message());
  };
  EXPECT_EQ(messageOf("id,a\nx,1\n", "id,b\ny,1\n"),
            "line 2: id 'y' where the first file has 'x'");
  EXPECT_EQ(messageOf("id,a\nx,1\n", "id,b\n"),
            "the files of architectures have different numbers of rows");
  EXPECT_EQ(messageOf("id,a\nx,1\n", "id,a\nx,1\n"),
            "line 1: column 'a' is in another file as well");
  EXPECT_EQ(messageOf("id,a\nx,\n", "id,b\nx,1\n"),
            "line 2: 'a' is '', not a number");
}

TEST(TablesTest, readsIds) {
  EXPECT_THAT(*readIds("b\na\r\nc"), ElementsAre("b", "a", "c"));
  EXPECT_THAT(*readIds(""), ElementsAre());
  EXPECT_EQ(readIds("a\n\n").status().message(), "line 2: empty id");
  EXPECT_EQ(readIds("a,b\n").status().message(),
            "line 1: expected 1 columns, got 2");
  EXPECT_EQ(readIds("a\na\n").status().message(),
            "line 2: id 'a' was used on line 1");
}

} // namespace
} // namespace serenity::core
