//===- VisitOrders.cpp - All orders within a budget -----------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Schedule/VisitOrders.h"

#include "SearchState.h"

#include "absl/container/flat_hash_set.h"

#include <algorithm>
#include <tuple>

using namespace serenity::core;

namespace {

/// A depth-first walk over the partial orders within a budget.
class OrderWalk {
public:
  OrderWalk(const Graph &graph, int64_t budgetBytes, int64_t maxStates)
      : partition(graph, {sourceOrder(graph)}),
        searchGraph(partition.extract(0, Direction::Forward)),
        state(searchGraph), budget(budgetBytes), maxStates(maxStates) {}

  bool run(OrderVisitor visit) {
    if (searchGraph.startBytes > budget)
      return true;
    for (bool mayGoOn = enter(visit); mayGoOn; mayGoOn = enter(visit))
      if (!advance())
        return true;
    return false;
  }

private:
  /// A ready operation that fits the budget, and what it would do.
  struct Candidate {
    int64_t liveAfter, cost;
    int32_t op;

    friend bool operator<(const Candidate &a, const Candidate &b) {
      return std::tie(a.liveAfter, a.cost, a.op) <
             std::tie(b.liveAfter, b.cost, b.op);
    }
  };
  /// A set of operations, the candidates that have not been tried from it, and
  /// whether any order goes through it.
  struct Frame {
    std::vector<Candidate> candidates;
    size_t next = 0;
    bool leadsToOrder = false;
  };

  /// Visits the order that is complete, or looks for ways on from the current
  /// set. Returns false if it is time to stop.
  bool enter(OrderVisitor visit) {
    if (state.isComplete())
      return report(visit);
    if (dead.contains(key()))
      return true;
    if (maxStates-- <= 0)
      return false;
    Frame frame;
    for (int32_t op : state.readyOps()) {
      const SearchState::Step step = state.evaluate(op);
      frame.candidates.push_back({step.liveAfter, step.cost, op});
    }
    std::sort(frame.candidates.begin(), frame.candidates.end());
    frames.push_back(std::move(frame));
    return true;
  }

  bool report(OrderVisitor visit) {
    std::vector<OpId> order;
    for (int32_t op : state.doneOps())
      order.push_back(partition.ops(0)[op]);
    if (!frames.empty())
      frames.back().leadsToOrder = true;
    const std::optional<int64_t> newBudget = visit(order);
    budget = std::min(budget, newBudget.value_or(budget));
    return newBudget.has_value();
  }

  /// Goes back to the last set with a candidate left, and runs it. Returns
  /// false if there is none.
  bool advance() {
    while (!frames.empty()) {
      while (state.doneOps().size() >= frames.size())
        state.undo();
      Frame &frame = frames.back();
      while (frame.next < frame.candidates.size()) {
        const Candidate &candidate = frame.candidates[frame.next++];
        if (candidate.cost > budget)
          continue;
        state.run(candidate.op);
        return true;
      }
      close();
    }
    return false;
  }

  void close() {
    const bool leadsToOrder = frames.back().leadsToOrder;
    frames.pop_back();
    if (!leadsToOrder)
      dead.insert(key());
    else if (!frames.empty())
      frames.back().leadsToOrder = true;
  }

  std::vector<uint64_t> key() const {
    return {state.bits().begin(), state.bits().end()};
  }

  const Partition partition;
  const SearchGraph searchGraph;
  SearchState state;
  int64_t budget, maxStates;
  /// One frame more than operations that have run, when a frame is current.
  std::vector<Frame> frames;
  absl::flat_hash_set<std::vector<uint64_t>> dead;
};

} // namespace

bool serenity::core::visitOrders(const Graph &graph, int64_t budgetBytes,
                                 int64_t maxStates, OrderVisitor visit) {
  return OrderWalk(graph, budgetBytes, maxStates).run(visit);
}
