//===- MemoriesVerifier.cpp - Checks plans for several memories -----------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Subproblem.h"
#include "serenity/Core/Arena/Memories.h"
#include "serenity/Core/Arena/Verifier.h"

#include "absl/strings/str_cat.h"

namespace serenity::core {

template <typename... Args> static absl::Status error(const Args &...what) {
  return absl::FailedPreconditionError(absl::StrCat(what...));
}

static absl::Status verifyShape(const ArenaProblem &problem,
                                const std::vector<ArenaMemory> &memories,
                                const MemoriesPlan &plan) {
  const size_t numBuffers = problem.buffers.size();
  if (plan.memories.size() != numBuffers || plan.offsets.size() != numBuffers ||
      plan.arenaBytes.size() != memories.size())
    return error("the plan has ", plan.memories.size(), " memories and ",
                 plan.offsets.size(), " offsets for ", numBuffers,
                 " buffers, and ", plan.arenaBytes.size(), " arenas for ",
                 memories.size(), " memories");
  const int32_t numMemories = static_cast<int32_t>(memories.size());
  for (size_t i = 0; i < numBuffers; ++i)
    if (plan.memories[i] < 0 || plan.memories[i] >= numMemories)
      return error("buffer '", problem.buffers[i].name, "' is in memory ",
                   plan.memories[i], " of ", numMemories);
  for (const std::vector<int32_t> &group : problem.adjacentGroups)
    for (int32_t buffer : group)
      if (plan.memories[buffer] != plan.memories[group.front()])
        return error("buffer '", problem.buffers[buffer].name,
                     "' is in another memory than its group");
  return absl::OkStatus();
}

static absl::Status verifyMemory(const ArenaProblem &problem,
                                 const ArenaMemory &memory, int32_t index,
                                 const MemoriesPlan &plan) {
  std::vector<int32_t> buffers;
  ArenaPlan part;
  for (size_t i = 0; i < plan.memories.size(); ++i)
    if (plan.memories[i] == index) {
      buffers.push_back(static_cast<int32_t>(i));
      part.offsets.push_back(plan.offsets[i]);
    }
  part.arenaBytes = plan.arenaBytes[index];
  const absl::Status status =
      verifyPlan(extractBuffers(problem, buffers), part);
  if (!status.ok())
    return error("memory '", memory.name, "': ", status.message());
  if (memory.capacityBytes && part.arenaBytes > *memory.capacityBytes)
    return error("memory '", memory.name, "' holds ", *memory.capacityBytes,
                 " bytes but is filled to ", part.arenaBytes);
  return absl::OkStatus();
}

absl::Status verifyMemories(const ArenaProblem &problem,
                            const std::vector<ArenaMemory> &memories,
                            const MemoriesPlan &plan) {
  absl::Status status = verifyShape(problem, memories, plan);
  for (size_t i = 0; i < memories.size() && status.ok(); ++i)
    status = verifyMemory(problem, memories[i], static_cast<int32_t>(i), plan);
  if (!status.ok())
    return status;
  int64_t spilled = 0;
  for (size_t i = 0; i < problem.buffers.size(); ++i) {
    const ArenaBuffer &buffer = problem.buffers[i];
    spilled += buffer.benefit.value_or(buffer.size) * plan.memories[i];
  }
  if (spilled != plan.spilledBenefit || spilled < plan.lowerBound)
    return error("the plan claims to spill ", plan.spilledBenefit,
                 ", at least ", plan.lowerBound, ", but spills ", spilled);
  return absl::OkStatus();
}

} // namespace serenity::core
