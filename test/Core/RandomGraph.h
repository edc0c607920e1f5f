//===- RandomGraph.h - Small nasty graphs for property tests ----*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_TEST_CORE_RANDOMGRAPH_H
#define SERENITY_TEST_CORE_RANDOMGRAPH_H

#include "absl/strings/str_cat.h"
#include "serenity/Core/Graph/Graph.h"
#include "serenity/Core/Graph/RandomSource.h"

#include "gtest/gtest.h"

#include <algorithm>
#include <numeric>

namespace serenity::core {

/// Makes one graph from a seed, with everything the model allows: buffers with
/// several writers, inputs (with writers, too), outputs, results nobody reads,
/// buffers of no bytes, inputs nobody touches, scratch, permission to
/// overwrite, operations that touch nothing, and a source order that is often
/// illegal.
class RandomGraph {
public:
  static Graph make(uint64_t seed, int32_t maxOps = 9) {
    return RandomGraph(seed, maxOps).build();
  }

private:
  RandomGraph(uint64_t seed, int32_t maxOps) : random(seed) {
    const int32_t numOps = static_cast<int32_t>(random.below(maxOps + 1));
    const int32_t numBuffers = static_cast<int32_t>(random.below(maxOps + 4));
    ops.resize(numOps);
    ranks.resize(numOps);
    std::iota(ranks.begin(), ranks.end(), 0);
    if (random.chance(0.5))
      for (int32_t i = numOps - 1; i > 0; --i)
        std::swap(ranks[i], ranks[random.below(i + 1)]);
    // Dense graphs have few orders, thin ones many; both are wanted.
    readChance = 0.1 + 0.2 * static_cast<double>(random.below(4));
    for (int32_t i = 0; i < numBuffers; ++i)
      addBuffer(BufferId(i));
  }

  /// Writers are of lower rank than readers, so there is no cycle.
  void addBuffer(BufferId id) {
    const int32_t numOps = static_cast<int32_t>(ops.size());
    BufferSpec buffer{absl::StrCat("b", id.getValue()),
                      random.chance(0.15) ? 0 : random.below(10)};
    const int32_t split = static_cast<int32_t>(random.below(numOps + 1));
    const int64_t numWriters = split == 0 || random.chance(0.2) ? 0
                               : random.chance(0.6)             ? 1
                                                    : 1 + random.below(3);
    for (int64_t i = 0; i < numWriters; ++i)
      opOfRank(random.below(split)).writes.push_back(id);
    buffer.isInput = numWriters == 0 || random.chance(0.15);
    buffer.isOutput = random.chance(0.15);
    for (int32_t rank = split; rank < numOps; ++rank)
      if (random.chance(readChance))
        opOfRank(rank).reads.push_back(id);
    buffers.push_back(std::move(buffer));
  }

  OpSpec &opOfRank(int64_t rank) { return ops[ranks[rank]]; }

  void permitOverwriting(OpSpec &op) {
    std::sort(op.writes.begin(), op.writes.end());
    op.writes.erase(std::unique(op.writes.begin(), op.writes.end()),
                    op.writes.end());
    if (op.writes.size() != 1)
      return;
    for (BufferId operand : op.reads)
      if (buffers[operand.index()].bytes >=
              buffers[op.writes.front().index()].bytes &&
          random.chance(0.5))
        op.mayOverwrite.push_back(operand);
  }

  Graph build() {
    GraphBuilder builder;
    for (BufferSpec &buffer : buffers)
      builder.addBuffer(buffer);
    for (size_t i = 0; i < ops.size(); ++i) {
      ops[i].name = absl::StrCat("op", i);
      ops[i].scratchBytes = random.chance(0.3) ? random.below(8) : 0;
      permitOverwriting(ops[i]);
      builder.addOp(std::move(ops[i]));
    }
    absl::StatusOr<Graph> graph = std::move(builder).build();
    EXPECT_TRUE(graph.ok()) << graph.status();
    return *std::move(graph);
  }

  RandomSource random;
  std::vector<BufferSpec> buffers;
  std::vector<OpSpec> ops;
  /// The operation of each rank in a hidden legal order.
  std::vector<int32_t> ranks;
  double readChance;
};

} // namespace serenity::core

#endif // SERENITY_TEST_CORE_RANDOMGRAPH_H
