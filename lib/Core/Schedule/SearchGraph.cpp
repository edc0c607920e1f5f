//===- SearchGraph.cpp - A part of a graph, one way in time ---------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SearchGraph.h"

#include "absl/algorithm/container.h"

#include <algorithm>

using namespace serenity::core;

FlatLists FlatLists::inverted(size_t size) const {
  FlatLists result;
  result.offsets.assign(size + 1, 0);
  for (int32_t item : items)
    ++result.offsets[item + 1];
  for (size_t i = 0; i < size; ++i)
    result.offsets[i + 1] += result.offsets[i];
  result.items.resize(items.size());
  std::vector<int32_t> next(result.offsets.begin(), result.offsets.end() - 1);
  for (size_t list = 0; list < this->size(); ++list)
    for (int32_t item : (*this)[list])
      result.items[next[item]++] = static_cast<int32_t>(list);
  return result;
}

namespace {

/// What a part touches, in its own numbers and with a direction of time.
struct Touched {
  std::vector<int64_t> bytes;
  std::vector<bool> aliveAtStart, aliveAtEnd;
  /// By operation: the buffers that it feeds, and that it waits for.
  FlatLists feeds, awaits;
  /// By operation: the buffers of which one must be born and one must die for
  /// them to share their place.
  FlatLists sharedBirths, sharedDeaths;

  void reverse() {
    std::swap(feeds, awaits);
    std::swap(sharedBirths, sharedDeaths);
    std::swap(aliveAtStart, aliveAtEnd);
  }
};

template <typename T> void sortAndUnique(std::vector<T> &items) {
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
}

/// The lists of `lists` without the items for which `isDropped` holds.
template <typename Predicate>
FlatLists without(const FlatLists &lists, Predicate isDropped) {
  FlatLists result;
  std::vector<int32_t> kept;
  for (size_t list = 0; list < lists.size(); ++list) {
    kept.clear();
    absl::c_remove_copy_if(lists[list], std::back_inserter(kept), isDropped);
    result.append(kept);
  }
  return result;
}

/// By buffer: the operations in `preferred`, or in `fallback` if there are
/// none; nobody if the buffer has no bytes or `never` happens to it.
FlatLists firstNonEmpty(const Touched &touched, const FlatLists &preferred,
                        const FlatLists &fallback,
                        const std::vector<bool> &never) {
  FlatLists result;
  for (size_t buffer = 0; buffer < touched.bytes.size(); ++buffer)
    if (never[buffer] || touched.bytes[buffer] == 0)
      result.append({});
    else
      result.append(preferred[buffer].empty() ? fallback[buffer]
                                              : preferred[buffer]);
  return result;
}

std::vector<int32_t> lengths(const FlatLists &lists) {
  std::vector<int32_t> result;
  for (size_t list = 0; list < lists.size(); ++list)
    result.push_back(static_cast<int32_t>(lists[list].size()));
  return result;
}

/// Fills in everything that follows from `touched`.
void derive(const Touched &touched, SearchGraph &result) {
  const size_t numOps = touched.feeds.size();
  const FlatLists feeding = touched.feeds.inverted(touched.bytes.size());
  result.waiting = touched.awaits.inverted(touched.bytes.size());
  // Those who wait run after those who feed: the first to feed bears a buffer
  // and the last to wait kills it, unless nobody is on that side.
  result.bearing =
      firstNonEmpty(touched, feeding, result.waiting, touched.aliveAtStart);
  result.killing =
      firstNonEmpty(touched, result.waiting, feeding, touched.aliveAtEnd);
  result.births = result.bearing.inverted(numOps);
  result.deaths = result.killing.inverted(numOps);
  result.numFeeding = lengths(feeding);
  result.feeds = without(touched.feeds, [&](int32_t buffer) {
    return result.waiting[buffer].empty();
  });
  result.numAwaited = lengths(without(
      touched.awaits, [&](int32_t buffer) { return feeding[buffer].empty(); }));
  result.sharedBirths = without(touched.sharedBirths, [&](int32_t buffer) {
    return touched.aliveAtStart[buffer];
  });
  result.sharedDeaths = without(touched.sharedDeaths, [&](int32_t buffer) {
    return touched.aliveAtEnd[buffer];
  });
  result.bytes = touched.bytes;
  result.aliveAtStart = touched.aliveAtStart;
  result.aliveAtEnd = touched.aliveAtEnd;
  for (size_t buffer = 0; buffer < touched.bytes.size(); ++buffer)
    if (touched.aliveAtStart[buffer])
      result.startBytes += touched.bytes[buffer];
}

} // namespace

