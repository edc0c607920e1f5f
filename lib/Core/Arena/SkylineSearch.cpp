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
  for (size_t i = 0; i < layout.items().size(); ++i) {
    const Item &item = layout.items()[i];
    if (item.height == 0)
      continue;
    if (buffers.empty())
      commonAlignment = item.alignment;
    buffers.push_back({static_cast<int32_t>(i), 0, 0, item.height, item.height,
                       item.alignment});
    commonAlignment = std::min(commonAlignment, item.alignment);
  }
  for (Buffer &buffer : buffers) {
    buffer.size = alignUp(buffer.size, commonAlignment);
    maxPadding = std::max(maxPadding, buffer.padding());
    hasOneAlignment &= buffer.alignment == commonAlignment;
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

void SkylineSearch::rankBuffers() {
  std::vector<int32_t> order = heuristicOrder[heuristic];
  if (switches.learnedOrder) {
    const std::vector<double> &weights = failures[heuristic];
    std::vector<double> worst;
    for (const Buffer &buffer : buffers)
      worst.push_back(*std::max_element(weights.begin() + buffer.begin,
                                        weights.begin() + buffer.end));
    std::stable_sort(order.begin(), order.end(),
                     [&](int32_t a, int32_t b) { return worst[a] > worst[b]; });
  }
  rank.resize(buffers.size());
  for (size_t i = 0; i < order.size(); ++i)
    rank[order[i]] = static_cast<int32_t>(i);
}

SearchResult SkylineSearch::search(int64_t bytes, size_t order,
                                   SearchBudget &budget) {
  constexpr double kForgetting = 0.98;
  capacity = bytes;
  heuristic = order;
  lowestExcess = std::numeric_limits<int64_t>::max();
  isUpsideDown = hasOneAlignment && slack() > 0;
  failureWeight /= kForgetting;
  rankBuffers();
  for (int32_t task = start(); task >= 0;) {
    if (!budget.addNode(tasks[task].buffers.size()))
      return {};
    if (!expand(task))
      numFrames = tasks[task].owner + 1;
    const std::optional<int32_t> next = advance();
    if (!next)
      return {SearchResult::Refuted, {}, lowestExcess};
    task = *next;
  }
  return found();
}

/// What is missing from the capacity to a multiple of the alignment.
int64_t SkylineSearch::slack() const {
  return alignUp(capacity, commonAlignment) - capacity;
}

/// Whether `buffer` at `bottom` ends within the capacity, or upside down begins
/// within it: where a buffer with little padding may be, start() has seen to.
bool SkylineSearch::fitsAt(const Buffer &buffer, int64_t bottom) const {
  return isUpsideDown ? bottom + buffer.size <= capacity + slack()
                      : bottom + buffer.unroundedSize <= capacity;
}

/// Clears the state. Returns the first task.
int32_t SkylineSearch::start() {
  head.assign(buffers.size(), 0);
  for (size_t i = 0; i < buffers.size(); ++i)
    if (isUpsideDown && buffers[i].padding() < slack()) {
      head[i] = commonAlignment;
      // With so much capacity it could be at the bottom.
      lowestExcess =
          std::min(lowestExcess, capacity + slack() - buffers[i].padding());
    }
  refused.assign(buffers.size(), -1);
  isPlaced.assign(buffers.size(), false);
  trail.clear();
  numTasks = numFrames = 0;
  Task &all = newTask();
  all.buffers.resize(buffers.size());
  std::iota(all.buffers.begin(), all.buffers.end(), 0);
  all.next = -1;
  return addTasks(all, /*owner=*/-1);
}

SkylineSearch::Task &SkylineSearch::newTask() {
  if (numTasks == tasks.size())
    tasks.emplace_back();
  return tasks[numTasks++];
}

/// Makes tasks of what is left of `parent`, to be done before the task after
/// it, the smallest first: a failure is found soonest there. Returns the first
/// task to do; -1 if nothing is left anywhere.
int32_t SkylineSearch::addTasks(const Task &parent, int32_t owner) {
  const size_t firstNew = numTasks;
  int32_t next = parent.next, end = -1;
  for (int32_t buffer : parent.buffers) {
    if (isPlaced[buffer])
      continue;
    if (numTasks == firstNew ||
        (switches.decomposition && buffers[buffer].begin >= end))
      newTask().buffers.clear();
    tasks[numTasks - 1].buffers.push_back(buffer);
    end = std::max(end, buffers[buffer].end);
  }
  std::stable_sort(tasks.begin() + firstNew, tasks.begin() + numTasks,
                   [](const Task &a, const Task &b) {
                     return a.buffers.size() > b.buffers.size();
                   });
  for (size_t i = firstNew; i < numTasks; ++i) {
    tasks[i].owner = owner;
    tasks[i].next = next;
    next = static_cast<int32_t>(i);
  }
  return next;
}

/// Opens a frame for a task, unless its buffers cannot fit any more.
bool SkylineSearch::expand(int32_t index) {
  byHead = tasks[index].buffers;
  std::sort(byHead.begin(), byHead.end(), [&](int32_t a, int32_t b) {
    return std::make_pair(head[a], rank[a]) < std::make_pair(head[b], rank[b]);
  });
  if (!fitsCapacity() || (switches.noWastedGaps && leavesWastedGap()))
    return false;
  if (numFrames == frames.size())
    frames.emplace_back();
  Frame &frame = frames[numFrames++];
  const int32_t free = findFree();
  frame.next = Frame::Place;
  frame.task = index;
  frame.buffer = free >= 0 ? free : byHead.front();
  frame.raisedHead = free >= 0 ? -1 : lowestTopAround(frame.buffer);
  frame.numTrail = trail.size();
  frame.numTasks = numTasks;
  return true;
}

/// Whether the buffers in `byHead` may fit: from the highest head down, those
/// alive in a section must find room above the head reached.
bool SkylineSearch::fitsCapacity() {
  const int64_t rounded = alignUp(capacity, commonAlignment);
  for (int32_t i : byHead)
    std::fill(sectionBytes.begin() + buffers[i].begin,
              sectionBytes.begin() + buffers[i].end, 0);
  for (auto it = byHead.rbegin(); it != byHead.rend(); ++it) {
    const Buffer &buffer = buffers[*it];
    const int64_t base = head[switches.subsetBounds ? *it : byHead.front()];
    if (!fitsAt(buffer, head[*it]))
      return fail(buffer.begin, head[*it] + buffer.unroundedSize);
    for (int32_t s = buffer.begin; s < buffer.end; ++s) {
      sectionBytes[s] += buffer.size;
      if (base + sectionBytes[s] > rounded)
        return fail(s, base + sectionBytes[s] - maxPadding);
    }
  }
  return true;
}

/// Notes that a section would need `bytes`. Returns false.
bool SkylineSearch::fail(int32_t section, int64_t bytes) {
  lowestExcess = std::min(lowestExcess, bytes);
  failures[heuristic][section] += failureWeight;
  return false;
}

/// Whether a place that a buffer was refused can no longer be used by others.
bool SkylineSearch::leavesWastedGap() const {
  return std::any_of(byHead.begin(), byHead.end(), [&](int32_t i) {
    const int64_t top = refused[i] + buffers[i].size;
    return refused[i] >= 0 &&
           std::all_of(
               neighbours[i].begin(), neighbours[i].end(),
               [&](int32_t j) { return isPlaced[j] || head[j] >= top; });
  });
}

/// A buffer of `byHead` below everything not yet placed that is alive with it,
/// or -1. One without such neighbours has no other place to go.
int32_t SkylineSearch::findFree() const {
  for (int32_t i : byHead) {
    const int64_t top = switches.freePlacement
                            ? head[i] + buffers[i].size
                            : std::numeric_limits<int64_t>::max();
    if (std::all_of(neighbours[i].begin(), neighbours[i].end(),
                    [&](int32_t j) { return isPlaced[j] || head[j] >= top; }))
      return i;
  }
  return -1;
}

/// The lowest top of what is not yet placed and alive with `buffer`.
int64_t SkylineSearch::lowestTopAround(int32_t buffer) const {
  int64_t lowest = std::numeric_limits<int64_t>::max();
  for (int32_t other : neighbours[buffer])
    if (!isPlaced[other])
      lowest = std::min(lowest, head[other] + buffers[other].size);
  return alignUp(lowest, buffers[buffer].alignment);
}

/// Makes the next choice of the last frame that has one, taking back all after
/// it. Returns the next task, -1 if there is none, or nothing if no choice is
/// left.
std::optional<int32_t> SkylineSearch::advance() {
  while (numFrames > 0) {
    const int32_t index = static_cast<int32_t>(numFrames) - 1;
    Frame &frame = frames[index];
    undo(frame.numTrail);
    numTasks = frame.numTasks;
    if (frame.next == Frame::Place) {
      frame.next = frame.raisedHead < 0 ? Frame::None : Frame::Raise;
      return place(frame, index);
    }
    if (frame.next == Frame::Raise) {
      frame.next = Frame::None;
      return raise(frame);
    }
    // What was placed for other tasks meanwhile has no part in this failure.
    numFrames = tasks[frame.task].owner + 1;
  }
  return std::nullopt;
}

/// Puts the buffer of `frame` at its head, and what is alive with it above.
int32_t SkylineSearch::place(const Frame &frame, int32_t index) {
  const int64_t bottom = head[frame.buffer];
  const int64_t top = bottom + buffers[frame.buffer].size;
  remember(frame.buffer);
  isPlaced[frame.buffer] = true;
  for (int32_t other : neighbours[frame.buffer]) {
    const bool isRaised = head[other] < top;
    const bool takesRefused = refused[other] >= 0 && refused[other] < top &&
                              bottom < refused[other] + buffers[other].size;
    if (isPlaced[other] || !(isRaised || takesRefused))
      continue;
    remember(other);
    if (isRaised)
      head[other] = alignUp(top, buffers[other].alignment);
    if (takesRefused)
      refused[other] = -1;
  }
  return addTasks(tasks[frame.task], index);
}

/// Refuses the buffer of `frame` its head.
int32_t SkylineSearch::raise(const Frame &frame) {
  remember(frame.buffer);
  if (refused[frame.buffer] < 0)
    refused[frame.buffer] = head[frame.buffer];
  head[frame.buffer] = frame.raisedHead;
  return frame.task;
}

void SkylineSearch::remember(int32_t buffer) {
  trail.push_back({buffer, static_cast<bool>(isPlaced[buffer]), head[buffer],
                   refused[buffer]});
}

void SkylineSearch::undo(size_t numTrail) {
  for (; trail.size() > numTrail; trail.pop_back()) {
    const Change &change = trail.back();
    isPlaced[change.buffer] = change.isPlaced;
    head[change.buffer] = change.head;
    refused[change.buffer] = change.refused;
  }
}

SearchResult SkylineSearch::found() const {
  SearchResult result{SearchResult::Found,
                      std::vector<int64_t>(layout.items().size(), 0)};
  const int64_t top = alignUp(capacity, commonAlignment);
  for (size_t i = 0; i < buffers.size(); ++i)
    result.bases[buffers[i].item] =
        isUpsideDown ? top - head[i] - buffers[i].size : head[i];
  return result;
}

} // namespace serenity::core
