//===- MinimumCut.cpp - The cheapest way to part two nodes ----------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MinimumCut.h"

#include <algorithm>

using namespace serenity::core;

void MinimumCut::addArc(int32_t from, int32_t to, int64_t capacity) {
  arcs.push_back({to, firstArc[from], capacity});
  firstArc[from] = static_cast<int32_t>(arcs.size()) - 1;
  arcs.push_back({from, firstArc[to], 0});
  firstArc[to] = static_cast<int32_t>(arcs.size()) - 1;
}

int64_t MinimumCut::solve(int32_t source, int32_t sink) {
  int64_t total = 0;
  while (findLevels(source, sink)) {
    nextArc = firstArc;
    while (const int64_t flow = augment(source, sink))
      total += flow;
  }
  return total;
}

/// Breadth first; returns whether the sink can be reached.
bool MinimumCut::findLevels(int32_t source, int32_t sink) {
  level.assign(firstArc.size(), -1);
  level[source] = 0;
  std::vector<int32_t> queue{source};
  for (size_t head = 0; head < queue.size(); ++head)
    for (int32_t arc = firstArc[queue[head]]; arc >= 0; arc = arcs[arc].next) {
      const int32_t to = arcs[arc].to;
      ++numLooks;
      if (arcs[arc].capacity == 0 || level[to] >= 0)
        continue;
      level[to] = level[queue[head]] + 1;
      queue.push_back(to);
    }
  return level[sink] >= 0;
}

/// Sends what fits along one shortest path; 0 if there is none.
int64_t MinimumCut::augment(int32_t source, int32_t sink) {
  path.clear();
  for (int32_t node = source; node != sink;) {
    int32_t &arc = nextArc[node];
    for (; arc >= 0 &&
           (arcs[arc].capacity == 0 || level[arcs[arc].to] != level[node] + 1);
         ++numLooks)
      arc = arcs[arc].next;
    ++numLooks;
    if (arc >= 0) {
      path.push_back(arc);
      node = arcs[arc].to;
    } else if (node == source) {
      return 0;
    } else {
      node = arcs[path.back() ^ 1].to;
      path.pop_back();
      nextArc[node] = arcs[nextArc[node]].next;
    }
  }
  int64_t flow = kUncuttable;
  for (int32_t arc : path)
    flow = std::min(flow, arcs[arc].capacity);
  push(flow);
  return flow;
}

void MinimumCut::push(int64_t flow) {
  for (int32_t arc : path) {
    if (arcs[arc].capacity != kUncuttable)
      arcs[arc].capacity -= flow;
    if (arcs[arc ^ 1].capacity != kUncuttable)
      arcs[arc ^ 1].capacity += flow;
  }
}
