//===- RandomGraphsTest.cpp -----------------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Graph/RandomGraphs.h"

#include "serenity/Core/Graph/RandomSource.h"
#include "serenity/Core/Graph/TextFormat.h"

#include "gmock/gmock.h"

#include <algorithm>
#include <cmath>
#include <set>

using namespace serenity::core;
using ::testing::ElementsAre;
using ::testing::Pair;

namespace {

/// FNV-1a, so that a generator can be pinned by one number.
uint64_t fingerprint(absl::string_view text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (unsigned char c : text)
    hash = (hash ^ c) * 0x100000001b3;
  return hash;
}

uint64_t fingerprint(const Topology &topology) {
  std::string text = absl::StrCat(topology.numNodes);
  for (auto [from, to] : topology.edges)
    absl::StrAppend(&text, " ", from, ">", to);
  return fingerprint(text);
}

/// The promises of Topology.
void expectWellFormed(const Topology &topology) {
  EXPECT_TRUE(std::is_sorted(topology.edges.begin(), topology.edges.end()));
  EXPECT_EQ(std::set(topology.edges.begin(), topology.edges.end()).size(),
            topology.edges.size());
  for (auto [from, to] : topology.edges)
    EXPECT_TRUE(0 <= from && from < to && to < topology.numNodes)
        << from << " -> " << to;
}

absl::Status invalid(absl::string_view message) {
  return absl::InvalidArgumentError(message);
}

TEST(RandomSourceTest, DrawsAreTheSameEverywhere) {
  RandomSource random(42);
  EXPECT_EQ(random.below(1000), 406);
  EXPECT_EQ(random.below(1000), 824);
  EXPECT_EQ(random.below(int64_t{1} << 62), 2513787319205155662);
}

TEST(RandomSourceTest, DrawsCoverTheirRangeEvenly) {
  RandomSource random(1);
  std::vector<int> counts(7);
  int numTrue = 0;
  for (int i = 0; i < 70'000; ++i) {
    ++counts[random.below(7)];
    numTrue += random.chance(0.25);
  }
  for (int count : counts)
    EXPECT_NEAR(count, 10'000, 500);
  EXPECT_NEAR(numTrue, 17'500, 500);
  EXPECT_FALSE(random.chance(0));
  EXPECT_TRUE(random.chance(1));
}

TEST(WattsStrogatzTest, WithoutRewiringItIsARing) {
  const auto ring = wattsStrogatz(6, 4, 0, 1);
  ASSERT_TRUE(ring.ok()) << ring.status();
  EXPECT_THAT(ring->edges,
              ElementsAre(Pair(0, 1), Pair(0, 2), Pair(0, 4), Pair(0, 5),
                          Pair(1, 2), Pair(1, 3), Pair(1, 5), Pair(2, 3),
                          Pair(2, 4), Pair(3, 4), Pair(3, 5), Pair(4, 5)));
}

TEST(WattsStrogatzTest, RewiringKeepsTheNumberOfEdges) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const auto topology = wattsStrogatz(32, 4, 0.75, seed);
    ASSERT_TRUE(topology.ok()) << topology.status();
    expectWellFormed(*topology);
    EXPECT_EQ(topology->edges.size(), 64u);
  }
}

TEST(WattsStrogatzTest, ACompleteGraphCannotBeRewired) {
  const auto topology = wattsStrogatz(5, 4, 1, 0);
  ASSERT_TRUE(topology.ok()) << topology.status();
  expectWellFormed(*topology);
  EXPECT_EQ(topology->edges.size(), 10u);
}

TEST(WattsStrogatzTest, NeverChangesSilently) {
  EXPECT_EQ(fingerprint(*wattsStrogatz(32, 4, 0.75, 0)), 6777374704364303024u);
  EXPECT_EQ(fingerprint(*wattsStrogatz(64, 4, 0.75, 9)), 1712278173114532566u);
}

TEST(WattsStrogatzTest, RejectsWhatIsNoRing) {
  EXPECT_EQ(wattsStrogatz(0, 4, 0.5, 0).status(),
            invalid("0 nodes asked for, allowed are 1 to 100000"));
  EXPECT_EQ(wattsStrogatz(100'001, 4, 0.5, 0).status(),
            invalid("100001 nodes asked for, allowed are 1 to 100000"));
  for (int32_t numNeighbours : {-2, 0, 3, 8})
    EXPECT_EQ(wattsStrogatz(8, numNeighbours, 0.5, 0).status(),
              invalid(absl::StrCat(numNeighbours,
                                   " neighbours asked for, allowed are even "
                                   "numbers from 2 to below 8")));
  EXPECT_EQ(wattsStrogatz(8, 4, 1.5, 0).status(),
            invalid("a probability of 1.5 is not within 0 to 1"));
  EXPECT_EQ(wattsStrogatz(8, 4, std::nan(""), 0).status(),
            invalid("a probability of nan is not within 0 to 1"));
}

TEST(ErdosRenyiTest, DrawsEachPairWithItsProbability) {
  const auto topology = erdosRenyi(200, 0.3, 5);
  ASSERT_TRUE(topology.ok()) << topology.status();
  expectWellFormed(*topology);
  EXPECT_NEAR(static_cast<double>(topology->edges.size()), 5970, 300);
  EXPECT_EQ(erdosRenyi(10, 0, 0)->edges.size(), 0u);
  EXPECT_EQ(erdosRenyi(10, 1, 0)->edges.size(), 45u);
}

TEST(ErdosRenyiTest, NeverChangesSilently) {
  EXPECT_EQ(fingerprint(*erdosRenyi(64, 0.1, 0)), 5453612539707106246u);
}

TEST(ErdosRenyiTest, RejectsWhatIsNoProbability) {
  EXPECT_EQ(erdosRenyi(-1, 0.5, 0).status(),
            invalid("-1 nodes asked for, allowed are 1 to 100000"));
  EXPECT_EQ(erdosRenyi(8, -0.5, 0).status(),
            invalid("a probability of -0.5 is not within 0 to 1"));
}

TEST(BarabasiAlbertTest, EachNewNodeHasItsEdges) {
  const auto topology = barabasiAlbert(50, 3, 7);
  ASSERT_TRUE(topology.ok()) << topology.status();
  expectWellFormed(*topology);
  EXPECT_EQ(topology->edges.size(), 47u * 3);
  std::vector<int> numPredecessors(50);
  for (auto [from, to] : topology->edges)
    ++numPredecessors[to];
  for (int node = 0; node < 50; ++node)
    EXPECT_EQ(numPredecessors[node], node < 3 ? 0 : 3) << node;
}

TEST(BarabasiAlbertTest, NeverChangesSilently) {
  EXPECT_EQ(fingerprint(*barabasiAlbert(64, 5, 0)), 2833227698675672626u);
}

TEST(BarabasiAlbertTest, RejectsTooManyOrTooFewEdges) {
  for (int32_t numEdges : {-1, 0, 8})
    EXPECT_EQ(
        barabasiAlbert(8, numEdges, 0).status(),
        invalid(absl::StrCat(
            numEdges, " edges a node asked for, allowed are 1 to below 8")));
}

TEST(BuildRandWireTest, WiresStagesInARow) {
  const Topology fork{3, {{0, 1}, {0, 2}}}, two{2, {}};
  const auto graph = buildRandWire({fork, two});
  ASSERT_TRUE(graph.ok()) << graph.status();
  EXPECT_EQ(printGraph(*graph), "serenity-graph 1\n"
                                "buffer 0 \"input\" 1 input\n"
                                "buffer 1 \"stage0.node0\" 1\n"
                                "buffer 2 \"stage0.node1\" 1\n"
                                "buffer 3 \"stage0.node2\" 1\n"
                                "buffer 4 \"stage0.average\" 1\n"
                                "buffer 5 \"stage1.node0\" 1\n"
                                "buffer 6 \"stage1.node1\" 1\n"
                                "buffer 7 \"stage1.average\" 1 output\n"
                                "op \"stage0.node0\" reads 0 writes 1\n"
                                "op \"stage0.node1\" reads 1 writes 2\n"
                                "op \"stage0.node2\" reads 1 writes 3\n"
                                "op \"stage0.average\" reads 2 3 writes 4\n"
                                "op \"stage1.node0\" reads 4 writes 5\n"
                                "op \"stage1.node1\" reads 4 writes 6\n"
                                "op \"stage1.average\" reads 5 6 writes 7\n");
}

TEST(BuildRandWireTest, DrawsSizesUpToTheLargest) {
  const Topology topology = *wattsStrogatz(64, 4, 0.75, 0);
  const auto graph = buildRandWire({topology}, /*maxBytes=*/4, /*seed=*/1);
  ASSERT_TRUE(graph.ok()) << graph.status();
  std::set<int64_t> sizes;
  for (BufferId buffer : graph->bufferIds())
    sizes.insert(graph->bytes(buffer));
  EXPECT_THAT(sizes, ElementsAre(1, 2, 3, 4));
}

TEST(BuildRandWireTest, NeverChangesSilently) {
  const Topology topology = *wattsStrogatz(32, 4, 0.75, 0);
  EXPECT_EQ(fingerprint(printGraph(*buildRandWire(
                {topology, topology, topology}, /*maxBytes=*/64, /*seed=*/0))),
            6352864875934033719u);
}

TEST(BuildRandWireTest, RejectsWhatIsNoNetwork) {
  EXPECT_EQ(buildRandWire({}).status(),
            invalid("0 stages asked for, at least 1 needed"));
  EXPECT_EQ(buildRandWire({Topology{1, {}}}, 0).status(),
            invalid("at most 0 bytes a buffer asked for, at least 1 needed"));
  EXPECT_EQ(buildRandWire({Topology()}).status(),
            invalid("0 nodes asked for, allowed are 1 to 100000"));
  for (auto [from, to] : {std::pair(-1, 0), {1, 1}, {1, 0}, {0, 2}})
    EXPECT_EQ(buildRandWire({Topology{2, {{from, to}}}}).status(),
              invalid(absl::StrCat("edge ", from, " -> ", to,
                                   " does not go up within 2 nodes")));
}

TEST(BuildRandWireTest, RejectsSizesThatOverflow) {
  EXPECT_FALSE(
      buildRandWire({Topology{9, {}}}, std::numeric_limits<int64_t>::max(), 0)
          .ok());
}

} // namespace
