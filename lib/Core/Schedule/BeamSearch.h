//===- BeamSearch.h - Good orders without a proof ---------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_SCHEDULE_BEAMSEARCH_H
#define SERENITY_LIB_CORE_SCHEDULE_BEAMSEARCH_H

#include "SearchLimits.h"
#include "SearchState.h"

#include <tuple>

namespace serenity::core {

/// Looks for an order within a budget among the most promising sets of
/// operations only: of all sets of one size, those with the fewest bytes alive
/// (Lowerre, "The HARPY Speech Recognition System", 1976, gave the method its
/// name). Operations that fit and leave no more alive than before run at once
/// (docs/Scheduling.md, theorem 2). What it finds is an order; that it finds
/// nothing means nothing.
class BeamSearch {
public:
  /// `graph` and `limits` must outlive this.
  BeamSearch(const SearchGraph &graph, SearchLimits &limits);

  /// Whether an order within `budget` bytes was found with at most `width` sets
  /// of each size. Gives up when a limit strikes. Its lists count as tables
  /// until it returns.
  bool find(int64_t budget, int64_t width);

  /// After success: the operations in the direction of the graph.
  absl::Span<const int32_t> order() const { return found; }
  /// After success: the peak of that order.
  int64_t peak() const { return foundPeak; }

private:
  /// An operation that ran after those of `parent`.
  struct Node {
    int32_t parent, op, depth;
  };
  /// A set that may be entered: that of `parent` and `op`, or of `parent` alone
  /// if `op` is -1.
  struct Candidate {
    int64_t live;
    uint64_t hash;
    int32_t parent, op;

    friend bool operator<(const Candidate &a, const Candidate &b) {
      return std::tie(a.live, a.hash, a.parent, a.op) <
             std::tie(b.live, b.hash, b.parent, b.op);
    }
  };

  void reset(int64_t newBudget);
  void release();
  bool expandAllLayers(size_t width);
  bool expandLayer(size_t size, size_t width);
  bool countBytes(int64_t bytes);
  template <typename T> bool makeRoom(std::vector<T> &list, size_t count);
  void select(std::vector<Candidate> &layer, size_t width) const;
  void enter(const Candidate &candidate);
  bool commitFreeSteps();
  bool commitFreeStep();
  bool commitFreeRun();
  bool commitFreeRunFrom(int32_t op);
  bool runFreshOp();
  void addCandidate();
  void addCandidates();
  void runTo(int32_t target);
  void run(int32_t op);
  void addNode(int32_t op);

  const SearchGraph &graph;
  SearchLimits &limits;
  SearchState state;
  int64_t budget = 0, foundPeak = 0, countedBytes = 0;
  /// The tree of all partial orders kept so far, and where `state` is in it.
  std::vector<Node> nodes;
  int32_t current = 0;
  /// By number of operations in the set.
  std::vector<std::vector<Candidate>> layers;
  std::vector<int32_t> found, path;
  /// Where runs of several may start: bytes alive afterwards, operation.
  std::vector<std::pair<int64_t, int32_t>> starts;
  /// Operations that a run of several has made ready and not run.
  std::vector<int32_t> fresh;
  static constexpr int kMaxFreeRun = 8, kMaxFreeRunStarts = 16;
};

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_SCHEDULE_BEAMSEARCH_H
