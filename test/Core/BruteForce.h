//===- BruteForce.h - Optimal orders by trying all --------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_TEST_CORE_BRUTEFORCE_H
#define SERENITY_TEST_CORE_BRUTEFORCE_H

#include "serenity/Core/Graph/Footprint.h"

#include <algorithm>
#include <map>
#include <optional>

namespace serenity::core {

/// The least peak of all legal orders, straight from the definition of live()
/// and cost in docs/Scheduling.md, by recursion over the sets of operations
/// that can have run. Independent of computeFootprint and of every search. For
/// at most 63 operations, if not too many sets of them can have run.
class BruteForce {
public:
  explicit BruteForce(const Graph &graph) : graph(graph) {}

  int64_t leastPeak() { return std::max(live(0), leastPeakFrom(0)); }

  /// The peak of `order`, or nothing if it is not legal.
  std::optional<int64_t> peakOf(absl::Span<const OpId> order) const {
    Set done = 0;
    int64_t peak = live(0);
    for (OpId op : order) {
      if (op.index() >= graph.numOps() || has(done, op) || !isReady(op, done))
        return std::nullopt;
      peak = std::max(peak, cost(op, done));
      done |= Set{1} << op.index();
    }
    if (order.size() != graph.numOps())
      return std::nullopt;
    return peak;
  }

  /// How many partial orders, from the empty one to the complete ones, stay
  /// within `budget` bytes.
  int64_t countPartialOrders(int64_t budget) const {
    int64_t total = 1;
    std::map<Set, int64_t> layer{{0, 1}};
    for (size_t step = 0; step < graph.numOps(); ++step) {
      std::map<Set, int64_t> next;
      for (auto [done, count] : layer)
        for (OpId op : graph.opIds())
          if (!has(done, op) && isReady(op, done) && cost(op, done) <= budget) {
            next[done | Set{1} << op.index()] += count;
            total += count;
          }
      layer = std::move(next);
    }
    return total;
  }

private:
  using Set = uint64_t;

  static bool has(Set set, OpId op) { return set >> op.index() & 1; }
  static bool anyIn(absl::Span<const OpId> ops, Set set) {
    return std::any_of(ops.begin(), ops.end(),
                       [&](OpId op) { return has(set, op); });
  }
  static bool allIn(absl::Span<const OpId> ops, Set set) {
    return std::all_of(ops.begin(), ops.end(),
                       [&](OpId op) { return has(set, op); });
  }

  bool isAlive(BufferId buffer, Set done) const {
    return (graph.isInput(buffer) || anyIn(graph.writers(buffer), done)) &&
           (graph.isOutput(buffer) || !allIn(graph.writers(buffer), done) ||
            !allIn(graph.readers(buffer), done));
  }

  int64_t live(Set done) const {
    int64_t bytes = 0;
    for (BufferId buffer : graph.bufferIds())
      if (isAlive(buffer, done))
        bytes += graph.bytes(buffer);
    return bytes;
  }

  bool isReady(OpId op, Set done) const {
    for (BufferId buffer : graph.reads(op))
      if (!allIn(graph.writers(buffer), done))
        return false;
    return true;
  }

  int64_t cost(OpId op, Set done) const {
    const Set after = done | Set{1} << op.index();
    int64_t born = 0;
    for (BufferId buffer : graph.writes(op))
      if (!graph.isInput(buffer) && !anyIn(graph.writers(buffer), done))
        born += graph.bytes(buffer);
    for (BufferId operand : graph.mayOverwrite(op))
      if (!isAlive(operand, after))
        born = 0; // takes the place of `operand`, or was there already
    return live(done) + born + graph.scratchBytes(op);
  }

  int64_t leastPeakFrom(Set done) {
    if (done + 1 == Set{1} << graph.numOps())
      return 0;
    auto [entry, isNew] = memo.try_emplace(done, INT64_MAX);
    if (!isNew)
      return entry->second;
    int64_t best = INT64_MAX;
    for (OpId op : graph.opIds())
      if (!has(done, op) && isReady(op, done))
        best = std::min(best,
                        std::max(cost(op, done),
                                 leastPeakFrom(done | Set{1} << op.index())));
    return memo[done] = best;
  }

  const Graph &graph;
  std::map<Set, int64_t> memo;
};

} // namespace serenity::core

#endif // SERENITY_TEST_CORE_BRUTEFORCE_H
