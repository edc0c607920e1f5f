//===- Memories.cpp - Which of several memories holds a buffer ------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Arena/Memories.h"
#include "Layout.h"
#include "SearchBudget.h"
#include "SpillBound.h"
#include "Subproblem.h"

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"

#include <algorithm>

namespace serenity::core {
namespace {

/// Buffers that go into one memory together.
struct Unit {
  std::vector<int32_t> buffers;
  int64_t benefit = 0;
  /// Bytes times steps.
  absl::int128 area = 0;
};

/// Decides on one unit after the other, taking choices back.
class MemorySearch {
public:
  MemorySearch(const ArenaProblem &problem,
               const std::vector<ArenaMemory> &memories,
               const MemoriesOptions &options)
      : problem(problem), memories(memories), options(options),
        clock(options.arena.maxSeconds), contents(memories.size()) {
    makeUnits();
  }

  MemoriesPlan run() {
    const std::optional<int64_t> bound = spilledBenefitBound(problem, memories);
    plan.lowerBound = bound.value_or(0);
    if (!bound) {
      plan.stop = ArenaStop::Infeasible;
      return std::move(plan);
    }
    sortUnits([](const Unit &a, const Unit &b) {
      return absl::int128(a.benefit) * b.area >
             absl::int128(b.benefit) * a.area;
    });
    search(/*onlyFirst=*/true);
    sortUnits(
        [](const Unit &a, const Unit &b) { return a.benefit > b.benefit; });
    isExact = true;
    if (!isDone())
      search(/*onlyFirst=*/false);
    conclude();
    return std::move(plan);
  }

private:
  void makeUnits();
  template <typename Compare> void sortUnits(Compare comesFirst);
  void search(bool onlyFirst);
  bool isDone() const {
    return !plan.memories.empty() && plan.spilledBenefit <= plan.lowerBound;
  }
  bool isWorthTrying(const Unit &unit, int32_t memory) const;
  bool fits(const Unit &unit, int32_t memory);
  void add(const Unit &unit, int32_t memory);
  void remove(const Unit &unit, int32_t memory);
  void keep();
  void conclude();
  ArenaPlan place(int32_t memory, const std::vector<int32_t> &buffers) const;

  const ArenaProblem &problem;
  const std::vector<ArenaMemory> &memories;
  const MemoriesOptions &options;
  const SearchClock clock;
  std::vector<Unit> units;
  MemoriesPlan plan;
  int64_t numTrials = 0;
  /// Whether each set that was refused is proven not to fit.
  bool isExact = true;
  std::optional<ArenaStop> limit;

