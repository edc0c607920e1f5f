//===- Heuristics.cpp - Orders found without a search ---------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Heuristics.h"

#include "absl/algorithm/container.h"
#include "serenity/Core/Graph/ReadySet.h"

#include <algorithm>
#include <limits>
#include <queue>

using namespace serenity::core;

std::vector<OpId> serenity::core::kahnOrder(const Graph &graph) {
  ReadySet ready(graph);
  std::vector<OpId> order = ready.initial();
  order.reserve(graph.numOps());
  for (size_t step = 0; step < order.size(); ++step)
    ready.run(order[step], [&](OpId next) { order.push_back(next); });
  return order;
}

namespace {

/// By how much each operation would change the bytes alive if it ran next.
/// Along an order the numbers only fall (live bytes are submodular), and all
/// updates together cost O(V + E).
class MemoryIncrease {
public:
  explicit MemoryIncrease(const Graph &graph)
      : graph(graph), increase(graph.numOps()), hasRun(graph.numOps()),
        isBorn(graph.numBuffers()), usersLeft(graph.numBuffers()) {
    for (BufferId buffer : graph.bufferIds()) {
      isBorn[buffer.index()] = graph.isInput(buffer);
      usersLeft[buffer.index()] = static_cast<int64_t>(
          graph.writers(buffer).size() + graph.readers(buffer).size());
      if (!graph.isInput(buffer))
        for (OpId writer : graph.writers(buffer))
          increase[writer.index()] += graph.bytes(buffer);
      if (usersLeft[buffer.index()] == 1)
        subtractFromLastUser(buffer, [](OpId) {});
    }
  }

  int64_t of(OpId op) const { return increase[op.index()]; }

  /// Marks `op` as run and calls `onChange(OpId)` for each operation whose
  /// increase has fallen.
  template <typename Callback> void run(OpId op, Callback onChange) {
    hasRun[op.index()] = true;
    for (BufferId buffer : graph.writes(op)) {
      if (!isBorn[buffer.index()])
        subtractFromWriters(buffer, onChange);
      isBorn[buffer.index()] = true;
      dropUser(buffer, onChange);
    }
    for (BufferId buffer : graph.reads(op))
      dropUser(buffer, onChange);
  }

private:
  template <typename Callback>
  void subtractFromWriters(BufferId buffer, Callback onChange) {
    for (OpId writer : graph.writers(buffer))
      subtract(writer, graph.bytes(buffer), onChange);
  }

  template <typename Callback>
  void dropUser(BufferId buffer, Callback onChange) {
    if (--usersLeft[buffer.index()] == 1)
      subtractFromLastUser(buffer, onChange);
  }

  template <typename Callback>
  void subtractFromLastUser(BufferId buffer, Callback onChange) {
    if (graph.isOutput(buffer))
      return;
    for (absl::Span<const OpId> users :
         {graph.writers(buffer), graph.readers(buffer)})
      for (OpId user : users)
        if (!hasRun[user.index()])
          subtract(user, graph.bytes(buffer), onChange);
  }

  template <typename Callback>
  void subtract(OpId op, int64_t bytes, Callback onChange) {
    increase[op.index()] -= bytes;
    if (bytes > 0)
      onChange(op);
  }

  const Graph &graph;
  std::vector<int64_t> increase;
  std::vector<bool> hasRun, isBorn;
  std::vector<int64_t> usersLeft;
};

} // namespace

std::vector<OpId> serenity::core::greedyOrder(const Graph &graph) {
  ReadySet ready(graph);
  MemoryIncrease increase(graph);
  // An operation is pushed again whenever its number falls; what is popped
  // after it has run is stale.
  using Candidate = std::pair<int64_t, OpId>;
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue;
  std::vector<bool> done(graph.numOps());
  auto push = [&](OpId op) { queue.push({increase.of(op), op}); };
  absl::c_for_each(ready.initial(), push);

  std::vector<OpId> order;
  while (!queue.empty()) {
    const OpId op = queue.top().second;
    queue.pop();
    if (done[op.index()])
      continue;
    done[op.index()] = true;
    order.push_back(op);
    increase.run(op, [&](OpId changed) {
      if (ready.isReady(changed) && !done[changed.index()])
        push(changed);
    });
    ready.run(op, push);
  }
  return order;
}

namespace {

/// What a depth-first walk takes first among siblings: the larger number, then
/// the smaller index.
struct Preference {
  explicit Preference(const Graph &graph)
      : ofOp(graph.numOps()), ofBuffer(graph.numBuffers()) {}

