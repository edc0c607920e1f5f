//===- SkylineSearch.cpp - Piles buffers up from the bottom ---------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SkylineSearch.h"

#include "absl/numeric/int128.h"

#include <limits>
#include <numeric>
#include <tuple>

namespace serenity::core {

bool isPlain(const Layout &layout, const ArenaProblem &problem) {
  return problem.inPlacePairs.empty() &&
         std::all_of(layout.items().begin(), layout.items().end(),
                     [](const Item &item) {
                       return item.numParts == 1 && !item.fixedBase;
                     });
}

SkylineSearch::SkylineSearch(const Layout &layout,
                             const ArenaSwitches &switches)
    : layout(layout), switches(switches) {
  commonAlignment = std::numeric_limits<int64_t>::max();
  for (size_t i = 0; i < layout.items().size(); ++i) {
    const Item &item = layout.items()[i];
    if (item.height == 0)
      continue;
    buffers.push_back({static_cast<int32_t>(i), 0, 0, item.height, item.height,
                       item.alignment});
    commonAlignment = std::min(commonAlignment, item.alignment);
  }
  for (Buffer &buffer : buffers) {
    buffer.size = alignUp(buffer.size, commonAlignment);
    maxPadding = std::max(maxPadding, buffer.size - buffer.unroundedSize);
  }
  makeSections();
  makeNeighbours();
  makeHeuristics();
}

/// Cuts time where a buffer starts or ends, and sorts the buffers by start.
void SkylineSearch::makeSections() {
  absl::Span<const Part> parts = layout.parts();
  std::vector<int64_t> cuts;
  for (const Buffer &buffer : buffers) {
    cuts.push_back(parts[buffer.item].lower);
    cuts.push_back(parts[buffer.item].upper);
  }
  std::sort(cuts.begin(), cuts.end());
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  auto sectionAt = [&](int64_t time) {
    return static_cast<int32_t>(
        std::lower_bound(cuts.begin(), cuts.end(), time) - cuts.begin());
  };
  for (Buffer &buffer : buffers) {
    buffer.begin = sectionAt(parts[buffer.item].lower);
    buffer.end = sectionAt(parts[buffer.item].upper);
  }
  std::stable_sort(
      buffers.begin(), buffers.end(),
      [](const Buffer &a, const Buffer &b) { return a.begin < b.begin; });
  for (std::vector<double> &weights : failures)
    weights.assign(cuts.size(), 0);
  sectionBytes.assign(cuts.size(), 0);
}

void SkylineSearch::makeNeighbours() {
  const int32_t numBuffers = static_cast<int32_t>(buffers.size());
  neighbours.resize(numBuffers);
  for (int32_t i = 0; i < numBuffers; ++i)
    for (int32_t j = i + 1; j < numBuffers && buffers[j].begin < buffers[i].end;
         ++j) {
      neighbours[i].push_back(j);
      neighbours[j].push_back(i);
    }
}

/// By load (of the fullest section), size times lifetime, and lifetime.
void SkylineSearch::makeHeuristics() {
  struct Key {
    int64_t load = 0;
    absl::int128 area;
    int64_t lifetime;
  };
  for (const Buffer &buffer : buffers)
    for (int32_t s = buffer.begin; s < buffer.end; ++s)
      sectionBytes[s] += buffer.size;
  std::vector<Key> keys;
  for (const Buffer &buffer : buffers) {
    const Part &part = layout.parts()[buffer.item];
    Key key;
    key.lifetime = part.upper - part.lower;
    key.area = absl::int128(buffer.size) * key.lifetime;
    key.load = *std::max_element(sectionBytes.begin() + buffer.begin,
                                 sectionBytes.begin() + buffer.end);
    keys.push_back(key);
  }
  std::fill(sectionBytes.begin(), sectionBytes.end(), 0);
  auto sortBy = [&](std::vector<int32_t> &order, auto toTuple) {
    order.resize(buffers.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int32_t a, int32_t b) {
      return toTuple(keys[a]) > toTuple(keys[b]);
    });
  };
  sortBy(heuristicOrder[0], [](const Key &key) {
    return std::make_tuple(key.load, key.area, key.lifetime);
  });
  sortBy(heuristicOrder[1], [](const Key &key) {
    return std::make_tuple(key.load, key.lifetime, key.area);
  });
  sortBy(heuristicOrder[2], [](const Key &key) {
    return std::make_tuple(key.lifetime, key.area, key.load);
  });
}

