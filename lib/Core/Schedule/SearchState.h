//===- SearchState.h - A set of operations that have run --------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_SCHEDULE_SEARCHSTATE_H
#define SERENITY_LIB_CORE_SCHEDULE_SEARCHSTATE_H

#include "SearchGraph.h"

namespace serenity::core {

/// The operations of a SearchGraph that have run, changed one by one and
/// changed back, with everything that is asked about them kept up to date.
class SearchState {
public:
  /// Nothing has run. `graph` must outlive this.
  explicit SearchState(const SearchGraph &graph);

  /// What running an operation would do.
  struct Step {
    /// Bytes alive while it runs.
    int64_t cost;
    /// Bytes alive afterwards; never above the cost.
    int64_t liveAfter;
  };
  /// The effect of running `op`, which must be ready. O(1) for an operation
  /// that may not overwrite anything.
  Step evaluate(int32_t op) const {
    const Effect &effect = effects[op];
    const int64_t shared = graph.sharedBytes[op] == 0 ? 0 : sharedBytes(op);
    return {live + effect.added - shared, live + effect.kept};
  }

  /// Whether `op` can run now.
  bool isReady(int32_t op) const {
    const size_t position = readyPosition[op];
    return position < ready.size() && ready[position] == op;
  }

  /// False if `op`, which must be ready, makes no operation ready, and perhaps
  /// if those that it makes ready wait for several of its buffers.
  bool enablesAny(int32_t op) const;

  /// Runs `op`, which must be ready.
  void run(int32_t op);
  /// Takes back the last operation that ran and has not been taken back.
  void undo();
  /// Takes back all operations and returns the peak of their order.
  int64_t unwind();

  /// Bytes alive between two operations.
  int64_t liveBytes() const { return live; }
  /// The operations that can run now, in no particular order, but those that
  /// the last one has made ready come last.
  absl::Span<const int32_t> readyOps() const { return ready; }
  /// The operations that have run, in order.
  absl::Span<const int32_t> doneOps() const { return done; }
  bool isComplete() const { return done.size() == graph.numOps(); }

  /// The same set as bits: operation i is bit i % 64 of word i / 64.
  absl::Span<const uint64_t> bits() const { return words; }
  /// Depends on the set only, not on the order.
  uint32_t hash() const { return static_cast<uint32_t>(hashValue >> 32); }
  uint64_t hash64() const { return hashValue; }
  /// hash64() of the set with `op`, which must not be in it.
  uint64_t hash64With(int32_t op) const { return hashValue + hashOf[op]; }

private:
  /// What an operation would add to the bytes alive if it ran now.
  struct Effect {
    /// While it runs: scratch and everything that is born.
    int64_t added;
    /// Afterwards: what is born less what dies; may be negative.
    int64_t kept;
  };

  int64_t sharedBytes(int32_t op) const;
  static void addBirth(Effect &effect, int64_t bytes);
  void bear(int32_t buffer);
  void unbear(int32_t buffer);
  void kill(int32_t op, int32_t buffer);
  void unkill(int32_t op, int32_t buffer);
  void toggle(int32_t op);
  void addReady(int32_t op);

  const SearchGraph &graph;
  int64_t live;
  uint64_t hashValue = 0;
  std::vector<uint64_t> words;
  std::vector<int32_t> done, ready;
  /// By operation: where it is, or was last, in `ready`.
  std::vector<int32_t> readyPosition;
  /// By operation: random bits, of which the hash is the sum.
  std::vector<uint64_t> hashOf;
  /// By operation: fed buffers that it still waits for.
  std::vector<int32_t> awaited;
  std::vector<Effect> effects;
  /// By buffer: feeding operations that have not run, and operations of the
  /// birth list that have.
  std::vector<int32_t> unfed, borne;
  /// By buffer: operations of the death list that have not run: how many, and
  /// the exclusive or of their numbers, which names the last one.
  std::vector<int32_t> mortal, killers;
};

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_SCHEDULE_SEARCHSTATE_H
