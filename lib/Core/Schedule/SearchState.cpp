//===- SearchState.cpp - A set of operations that have run ----------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SearchState.h"

#include "absl/algorithm/container.h"

#include <algorithm>

using namespace serenity::core;

namespace {

/// The splitmix64 generator of Steele, Lea and Flood (2014).
uint64_t splitMix(uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

} // namespace

void SearchState::addBirth(Effect &effect, int64_t bytes) {
  effect.added += bytes;
  effect.kept += bytes;
}

SearchState::SearchState(const SearchGraph &graph)
    : graph(graph), live(graph.startBytes), words((graph.numOps() + 63) / 64),
      readyPosition(graph.numOps()), awaited(graph.numAwaited),
      unfed(graph.numFeeding), borne(graph.numBuffers()),
      mortal(graph.numBuffers()), killers(graph.numBuffers()) {
  for (size_t buffer = 0; buffer < graph.numBuffers(); ++buffer)
    for (int32_t op : graph.killing[buffer]) {
      ++mortal[buffer];
      killers[buffer] ^= op;
    }
  for (size_t op = 0; op < graph.numOps(); ++op) {
    hashOf.push_back(splitMix(op));
    effects.push_back({graph.scratchBytes[op], 0});
    for (int32_t buffer : graph.births[op])
      addBirth(effects[op], graph.bytes[buffer]);
    for (int32_t buffer : graph.deaths[op])
      if (mortal[buffer] == 1)
        effects[op].kept -= graph.bytes[buffer];
    if (awaited[op] == 0)
      addReady(static_cast<int32_t>(op));
  }
}

void SearchState::addReady(int32_t op) {
  readyPosition[op] = static_cast<int32_t>(ready.size());
  ready.push_back(op);
}

int64_t SearchState::sharedBytes(int32_t op) const {
  const bool anyBorn =
      absl::c_any_of(graph.sharedBirths[op],
                     [&](int32_t buffer) { return borne[buffer] == 0; });
  const bool anyDies =
      absl::c_any_of(graph.sharedDeaths[op],
                     [&](int32_t buffer) { return mortal[buffer] == 1; });
  return anyBorn && anyDies ? graph.sharedBytes[op] : 0;
}

/// Makes `buffer` alive: nobody else will bear it.
void SearchState::bear(int32_t buffer) {
  if (borne[buffer]++ != 0)
    return;
  live += graph.bytes[buffer];
  for (int32_t op : graph.bearing[buffer])
    addBirth(effects[op], -graph.bytes[buffer]);
}

void SearchState::unbear(int32_t buffer) {
  if (--borne[buffer] != 0)
    return;
  live -= graph.bytes[buffer];
  for (int32_t op : graph.bearing[buffer])
    addBirth(effects[op], graph.bytes[buffer]);
}

/// Takes `op` off the death list of `buffer`: the last one left will kill it.
void SearchState::kill(int32_t op, int32_t buffer) {
  killers[buffer] ^= op;
  if (--mortal[buffer] == 0)
    live -= graph.bytes[buffer];
  else if (mortal[buffer] == 1)
    effects[killers[buffer]].kept -= graph.bytes[buffer];
}

void SearchState::unkill(int32_t op, int32_t buffer) {
  if (mortal[buffer] == 0)
    live += graph.bytes[buffer];
  else if (mortal[buffer] == 1)
    effects[killers[buffer]].kept += graph.bytes[buffer];
  ++mortal[buffer];
  killers[buffer] ^= op;
}

void SearchState::toggle(int32_t op) {
  words[op / 64] ^= uint64_t{1} << (op % 64);
}

bool SearchState::enablesAny(int32_t op) const {
  return absl::c_any_of(graph.feeds[op], [&](int32_t buffer) {
    return unfed[buffer] == 1 &&
           absl::c_any_of(graph.waiting[buffer],
                          [&](int32_t other) { return awaited[other] == 1; });
  });
}

void SearchState::run(int32_t op) {
  toggle(op);
  hashValue += hashOf[op];
  done.push_back(op);
  const int32_t position = readyPosition[op];
  ready[position] = ready.back();
  readyPosition[ready[position]] = position;
  readyPosition[op] = position;
  ready.pop_back();
  for (int32_t buffer : graph.births[op])
    bear(buffer);
  for (int32_t buffer : graph.deaths[op])
    kill(op, buffer);
  for (int32_t buffer : graph.feeds[op])
    if (--unfed[buffer] == 0)
      for (int32_t waiting : graph.waiting[buffer])
        if (--awaited[waiting] == 0)
          addReady(waiting);
}

void SearchState::undo() {
  const int32_t op = done.back();
  // Those that `op` made ready are the last ones of the list.
  for (int32_t buffer : graph.feeds[op])
    if (unfed[buffer]++ == 0)
      for (int32_t waiting : graph.waiting[buffer])
        if (awaited[waiting]++ == 0)
          ready.pop_back();
  for (int32_t buffer : graph.deaths[op])
    unkill(op, buffer);
  for (int32_t buffer : graph.births[op])
    unbear(buffer);
  const size_t position = readyPosition[op];
  if (position < ready.size()) {
    addReady(ready[position]);
    ready[position] = op;
  } else {
    ready.push_back(op);
  }
  done.pop_back();
  hashValue -= hashOf[op];
  toggle(op);
}

int64_t SearchState::unwind() {
  int64_t peak = graph.startBytes;
  while (!done.empty()) {
    const int32_t op = done.back();
    undo();
    peak = std::max(peak, evaluate(op).cost);
  }
  return peak;
}