Partition::Partition(const Graph &graph,
                     std::vector<std::vector<OpId>> consecutiveParts)
    : graph(graph), parts(std::move(consecutiveParts)), homes(graph.numOps()) {
  for (size_t part = 0; part < parts.size(); ++part)
    for (OpId op : parts[part])
      homes[op.index()] = static_cast<int32_t>(part);
  // Differences from part to part, summed below.
  passingBytes.assign(parts.size() + 1, 0);
  for (BufferId buffer : graph.bufferIds()) {
    lives.push_back(lifeOf(buffer));
    countBytesPassing(buffer, lives.back());
  }
  for (size_t part = 1; part < passingBytes.size(); ++part)
    passingBytes[part] += passingBytes[part - 1];
}

Partition::Life Partition::lifeOf(BufferId buffer) const {
  const int32_t lastPart = static_cast<int32_t>(parts.size()) - 1;
  Life life{lastPart, 0};
  for (OpId op : graph.writers(buffer))
    life.first = std::min(life.first, homes[op.index()]);
  for (absl::Span<const OpId> ops :
       {graph.writers(buffer), graph.readers(buffer)})
    for (OpId op : ops)
      life.last = std::max(life.last, homes[op.index()]);
  // One part beyond the end, so that "alive before" and "alive after" a part
  // are comparisons.
  if (graph.isInput(buffer))
    life.first = -1;
  if (graph.isOutput(buffer))
    life.last = lastPart + 1;
  return life;
}

void Partition::countBytesPassing(BufferId buffer, const Life &life) {
  const bool isTouched =
      !graph.writers(buffer).empty() || !graph.readers(buffer).empty();
  if (!isTouched && !(graph.isInput(buffer) && graph.isOutput(buffer)))
    return;
  const int32_t lastPart = static_cast<int32_t>(parts.size()) - 1;
  const int64_t bytes = graph.bytes(buffer);
  passingBytes[std::max(life.first, 0)] += bytes;
  passingBytes[std::min(life.last, lastPart) + 1] -= bytes;
  std::vector<int32_t> touching;
  for (absl::Span<const OpId> ops :
       {graph.writers(buffer), graph.readers(buffer)})
    for (OpId op : ops)
      touching.push_back(homes[op.index()]);
  sortAndUnique(touching);
  for (int32_t part : touching) {
    passingBytes[part] -= bytes;
    passingBytes[part + 1] += bytes;
  }
}

std::vector<BufferId> Partition::touchedBuffers(size_t part) const {
  std::vector<BufferId> buffers;
  for (OpId op : parts[part])
    for (absl::Span<const BufferId> list : {graph.writes(op), graph.reads(op)})
      buffers.insert(buffers.end(), list.begin(), list.end());
  sortAndUnique(buffers);
  return buffers;
}

SearchGraph Partition::extract(size_t part, Direction direction) const {
  const std::vector<BufferId> buffers = touchedBuffers(part);
  auto numbersOf = [&](absl::Span<const BufferId> list) {
    std::vector<int32_t> numbers;
    for (BufferId buffer : list)
      numbers.push_back(static_cast<int32_t>(
          absl::c_lower_bound(buffers, buffer) - buffers.begin()));
    return numbers;
  };
  Touched touched;
  for (BufferId buffer : buffers) {
    const Life &life = lives[buffer.index()];
    touched.bytes.push_back(graph.bytes(buffer));
    touched.aliveAtStart.push_back(life.first < static_cast<int32_t>(part));
    touched.aliveAtEnd.push_back(life.last > static_cast<int32_t>(part));
  }
  SearchGraph result;
  for (OpId op : parts[part]) {
    touched.feeds.append(numbersOf(graph.writes(op)));
    touched.awaits.append(numbersOf(graph.reads(op)));
    touched.sharedDeaths.append(numbersOf(graph.mayOverwrite(op)));
    const bool mayShare = !graph.mayOverwrite(op).empty();
    const auto results = mayShare ? graph.writes(op) : graph.mayOverwrite(op);
    touched.sharedBirths.append(numbersOf(results));
    result.sharedBytes.push_back(mayShare ? graph.bytes(results.front()) : 0);
    result.scratchBytes.push_back(graph.scratchBytes(op));
  }
  if (direction == Direction::Backward)
    touched.reverse();
  result.startBytes = passingBytes[part];
  derive(touched, result);
  return result;
}
