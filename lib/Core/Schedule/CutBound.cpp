//===- CutBound.cpp - Lower bounds by minimum cuts ------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CutBound.h"

#include "MinimumCut.h"
#include "SearchState.h"

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"

#include <algorithm>

using namespace serenity::core;

namespace {

/// The network whose cuts are the sets of operations that can have run before
/// one of them: these are on the side of the source. A buffer is alive if the
/// node of its birth is on that side and that of its death is not.
class MomentNetwork {
public:
  /// Of the same part, forward and backward.
  MomentNetwork(const SearchGraph &graph, const SearchGraph &reversed,
                int32_t op)
      : graph(graph), reversed(reversed), op(op),
        nodeOf(graph.numOps(), kFree) {
    mark(graph, kSink);
    mark(reversed, kSource);
    nodeOf[op] = kSink;
    for (int32_t &node : nodeOf)
      if (node == kFree)
        node = cut.addNode();
    for (size_t buffer = 0; buffer < graph.numBuffers(); ++buffer) {
      keepDependencies(buffer);
      count(buffer);
    }
  }

  /// The fewest bytes alive while the operation runs.
  int64_t solve() {
    return bytes + graph.scratchBytes[op] - graph.sharedBytes[op] +
           cut.solve(kSource, kSink);
  }

  /// What it took to make and to solve, in arcs.
  int64_t work() const { return cut.work() + 2 * graph.numBuffers(); }

private:
  /// The nodes of all that has run, and of all that has not, in any case.
  static constexpr int32_t kSource = 0, kSink = 1;
  static constexpr int32_t kFree = -1;

  bool isFree(int32_t other) const { return nodeOf[other] > kSink; }

  /// Puts what comes after the operation in `direction` at `node`.
  void mark(const SearchGraph &direction, int32_t node) {
    std::vector<int32_t> stack{op};
    while (!stack.empty()) {
      const int32_t current = stack.back();
      stack.pop_back();
      for (int32_t buffer : direction.feeds[current])
        for (int32_t next : direction.waiting[buffer])
          if (std::exchange(nodeOf[next], node) != node)
            stack.push_back(next);
    }
  }

  /// Whoever waits for `buffer` has run only if all that feed it have.
  void keepDependencies(size_t buffer) {
    const std::vector<int32_t> waiting = freeOnes(graph.waiting[buffer]);
    const std::vector<int32_t> feeding = freeOnes(reversed.waiting[buffer]);
    if (waiting.empty() || feeding.empty())
      return;
    const int32_t complete =
        feeding.size() == 1 ? feeding.front() : cut.addNode();
    for (int32_t node : waiting)
      cut.addArc(node, complete, MinimumCut::kUncuttable);
    if (feeding.size() > 1)
      for (int32_t node : feeding)
        cut.addArc(complete, node, MinimumCut::kUncuttable);
  }

  /// The nodes of the free operations among `ops`.
  std::vector<int32_t> freeOnes(absl::Span<const int32_t> ops) const {
    std::vector<int32_t> nodes;
    for (int32_t other : ops)
      if (isFree(other))
        nodes.push_back(nodeOf[other]);
    return nodes;
  }

  /// Adds `buffer` to what is alive in any case, or gives it an arc that is cut
  /// if it is alive.
  void count(size_t buffer) {
    if (graph.bytes[buffer] == 0)
      return;
    const int32_t birth = birthNode(buffer), death = deathNode(buffer);
    if (birth == kSource && death == kSink)
      bytes += graph.bytes[buffer];
    else if (birth != kSink && death != kSource)
      cut.addArc(birth, death, graph.bytes[buffer]);
  }

  /// A node on the side of the source if any of the birth list has run, or is
  /// the operation itself.
  int32_t birthNode(size_t buffer) {
    const absl::Span<const int32_t> ops = graph.bearing[buffer];
    if (graph.aliveAtStart[buffer] || absl::c_any_of(ops, [&](int32_t other) {
          return other == op || nodeOf[other] == kSource;
        }))
      return kSource;
    const std::vector<int32_t> nodes = freeOnes(ops);
    if (nodes.size() <= 1)
      return nodes.empty() ? kSink : nodes.front();
    const int32_t any = cut.addNode();
    for (int32_t node : nodes)
      cut.addArc(node, any, MinimumCut::kUncuttable);
    return any;
  }

  /// A node on the side of the source only if all of the death list have run.
  int32_t deathNode(size_t buffer) {
    const absl::Span<const int32_t> ops = graph.killing[buffer];
    if (graph.aliveAtEnd[buffer] || absl::c_any_of(ops, [&](int32_t other) {
          return nodeOf[other] == kSink;
        }))
      return kSink;
    const std::vector<int32_t> nodes = freeOnes(ops);
    if (nodes.size() <= 1)
      return nodes.empty() ? kSource : nodes.front();
    const int32_t all = cut.addNode();
    for (int32_t node : nodes)
      cut.addArc(all, node, MinimumCut::kUncuttable);
    return all;
  }

  const SearchGraph &graph, &reversed;
  int32_t op;
  MinimumCut cut{2};
  /// By operation.
  std::vector<int32_t> nodeOf;
  /// Alive in any case.
  int64_t bytes = 0;
};

/// 0 .. size-1 in an order of which every beginning is spread evenly.
std::vector<int32_t> spreadEvenly(size_t size) {
  size_t stride = 1;
  while (2 * stride < size)
    stride *= 2;
  std::vector<int32_t> result{0};
  for (; stride > 0; stride /= 2)
    for (size_t i = stride; i < size; i += 2 * stride)
      result.push_back(static_cast<int32_t>(i));
  return result;
}

/// By operation: the bytes alive while it runs in `order`, an order of `ops`.
std::vector<int64_t> costsInOrder(const SearchGraph &graph,
                                  absl::Span<const OpId> ops,
                                  absl::Span<const OpId> order) {
  absl::flat_hash_map<OpId, int32_t> numbers;
  for (size_t i = 0; i < ops.size(); ++i)
    numbers.emplace(ops[i], static_cast<int32_t>(i));
  SearchState state(graph);
  std::vector<int64_t> costs(ops.size());
  for (OpId id : order) {
    const int32_t op = numbers.at(id);
    costs[op] = state.evaluate(op).cost;
    state.run(op);
  }
  return costs;
}

} // namespace

int64_t serenity::core::cutBoundOfPart(const Partition &partition, size_t part,
                                       absl::Span<const OpId> order,
                                       int64_t knownBound,
                                       SearchLimits &limits) {
  constexpr int64_t kMaxWork = int64_t{1} << 24;
  const SearchGraph forward = partition.extract(part, Direction::Forward);
  const SearchGraph backward = partition.extract(part, Direction::Backward);
  const std::vector<int64_t> costs =
      costsInOrder(forward, partition.ops(part), order);
  int64_t result = knownBound, work = 0;
  for (int32_t op : spreadEvenly(forward.numOps())) {
    // No cut exceeds what the operation costs in some order.
    if (costs[op] <= result)
      continue;
    MomentNetwork network(forward, backward, op);
    result = std::max(result, network.solve());
    work += network.work();
    if (work > kMaxWork || !limits.checkClock())
      break;
  }
  return result;
}
