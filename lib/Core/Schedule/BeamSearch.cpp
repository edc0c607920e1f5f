//===- BeamSearch.cpp - Good orders without a proof -----------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BeamSearch.h"

#include <algorithm>

using namespace serenity::core;

BeamSearch::BeamSearch(const SearchGraph &graph, SearchLimits &limits)
    : graph(graph), limits(limits), state(graph) {}

bool BeamSearch::find(int64_t newBudget, int64_t width) {
  if (graph.startBytes > newBudget)
    return false;
  reset(newBudget);
  const bool isFound = expandAllLayers(static_cast<size_t>(width));
  if (isFound)
    found.assign(state.doneOps().begin(), state.doneOps().end());
  foundPeak = state.unwind();
  release();
  return isFound;
}

void BeamSearch::reset(int64_t newBudget) {
  budget = newBudget;
  nodes.assign(1, {/*parent=*/-1, /*op=*/-1, /*depth=*/0});
  current = 0;
  layers.assign(graph.numOps() + 1, {});
  addCandidate();
}

/// Gives the memory of the tree and the layers back.
void BeamSearch::release() {
  nodes = {};
  layers = {};
  countBytes(-countedBytes);
}

/// Ends with all operations done, or returns false.
bool BeamSearch::expandAllLayers(size_t width) {
  for (size_t size = 0; size < graph.numOps(); ++size)
    if (!expandLayer(size, width))
      return false;
  if (layers.back().empty())
    return false;
  enter(*std::min_element(layers.back().begin(), layers.back().end()));
  return true;
}

/// Expands the best sets of `size` operations. Returns false if a limit has
/// struck.
bool BeamSearch::expandLayer(size_t size, size_t width) {
  std::vector<Candidate> layer = std::move(layers[size]);
  select(layer, width);
  for (const Candidate &candidate : layer) {
    // A path of the tree has no more nodes than this.
    if (!makeRoom(nodes, graph.numOps()) || !limits.addState())
      return false;
    enter(candidate);
    // What has run on belongs to a later layer, where it meets its equals.
    if (commitFreeSteps())
      addCandidate();
    else
      addCandidates();
  }
  return countBytes(
      -static_cast<int64_t>(layer.capacity() * sizeof(Candidate)));
}

bool BeamSearch::countBytes(int64_t bytes) {
  countedBytes += bytes;
  return limits.addTableBytes(bytes);
}

/// Makes room for `count` more elements of `list`. Returns false, and leaves it
/// as it is, if the limits do not allow it.
template <typename T>
bool BeamSearch::makeRoom(std::vector<T> &list, size_t count) {
  const size_t needed = list.size() + count, oldCapacity = list.capacity();
  if (needed <= oldCapacity)
    return true;
  const size_t newCapacity = std::max(needed, 2 * oldCapacity);
  // For a moment there are both.
  if (!countBytes(newCapacity * sizeof(T)))
    return false;
  list.reserve(newCapacity);
  return countBytes(-static_cast<int64_t>(oldCapacity * sizeof(T)));
}

/// Keeps the `width` best sets, each once, in the order of the tree, so that it
/// is not far from one to the next.
void BeamSearch::select(std::vector<Candidate> &layer, size_t width) const {
  std::sort(layer.begin(), layer.end());
  layer.erase(std::unique(layer.begin(), layer.end(),
                          [](const Candidate &a, const Candidate &b) {
                            return a.hash == b.hash;
                          }),
              layer.end());
  layer.resize(std::min(layer.size(), width));
  std::sort(layer.begin(), layer.end(),
            [](const Candidate &a, const Candidate &b) {
              return std::tie(a.parent, a.op) < std::tie(b.parent, b.op);
            });
}

void BeamSearch::enter(const Candidate &candidate) {
  runTo(candidate.parent);
  if (candidate.op >= 0)
    run(candidate.op);
}