void SkylineSearch::rankBuffers(bool learn) {
  std::vector<int32_t> order = heuristicOrder[heuristic];
  if (learn) {
    std::vector<double> worst;
    for (const Buffer &buffer : buffers)
      worst.push_back(
          *std::max_element(failures[heuristic].begin() + buffer.begin,
                            failures[heuristic].begin() + buffer.end));
    std::stable_sort(order.begin(), order.end(),
                     [&](int32_t a, int32_t b) { return worst[a] > worst[b]; });
  }
  rank.resize(buffers.size());
  for (size_t i = 0; i < order.size(); ++i)
    rank[order[i]] = static_cast<int32_t>(i);
}

SearchResult SkylineSearch::search(int64_t bytes, size_t order, bool learn,
                                   SearchBudget &budget) {
  constexpr double kForgetting = 0.95;
  capacity = bytes;
  heuristic = order;
  lowestExcess = std::numeric_limits<int64_t>::max();
  rankBuffers(learn);
  for (int32_t task = start(); task >= 0;) {
    if (!budget.addNode()) {
      if (learn)
        failureWeight /= kForgetting;
      return {};
    }
    const bool isOpen = expand(task);
    if (!isOpen)
      numFrames = tasks[task].owner + 1;
    const std::optional<int32_t> next = advance();
    if (!next)
      return {SearchResult::Refuted, {}, lowestExcess};
    task = *next;
  }
  return found();
}

/// Clears the state. Returns the first task.
int32_t SkylineSearch::start() {
  head.assign(buffers.size(), 0);
  isPlaced.assign(buffers.size(), false);
  trail.clear();
  numTasks = numFrames = 0;
  Task &all = newTask();
  all.buffers.resize(buffers.size());
  std::iota(all.buffers.begin(), all.buffers.end(), 0);
  all.next = -1;
  return addTasks(all, /*level=*/0, /*levelRank=*/-1, /*owner=*/-1);
}

SkylineSearch::Task &SkylineSearch::newTask() {
  if (numTasks == tasks.size())
    tasks.emplace_back();
  return tasks[numTasks++];
}

/// Makes tasks of what is left of `parent`, to be done before the task after
/// it. Returns the first task to do; -1 if nothing is left anywhere.
int32_t SkylineSearch::addTasks(const Task &parent, int64_t level,
                                int32_t levelRank, int32_t owner) {
  int32_t first = parent.next, end = -1;
  Task *task = nullptr;
  for (int32_t buffer : parent.buffers) {
    if (isPlaced[buffer])
      continue;
    if (!task || (switches.decomposition && buffers[buffer].begin >= end)) {
      task = &newTask();
      task->buffers.clear();
      task->level = level;
      task->levelRank = levelRank;
      task->owner = owner;
      task->next = first;
      first = static_cast<int32_t>(numTasks) - 1;
    }
    task->buffers.push_back(buffer);
    end = std::max(end, buffers[buffer].end);
  }
  return first;
}

/// Opens a frame for `task`, unless its buffers cannot fit any more.
bool SkylineSearch::expand(int32_t index) {
  const Task &task = tasks[index];
  byHead = task.buffers;
  std::sort(byHead.begin(), byHead.end(), [&](int32_t a, int32_t b) {
    return std::make_pair(head[a], rank[a]) < std::make_pair(head[b], rank[b]);
  });
  if (!fitsCapacity(task.level))
    return false;
  if (numFrames == frames.size())
    frames.emplace_back();
  Frame &frame = frames[numFrames++];
  frame.task = index;
  frame.nextCandidate = 0;
  frame.numTrail = trail.size();
  frame.numTasks = numTasks;
  chooseCandidates(task, frame);
  return true;
}

