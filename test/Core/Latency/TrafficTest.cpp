//===- TrafficTest.cpp - Belady's rule against single bytes ---------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Latency/Traffic.h"

#include "GraphFile.h"
#include "RandomGraph.h"
#include "serenity/Core/Graph/Footprint.h"
#include "serenity/Core/Schedule/Schedule.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include <algorithm>
#include <tuple>

namespace serenity::core {
namespace {

/// Belady's rule with a state for each single byte and a scan for each room.
class SlowSimulator {
public:
  SlowSimulator(const Graph &graph, const std::vector<OpId> &order,
                int64_t fastBytes)
      : graph(graph), order(order), fastBytes(fastBytes),
        isResident(graph.numBuffers()), isDirty(graph.numBuffers()),
        isWritten(graph.numBuffers()) {
    for (BufferId buffer : graph.bufferIds()) {
      isResident[buffer.index()].resize(graph.bytes(buffer));
      isDirty[buffer.index()].resize(graph.bytes(buffer));
    }
  }

  std::pair<int64_t, int64_t> run() {
    for (step = 0; step < order.size(); ++step)
      runStep(order[step]);
    for (const std::vector<bool> &bytes : isDirty)
      numWritten += std::count(bytes.begin(), bytes.end(), true);
    return {numRead, numWritten};
  }

private:
  bool touches(OpId op, BufferId buffer) const {
    auto has = [&](absl::Span<const BufferId> list) {
      return std::find(list.begin(), list.end(), buffer) != list.end();
    };
    return has(graph.reads(op)) || has(graph.writes(op));
  }

  size_t nextUse(BufferId buffer) const {
    for (size_t later = step + 1; later < order.size(); ++later)
      if (touches(order[later], buffer))
        return later;
    return order.size();
  }

  bool isAlive(BufferId buffer) const {
    return nextUse(buffer) < order.size() || graph.isOutput(buffer);
  }

  int64_t used() const {
    int64_t sum = numReserved;
    for (const std::vector<bool> &bytes : isResident)
      sum += std::count(bytes.begin(), bytes.end(), true);
    return sum;
  }

  /// Whether a byte is free, or could be made so.
  bool makeRoomForOne() {
    if (used() < fastBytes)
      return true;
    std::tuple<size_t, bool, int32_t> worst{0, false, -1};
    for (BufferId buffer : graph.bufferIds()) {
      const auto &resident = isResident[buffer.index()];
      const auto &dirty = isDirty[buffer.index()];
      if (touches(order[step], buffer) ||
          std::find(resident.begin(), resident.end(), true) == resident.end())
        continue;
      const bool isClean =
          std::find(dirty.begin(), dirty.end(), true) == dirty.end();
      worst = std::max(
          worst, std::make_tuple(nextUse(buffer), isClean, buffer.getValue()));
    }
    if (std::get<2>(worst) < 0)
      return false;
    evictOne(std::get<2>(worst));
    return true;
  }

  void evictOne(int32_t buffer) {
    auto &resident = isResident[buffer];
    auto &dirty = isDirty[buffer];
    size_t victim = resident.size();
    for (size_t i = 0; i < resident.size(); ++i)
      if (resident[i] && (victim == resident.size() || !dirty[i]))
        victim = i;
    numWritten += dirty[victim];
    resident[victim] = dirty[victim] = false;
  }

  void load(BufferId buffer) {
    auto &resident = isResident[buffer.index()];
    for (size_t i = 0; i < resident.size(); ++i)
      if (!resident[i]) {
        ++numRead;
        if (makeRoomForOne())
          resident[i] = true;
      }
  }

  void overwrite(OpId op) {
    if (graph.mayOverwrite(op).empty())
      return;
    const BufferId result = graph.writes(op).front();
    if (graph.isInput(result) || isWritten[result.index()])
      return;
    for (BufferId operand : graph.mayOverwrite(op)) {
      if (isAlive(operand))
        continue;
      int64_t left = graph.bytes(result);
      for (size_t i = 0; i < isResident[operand.index()].size(); ++i)
        if (left > 0 && isResident[operand.index()][i]) {
          isResident[operand.index()][i] = false;
          isDirty[operand.index()][i] = false;
          --left;
        }
      return;
    }
  }

