//===- LowerBound.cpp - Memory that no order can avoid --------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// docs/Scheduling.md, theorem 4. While an operation runs, every buffer is alive
// that was born with it or before it and dies with it or after it *for
// certain*, that is, by operations that it depends on and that depend on it.
//
//===----------------------------------------------------------------------===//

#include "LowerBound.h"

#include "Waists.h"
#include "serenity/Core/Schedule/Schedule.h"

#include "absl/algorithm/container.h"

#include <algorithm>

using namespace serenity::core;

namespace {

/// Finds the operations that depend on one operation. Used on a graph and on
/// its reversal it finds both sides.
class Successors {
public:
  /// Gives up on the farthest ones after looking at `maxWork` list entries.
  Successors(const SearchGraph &graph, size_t maxWork)
      : graph(graph), maxWork(maxWork), seenOp(graph.numOps(), -1),
        seenBuffer(graph.numBuffers(), -1) {}

  /// The operations that depend on `op`, nearest first.
  absl::Span<const int32_t> of(int32_t op) {
    visited.assign(1, op);
    seenOp[op] = op;
    size_t work = 0;
    for (size_t next = 0; next < visited.size() && work < maxWork; ++next) {
      const int32_t current = visited[next];
      work += graph.births[current].size() + graph.deaths[current].size();
      for (int32_t buffer : graph.feeds[current])
        if (std::exchange(seenBuffer[buffer], op) != op)
          work += visitWaiting(buffer, op);
    }
    return absl::MakeConstSpan(visited).subspan(1);
  }

private:
  size_t visitWaiting(int32_t buffer, int32_t op) {
    for (int32_t waiting : graph.waiting[buffer])
      if (std::exchange(seenOp[waiting], op) != op)
        visited.push_back(waiting);
    return graph.waiting[buffer].size();
  }

  const SearchGraph &graph;
  size_t maxWork;
  std::vector<int32_t> visited;
  /// The operation for which each was last seen.
  std::vector<int32_t> seenOp, seenBuffer;
};

class PartBound {
public:
  PartBound(const SearchGraph &forward, const SearchGraph &backward,
            size_t maxWork)
      : graph(forward), after(forward, maxWork), before(backward, maxWork),
        born(graph.numBuffers(), -1), dying(graph.numBuffers(), -1),
        alwaysAlive(graph.startBytes) {
    for (size_t buffer = 0; buffer < graph.numBuffers(); ++buffer)
      if (graph.aliveAtStart[buffer] && !graph.aliveAtEnd[buffer])
        alwaysAlive -= graph.bytes[buffer];
  }

  /// Bytes that are alive while `op` runs, whatever the order.
  int64_t of(int32_t op) {
    bytes = alwaysAlive + graph.scratchBytes[op];
    for (int32_t earlier : before.of(op))
      bear(earlier, op);
    for (int32_t later : after.of(op))
      kill(later, op);
    bytes -= sharedBytes(op);
    bear(op, op);
    kill(op, op);
    return bytes;
  }

private:
  bool isBorn(int32_t buffer, int32_t op) const {
    return graph.aliveAtStart[buffer] || born[buffer] == op;
  }
  bool isDying(int32_t buffer, int32_t op) const {
    return graph.aliveAtEnd[buffer] || dying[buffer] == op;
  }
  void bear(int32_t earlier, int32_t op) {
    for (int32_t buffer : graph.births[earlier])
      if (std::exchange(born[buffer], op) != op && isDying(buffer, op))
        bytes += graph.bytes[buffer];
  }
  void kill(int32_t later, int32_t op) {
    for (int32_t buffer : graph.deaths[later])
      if (std::exchange(dying[buffer], op) != op && isBorn(buffer, op))
        bytes += graph.bytes[buffer];
  }
  /// What `op` may save in place, unless the others rule it out.
  int64_t sharedBytes(int32_t op) const {
    auto mayBear = [&](int32_t buffer) { return !isBorn(buffer, op); };
    auto mayKill = [&](int32_t buffer) { return !isDying(buffer, op); };
    return absl::c_any_of(graph.sharedBirths[op], mayBear) &&
                   absl::c_any_of(graph.sharedDeaths[op], mayKill)
               ? graph.sharedBytes[op]
               : 0;
  }

  const SearchGraph &graph;
  Successors after, before;
  /// By buffer: the operation before or after which it was last found to be
  /// born or to die.
  std::vector<int32_t> born, dying;
  int64_t alwaysAlive;
  int64_t bytes = 0;
};

} // namespace

int64_t serenity::core::lowerBoundOfPart(const Partition &partition,
                                         size_t part) {
  // Stopping early only misses bytes, so it costs strength but not truth.
  constexpr size_t kMaxWork = size_t{1} << 26;
  const SearchGraph forward = partition.extract(part, Direction::Forward);
  const SearchGraph backward = partition.extract(part, Direction::Backward);
  const size_t maxWork = 1 + kMaxWork / forward.numOps();
  PartBound bound(forward, backward, maxWork);
  int64_t result = 0;
  for (size_t op = 0; op < forward.numOps(); ++op)
    result = std::max(result, bound.of(static_cast<int32_t>(op)));
  return result;
}

int64_t serenity::core::lowerBound(const Graph &graph) {
  int64_t result = 0;
  for (BufferId buffer : graph.bufferIds())
    if (graph.isInput(buffer) && graph.isOutput(buffer))
      result += graph.bytes(buffer);
  const Partition partition(graph, splitAtWaists(graph));
  for (size_t part = 0; part < partition.size(); ++part)
    result = std::max(result, lowerBoundOfPart(partition, part));
  return result;
}