/// Whether the buffers in `byHead` may fit: in each section, all of them above
/// the lowest head, and those from each head on above this head.
bool SkylineSearch::fitsCapacity(int64_t level) {
  const int64_t rounded = alignUp(capacity, commonAlignment);
  for (int32_t i : byHead) {
    const int64_t top = std::max(head[i], level) + buffers[i].unroundedSize;
    if (top > capacity)
      return fail(buffers[i].begin, top);
    for (int32_t s = buffers[i].begin; s < buffers[i].end; ++s)
      sectionBytes[s] = 0;
  }
  for (int32_t i : byHead)
    for (int32_t s = buffers[i].begin; s < buffers[i].end; ++s)
      sectionBytes[s] += buffers[i].size;
  int32_t failed = -1;
  int64_t excess = 0;
  for (int32_t i : byHead) {
    const int64_t base = std::max(head[i], level);
    for (int32_t s = buffers[i].begin; s < buffers[i].end; ++s) {
      if (base + sectionBytes[s] > rounded && (failed < 0 || s < failed)) {
        failed = s;
        excess = base + sectionBytes[s] - maxPadding;
      }
      sectionBytes[s] -=
          switches.subsetBounds ? buffers[i].size : sectionBytes[s];
    }
  }
  return failed < 0 || fail(failed, excess);
}

/// Notes that a section needs `excess` bytes. Returns false.
bool SkylineSearch::fail(int32_t section, int64_t excess) {
  lowestExcess = std::min(lowestExcess, excess);
  failures[heuristic][section] += failureWeight;
  return false;
}

/// A buffer of `byHead` below everything else that is alive with it; or -1.
int32_t SkylineSearch::findFree(int64_t level) const {
  for (int32_t i : byHead) {
    const int64_t top = head[i] + buffers[i].size;
    if (std::all_of(neighbours[i].begin(), neighbours[i].end(), [&](int32_t j) {
          return isPlaced[j] || std::max(head[j], level) >= top;
        }))
      return i;
  }
  return -1;
}

void SkylineSearch::chooseCandidates(const Task &task, Frame &frame) {
  frame.candidates.clear();
  const int32_t free = switches.freePlacement ? findFree(task.level) : -1;
  frame.isFree = free >= 0;
  if (frame.isFree) {
    frame.candidates.push_back(free);
    return;
  }
  int64_t lowestTop = std::numeric_limits<int64_t>::max();
  for (int32_t i : byHead)
    lowestTop = std::min(lowestTop, head[i] + buffers[i].size);
  for (int32_t i : byHead) {
    if (switches.noWastedGaps && head[i] >= lowestTop)
      break;
    if (std::make_pair(head[i], rank[i]) >=
        std::make_pair(task.level, task.levelRank))
      frame.candidates.push_back(i);
  }
}

/// Makes the next placement of the last frame that has one, taking back all
/// after it. Returns the next task, -1 if there is none, or nothing if no
/// placement is left.
std::optional<int32_t> SkylineSearch::advance() {
  while (numFrames > 0) {
    Frame &frame = frames[numFrames - 1];
    undo(frame.numTrail);
    numTasks = frame.numTasks;
    if (frame.nextCandidate < frame.candidates.size())
      return placeNext(static_cast<int32_t>(numFrames) - 1);
    // What was placed for other tasks meanwhile has no part in this failure.
    numFrames = tasks[frame.task].owner + 1;
  }
  return std::nullopt;
}

int32_t SkylineSearch::placeNext(int32_t index) {
  Frame &frame = frames[index];
  const int32_t buffer = frame.candidates[frame.nextCandidate++];
  place(buffer);
  const Task &task = tasks[frame.task];
  const bool raisesLevel = !frame.isFree && switches.canonicalOrder;
  return addTasks(task, raisesLevel ? head[buffer] : task.level,
                  raisesLevel ? rank[buffer] : task.levelRank, index);
}

void SkylineSearch::place(int32_t buffer) {
  const int64_t top = head[buffer] + buffers[buffer].size;
  isPlaced[buffer] = true;
  trail.push_back({buffer, -1});
  for (int32_t other : neighbours[buffer]) {
    if (isPlaced[other] || head[other] >= top)
      continue;
    trail.push_back({other, head[other]});
    head[other] = alignUp(top, buffers[other].alignment);
  }
}

void SkylineSearch::undo(size_t numTrail) {
  for (; trail.size() > numTrail; trail.pop_back()) {
    const Change &change = trail.back();
    if (change.head < 0)
      isPlaced[change.buffer] = false;
    else
      head[change.buffer] = change.head;
  }
}

SearchResult SkylineSearch::found() const {
  SearchResult result{SearchResult::Found,
                      std::vector<int64_t>(layout.items().size(), 0)};
  for (size_t i = 0; i < buffers.size(); ++i)
    result.bases[buffers[i].item] = head[i];
  return result;
}

} // namespace serenity::core
