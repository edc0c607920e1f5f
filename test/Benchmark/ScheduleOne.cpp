//===- ScheduleOne.cpp - One network, one strategy, one line --------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Schedules one graph in a process of its own, so that its memory can be
// measured, and prints what came of it as one JSON object. The order itself is
// printed as a digest, by which two runs or two builds are compared.
//
//   ScheduleOne NETWORK [OPTION=VALUE...]
//
// NETWORK is a file in the text format, or one of these, with sizes of 1 to
// BYTES and the given seed:
//   ws-NODES-STAGES-BYTES-SEED     RandWire, Watts-Strogatz, K = 4, P = 0.75
//   er-NODES-BYTES-SEED            Erdos-Renyi, mean degree 4
//   ba-NODES-BYTES-SEED            Barabasi-Albert, m = 3
//   chain-OPS  nasnet-CELLS  trained-chain-LAYERS  trained-residual-BLOCKS
//   layered-LAYERS-WIDTH-SEED
// Options: strategy, max-seconds, max-states, max-table-bytes, and the switches
// of the exact search by name, as 0 or 1.
//
//===----------------------------------------------------------------------===//

#include "LargeGraphs.h"
#include "serenity/Core/Graph/Footprint.h"
#include "serenity/Core/Graph/RandomGraphs.h"
#include "serenity/Core/Graph/TextFormat.h"
#include "serenity/Core/Schedule/Schedule.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

using namespace serenity::core;

namespace {

constexpr int kBadInput = 2;

[[noreturn]] void fail(const std::string &message) {
  std::cerr << "ScheduleOne: " << message << '\n';
  std::exit(kBadInput);
}

template <typename T> T valueOrFail(absl::StatusOr<T> result) {
  if (!result.ok())
    fail(std::string(result.status().message()));
  return *std::move(result);
}

/// The numbers behind the name of a family: `count` of them.
std::vector<int64_t> numbersOf(absl::string_view network, size_t count) {
  std::vector<int64_t> numbers;
  for (absl::string_view text : absl::StrSplit(network, '-'))
    if (int64_t number; absl::SimpleAtoi(text, &number))
      numbers.push_back(number);
  if (numbers.size() != count)
    fail(absl::StrCat("'", network, "' has ", numbers.size(),
                      " numbers, expected ", count));
  return numbers;
}

Graph makeWattsStrogatz(absl::string_view network) {
  const auto n = numbersOf(network, 4);
  std::vector<Topology> stages;
  for (int64_t stage = 0; stage < n[1]; ++stage)
    stages.push_back(
        valueOrFail(wattsStrogatz(n[0], 4, 0.75, n[3] * n[1] + stage)));
  return valueOrFail(buildRandWire(stages, n[2], n[3]));
}

Graph makeErdosRenyi(absl::string_view network) {
  const auto n = numbersOf(network, 3);
  const double probability = 4.0 / static_cast<double>(n[0] - 1);
  const Topology topology = valueOrFail(erdosRenyi(n[0], probability, n[2]));
  return valueOrFail(buildRandWire({topology}, n[1], n[2]));
}

Graph makeBarabasiAlbert(absl::string_view network) {
  const auto n = numbersOf(network, 3);
  const Topology topology = valueOrFail(barabasiAlbert(n[0], 3, n[2]));
  return valueOrFail(buildRandWire({topology}, n[1], n[2]));
}

Graph readNetwork(const std::string &path) {
  std::ifstream file(path);
  if (!file)
    fail("cannot read '" + path + "'");
  std::ostringstream text;
  text << file.rdbuf();
  return valueOrFail(parseGraph(text.str()));
}

struct Family {
  absl::string_view name;
  Graph (*make)(absl::string_view network);
};

constexpr Family kFamilies[] = {
    {"ws-", makeWattsStrogatz},
    {"er-", makeErdosRenyi},
    {"ba-", makeBarabasiAlbert},
    {"chain-",
     [](absl::string_view name) { return makeChain(numbersOf(name, 1)[0]); }},
    {"nasnet-",
     [](absl::string_view name) {
       return NasnetBuilder::make(numbersOf(name, 1)[0]);
     }},
    {"trained-chain-",
     [](absl::string_view name) {
       return makeTrainedChain(numbersOf(name, 1)[0]);
     }},
    {"trained-residual-",
     [](absl::string_view name) {
       return makeTrainedResidual(numbersOf(name, 1)[0]);
     }},
    {"layered-",
     [](absl::string_view name) {
       const auto n = numbersOf(name, 3);
       return makeLayered(n[0], n[1], n[2]);
     }},
};

Graph makeNetwork(const std::string &network) {
  for (const Family &family : kFamilies)
    if (absl::string_view(network).substr(0, family.name.size()) == family.name)
      return family.make(network);
  return readNetwork(network);
}

struct Switch {
  absl::string_view name;
  bool ExactSwitches::*member;
};

constexpr Switch kSwitches[] = {
    {"valley-rule", &ExactSwitches::valleyRule},
    {"free-runs", &ExactSwitches::freeRuns},
    {"failed-states", &ExactSwitches::failedStates},
    {"sleep-sets", &ExactSwitches::sleepSets},
    {"refutation-order", &ExactSwitches::refutationOrder},
    {"divide-and-conquer", &ExactSwitches::divideAndConquer},
    {"backward", &ExactSwitches::backward},
    {"forward", &ExactSwitches::forward},
    {"beam", &ExactSwitches::beam},
    {"cut-bound", &ExactSwitches::cutBound},
    {"windows", &ExactSwitches::windows},
};

bool setSwitch(ExactSwitches &switches, absl::string_view name,
               absl::string_view value) {
  for (const Switch &entry : kSwitches)
    if (entry.name == name)
      return absl::SimpleAtob(value, &(switches.*entry.member));
  return false;
}

void setOption(ScheduleOptions &options, absl::string_view text) {
  const std::pair<absl::string_view, absl::string_view> option =
      absl::StrSplit(text, absl::MaxSplits('=', 1));
  const auto [name, value] = option;
  if (name == "strategy") {
    const std::optional<Strategy> strategy = parseStrategy(value);
    if (!strategy)
      fail(absl::StrCat("'", value, "' is no strategy"));
    options.strategy = *strategy;
    return;
  }
  const bool isRead =
      name == "max-seconds"  ? absl::SimpleAtod(value, &options.maxSeconds)
      : name == "max-states" ? absl::SimpleAtoi(value, &options.maxStates)
      : name == "max-table-bytes"
          ? absl::SimpleAtoi(value, &options.maxTableBytes)
          : setSwitch(options.exact, name, value);
  if (!isRead)
    fail(absl::StrCat("'", text, "' is no option"));
}

/// FNV-1a over the positions of the operations.
uint64_t digest(absl::Span<const OpId> order) {
  uint64_t hash = 0xcbf29ce484222325;
  for (OpId op : order)
    hash = (hash ^ static_cast<uint64_t>(op.getValue())) * 0x100000001b3;
  return hash;
}

} // namespace

