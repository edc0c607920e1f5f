//===- WindowSearch.cpp - Improve an order window by window ---------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WindowSearch.h"

#include "PartSolver.h"

#include "absl/algorithm/container.h"
#include "serenity/Core/Graph/Footprint.h"

#include <algorithm>
#include <queue>

using namespace serenity::core;

WindowSearch::WindowSearch(const Graph &graph,
                           const ExactSwitches &exactSwitches,
                           SearchLimits &limits)
    : graph(graph), switches(exactSwitches), limits(limits) {
  // A proof for one window proves nothing.
  switches.cutBound = false;
}

/// `order`, cut every `windowSize` operations.
std::vector<std::vector<OpId>>
WindowSearch::cut(absl::Span<const OpId> order) const {
  std::vector<std::vector<OpId>> windows;
  size_t size = windowSize - phase * windowSize / kNumPhases;
  for (size_t begin = 0; begin < order.size();
       begin += size, size = windowSize) {
    const absl::Span<const OpId> window = order.subspan(begin, size);
    windows.emplace_back(window.begin(), window.end());
  }
  return windows;
}

bool WindowSearch::sweep(std::vector<OpId> &order, int64_t goal) {
  const std::vector<int64_t> steps = computeFootprint(graph, order)->stepBytes;
  const Partition partition(graph, cut(order));
  std::vector<absl::Span<OpId>> pieces;
  std::priority_queue<std::pair<int64_t, size_t>> highest;
  size_t begin = 0;
  for (size_t window = 0; window < partition.size(); ++window) {
    const size_t size = partition.ops(window).size();
    pieces.push_back(absl::MakeSpan(order).subspan(begin, size));
    begin += size;
    highest.emplace(*std::max_element(steps.begin() + (begin - size),
                                      steps.begin() + begin),
                    window);
  }
  const int64_t oldPeak = highest.top().first;
  bool hasImproved = true;
  while (hasImproved && highest.top().first > goal) {
    auto [height, window] = highest.top();
    highest.pop();
    hasImproved = improve(partition, window, height, goal, pieces[window]);
    highest.emplace(height, window);
  }
  advance(highest.top().first < oldPeak);
  return highest.top().first < oldPeak;
}

/// Looks for a better order of one window, whose peak is `height`, until there
/// is one or its states are spent.
bool WindowSearch::improve(const Partition &partition, size_t window,
                           int64_t &height, int64_t goal,
                           absl::Span<OpId> order) {
  PartSolver solver(partition, window);
  solver.offer(order, height);
  const int64_t statesBefore = limits.states();
  while (solver.upperBound() == height && solver.lowerBound() < height &&
         limits.states() - statesBefore < maxStates && !limits.stopReason())
    solver.search(goal, switches, limits);
  if (solver.upperBound() == height)
    return false;
  absl::c_copy(solver.bestOrder(), order.begin());
  height = solver.upperBound();
  return true;
}

/// Chooses the windows of the next sweep.
void WindowSearch::advance(bool hasImproved) {
  hasImprovedInRound |= hasImproved;
  if (hasImproved)
    failedRounds = 0;
  if (++phase < kNumPhases)
    return;
  phase = 0;
  windowSize *= 2;
  if (windowSize <= kLargestWindow && windowSize < graph.numOps())
    return;
  windowSize = kSmallestWindow;
  if (!std::exchange(hasImprovedInRound, false)) {
    ++failedRounds;
    maxStates *= 4;
  }
}