/// Goes from the current node of the tree to another one by way of their last
/// common ancestor.
void BeamSearch::runTo(int32_t target) {
  path.clear();
  for (int32_t node = target; node != current;) {
    if (nodes[node].depth >= nodes[current].depth) {
      path.push_back(nodes[node].op);
      node = nodes[node].parent;
    } else {
      state.undo();
      current = nodes[current].parent;
    }
  }
  std::for_each(path.rbegin(), path.rend(), [&](int32_t op) { state.run(op); });
  current = target;
}

void BeamSearch::run(int32_t op) {
  state.run(op);
  addNode(op);
}

void BeamSearch::addNode(int32_t op) {
  nodes.push_back({current, op, nodes[current].depth + 1});
  current = static_cast<int32_t>(nodes.size()) - 1;
}

/// Runs what fits and leaves no more alive than before, single operations
/// first, then runs of several. Returns whether there were any.
bool BeamSearch::commitFreeSteps() {
  const int32_t start = current;
  while (limits.addWork(state.readyOps().size()) &&
         (commitFreeStep() || commitFreeRun())) {
  }
  return current != start;
}

bool BeamSearch::commitFreeStep() {
  for (int32_t op : state.readyOps()) {
    const SearchState::Step step = state.evaluate(op);
    if (step.liveAfter > state.liveBytes() || step.cost > budget)
      continue;
    run(op);
    return true;
  }
  return false;
}

bool BeamSearch::commitFreeRun() {
  starts.clear();
  for (int32_t op : state.readyOps())
    starts.emplace_back(state.evaluate(op).liveAfter, op);
  const auto end =
      starts.begin() + std::min<size_t>(starts.size(), kMaxFreeRunStarts);
  std::partial_sort(starts.begin(), end, starts.end());
  limits.addWork(kMaxFreeRunStarts * kMaxFreeRun);
  return std::any_of(starts.begin(), end, [&](const auto &start) {
    return commitFreeRunFrom(start.second);
  });
}

/// Runs `op` and then some of what only now can run, if at the end no more is
/// alive than before.
bool BeamSearch::commitFreeRunFrom(int32_t op) {
  const size_t numDone = state.doneOps().size();
  const int64_t live = state.liveBytes();
  fresh.assign(1, op);
  for (int step = 0; step < kMaxFreeRun && runFreshOp(); ++step) {
    if (state.liveBytes() > live)
      continue;
    for (size_t i = numDone; i < state.doneOps().size(); ++i)
      addNode(state.doneOps()[i]);
    return true;
  }
  while (state.doneOps().size() > numDone)
    state.undo();
  return false;
}

/// Runs the best operation of `fresh` that fits; false if there is none.
bool BeamSearch::runFreshOp() {
  auto best = fresh.end();
  SearchState::Step bestStep{};
  for (auto op = fresh.begin(); op != fresh.end(); ++op) {
    const SearchState::Step step = state.evaluate(*op);
    if (step.cost > budget ||
        (best != fresh.end() && step.liveAfter >= bestStep.liveAfter))
      continue;
    best = op;
    bestStep = step;
  }
  if (best == fresh.end())
    return false;
  const size_t numOthers = state.readyOps().size() - 1;
  state.run(*best);
  fresh.erase(best);
  const absl::Span<const int32_t> ready = state.readyOps();
  fresh.insert(fresh.end(), ready.begin() + numOthers, ready.end());
  return true;
}

/// Adds the current set as it is.
void BeamSearch::addCandidate() {
  std::vector<Candidate> &layer = layers[state.doneOps().size()];
  if (makeRoom(layer, 1))
    layer.push_back({state.liveBytes(), state.hash64(), current, /*op=*/-1});
}

/// Adds the current set with each of the ready operations that fit.
void BeamSearch::addCandidates() {
  std::vector<Candidate> &layer = layers[state.doneOps().size() + 1];
  if (!makeRoom(layer, state.readyOps().size()))
    return;
  for (int32_t op : state.readyOps()) {
    const SearchState::Step step = state.evaluate(op);
    if (step.cost <= budget)
      layer.push_back({step.liveAfter, state.hash64With(op), current, op});
  }
}
