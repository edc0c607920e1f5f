//===- SkylineSearch.h - Piles buffers up from the bottom -------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Exact search on problems without fixed buffers, pairs and groups, in the
// space of Moffitt, "MiniMalloc" (ASPLOS 2023): buffers are placed by
// increasing offset, each on top of those below it. docs/Arena.md section 4
// proves every pruning.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_ARENA_SKYLINESEARCH_H
#define SERENITY_LIB_CORE_ARENA_SKYLINESEARCH_H

#include "Layout.h"
#include "SearchBudget.h"

#include <deque>

namespace serenity::core {

/// Whether SkylineSearch can answer for `layout`: single buffers that are free
/// to move.
bool isPlain(const Layout &layout, const ArenaProblem &problem);

/// A depth-first search, repeated under several orders of the buffers.
///
/// Time is cut into *sections*, in which the same buffers are alive.
class SkylineSearch {
public:
  SkylineSearch(const Layout &layout, const ArenaSwitches &switches);

  /// Looks for a plan within `capacity`, trying at equal offsets the buffers
  /// first that come first by `heuristic`. With `learn`, those in the sections
  /// where earlier searches that learned have failed come before them.
  SearchResult search(int64_t capacity, size_t heuristic, bool learn,
                      SearchBudget &budget);

  /// The number of orders that search knows.
  static constexpr size_t kNumHeuristics = 3;

private:
  struct Buffer {
    int32_t item;
    /// The sections [begin, end) in which it is alive.
    int32_t begin, end;
    /// Rounded up to the alignment that all buffers share.
    int64_t size;
    int64_t unroundedSize, alignment;
  };

  /// Buffers that can be placed without regard to all others not yet placed.
  struct Task {
    /// Not yet placed, by first section.
    std::vector<int32_t> buffers;
    /// The offset, and at this offset the rank, below which nothing may be
    /// placed any more.
    int64_t level;
    int32_t levelRank;
    /// The frame whose placement has made this task; -1 for the first ones.
    int32_t owner;
    /// The task after this one; -1 at the end.
    int32_t next;
  };

  /// One placement, and the choices left instead of it.
  struct Frame {
    int32_t task;
    std::vector<int32_t> candidates;
    size_t nextCandidate;
    /// Whether the only candidate is in nobody's way.
    bool isFree;
    /// What to return to before the next candidate.
    size_t numTrail, numTasks;
  };

  /// A buffer placed (head -1), or the head it had before it was raised.
  struct Change {
    int32_t buffer;
    int64_t head;
  };

  void makeSections();
  void makeNeighbours();
  void makeHeuristics();
  void rankBuffers(bool learn);
  int32_t start();

  bool expand(int32_t task);
  bool fitsCapacity(int64_t level);
  bool fail(int32_t section, int64_t excess);
  int32_t findFree(int64_t level) const;
  void chooseCandidates(const Task &task, Frame &frame);
  std::optional<int32_t> advance();
  int32_t placeNext(int32_t frame);
  void place(int32_t buffer);
  void undo(size_t numTrail);
  int32_t addTasks(const Task &parent, int64_t level, int32_t levelRank,
                   int32_t owner);
  Task &newTask();
  SearchResult found() const;

  const Layout &layout;
  const ArenaSwitches switches;
  std::vector<Buffer> buffers;
  std::vector<std::vector<int32_t>> neighbours;
  int64_t commonAlignment = 1, maxPadding = 0;
  /// The buffers in the order of each heuristic.
  std::vector<int32_t> heuristicOrder[kNumHeuristics];
  /// How often searches with each heuristic failed in each section, newer
  /// failures counting more.
  std::vector<double> failures[kNumHeuristics];
  double failureWeight = 1;

  // The state of one search.
  int64_t capacity = 0, lowestExcess = 0;
  size_t heuristic = 0;
  std::vector<int32_t> rank;
  /// The lowest offset open to each buffer; its offset once it is placed.
  std::vector<int64_t> head;
  std::vector<char> isPlaced;
  std::vector<Change> trail;
  /// Stacks whose entries are kept beyond their ends for reuse.
  std::deque<Task> tasks;
  std::vector<Frame> frames;
  size_t numTasks = 0, numFrames = 0;
  /// Scratch: the buffers of a task by head, and bytes by section.
  std::vector<int32_t> byHead;
  std::vector<int64_t> sectionBytes;
};

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_ARENA_SKYLINESEARCH_H
