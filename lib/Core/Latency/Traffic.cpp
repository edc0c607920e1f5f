//===- Traffic.cpp - Bytes moved to and from slow memory ------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Latency/Traffic.h"

#include "serenity/Core/Graph/Footprint.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>

namespace serenity::core {
namespace {

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

/// Plays an order step by step.
class TrafficSimulator {
public:
  TrafficSimulator(const Graph &graph, absl::Span<const OpId> order,
                   int64_t fastBytes)
      : graph(graph), order(order), freeBytes(fastBytes),
        states(graph.numBuffers()) {
    for (size_t step = 0; step < order.size(); ++step)
      for (BufferId buffer : touchedBuffers(order[step]))
        states[buffer.index()].uses.push_back(static_cast<int64_t>(step));
  }

  Traffic run() {
    for (OpId op : order) {
      result.stepBytes.push_back(0);
      runStep(op);
    }
    for (BufferId buffer : graph.bufferIds())
      if (states[buffer.index()].dirtyBytes > 0)
        countWritten(states[buffer.index()].dirtyBytes);
    return std::move(result);
  }

private:
  struct BufferState {
    /// The steps that touch the buffer, and how many of them are over.
    std::vector<int64_t> uses;
    size_t numUsed = 0;
    /// Bytes in fast memory, and how many of these slow memory has not.
    int64_t residentBytes = 0, dirtyBytes = 0;
    bool isWritten = false;

    int64_t nextUse() const {
      return numUsed < uses.size() ? uses[numUsed] : kNever;
    }
  };

  /// What goes first comes last: use, then dirty before clean, then the index.
  using EvictionKey = std::tuple<int64_t, bool, BufferId>;

  std::vector<BufferId> touchedBuffers(OpId op) const {
    std::vector<BufferId> touched(graph.reads(op).begin(),
                                  graph.reads(op).end());
    touched.insert(touched.end(), graph.writes(op).begin(),
                   graph.writes(op).end());
    std::sort(touched.begin(), touched.end());
    touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
    return touched;
  }

  void countRead(int64_t bytes) {
    result.readBytes += bytes;
    result.stepBytes.back() += bytes;
  }
  void countWritten(int64_t bytes) {
    result.writtenBytes += bytes;
    result.stepBytes.back() += bytes;
  }

  EvictionKey evictionKey(BufferId buffer) const {
    const BufferState &state = states[buffer.index()];
    return {state.nextUse(), state.dirtyBytes == 0, buffer};
  }

  void runStep(OpId op) {
    const std::vector<BufferId> touched = touchedBuffers(op);
    for (BufferId buffer : touched) {
      evictable.erase(evictionKey(buffer));
      ++states[buffer.index()].numUsed;
    }
    const int64_t scratchBytes = takeRoom(graph.scratchBytes(op));
    for (BufferId buffer : graph.reads(op))
      load(buffer);
    overwriteOperand(op);
    for (BufferId buffer : graph.writes(op))
      store(buffer);
    freeBytes += scratchBytes;
    for (BufferId buffer : touched)
      release(buffer);
  }

  /// Makes room for `bytes` if it can and takes what there is of it.
  int64_t takeRoom(int64_t bytes) {
    while (freeBytes < bytes && !evictable.empty())
      evict(bytes - freeBytes);
    const int64_t taken = std::min(bytes, freeBytes);
    freeBytes -= taken;
    return taken;
  }

  /// Evicts up to `bytes` of the buffer that is used latest, clean ones first.
  void evict(int64_t bytes) {
    const EvictionKey key = *evictable.rbegin();
    const BufferId buffer = std::get<BufferId>(key);
    evictable.erase(key);
    BufferState &state = states[buffer.index()];
    bytes = std::min(bytes, state.residentBytes);
    const int64_t cleanBytes = state.residentBytes - state.dirtyBytes;
    const int64_t written = std::max<int64_t>(bytes - cleanBytes, 0);
    countWritten(written);
    state.dirtyBytes -= written;
    state.residentBytes -= bytes;
    freeBytes += bytes;
    if (state.residentBytes > 0)
      evictable.insert(evictionKey(buffer));
  }

  void load(BufferId buffer) {
    BufferState &state = states[buffer.index()];
    const int64_t missing = graph.bytes(buffer) - state.residentBytes;
    countRead(missing);
    state.residentBytes += takeRoom(missing);
  }

  /// The result may begin where an operand is that dies with `op`.
  void overwriteOperand(OpId op) {
    if (graph.mayOverwrite(op).empty())
      return;
    const BufferId result = graph.writes(op).front();
    if (graph.isInput(result) || states[result.index()].isWritten)
      return;
    const int64_t resultBytes = graph.bytes(result);
    for (BufferId buffer : graph.mayOverwrite(op)) {
      BufferState &state = states[buffer.index()];
      if (state.nextUse() != kNever || graph.isOutput(buffer))
        continue;
      const int64_t reused = std::min(state.residentBytes, resultBytes);
      state.residentBytes -= reused;
      state.dirtyBytes = std::min(state.dirtyBytes, state.residentBytes);
      freeBytes += reused;
      return;
    }
  }

  void store(BufferId buffer) {
    BufferState &state = states[buffer.index()];
    if (state.isWritten || graph.isInput(buffer))
      load(buffer);
    else
      state.residentBytes = takeRoom(graph.bytes(buffer));
    state.isWritten = true;
    state.dirtyBytes = state.residentBytes;
    if (isAlive(buffer))
      countWritten(graph.bytes(buffer) - state.residentBytes);
  }

  bool isAlive(BufferId buffer) const {
    return states[buffer.index()].nextUse() != kNever || graph.isOutput(buffer);
  }

  /// Lets go of a buffer at the end of a step.
  void release(BufferId buffer) {
    BufferState &state = states[buffer.index()];
    if (!isAlive(buffer)) {
      freeBytes += state.residentBytes;
      state.residentBytes = state.dirtyBytes = 0;
    } else if (state.residentBytes > 0) {
      evictable.insert(evictionKey(buffer));
    }
  }

  const Graph &graph;
  absl::Span<const OpId> order;
  int64_t freeBytes;
  std::vector<BufferState> states;
  std::set<EvictionKey> evictable;
  Traffic result;
};

} // namespace

absl::StatusOr<Traffic> computeTraffic(const Graph &graph,
                                       absl::Span<const OpId> order,
                                       int64_t fastBytes) {
  if (fastBytes < 0)
    return absl::InvalidArgumentError(
        absl::StrCat("fast memory of ", fastBytes, " bytes is below 0"));
  if (absl::Status status = verifyOrder(graph, order); !status.ok())
    return status;
  return TrafficSimulator(graph, order, fastBytes).run();
}

} // namespace serenity::core
