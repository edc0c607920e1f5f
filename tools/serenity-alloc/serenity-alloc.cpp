//===- serenity-alloc.cpp - Places buffers in an arena --------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Arena/CsvFormat.h"
#include "serenity/Core/Arena/Solver.h"

#include "absl/strings/str_join.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>

using namespace llvm;
using namespace serenity::core;

namespace {

enum ExitCode { Solved = 0, Infeasible = 1, BadInput = 2, LimitHit = 3 };

struct Options {
  cl::OptionCategory category{"serenity-alloc options"};
  cl::opt<std::string> input{"input", cl::desc("Problem as CSV, - for stdin"),
                             cl::value_desc("file"), cl::Required,
                             cl::cat(category)};
  cl::opt<std::string> output{"output", cl::desc("Plan as CSV, - for stdout"),
                              cl::value_desc("file"), cl::cat(category)};
  cl::opt<int64_t> capacity{"capacity",
                            cl::desc("An arena that would do; without it the "
                                     "arena is minimised"),
                            cl::value_desc("bytes"), cl::cat(category)};
  cl::opt<std::string> memories{
      "memories",
      cl::desc("Memories with capacities in bytes, the fastest first; the last "
               "one may have none"),
      cl::value_desc("name:bytes,..."), cl::cat(category)};
  cl::opt<std::string> strategy{
      "strategy",
      cl::desc("exact, first-fit-by-size, first-fit-by-start, "
               "first-fit-by-area, best-fit or greedy-by-size"),
      cl::init("exact"), cl::cat(category)};
  cl::opt<int64_t> maxNodes{"max-nodes",
                            cl::desc("Limit on the placements searched"),
                            cl::value_desc("n"), cl::cat(category)};
  cl::opt<double> maxSeconds{"max-seconds",
                             cl::desc("Limit on the time of the search"),
                             cl::value_desc("s"), cl::cat(category)};
};

} // namespace

static int fail(const Twine &message) {
  WithColor::error(errs(), "serenity-alloc") << message << "\n";
  return BadInput;
}

static absl::StatusOr<ArenaProblem> readProblem(StringRef path) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> file =
      MemoryBuffer::getFileOrSTDIN(path, /*IsText=*/true);
  if (!file)
    return absl::NotFoundError(file.getError().message());
  const StringRef text = (*file)->getBuffer();
  return parseArenaCsv({text.data(), text.size()});
}

static Error writeText(StringRef path, const std::string &text) {
  return writeToOutput(path, [&](raw_ostream &stream) {
    stream << text;
    return Error::success();
  });
}

static ExitCode toExitCode(const ArenaPlan &plan, bool hasCapacity) {
  switch (plan.stop) {
  case ArenaStop::CapacityMet:
    return Solved;
  case ArenaStop::Infeasible:
    return Infeasible;
  case ArenaStop::Finished:
    return hasCapacity ? LimitHit : Solved;
  case ArenaStop::NodeLimit:
  case ArenaStop::TimeLimit:
    return LimitHit;
  }
  llvm_unreachable("all stop reasons are listed");
}

static void explain(const ArenaProblem &problem, const ArenaPlan &plan,
                    int64_t capacity) {
  WithColor::note(errs(), "serenity-alloc")
      << "capacity of " << capacity << " bytes is below the proven minimum of "
      << plan.lowerBoundBytes << " bytes; buffers that do not fit even alone: "
      << absl::StrJoin(plan.conflict, ", ",
                       [&](std::string *out, int32_t buffer) {
                         out->append(problem.buffers[buffer].name);
                       })
      << "\n";
}

static void printSummary(const ArenaPlan &plan, double seconds) {
  json::OStream json(outs());
  json.object([&] {
    json.attribute("buffers", static_cast<int64_t>(plan.offsets.size()));
    json.attribute("lower_bound_bytes", plan.lowerBoundBytes);
    json.attribute("arena_bytes", plan.arenaBytes);
    json.attribute("proven_optimal", plan.isProvenOptimal());
    json.attribute("seconds", seconds);
  });
  outs() << "\n";
}

static std::optional<ArenaOptions> toArenaOptions(const Options &options) {
  ArenaOptions result;
  const std::optional<ArenaStrategy> strategy =
      parseArenaStrategy(options.strategy.getValue());
  if (!strategy)
    return std::nullopt;
  result.strategy = *strategy;
  if (options.capacity.getNumOccurrences() > 0)
    result.capacityBytes = options.capacity;
  if (options.maxNodes.getNumOccurrences() > 0)
    result.maxNodes = options.maxNodes;
  if (options.maxSeconds.getNumOccurrences() > 0)
    result.maxSeconds = options.maxSeconds;
  return result;
}

