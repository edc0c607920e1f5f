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
#include "absl/numeric/bits.h"

#include <algorithm>
#include <array>

using namespace serenity::core;

namespace {

/// By buffer: its number in the batch, -1 if it is in another one.
using BatchNumbers = std::vector<int32_t>;

/// Some of the buffers of a batch, by their numbers in it.
class BufferSet {
public:
  static constexpr size_t kBatchSize = 256;

  bool contains(int32_t number) const {
    return words[number / 64] >> (number % 64) & 1;
  }
  void insert(int32_t number) {
    words[number / 64] |= uint64_t{1} << (number % 64);
  }
  /// Inserts those of `buffers` that are in the batch.
  void insert(absl::Span<const int32_t> buffers, const BatchNumbers &numbers) {
    for (int32_t buffer : buffers)
      if (numbers[buffer] >= 0)
        insert(numbers[buffer]);
  }
  BufferSet &operator|=(const BufferSet &other) {
    for (size_t i = 0; i < words.size(); ++i)
      words[i] |= other.words[i];
    return *this;
  }
  /// Calls `body` for the number of every buffer in both sets.
  template <typename Body>
  static void forEachInBoth(const BufferSet &a, const BufferSet &b, Body body) {
    for (size_t i = 0; i < a.words.size(); ++i)
      for (uint64_t rest = a.words[i] & b.words[i]; rest != 0; rest &= rest - 1)
        body(64 * i + absl::countr_zero(rest));
  }

private:
  std::array<uint64_t, kBatchSize / 64> words{};
};

/// The buffers of a batch that are born before an operation for certain, by
/// those that it depends on. On the reversal of a graph, those that die after
/// it.
class EarlierBirths {
public:
  /// `order` is a legal order of `graph`.
  EarlierBirths(const SearchGraph &graph, std::vector<int32_t> order)
      : graph(graph), order(std::move(order)),
        awaited(graph.waiting.inverted(graph.numOps())), before(graph.numOps()),
        through(graph.numBuffers()) {}

  /// Goes on to the batch that has `numbers`.
  void find(const BatchNumbers &numbers) {
    absl::c_fill(through, BufferSet());
    for (int32_t op : order) {
      BufferSet born;
      for (int32_t buffer : awaited[op])
        born |= through[buffer];
      before[op] = born;
      born.insert(graph.births[op], numbers);
      for (int32_t buffer : graph.feeds[op])
        through[buffer] |= born;
    }
  }
  const BufferSet &operator[](int32_t op) const { return before[op]; }

private:
  const SearchGraph &graph;
  const std::vector<int32_t> order;
  /// By operation: the buffers that it waits for.
  const FlatLists awaited;
  /// By operation: what is born before it.
  std::vector<BufferSet> before;
  /// By buffer: what is born once it is fed.
  std::vector<BufferSet> through;
};

/// Some legal order.
std::vector<int32_t> findOrder(const SearchGraph &graph) {
  std::vector<int32_t> numFeeding = graph.numFeeding,
                       numAwaited = graph.numAwaited, order;
  for (size_t op = 0; op < graph.numOps(); ++op)
    if (numAwaited[op] == 0)
      order.push_back(static_cast<int32_t>(op));
  for (size_t next = 0; next < order.size(); ++next)
    for (int32_t buffer : graph.feeds[order[next]])
      if (--numFeeding[buffer] == 0)
        for (int32_t op : graph.waiting[buffer])
          if (--numAwaited[op] == 0)
            order.push_back(op);
  return order;
}

/// The most bytes that are alive while one operation runs, whatever the order.
class PartBound {
public:
  PartBound(const SearchGraph &forward, const SearchGraph &backward);

  /// See lowerBoundOfPart().
  int64_t find(size_t maxWork);

private:
  size_t countWork() const;
  void addBatch(absl::Span<const int32_t> batch);
  void addAlive(int32_t op, absl::Span<const int32_t> batch);
  int64_t countOwnBytes(int32_t op) const;
  bool hasOthers(absl::Span<const int32_t> buffers, const BufferSet &set) const;

  const SearchGraph &graph;
  /// What is born before operations, and what dies after them.
  EarlierBirths births, deaths;
  BatchNumbers numbers;
  /// Of the batch: what is alive at the start but not at the end, and at the
  /// end.
  BufferSet atStart, atEnd;
  /// By operation: the bytes found so far.
  std::vector<int64_t> bytes;
  /// By operation: whether it may be the first to bear, or the last to kill,
  /// something that could share its place with another buffer.
  std::vector<bool> mayBear, mayKill;
};

std::vector<int32_t> reversed(std::vector<int32_t> order) {
  absl::c_reverse(order);
  return order;
}

} // namespace

