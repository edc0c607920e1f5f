//===- GraphTextFuzz.cpp - Any text is a graph or a clear error -----------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Heuristics.h"
#include "serenity/Core/Graph/Footprint.h"
#include "serenity/Core/Graph/TextFormat.h"

#include <cstdlib>

using namespace serenity::core;

namespace {

void require(bool condition) {
  if (!condition)
    std::abort();
}

bool isOneLine(absl::string_view message) {
  return !message.empty() && message.size() < 1000 &&
         std::all_of(message.begin(), message.end(),
                     [](char c) { return c >= ' ' && c <= '~'; });
}

void checkHeuristics(const Graph &graph) {
  for (auto heuristic : {kahnOrder, greedyOrder, depthFirstOrder, postOrder})
    require(computeFootprint(graph, heuristic(graph)).ok());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char *>(data), size);
  const absl::StatusOr<Graph> graph = parseGraph(text);
  if (!graph.ok()) {
    require(isOneLine(graph.status().message()));
    return 0;
  }
  const std::string printed = printGraph(*graph);
  const absl::StatusOr<Graph> again = parseGraph(printed);
  require(again.ok() && printGraph(*again) == printed);
  checkHeuristics(*graph);
  return 0;
}
