//===- SkylineSearch.h - Piles buffers up from the bottom -------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Exact search on problems without fixed buffers, pairs and groups. The lowest
// buffer is either placed where it is, or refused that place and raised onto
// the next thing it could rest on. docs/Arena.md section 4 proves it.
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
/// Time is cut into *sections*, in which the same buffers are alive. The *head*
/// of a buffer is the lowest offset still open to it. Where the capacity is no
/// multiple of the alignment, the arena is turned upside down: only buffers
/// with enough padding may then be at the bottom, which shows at once.
class SkylineSearch {
public:
  SkylineSearch(const Layout &layout, const ArenaSwitches &switches);

  /// Looks for a plan within `capacity`, trying of several lowest buffers the
  /// one first that comes first by `heuristic`, a number below kNumHeuristics.
  /// With ArenaSwitches::learnedOrder, those in the sections where earlier
  /// searches with this heuristic have failed come before them.
  SearchResult search(int64_t capacity, size_t heuristic, SearchBudget &budget);

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

    int64_t padding() const { return size - unroundedSize; }
  };

  /// Buffers that can be placed without regard to all others not yet placed.
  struct Task {
    /// Not yet placed, by first section.
    std::vector<int32_t> buffers;
    /// The frame whose placement has made this task; -1 for the first ones.
    int32_t owner;
    /// The task after this one; -1 at the end.
    int32_t next;
  };

  /// A decision: to place a buffer at its head, or to raise it.
  struct Frame {
    enum Choice { Place, Raise, None } next;
    int32_t task, buffer;
    /// Where the buffer goes if it is raised.
    int64_t raisedHead;
    /// What to return to before the next choice.
    size_t numTrail, numTasks;
  };

  /// What `buffer` was before a choice changed it.
  struct Change {
    int32_t buffer;
    bool isPlaced;
    int64_t head, refused;
  };

  void makeSections();
  void makeNeighbours();
  void makeHeuristics();
  void rankBuffers();
  int32_t start();
  int64_t slack() const;
  bool fitsAt(const Buffer &buffer, int64_t bottom) const;

  bool expand(int32_t task);
  bool fitsCapacity();
  bool fail(int32_t section, int64_t bytes);
  bool leavesWastedGap() const;
  int64_t lowestTopAround(int32_t buffer) const;
  int32_t findFree() const;
  std::optional<int32_t> advance();
  int32_t place(const Frame &frame, int32_t index);
  int32_t raise(const Frame &frame);
  void remember(int32_t buffer);
  void undo(size_t numTrail);
  int32_t addTasks(const Task &parent, int32_t owner);
  Task &newTask();
  SearchResult found() const;

  const Layout &layout;
  const ArenaSwitches switches;
  std::vector<Buffer> buffers;
  std::vector<std::vector<int32_t>> neighbours;
  int64_t commonAlignment = 1, maxPadding = 0;
  bool hasOneAlignment = true;
  /// The buffers in the order of each heuristic.
  std::vector<int32_t> heuristicOrder[kNumHeuristics];
  /// How often searches with each heuristic failed in each section, newer
  /// failures counting more.
  std::vector<double> failures[kNumHeuristics];
  double failureWeight = 1;

  // The state of one search.
  int64_t capacity = 0, lowestExcess = 0;
  /// Whether offsets are counted down from the capacity.
  bool isUpsideDown = false;
  size_t heuristic = 0;
  std::vector<int32_t> rank;
  /// The head of each buffer; its offset once it is placed.
  std::vector<int64_t> head;
  /// The lowest offset at which a buffer fitted but was refused, as long as
  /// nothing else has been placed there; -1 if there is none.
  std::vector<int64_t> refused;
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
