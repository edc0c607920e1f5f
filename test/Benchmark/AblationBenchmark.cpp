//===- AblationBenchmark.cpp - The published algorithm, part by part ------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The dynamic programming of Ahn et al. with each of its three parts on and
// off. docs/Scheduling.md prints the table.
//
//===----------------------------------------------------------------------===//

#include "GraphFile.h"
#include "ScheduleCounters.h"
#include "serenity/Core/Graph/RandomGraphs.h"

#include "absl/strings/str_cat.h"

using namespace serenity::core;

namespace {

Graph makeRandWire(int numStages) {
  std::vector<Topology> stages;
  for (int stage = 0; stage < numStages; ++stage)
    stages.push_back(*wattsStrogatz(32, 4, 0.75, stage));
  return *buildRandWire(stages);
}

void runAblation(benchmark::State &state, const Graph &graph,
                 const DynamicProgrammingSwitches &switches) {
  ScheduleOptions options;
  options.strategy = Strategy::DynamicProgramming;
  options.dynamicProgramming = switches;
  // Out of reach is out of reach: without merging, the number of partial orders
  // of most of these graphs has more than ten digits.
  options.maxStates = 40'000'000;
  measureSchedule(state, graph, options);
}

void registerAblation(const std::string &name, const Graph &graph) {
  for (bool mergeStates : {true, false})
    for (bool divideAndConquer : {true, false})
      for (bool softBudget : {true, false}) {
        const DynamicProgrammingSwitches switches{mergeStates, divideAndConquer,
                                                  softBudget};
        benchmark::RegisterBenchmark(
            absl::StrCat("BM_DynamicProgramming_", name, "/mergeStates:",
                         mergeStates, "/divideAndConquer:", divideAndConquer,
                         "/softBudget:", softBudget)
                .c_str(),
            [graph, switches](benchmark::State &state) {
              runAblation(state, graph, switches);
            })
            ->Unit(benchmark::kMillisecond);
      }
}

const bool kRegistered = [] {
  registerAblation("SwiftNetA", readGraphFile("swiftnet-a"));
  registerAblation("SwiftNetB", readGraphFile("swiftnet-b"));
  registerAblation("SwiftNetC", readGraphFile("swiftnet-c"));
  registerAblation("DartsV2Normal", readGraphFile("darts-v2-normal"));
  registerAblation("RandWire32", makeRandWire(1));
  registerAblation("RandWire32x3", makeRandWire(3));
  return true;
}();

} // namespace
