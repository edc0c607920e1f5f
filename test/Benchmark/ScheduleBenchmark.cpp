//===- ScheduleBenchmark.cpp - Searching for the least peak ---------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The exact search, the published dynamic programming beside it, and the exact
// search without one of its parts. Names are BM_<algorithm>_<graph>/<seed>;
// "RandWire64S" has sizes of 1 to 64 bytes where "RandWire64" has one byte a
// result. The counters are sets of operations expanded, peak and lower bound in
// bytes, and whether the peak is proven.
//
//===----------------------------------------------------------------------===//

#include "GraphFile.h"
#include "ScheduleCounters.h"
#include "serenity/Core/Graph/RandomGraphs.h"

#include "absl/strings/str_cat.h"

using namespace serenity::core;

namespace {

struct RandWire {
  const char *name;
  int32_t numNodes;
  int32_t numStages;
  int64_t maxBytes;
  uint64_t numSeeds;

  Graph make(uint64_t seed) const {
    std::vector<Topology> stages;
    for (int32_t stage = 0; stage < numStages; ++stage)
      stages.push_back(
          *wattsStrogatz(numNodes, 4, 0.75, seed * numStages + stage));
    return *buildRandWire(stages, maxBytes, seed);
  }
};

constexpr RandWire kRandWires[] = {
    {"RandWire32x3", 32, 3, 1, 10}, {"RandWire32x3S", 32, 3, 64, 10},
    {"RandWire64", 64, 1, 1, 10},   {"RandWire64S", 64, 1, 64, 10},
    {"RandWire100", 100, 1, 1, 5},  {"RandWire100S", 100, 1, 64, 5},
    {"RandWire128", 128, 1, 1, 2},
};

struct Variant {
  std::string name;
  ScheduleOptions options;
};

Variant exact() { return {"Exact", ScheduleOptions()}; }

Variant dynamicProgramming() {
  ScheduleOptions options;
  options.strategy = Strategy::DynamicProgramming;
  // It would run out of memory above.
  options.maxStates = 1'000'000;
  return {"DynamicProgramming", options};
}

/// The exact search without one of its parts.
std::vector<Variant> exactWithout() {
  std::vector<Variant> result;
  for (auto [name, part] :
       {std::pair("ValleyRule", &ExactSwitches::valleyRule),
        {"FreeRuns", &ExactSwitches::freeRuns},
        {"FailedStates", &ExactSwitches::failedStates},
        {"SleepSets", &ExactSwitches::sleepSets},
        {"RefutationOrder", &ExactSwitches::refutationOrder},
        {"DivideAndConquer", &ExactSwitches::divideAndConquer},
        {"Forward", &ExactSwitches::forward},
        {"Backward", &ExactSwitches::backward}}) {
    result.push_back({absl::StrCat("ExactWithout", name), ScheduleOptions()});
    result.back().options.exact.*part = false;
    result.back().options.maxStates = 10'000'000;
  }
  return result;
}

void registerGraph(const Variant &variant, const std::string &graphName,
                   const Graph &graph) {
  benchmark::RegisterBenchmark(
      absl::StrCat("BM_", variant.name, "_", graphName).c_str(),
      [options = variant.options, graph](benchmark::State &state) {
        measureSchedule(state, graph, options);
      })
      ->Unit(benchmark::kMillisecond);
}

const bool kRegistered = [] {
  for (const Variant &variant : {exact(), dynamicProgramming()}) {
    for (const char *name : {"swiftnet", "swiftnet-a", "swiftnet-b",
                             "swiftnet-c", "darts-v2-normal"})
      registerGraph(variant, name, readGraphFile(name));
    for (const RandWire &network : kRandWires)
      for (uint64_t seed = 0; seed < network.numSeeds; ++seed)
        registerGraph(variant, absl::StrCat(network.name, "/", seed),
                      network.make(seed));
  }
  for (const Variant &variant : exactWithout()) {
    registerGraph(variant, "swiftnet-a", readGraphFile("swiftnet-a"));
    for (const RandWire &network : {kRandWires[0], kRandWires[2]})
      registerGraph(variant, absl::StrCat(network.name, "/0"), network.make(0));
  }
  return true;
}();

} // namespace