  void store(BufferId buffer) {
    auto &resident = isResident[buffer.index()];
    if (isWritten[buffer.index()] || graph.isInput(buffer))
      load(buffer);
    for (size_t i = 0; i < resident.size(); ++i) {
      if (!isWritten[buffer.index()] && !graph.isInput(buffer))
        resident[i] = makeRoomForOne();
      isDirty[buffer.index()][i] = resident[i];
      numWritten += !resident[i] && isAlive(buffer);
    }
    isWritten[buffer.index()] = true;
  }

  void runStep(OpId op) {
    for (int64_t i = 0; i < graph.scratchBytes(op); ++i)
      if (makeRoomForOne())
        ++numReserved;
    for (BufferId buffer : graph.reads(op))
      load(buffer);
    overwrite(op);
    for (BufferId buffer : graph.writes(op))
      store(buffer);
    numReserved = 0;
    for (BufferId buffer : graph.bufferIds())
      if (touches(op, buffer) && !isAlive(buffer)) {
        isResident[buffer.index()].assign(graph.bytes(buffer), false);
        isDirty[buffer.index()].assign(graph.bytes(buffer), false);
      }
  }

  const Graph &graph;
  const std::vector<OpId> &order;
  int64_t fastBytes, numReserved = 0, numRead = 0, numWritten = 0;
  size_t step = 0;
  std::vector<std::vector<bool>> isResident, isDirty;
  std::vector<bool> isWritten;
};

std::vector<OpId> orderOf(const Graph &graph, Strategy strategy) {
  ScheduleOptions options;
  options.strategy = strategy;
  return computeSchedule(graph, options)->order;
}

TEST(TrafficTest, agreesWithSingleBytes) {
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    SCOPED_TRACE(seed);
    const Graph graph = RandomGraph::make(seed);
    const std::vector<OpId> order = orderOf(graph, Strategy::Kahn);
    for (int64_t fastBytes : {0, 1, 3, 7, 15, 30}) {
      const Traffic traffic = *computeTraffic(graph, order, fastBytes);
      const auto [read, written] = SlowSimulator(graph, order, fastBytes).run();
      ASSERT_EQ(traffic.readBytes, read) << fastBytes;
      ASSERT_EQ(traffic.writtenBytes, written) << fastBytes;
      EXPECT_EQ(std::accumulate(traffic.stepBytes.begin(),
                                traffic.stepBytes.end(), int64_t{0}),
                traffic.totalBytes());
    }
  }
}

TEST(TrafficTest, isTheSameForEveryOrderThatFits) {
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    SCOPED_TRACE(seed);
    const Graph graph = RandomGraph::make(seed);
    const std::vector<OpId> first = orderOf(graph, Strategy::Kahn);
    const std::vector<OpId> second = orderOf(graph, Strategy::Exact);
    const int64_t peak = std::max(computeFootprint(graph, first)->peakBytes,
                                  computeFootprint(graph, second)->peakBytes);
    const Traffic traffic = *computeTraffic(graph, first, peak);
    EXPECT_EQ(traffic.totalBytes(),
              computeTraffic(graph, second, peak)->totalBytes());
    int64_t moved = 0;
    for (BufferId buffer : graph.bufferIds()) {
      const bool isTouched =
          !graph.readers(buffer).empty() || !graph.writers(buffer).empty();
      if (graph.isInput(buffer) && isTouched)
        moved += graph.bytes(buffer);
      if (graph.isOutput(buffer) && !graph.writers(buffer).empty())
        moved += graph.bytes(buffer);
    }
    EXPECT_EQ(traffic.totalBytes(), moved);
  }
}

TEST(TrafficTest, streamsEverythingWithoutFastMemory) {
  const Graph graph = readGraphFile("swiftnet-a");
  const Traffic traffic = *computeTraffic(graph, orderOf(graph, Strategy::Kahn),
                                          /*fastBytes=*/0);
  int64_t read = 0;
  for (OpId op : graph.opIds())
    for (BufferId buffer : graph.reads(op))
      read += graph.bytes(buffer);
  EXPECT_EQ(traffic.readBytes, read);
}

TEST(TrafficTest, refusesWhatIsNoOrder) {
  const Graph graph = readGraphFile("swiftnet-a");
  EXPECT_EQ(computeTraffic(graph, {}, -1).status().message(),
            "fast memory of -1 bytes is below 0");
  EXPECT_FALSE(computeTraffic(graph, {}, 1).ok());
}

} // namespace
} // namespace serenity::core
