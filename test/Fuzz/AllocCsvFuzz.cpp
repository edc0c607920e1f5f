//===- AllocCsvFuzz.cpp - Any text is a problem or a clear error ----------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FuzzSupport.h"
#include "serenity/Core/Arena/CsvFormat.h"
#include "serenity/Core/Arena/Solver.h"

#include <algorithm>
#include <limits>

using namespace serenity::core;

/// Plans two memories, of which the first is too small for all.
static void planTwoMemories(const ArenaProblem &problem, int64_t arenaBytes) {
  MemoriesOptions options;
  options.maxTrials = 50;
  options.arena.maxNodes = 100;
  const absl::StatusOr<MemoriesPlan> plan = planMemories(
      problem, {{"fast", std::max<int64_t>(arenaBytes - 1, 0)}, {"slow"}},
      options);
  require(plan.ok() || (absl::IsInvalidArgument(plan.status()) &&
                        isOneLine(plan.status().message())));
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char *>(data), size);
  const absl::StatusOr<ArenaProblem> problem = parseArenaCsv(text);
  if (!problem.ok()) {
    require(isOneLine(problem.status().message()));
    return 0;
  }
  ArenaOptions options;
  options.maxNodes = 1000;
  const absl::StatusOr<ArenaPlan> plan = planArena(*problem, options);
  require(plan.ok());
  planTwoMemories(*problem, plan->arenaBytes);
  // A reader adds the largest fixed offset to all sizes and alignments, which
  // may be more than it takes.
  int64_t sum = 0;
  for (const ArenaBuffer &buffer : problem->buffers)
    sum += buffer.size + 2 * (buffer.alignment - 1);
  if (plan->arenaBytes > std::numeric_limits<int64_t>::max() - 1 - sum)
    return 0;
  // All offsets are fixed in what is printed, so nothing is left to choose.
  const std::string printed = printArenaCsv(*problem, *plan);
  const absl::StatusOr<ArenaProblem> again = parseArenaCsv(printed);
  require(again.ok());
  const absl::StatusOr<ArenaPlan> same = planArena(*again, options);
  require(same.ok() && same->offsets == plan->offsets &&
          same->isProvenOptimal());
  return 0;
}