PartBound::PartBound(const SearchGraph &forward, const SearchGraph &backward)
    : graph(forward), births(forward, findOrder(forward)),
      deaths(backward, reversed(findOrder(forward))),
      numbers(graph.numBuffers(), -1), mayBear(graph.numOps()),
      mayKill(graph.numOps()) {
  int64_t alwaysAlive = graph.startBytes;
  for (size_t buffer = 0; buffer < graph.numBuffers(); ++buffer)
    if (graph.aliveAtStart[buffer] && !graph.aliveAtEnd[buffer])
      alwaysAlive -= graph.bytes[buffer];
  for (int64_t scratch : graph.scratchBytes)
    bytes.push_back(alwaysAlive + scratch);
}

/// Whether `set` lacks one of those of `buffers` that are in the batch.
bool PartBound::hasOthers(absl::Span<const int32_t> buffers,
                          const BufferSet &set) const {
  return absl::c_any_of(buffers, [&](int32_t buffer) {
    return numbers[buffer] >= 0 && !set.contains(numbers[buffer]);
  });
}

/// Adds what of `batch` is alive while `op` runs.
void PartBound::addAlive(int32_t op, absl::Span<const int32_t> batch) {
  BufferSet born = births[op], dying = deaths[op];
  if (hasOthers(graph.sharedBirths[op], born))
    mayBear[op] = true;
  if (hasOthers(graph.sharedDeaths[op], dying))
    mayKill[op] = true;
  born |= atStart;
  born.insert(graph.births[op], numbers);
  dying |= atEnd;
  dying.insert(graph.deaths[op], numbers);
  BufferSet::forEachInBoth(born, dying, [&](size_t number) {
    bytes[op] += graph.bytes[batch[number]];
  });
}

void PartBound::addBatch(absl::Span<const int32_t> batch) {
  atStart = atEnd = BufferSet();
  for (size_t number = 0; number < batch.size(); ++number) {
    const int32_t buffer = batch[number];
    numbers[buffer] = static_cast<int32_t>(number);
    if (graph.aliveAtEnd[buffer])
      atEnd.insert(numbers[buffer]);
    else if (graph.aliveAtStart[buffer])
      atStart.insert(numbers[buffer]);
  }
  births.find(numbers);
  deaths.find(numbers);
  for (size_t op = 0; op < graph.numOps(); ++op)
    addAlive(static_cast<int32_t>(op), batch);
  for (int32_t buffer : batch)
    numbers[buffer] = -1;
}

/// Bytes of what `op` bears or kills, if it is the one that does, of buffers
/// that have numbers.
int64_t PartBound::countOwnBytes(int32_t op) const {
  int64_t sum = 0;
  for (int32_t buffer : graph.births[op])
    sum += numbers[buffer] >= 0 ? graph.bytes[buffer] : 0;
  for (int32_t buffer : graph.deaths[op])
    if (!absl::c_linear_search(graph.births[op], buffer))
      sum += numbers[buffer] >= 0 ? graph.bytes[buffer] : 0;
  return sum;
}

/// The sets that one batch joins.
size_t PartBound::countWork() const {
  size_t work = graph.numOps();
  for (size_t op = 0; op < graph.numOps(); ++op)
    work += graph.feeds[op].size() + graph.numAwaited[op];
  return 2 * work;
}

int64_t PartBound::find(size_t maxWork) {
  std::vector<int32_t> bySize(graph.numBuffers());
  absl::c_iota(bySize, 0);
  absl::c_stable_sort(bySize, [&](int32_t a, int32_t b) {
    return graph.bytes[a] > graph.bytes[b];
  });
  const size_t maxBatches = maxWork / countWork();
  const size_t numKept =
      std::min(bySize.size(), maxBatches * BufferSet::kBatchSize);
  for (size_t begin = 0; begin < numKept; begin += BufferSet::kBatchSize)
    addBatch(absl::MakeConstSpan(bySize).subspan(begin, BufferSet::kBatchSize));
  for (size_t i = numKept; i < bySize.size(); ++i)
    numbers[bySize[i]] = 0;
  const bool isComplete = numKept == bySize.size();
  int64_t result = 0;
  for (size_t op = 0; op < graph.numOps(); ++op) {
    const bool mayShare = !isComplete || (mayBear[op] && mayKill[op]);
    result =
        std::max(result, bytes[op] + countOwnBytes(static_cast<int32_t>(op)) -
                             (mayShare ? graph.sharedBytes[op] : 0));
  }
  return result;
}

int64_t serenity::core::lowerBoundOfPart(const Partition &partition,
                                         size_t part, size_t maxWork) {
  const SearchGraph forward = partition.extract(part, Direction::Forward);
  const SearchGraph backward = partition.extract(part, Direction::Backward);
  return PartBound(forward, backward).find(maxWork);
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
