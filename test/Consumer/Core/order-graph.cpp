//===- order-graph.cpp - The algorithms without a compiler ----------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Schedule/Schedule.h"

#include <iostream>

using namespace serenity::core;

/// Two branches through wide buffers, given breadth first.
static absl::StatusOr<Graph> makeGraph() {
  GraphBuilder builder;
  const BufferId in = builder.addBuffer({"in", 16, /*isInput=*/true});
  const BufferId wideA = builder.addBuffer({"wide_a", 1024});
  const BufferId wideB = builder.addBuffer({"wide_b", 1024});
  const BufferId outA =
      builder.addBuffer({"out_a", 16, /*isInput=*/false, /*isOutput=*/true});
  const BufferId outB =
      builder.addBuffer({"out_b", 16, /*isInput=*/false, /*isOutput=*/true});
  builder.addOp({"A", {in}, {wideA}});
  builder.addOp({"B", {in}, {wideB}});
  builder.addOp({"C", {wideA}, {outA}});
  builder.addOp({"D", {wideB}, {outB}});
  return std::move(builder).build();
}

int main() {
  const absl::StatusOr<Graph> graph = makeGraph();
  if (!graph.ok())
    return 1;
  const absl::StatusOr<Schedule> schedule = computeSchedule(*graph, {});
  if (!schedule.ok())
    return 1;
  for (OpId op : schedule->order)
    std::cout << graph->name(op) << ' ';
  std::cout << schedule->peakBytes << " bytes\n";
}
