//===- Portfolio.cpp - The orders from which a search starts --------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Portfolio.h"

#include "Heuristics.h"
#include "serenity/Core/Graph/Footprint.h"

#include <algorithm>

using namespace serenity::core;

namespace {

/// `graph` with time turned around, for heuristics only: an operation's right
/// to overwrite is lost, and a buffer that nobody reads becomes an input, since
/// a graph has no buffers without a writer that are born in the middle.
absl::StatusOr<Graph> reversed(const Graph &graph) {
  auto toVector = [](absl::Span<const BufferId> list) {
    return std::vector<BufferId>(list.begin(), list.end());
  };
  GraphBuilder builder;
  for (BufferId buffer : graph.bufferIds())
    builder.addBuffer(
        {"", graph.bytes(buffer),
         /*isInput=*/graph.isOutput(buffer) || graph.readers(buffer).empty(),
         /*isOutput=*/graph.isInput(buffer)});
  for (OpId op : graph.opIds())
    builder.addOp({"", /*reads=*/toVector(graph.writes(op)),
                   /*writes=*/toVector(graph.reads(op)),
                   graph.scratchBytes(op)});
  return std::move(builder).build();
}

} // namespace

absl::StatusOr<std::vector<std::vector<OpId>>>
serenity::core::portfolioOrders(const Graph &graph) {
  const absl::StatusOr<Graph> backward = reversed(graph);
  if (!backward.ok())
    return backward.status();
  std::vector<std::vector<OpId>> orders;
  if (std::vector<OpId> source = sourceOrder(graph);
      verifyOrder(graph, source).ok())
    orders.push_back(std::move(source));
  for (auto *heuristic : {kahnOrder, greedyOrder, depthFirstOrder, postOrder}) {
    orders.push_back(heuristic(graph));
    orders.push_back(heuristic(*backward));
    std::reverse(orders.back().begin(), orders.back().end());
  }
  return orders;
}