  std::vector<int64_t> ofOp;
  std::vector<int64_t> ofBuffer;
};

template <typename IdT>
std::vector<IdT> sortedByPreference(absl::Span<const IdT> ids,
                                    const std::vector<int64_t> &preference) {
  std::vector<IdT> result(ids.begin(), ids.end());
  absl::c_stable_sort(result, [&](IdT a, IdT b) {
    return preference[a.index()] > preference[b.index()];
  });
  return result;
}

/// Operations that write nothing anybody reads.
std::vector<OpId> sinks(const Graph &graph) {
  std::vector<OpId> result;
  absl::c_copy_if(graph.opIds(), std::back_inserter(result), [&](OpId op) {
    return absl::c_all_of(graph.writes(op), [&](BufferId buffer) {
      return graph.readers(buffer).empty();
    });
  });
  return result;
}

/// A depth-first walk against the dependencies, from operations to the buffers
/// they read to their writers. Every buffer is entered once, so that buffers
/// with many writers and many readers do not make it quadratic.
class DepthFirstWalk {
public:
  DepthFirstWalk(const Graph &graph, const Preference &preference)
      : graph(graph), preference(preference), opSeen(graph.numOps()),
        bufferSeen(graph.numBuffers()) {}

  std::vector<OpId> run() {
    pushReversed(sortedByPreference<OpId>(sinks(graph), preference.ofOp));
    while (!stack.empty()) {
      const Visit visit = stack.back();
      stack.pop_back();
      if (visit.isLeaving)
        order.push_back(visit.op);
      else if (visit.op != OpId())
        enter(visit.op);
      else
        enter(visit.buffer);
    }
    return std::move(order);
  }

private:
  /// An operation or a buffer; the other id is the invalid one.
  struct Visit {
    explicit Visit(OpId op, bool isLeaving = false)
        : op(op), isLeaving(isLeaving) {}
    explicit Visit(BufferId buffer) : buffer(buffer) {}

    OpId op;
    BufferId buffer;
    bool isLeaving = false;
  };

  void enter(OpId op) {
    if (opSeen[op.index()])
      return;
    opSeen[op.index()] = true;
    stack.push_back(Visit(op, /*isLeaving=*/true));
    pushReversed(sortedByPreference(graph.reads(op), preference.ofBuffer));
  }

  void enter(BufferId buffer) {
    if (bufferSeen[buffer.index()])
      return;
    bufferSeen[buffer.index()] = true;
    pushReversed(sortedByPreference(graph.writers(buffer), preference.ofOp));
  }

  template <typename IdT> void pushReversed(const std::vector<IdT> &ids) {
    for (auto id = ids.rbegin(); id != ids.rend(); ++id)
      stack.push_back(Visit(*id));
  }

  const Graph &graph;
  const Preference &preference;
  std::vector<bool> opSeen, bufferSeen;
  std::vector<Visit> stack;
  std::vector<OpId> order;
};

/// The sum of two numbers of bytes, or the largest int64_t.
int64_t saturatingAdd(int64_t a, int64_t b) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  return a > kMax - b ? kMax : a + b;
}

/// The recurrences of postOrder.
class SethiUllman {
public:
  explicit SethiUllman(const Graph &graph) : graph(graph), result(graph) {}

  Preference run() {
    std::vector<int32_t> missingWriters(graph.numBuffers());
    for (BufferId buffer : graph.bufferIds())
      missingWriters[buffer.index()] =
          static_cast<int32_t>(graph.writers(buffer).size());
    for (OpId op : kahnOrder(graph)) {
      computeOp(op);
      for (BufferId buffer : graph.writes(op))
        if (--missingWriters[buffer.index()] == 0)
          computeBuffer(buffer);
    }
    preferSinksThatLeaveLess();
    return std::move(result);
  }

private:
  int64_t hold(BufferId buffer) const {
    return graph.writers(buffer).empty() ? 0 : graph.bytes(buffer);
  }
  int64_t need(BufferId buffer) const {
    return saturatingAdd(result.ofBuffer[buffer.index()], hold(buffer));
  }

  void computeOp(OpId op) {
    int64_t need = 0, held = 0;
    for (BufferId buffer :
         sortedByPreference(graph.reads(op), result.ofBuffer)) {
      need = std::max(need, saturatingAdd(held, this->need(buffer)));
      held += hold(buffer);
    }
    for (BufferId buffer : graph.writes(op))
      held += graph.bytes(buffer);
    need = std::max(need, held + graph.scratchBytes(op));
    result.ofOp[op.index()] = need;
  }

  void computeBuffer(BufferId buffer) {
    int64_t need = 0, held = 0;
    for (OpId writer : sortedByPreference(graph.writers(buffer), result.ofOp)) {
      need = std::max(need, saturatingAdd(held, result.ofOp[writer.index()]));
      held = graph.bytes(buffer);
    }
    result.ofBuffer[buffer.index()] = need - hold(buffer);
  }

  void preferSinksThatLeaveLess() {
    for (OpId op : sinks(graph))
      for (BufferId buffer : graph.writes(op))
        if (graph.isOutput(buffer))
          result.ofOp[op.index()] -= graph.bytes(buffer);
  }

  const Graph &graph;
  Preference result;
};

} // namespace

std::vector<OpId> serenity::core::depthFirstOrder(const Graph &graph) {
  return DepthFirstWalk(graph, Preference(graph)).run();
}

std::vector<OpId> serenity::core::postOrder(const Graph &graph) {
  return DepthFirstWalk(graph, SethiUllman(graph).run()).run();
}
