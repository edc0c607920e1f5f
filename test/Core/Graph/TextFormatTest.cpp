//===- TextFormatTest.cpp -------------------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Graph/TextFormat.h"

#include "serenity/Core/Graph/Footprint.h"

#include "RandomGraph.h"

#include "gmock/gmock.h"

#include <fstream>
#include <sstream>

using namespace serenity::core;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

std::string readFile(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Compares everything a graph can be asked.
void expectSameGraph(const Graph &a, const Graph &b) {
  ASSERT_EQ(a.numOps(), b.numOps());
  ASSERT_EQ(a.numBuffers(), b.numBuffers());
  for (OpId op : a.opIds()) {
    EXPECT_EQ(a.name(op), b.name(op));
    EXPECT_EQ(a.scratchBytes(op), b.scratchBytes(op));
    EXPECT_EQ(a.reads(op), b.reads(op));
    EXPECT_EQ(a.writes(op), b.writes(op));
    EXPECT_EQ(a.mayOverwrite(op), b.mayOverwrite(op));
  }
  for (BufferId buffer : a.bufferIds()) {
    EXPECT_EQ(a.name(buffer), b.name(buffer));
    EXPECT_EQ(a.bytes(buffer), b.bytes(buffer));
    EXPECT_EQ(a.isInput(buffer), b.isInput(buffer));
    EXPECT_EQ(a.isOutput(buffer), b.isOutput(buffer));
  }
}

void expectRoundTrip(const Graph &graph) {
  const std::string text = printGraph(graph);
  const auto again = parseGraph(text);
  ASSERT_TRUE(again.ok()) << again.status() << "\n" << text;
  expectSameGraph(graph, *again);
  EXPECT_EQ(printGraph(*again), text);
}

TEST(TextFormatTest, ReadsTheExampleOfItsPage) {
  const std::string page = readFile(SERENITY_DOCS "/GraphFormat.md");
  const std::string fence = "```text\n";
  const size_t begin = page.find(fence) + fence.size();
  const auto graph =
      parseGraph(page.substr(begin, page.find("```", begin) - begin));
  ASSERT_TRUE(graph.ok()) << graph.status();
  EXPECT_THAT(computeFootprint(*graph, {OpId(0), OpId(1), OpId(2)})->stepBytes,
              ElementsAre(104, 128, 64));
  EXPECT_THAT(page, HasSubstr("this graph needs 128 bytes"));
}

TEST(TextFormatTest, PrintsALineABufferAndALineAnOperation) {
  GraphBuilder builder;
  const BufferId in = builder.addBuffer({"in", 8, /*isInput=*/true});
  const BufferId out = builder.addBuffer({"out", 8, false, /*isOutput=*/true});
  builder.addBuffer({"both", 0, true, true});
  builder.addOp({"relu", {in}, {out}, 5, {in}});
  builder.addOp({"nothing"});
  const auto graph = std::move(builder).build();
  ASSERT_TRUE(graph.ok()) << graph.status();
  EXPECT_EQ(printGraph(*graph),
            "serenity-graph 1\n"
            "buffer 0 \"in\" 8 input\n"
            "buffer 1 \"out\" 8 output\n"
            "buffer 2 \"both\" 0 input output\n"
            "op \"relu\" reads 0 writes 1 scratch 5 overwrites 0\n"
            "op \"nothing\"\n");
}

TEST(TextFormatTest, RoundTripsRandomGraphs) {
  for (uint64_t seed = 0; seed < 5'000; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    expectRoundTrip(RandomGraph::make(seed));
    ASSERT_FALSE(HasFailure());
  }
}

TEST(TextFormatTest, RoundTripsAnyName) {
  std::string everyByte;
  for (int byte = 0; byte < 256; ++byte)
    everyByte.push_back(static_cast<char>(byte));
  GraphBuilder builder;
  for (const std::string &name :
       {std::string(), std::string("a b"), std::string("\"#\\"),
        std::string("\n1"), std::string("größe"), everyByte}) {
    builder.addBuffer({name, 1, /*isInput=*/true});
    builder.addOp({name});
  }
  const auto graph = std::move(builder).build();
  ASSERT_TRUE(graph.ok()) << graph.status();
  expectRoundTrip(*graph);
}

TEST(TextFormatTest, RoundTripsTheLargestNumbers) {
  const std::string text = "serenity-graph 1\n"
                           "buffer 0 \"\" 9223372036854775806 input\n"
                           "op \"\" reads 0 scratch 1\n";
  const auto graph = parseGraph(text);
  ASSERT_TRUE(graph.ok()) << graph.status();
  EXPECT_EQ(printGraph(*graph), text);
}

TEST(TextFormatTest, IdsNeedNoOrderAndBlanksNoNumber) {
  const auto graph = parseGraph("\n# comment\r\n \tserenity-graph\t1 # one\r\n"
                                "  buffer  2147483647 \"a#\"  4 input#\n");
  EXPECT_FALSE(graph.ok()) << "a '#' inside a word begins no comment";
  const auto good = parseGraph("\n# comment\r\n \tserenity-graph\t1 # one\r\n"
                               "  buffer  2147483647 \"a#\"  4 input #\n"
                               "buffer 3 \"b\" 5\r\n"
                               "op \"o\" reads 2147483647 writes 3");
  ASSERT_TRUE(good.ok()) << good.status();
  EXPECT_EQ(printGraph(*good), "serenity-graph 1\n"
                               "buffer 0 \"a#\" 4 input\n"
                               "buffer 1 \"b\" 5\n"
                               "op \"o\" reads 0 writes 1\n");
}

struct BrokenText {
  const char *name;
  const char *message;
};

void PrintTo(const BrokenText &text, std::ostream *out) { *out << text.name; }

/// Files of test/Fuzz/corpus/graph.
constexpr BrokenText kBrokenTexts[] = {
    {"empty", "no 'serenity-graph 1' line before the end of the text"},
    {"no-header", "line 1: expected 'serenity-graph 1', found 'buffer'"},
    {"other-version", "line 1: expected version '1', found '2'"},
    {"unknown-line", "line 2: expected 'buffer' or 'op', found 'tensor'"},
    {"missing-id", "line 2: expected buffer id, found '\\\"x\\\"'"},
    {"missing-name", "line 2: expected a name in double quotes, found '4'"},
    {"missing-size",
     "line 2: expected size in bytes, found the end of the line"},
    {"negative-size", "line 2: expected size in bytes, found '-4'"},
    {"huge-size", "line 3: size in bytes '9223372036854775808' exceeds "
                  "9223372036854775807"},
    {"huge-id", "line 2: buffer id '2147483648' exceeds 2147483647"},
    {"huge-scratch",
     "line 2: scratch in bytes '99999999999999999999999999999999999999999999999"
     "9999999999999...' exceeds 9223372036854775807"},
    {"open-quote", "line 2: a name has no closing quote"},
    {"open-escape", "line 2: a name has no closing quote"},
    {"bad-escape", "line 2: bad escape in name 'a\\\\qb'"},
    {"glued-name", "line 2: no blank after a name"},
    {"unknown-flag", "line 2: expected the end of the line, found 'constant'"},
    {"flags-swapped", "line 2: expected the end of the line, found 'input'"},
    {"duplicate-buffer", "line 3: buffer 0 is declared twice"},
    {"undeclared-read", "line 3: buffer 1 is not declared above"},
    {"empty-list", "line 3: expected buffer id, found 'writes'"},
    {"listed-twice", "line 3: 'reads' lists buffer 0 twice"},
    {"fields-swapped", "line 4: expected the end of the line, found 'reads'"},
    {"nowhere", "buffer 'x' is no input and nobody writes it"},
    {"cycle", "operation 'forth' waits for a cycle of dependencies: only 0 of "
              "2 operations can run"},
    {"overflow", "the sizes up to buffer 'b' exceed 9223372036854775807 bytes"},
    {"overwrites-unread",
     "operation 'op' may overwrite 'a', which it does not read"},
    {"overwrites-smaller",
     "operation 'op' cannot put 4 bytes in place of the 3 of 'a'"},
    {"overwrites-without-result",
     "operation 'op' writes 0 buffers; overwriting asks for 1"},
    {"binary", "line 1: expected 'serenity-graph 1', found "
               "'TFL3\\000\\001\\377'"},
};

class BrokenTextTest : public testing::TestWithParam<BrokenText> {};

TEST_P(BrokenTextTest, IsRefusedInOneLine) {
  const std::string text =
      readFile(std::string(SERENITY_GRAPH_CORPUS "/broken-") + GetParam().name +
               ".graph");
  EXPECT_EQ(parseGraph(text).status(),
            absl::InvalidArgumentError(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(TextFormatTest, BrokenTextTest,
                         testing::ValuesIn(kBrokenTexts), [](const auto &info) {
                           std::string name = info.param.name;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(TextFormatTest, HundredThousandOperationsInARow) {
  std::string text = "serenity-graph 1\nbuffer 0 \"in\" 1 input\n";
  for (int i = 1; i <= 100'000; ++i)
    absl::StrAppend(&text, "buffer ", i, " \"x\" 1\nop \"o\" reads ", i - 1,
                    " writes ", i, "\n");
  const auto graph = parseGraph(text);
  ASSERT_TRUE(graph.ok()) << graph.status();
  EXPECT_EQ(graph->numOps(), 100'000u);
}

} // namespace