/// Reads "name:bytes,...".
static Expected<std::vector<ArenaMemory>> parseMemories(StringRef text) {
  std::vector<ArenaMemory> memories;
  for (StringRef part : split(text, ',')) {
    const auto [name, capacity] = part.split(':');
    int64_t bytes = 0;
    if (name.empty() || !all_of(name, isPrint) ||
        (name.size() != part.size() && capacity.getAsInteger(10, bytes)))
      return createStringError("option 'memories' has '" + part +
                               "' instead of a name and a number of bytes");
    memories.push_back({name.str()});
    if (name.size() != part.size())
      memories.back().capacityBytes = bytes;
  }
  return memories;
}

static ExitCode toExitCode(const MemoriesPlan &plan) {
  if (plan.stop == ArenaStop::Infeasible)
    return Infeasible;
  return plan.stop == ArenaStop::Finished && plan.isProvenOptimal() ? Solved
                                                                    : LimitHit;
}

static void printSummary(const std::vector<ArenaMemory> &memories,
                         const MemoriesPlan &plan, double seconds) {
  json::OStream json(outs());
  json.object([&] {
    json.attribute("buffers", static_cast<int64_t>(plan.offsets.size()));
    json.attributeArray("memories", [&] {
      for (size_t i = 0; i < plan.arenaBytes.size(); ++i)
        json.object([&] {
          json.attribute("name", memories[i].name);
          json.attribute("arena_bytes", plan.arenaBytes[i]);
        });
    });
    json.attribute("spilled_benefit", plan.spilledBenefit);
    json.attribute("lower_bound", plan.lowerBound);
    json.attribute("proven_optimal", plan.isProvenOptimal());
    json.attribute("seconds", seconds);
  });
  outs() << "\n";
}

static double secondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
      .count();
}

/// Plans several memories.
static int runMemories(const Options &options, const ArenaProblem &problem,
                       const ArenaOptions &arenaOptions) {
  Expected<std::vector<ArenaMemory>> memories = parseMemories(options.memories);
  if (!memories)
    return fail(toString(memories.takeError()));
  if (arenaOptions.capacityBytes)
    return fail("options 'capacity' and 'memories' exclude each other");
  MemoriesOptions memoriesOptions;
  const int64_t maxNodes = options.maxNodes.getNumOccurrences() > 0
                               ? arenaOptions.maxNodes
                               : memoriesOptions.arena.maxNodes;
  memoriesOptions.arena = arenaOptions;
  memoriesOptions.arena.maxNodes = maxNodes;
  const auto start = std::chrono::steady_clock::now();
  const absl::StatusOr<MemoriesPlan> plan =
      planMemories(problem, *memories, memoriesOptions);
  if (!plan.ok())
    return fail(std::string(plan.status().message()));
  if (plan->stop == ArenaStop::Infeasible)
    WithColor::note(errs(), "serenity-alloc")
        << "the memories are too small for all buffers\n";
  else if (!options.output.empty() && !plan->arenaBytes.empty())
    if (Error error = writeText(options.output,
                                printMemoriesCsv(problem, *memories, *plan)))
      return fail(options.output + ": " + toString(std::move(error)));
  printSummary(*memories, *plan, secondsSince(start));
  return toExitCode(*plan);
}

/// Everything but the command line.
static int run(const Options &options) {
  const std::optional<ArenaOptions> arenaOptions = toArenaOptions(options);
  if (!arenaOptions)
    return fail("unknown strategy '" + options.strategy + "'");
  const absl::StatusOr<ArenaProblem> problem = readProblem(options.input);
  if (!problem.ok())
    return fail(options.input + ": " + std::string(problem.status().message()));
  if (options.memories.getNumOccurrences() > 0)
    return runMemories(options, *problem, *arenaOptions);
  const auto start = std::chrono::steady_clock::now();
  const absl::StatusOr<ArenaPlan> plan = planArena(*problem, *arenaOptions);
  const double seconds = secondsSince(start);
  if (!plan.ok())
    return fail(std::string(plan.status().message()));
  const bool isInfeasible = plan->stop == ArenaStop::Infeasible;
  if (isInfeasible)
    explain(*problem, *plan, *arenaOptions->capacityBytes);
  else if (!options.output.empty())
    if (Error error = writeText(options.output, printArenaCsv(*problem, *plan)))
      return fail(options.output + ": " + toString(std::move(error)));
  printSummary(*plan, seconds);
  return toExitCode(*plan, arenaOptions->capacityBytes.has_value());
}

int main(int argc, char **argv) {
  InitLLVM init(argc, argv);
  Options options;
  cl::HideUnrelatedOptions(options.category);
  if (!cl::ParseCommandLineOptions(
          argc, argv,
          "Places buffers with known lifetimes in the smallest arena.\n\n"
          "Exit status: 0 solved, 1 infeasible, 2 bad input, 3 limit hit.\n",
          &errs()))
    return BadInput;
  return run(options);
}
