//===- ArenaBenchmark.cpp - How small, and how fast -----------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counters: nodes searched, arena divided by the lower bound, 1 if proven.
//
//===----------------------------------------------------------------------===//

#include "ArenaFamilies.h"
#include "serenity/Core/Arena/CsvFormat.h"
#include "serenity/Core/Arena/Solver.h"

#include "benchmark/benchmark.h"

#include <fstream>
#include <sstream>

using namespace serenity::core;

static constexpr ArenaStrategy kStrategies[] = {
    ArenaStrategy::GreedyBySize,    ArenaStrategy::FirstFitBySize,
    ArenaStrategy::FirstFitByStart, ArenaStrategy::FirstFitByArea,
    ArenaStrategy::BestFit,         ArenaStrategy::Exact};

static void runPlan(benchmark::State &state, const ArenaProblem &problem,
                    const ArenaOptions &options) {
  ArenaPlan plan;
  for (auto _ : state)
    plan = *planArena(problem, options);
  state.counters["nodes"] = static_cast<double>(plan.nodes);
  state.counters["arena"] = static_cast<double>(plan.arenaBytes);
  state.counters["ratio"] = static_cast<double>(plan.arenaBytes) /
                            static_cast<double>(arenaLowerBound(problem));
  state.counters["proven"] = plan.isProvenOptimal();
}

/// minimalloc's problems: at their capacity, and minimised.
static void runShared(benchmark::State &state, const std::string &name,
                      std::optional<int64_t> capacity) {
  std::ifstream file(SERENITY_SHARED_DATA "/alloc/" + name + ".csv");
  std::stringstream text;
  text << file.rdbuf();
  const absl::StatusOr<ArenaProblem> problem = parseArenaCsv(text.str());
  if (!problem.ok()) {
    state.SkipWithError("no shared data");
    return;
  }
  ArenaOptions options;
  options.capacityBytes = capacity;
  runPlan(state, *problem, options);
}

static void runFamily(benchmark::State &state, const ArenaFamily &family,
                      ArenaStrategy strategy) {
  ArenaOptions options;
  options.strategy = strategy;
  options.maxNodes = 50000;
  runPlan(state, FamilyGenerator(family, /*seed=*/1).draw(), options);
}

static void registerAll() {
  auto add = [](const std::string &name, auto function) {
    benchmark::RegisterBenchmark(name.c_str(), function)
        ->Unit(benchmark::kMillisecond);
  };
  for (std::string name : {"A.1048576", "B.1048576", "C.1048576", "D.1048576",
                           "E.1048576", "F.1048576", "example.12"}) {
    const int64_t capacity = std::stoll(name.substr(name.find('.') + 1));
    add("BM_Capacity/" + name,
        [=](benchmark::State &state) { runShared(state, name, capacity); });
    add("BM_Minimise/" + name,
        [=](benchmark::State &state) { runShared(state, name, std::nullopt); });
  }
  for (const ArenaFamily &family : arenaFamilies())
    for (ArenaStrategy strategy : kStrategies)
      add(absl::StrCat("BM_Family/", family.name, "/", toString(strategy)),
          [=](benchmark::State &state) { runFamily(state, family, strategy); });
}

/// A hundred thousand buffers: of a network, and random ones of which about a
/// hundred are alive together.
static void registerLarge() {
  constexpr int32_t kNumBuffers = 100000;
  for (const ArenaFamily &family :
       {ArenaFamily{"network", FamilyShape::Network, kNumBuffers, 16},
        ArenaFamily{"intervals", FamilyShape::RandomIntervals, kNumBuffers, 1,
                    /*longest=*/200}})
    for (ArenaStrategy strategy : kStrategies)
      benchmark::RegisterBenchmark(
          absl::StrCat("BM_Large/", family.name, "/", toString(strategy))
              .c_str(),
          [=](benchmark::State &state) {
            runPlan(state, FamilyGenerator(family, /*seed=*/1).draw(),
                    {strategy});
          })
          ->Unit(benchmark::kMillisecond);
}

int main(int argc, char **argv) {
  registerAll();
  registerLarge();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
