//===- AgreementTest.cpp --------------------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Graphs too large for brute force: whatever claims a proof is the oracle of
// everything else.
//
//===----------------------------------------------------------------------===//

#include "Instances.h"
#include "RandomGraph.h"
#include "serenity/Core/Graph/RandomGraphs.h"
#include "serenity/Core/Schedule/Schedule.h"

#include <tuple>

using namespace serenity::core;

namespace {

/// A way to schedule, by the name under which it fails.
struct Method {
  std::string name;
  ScheduleOptions options;
  /// It must prove one graph in so many.
  uint64_t graphsPerProof;
};

ScheduleOptions searchWith(Strategy strategy, int64_t maxStates) {
  ScheduleOptions options;
  options.strategy = strategy;
  options.maxStates = maxStates;
  return options;
}

void addHeuristics(std::vector<Method> &methods) {
  for (Strategy strategy : {Strategy::Source, Strategy::Kahn, Strategy::Greedy,
                            Strategy::DepthFirst, Strategy::PostOrder})
    methods.push_back({std::string(toString(strategy)),
                       searchWith(strategy, /*maxStates=*/0),
                       /*graphsPerProof=*/100});
}

/// The exact search, which proves all, and without each of its parts.
void addExact(std::vector<Method> &methods) {
  methods.push_back({"exact",
                     searchWith(Strategy::Exact, /*maxStates=*/1'000'000),
                     /*graphsPerProof=*/1});
  auto addWithout = [&](std::string part, bool ExactSwitches::*member) {
    ScheduleOptions options = searchWith(Strategy::Exact, /*maxStates=*/20'000);
    options.exact.*member = false;
    methods.push_back({"exact without " + part, options, /*graphsPerProof=*/4});
  };
  addWithout("the valley rule", &ExactSwitches::valleyRule);
  addWithout("free runs", &ExactSwitches::freeRuns);
  addWithout("failed states", &ExactSwitches::failedStates);
  addWithout("sleep sets", &ExactSwitches::sleepSets);
  addWithout("the order for refutations", &ExactSwitches::refutationOrder);
  addWithout("parts", &ExactSwitches::divideAndConquer);
  addWithout("the way back", &ExactSwitches::backward);
  addWithout("the way forth", &ExactSwitches::forward);
  addWithout("beams", &ExactSwitches::beam);
  addWithout("cuts", &ExactSwitches::cutBound);
  addWithout("windows", &ExactSwitches::windows);
}

void addDynamicProgramming(std::vector<Method> &methods) {
  const ScheduleOptions options =
      searchWith(Strategy::DynamicProgramming, /*maxStates=*/5'000);
  for (auto [name, divides, hasSoftBudget] :
       {std::tuple("dynamic programming", true, true),
        {"dynamic programming in one part", false, true},
        {"dynamic programming without soft budgets", true, false}}) {
    methods.push_back({name, options, /*graphsPerProof=*/5});
    auto &switches = methods.back().options.dynamicProgramming;
    switches.divideAndConquer = divides;
    switches.softBudget = hasSoftBudget;
  }
}

/// All that may claim a proof. Searches give up early but for the exact one:
/// what takes long makes no claim.
std::vector<Method> allMethods() {
  std::vector<Method> methods;
  addHeuristics(methods);
  addExact(methods);
  addDynamicProgramming(methods);
  return methods;
}

Graph makeRandWire(absl::Span<const Topology> stages, uint64_t seed) {
  return *buildRandWire(stages, /*maxBytes=*/seed / 5 % 2 ? 64 : 1, seed);
}

/// A graph of 30 to 60 operations: of the families by which schedulers are
/// compared, or with everything that the model allows.
Graph makeGraph(uint64_t seed) {
  const int32_t numNodes = 30 + static_cast<int32_t>(seed % 30);
  switch (seed % 5) {
  case 0:
    return makeRandWire({*wattsStrogatz(numNodes, 4, 0.75, seed)}, seed);
  case 1:
    return makeRandWire({*wattsStrogatz(numNodes / 2, 4, 0.75, seed),
                         *wattsStrogatz(numNodes / 2, 4, 0.75, seed + 1)},
                        seed);
  case 2:
    return makeRandWire({*erdosRenyi(numNodes, 4.0 / (numNodes - 1), seed)},
                        seed);
  case 3:
    return makeRandWire({*barabasiAlbert(numNodes, 3, seed)}, seed);
  default:
    for (uint64_t draw = seed << 32;; ++draw)
      if (Graph graph = RandomGraph::make(draw, 60); graph.numOps() >= 30)
        return graph;
  }
}

/// So all that claim a proof agree, and nothing finds better than is proved.
TEST(AgreementTest, NoBoundIsAboveAnyPeak) {
  const std::vector<Method> methods = allMethods();
  const uint64_t numGraphs = serenity::instances(200u);
  std::vector<uint64_t> numProofs(methods.size());
  for (uint64_t seed = 0; seed < numGraphs; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const Graph graph = makeGraph(seed);
    std::pair<int64_t, std::string> leastPeak{INT64_MAX, ""}, largestBound;
    for (size_t i = 0; i < methods.size(); ++i) {
      const Method &method = methods[i];
      const auto schedule = computeSchedule(graph, method.options);
      if (method.options.strategy == Strategy::Source && !schedule.ok())
        continue; // The source order is not legal.
      ASSERT_TRUE(schedule.ok()) << method.name << ": " << schedule.status();
      numProofs[i] += schedule->isProvenOptimal();
      leastPeak = std::min(leastPeak, {schedule->peakBytes, method.name});
      largestBound =
          std::max(largestBound, {schedule->lowerBoundBytes, method.name});
    }
    ASSERT_LE(largestBound.first, leastPeak.first)
        << largestBound.second << " refutes an order of " << leastPeak.second;
  }
  for (size_t i = 0; i < methods.size(); ++i)
    EXPECT_GE(numProofs[i], numGraphs / methods[i].graphsPerProof)
        << methods[i].name;
}

} // namespace