int main(int argc, char **argv) {
  if (argc < 2)
    fail("usage: ScheduleOne NETWORK [OPTION=VALUE...]");
  const Graph graph = makeNetwork(argv[1]);
  ScheduleOptions options;
  for (int i = 2; i < argc; ++i)
    setOption(options, argv[i]);
  const std::vector<OpId> source = sourceOrder(graph);
  const auto footprint = computeFootprint(graph, source);

  const auto start = std::chrono::steady_clock::now();
  const Schedule schedule = valueOrFail(computeSchedule(graph, options));
  const std::chrono::duration<double> elapsed =
      std::chrono::steady_clock::now() - start;
  std::printf(
      "{\"operations\": %zu, \"source_peak_bytes\": %lld, "
      "\"peak_bytes\": %lld, \"lower_bound_bytes\": %lld, "
      "\"proven\": %s, \"stop\": \"%s\", \"states\": %lld, "
      "\"table_bytes\": %lld, \"order\": \"%016llx\", \"seconds\": %.4f}\n",
      graph.numOps(),
      footprint.ok() ? static_cast<long long>(footprint->peakBytes) : 0,
      static_cast<long long>(schedule.peakBytes),
      static_cast<long long>(schedule.lowerBoundBytes),
      schedule.isProvenOptimal() ? "true" : "false",
      std::string(toString(schedule.stopReason)).c_str(),
      static_cast<long long>(schedule.states),
      static_cast<long long>(schedule.tableBytes),
      static_cast<unsigned long long>(digest(schedule.order)), elapsed.count());
  return 0;
}