  // The choices made so far.
  std::vector<std::vector<int32_t>> contents;
  int64_t spilled = 0;
};

} // namespace

void MemorySearch::makeUnits() {
  std::vector<bool> isGrouped(problem.buffers.size());
  auto addUnit = [&](const std::vector<int32_t> &buffers) {
    Unit unit{buffers};
    for (int32_t index : buffers) {
      const ArenaBuffer &buffer = problem.buffers[index];
      isGrouped[index] = true;
      unit.benefit += benefitOf(buffer);
      unit.area += absl::int128(buffer.size) * (buffer.upper - buffer.lower);
    }
    units.push_back(std::move(unit));
  };
  for (const std::vector<int32_t> &group : problem.adjacentGroups)
    if (!group.empty())
      addUnit(group);
  for (size_t i = 0; i < problem.buffers.size(); ++i)
    if (!isGrouped[i])
      addUnit({static_cast<int32_t>(i)});
}

template <typename Compare> void MemorySearch::sortUnits(Compare comesFirst) {
  std::stable_sort(units.begin(), units.end(), comesFirst);
}

/// Walks through all choices that could lead to a better plan, or only to the
/// first one.
void MemorySearch::search(bool onlyFirst) {
  const int32_t numMemories = static_cast<int32_t>(memories.size());
  std::vector<int32_t> choices{-1};
  while (!choices.empty() && !limit && !isDone()) {
    const size_t depth = choices.size() - 1;
    if (depth == units.size()) {
      keep();
      if (onlyFirst)
        break;
      choices.pop_back();
      continue;
    }
    const Unit &unit = units[depth];
    int32_t &choice = choices.back();
    if (choice >= 0)
      remove(unit, choice);
    if (++choice == numMemories || !isWorthTrying(unit, choice)) {
      choices.pop_back();
      continue;
    }
    const bool isIn = fits(unit, choice);
    // What is taken back later is there even if it does not fit.
    add(unit, choice);
    if (isIn)
      choices.push_back(-1);
  }
  for (std::vector<int32_t> &content : contents)
    content.clear();
  spilled = 0;
}

/// Whether a better plan than the best one may come of `unit` in `memory`.
bool MemorySearch::isWorthTrying(const Unit &unit, int32_t memory) const {
  return plan.memories.empty() ||
         spilled + unit.benefit * memory < plan.spilledBenefit;
}

/// Whether `unit` has room in `memory` beside what is there.
bool MemorySearch::fits(const Unit &unit, int32_t memory) {
  if (!memories[memory].capacityBytes)
    return true;
  if (++numTrials > options.maxTrials)
    limit = ArenaStop::NodeLimit;
  else if (clock.isTimeUp())
    limit = ArenaStop::TimeLimit;
  if (limit)
    return false;
  std::vector<int32_t> buffers = contents[memory];
  buffers.insert(buffers.end(), unit.buffers.begin(), unit.buffers.end());
  const ArenaPlan trial = place(memory, buffers);
  const bool isIn = trial.arenaBytes <= *memories[memory].capacityBytes;
  isExact &= isIn || trial.stop == ArenaStop::Infeasible;
  return isIn;
}

void MemorySearch::add(const Unit &unit, int32_t memory) {
  contents[memory].insert(contents[memory].end(), unit.buffers.begin(),
                          unit.buffers.end());
  spilled += unit.benefit * memory;
}

void MemorySearch::remove(const Unit &unit, int32_t memory) {
  contents[memory].resize(contents[memory].size() - unit.buffers.size());
  spilled -= unit.benefit * memory;
}

ArenaPlan MemorySearch::place(int32_t memory,
                              const std::vector<int32_t> &buffers) const {
  ArenaOptions arena = options.arena;
  arena.capacityBytes = memories[memory].capacityBytes;
  return *planArena(extractBuffers(problem, buffers), arena);
}

/// Remembers the choices as the best plan.
void MemorySearch::keep() {
  if (!plan.memories.empty() && spilled >= plan.spilledBenefit)
    return;
  plan.spilledBenefit = spilled;
  plan.memories.assign(problem.buffers.size(), 0);
  for (size_t memory = 0; memory < contents.size(); ++memory)
    for (int32_t buffer : contents[memory])
      plan.memories[buffer] = static_cast<int32_t>(memory);
}

/// Settles the offsets and what is proven.
void MemorySearch::conclude() {
  const bool hasPlan = !plan.memories.empty() || problem.buffers.empty();
  plan.stop = limit.value_or(hasPlan || !isExact ? ArenaStop::Finished
                                                 : ArenaStop::Infeasible);
  if (!limit && isExact && hasPlan)
    plan.lowerBound = plan.spilledBenefit;
  if (!hasPlan)
    return;
  plan.offsets.resize(problem.buffers.size());
  for (size_t memory = 0; memory < memories.size(); ++memory) {
    std::vector<int32_t> buffers;
    for (size_t i = 0; i < plan.memories.size(); ++i)
      if (plan.memories[i] == static_cast<int32_t>(memory))
        buffers.push_back(static_cast<int32_t>(i));
    const ArenaPlan placed = place(static_cast<int32_t>(memory), buffers);
    for (size_t i = 0; i < buffers.size(); ++i)
      plan.offsets[buffers[i]] = placed.offsets[i];
    plan.arenaBytes.push_back(placed.arenaBytes);
  }
}

static absl::Status checkMemories(const ArenaProblem &problem,
                                  const std::vector<ArenaMemory> &memories) {
  if (memories.empty())
    return absl::InvalidArgumentError("no memory");
  for (const ArenaMemory &memory : memories)
    if (memory.capacityBytes.value_or(0) < 0)
      return absl::InvalidArgumentError(
          absl::StrCat("memory '", memory.name, "' has a negative capacity of ",
                       *memory.capacityBytes, " bytes"));
  absl::int128 sum = 0;
  for (const ArenaBuffer &buffer : problem.buffers) {
    if (buffer.offset)
      return absl::InvalidArgumentError(
          absl::StrCat("buffer '", buffer.name, "' is fixed at offset ",
                       *buffer.offset, " of an unknown memory"));
    sum +=
        absl::int128(benefitOf(buffer)) * static_cast<int64_t>(memories.size());
  }
  if (sum > std::numeric_limits<int64_t>::max())
    return absl::InvalidArgumentError(
        absl::StrCat("benefits times memories add up to more than ",
                     std::numeric_limits<int64_t>::max()));
  return absl::OkStatus();
}

absl::StatusOr<MemoriesPlan>
planMemories(const ArenaProblem &problem,
             const std::vector<ArenaMemory> &memories,
             const MemoriesOptions &options) {
  // Checks the options of the planner, too.
  const absl::StatusOr<ArenaPlan> checked = planArena({}, options.arena);
  absl::Status status = checked.status();
  status.Update(checkProblem(problem));
  status.Update(checkMemories(problem, memories));
  if (options.maxTrials < 0)
    status.Update(absl::InvalidArgumentError(
        absl::StrCat("limit of ", options.maxTrials, " trials is below 0")));
  if (!status.ok())
    return status;
  MemoriesPlan plan = MemorySearch(problem, memories, options).run();
  if (plan.memories.size() != problem.buffers.size())
    return plan;
  if (status = verifyMemories(problem, memories, plan); !status.ok())
    return absl::InternalError(status.message());
  return plan;
}

} // namespace serenity::core
