//===- MemoryPlan.cpp - An order and a place for every byte ---------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Plan/MemoryPlan.h"

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"

#include <algorithm>

using namespace serenity::core;

namespace {

/// States the buffers of a graph in a given order as an arena problem. Moment 0
/// is before the first step, when inputs are there already; step i is moment
/// i + 1.
class ProblemBuilder {
public:
  ProblemBuilder(const Graph &graph, absl::Span<const OpId> order,
                 const std::vector<Lifetime> &lifetimes, int64_t alignment)
      : graph(graph), lifetimes(lifetimes), alignment(alignment),
        bufferIndex(graph.numBuffers(), kAbsent),
        scratchIndex(graph.numOps(), kAbsent) {
    for (BufferId buffer : graph.bufferIds())
      if (graph.bytes(buffer) > 0)
        bufferIndex[buffer.index()] = addBuffer(buffer);
    for (size_t step = 0; step < order.size(); ++step)
      addOp(order[step], static_cast<int32_t>(step));
  }

  const ArenaProblem &getProblem() const { return problem; }

  /// The offset of each buffer and each scratch.
  std::vector<int64_t>
  bufferOffsets(const std::vector<int64_t> &offsets) const {
    return select(bufferIndex, offsets);
  }
  std::vector<int64_t>
  scratchOffsets(const std::vector<int64_t> &offsets) const {
    return select(scratchIndex, offsets);
  }

private:
  static constexpr int32_t kAbsent = -1;

  static std::vector<int64_t> select(const std::vector<int32_t> &indices,
                                     const std::vector<int64_t> &offsets) {
    std::vector<int64_t> result;
    for (int32_t index : indices)
      result.push_back(index == kAbsent ? MemoryPlan::kNoOffset
                                        : offsets[index]);
    return result;
  }

  int32_t add(std::string name, int64_t lower, int64_t upper, int64_t bytes) {
    problem.buffers.push_back(
        {std::move(name), lower, upper, bytes, alignment});
    return static_cast<int32_t>(problem.buffers.size() - 1);
  }

  int32_t addBuffer(BufferId buffer) {
    // Without operations there are no lifetimes, and only moment 0.
    const Lifetime life =
        lifetimes.empty() ? Lifetime{0, -1} : lifetimes[buffer.index()];
    return add(graph.name(buffer), graph.isInput(buffer) ? 0 : life.first + 1,
               life.last + 2, graph.bytes(buffer));
  }

  void addOp(OpId op, int32_t step) {
    if (const int64_t bytes = graph.scratchBytes(op); bytes > 0)
      scratchIndex[op.index()] =
          add(graph.name(op) + " (scratch)", step + 1, step + 2, bytes);
    if (graph.mayOverwrite(op).empty())
      return;
    const BufferId result = graph.writes(op).front();
    if (graph.isInput(result) || lifetimes[result.index()].first != step ||
        graph.bytes(result) == 0)
      return;
    for (BufferId operand : graph.mayOverwrite(op))
      if (!graph.isOutput(operand) && lifetimes[operand.index()].last == step)
        problem.inPlacePairs.push_back(
            {bufferIndex[operand.index()], bufferIndex[result.index()]});
  }

  const Graph &graph;
  const std::vector<Lifetime> &lifetimes;
  const int64_t alignment;
  ArenaProblem problem;
  std::vector<int32_t> bufferIndex, scratchIndex;
};

/// What is alive at one moment, by offset.
struct Resident {
  int64_t offset, bytes;
  std::string name;

  friend bool operator<(const Resident &a, const Resident &b) {
    return a.offset < b.offset;
  }
};

/// Checks one moment after the other.
class PlanVerifier {
public:
  PlanVerifier(const Graph &graph, const MemoryPlan &plan,
               const Footprint &footprint, int64_t alignment)
      : graph(graph), plan(plan), footprint(footprint), alignment(alignment) {}

  absl::Status verify() {
    std::vector<std::vector<BufferId>> born(plan.order.size());
    for (BufferId buffer : graph.bufferIds())
      if (graph.isInput(buffer))
        alive.push_back(buffer);
      else if (graph.bytes(buffer) > 0)
        born[footprint.lifetimes[buffer.index()].first].push_back(buffer);
    if (absl::Status status = verifyStart(); !status.ok())
      return status;
    for (size_t step = 0; step < plan.order.size(); ++step) {
      alive.insert(alive.end(), born[step].begin(), born[step].end());
      if (absl::Status status = verifyStep(static_cast<int32_t>(step));
          !status.ok())
        return status;
    }
    return absl::OkStatus();
  }

private:
  absl::Status verifyStart() const {
    std::vector<Resident> residents;
    for (BufferId buffer : alive)
      addTo(residents, buffer);
    return verifyMoment(std::move(residents));
  }

  absl::Status verifyStep(int32_t step) {
    const OpId op = plan.order[step];
    alive.erase(
        std::remove_if(alive.begin(), alive.end(),
                       [&](BufferId buffer) {
                         return footprint.lifetimes[buffer.index()].last < step;
                       }),
        alive.end());
    std::vector<Resident> residents;
    for (BufferId buffer : alive)
      if (!isInPlaceOfOperand(op, buffer, step))
        addTo(residents, buffer);
    if (graph.scratchBytes(op) > 0)
      residents.push_back({plan.scratchOffsets[op.index()],
                           graph.scratchBytes(op), graph.name(op)});
    return verifyMoment(std::move(residents));
  }

  void addTo(std::vector<Resident> &residents, BufferId buffer) const {
    if (graph.bytes(buffer) > 0)
      residents.push_back({plan.bufferOffsets[buffer.index()],
                           graph.bytes(buffer), graph.name(buffer)});
  }

  /// Whether `buffer` is born with `op`, in the place of an operand that dies
  /// and that may be overwritten, and so is no smaller.
  bool isInPlaceOfOperand(OpId op, BufferId buffer, int32_t step) const {
    const absl::Span<const BufferId> writes = graph.writes(op);
    if (graph.isInput(buffer) || !absl::c_linear_search(writes, buffer) ||
        footprint.lifetimes[buffer.index()].first != step)
      return false;
    return absl::c_any_of(graph.mayOverwrite(op), [&](BufferId operand) {
      return !graph.isOutput(operand) &&
             footprint.lifetimes[operand.index()].last == step &&
             plan.bufferOffsets[operand.index()] ==
                 plan.bufferOffsets[buffer.index()];
    });
  }

  absl::Status verifyMoment(std::vector<Resident> residents) const {
    absl::c_sort(residents);
    for (size_t i = 0; i < residents.size(); ++i) {
      const Resident &it = residents[i];
      if (it.offset < 0 || it.offset % alignment != 0 ||
          it.bytes > plan.arenaBytes - it.offset)
        return absl::FailedPreconditionError(
            absl::StrCat("'", it.name, "' of ", it.bytes, " bytes at offset ",
                         it.offset, " is not in the arena of ", plan.arenaBytes,
                         " bytes at a multiple of ", alignment));
      if (i > 0 && residents[i - 1].offset + residents[i - 1].bytes > it.offset)
        return absl::FailedPreconditionError(
            absl::StrCat("'", residents[i - 1].name, "' and '", it.name,
                         "' share bytes at offset ", it.offset));
    }
    return absl::OkStatus();
  }

  const Graph &graph;
  const MemoryPlan &plan;
  const Footprint &footprint;
  const int64_t alignment;
  /// Buffers that were born and have not died before the current step.
  std::vector<BufferId> alive;
};

} // namespace

absl::Status serenity::core::verifyMemoryPlan(const Graph &graph,
                                              const MemoryPlan &plan,
                                              int64_t alignment) {
  if (plan.bufferOffsets.size() != graph.numBuffers() ||
      plan.scratchOffsets.size() != graph.numOps())
    return absl::FailedPreconditionError(absl::StrCat(
        "the plan has ", plan.bufferOffsets.size(), " and ",
        plan.scratchOffsets.size(), " offsets, the graph ", graph.numBuffers(),
        " buffers and ", graph.numOps(), " operations"));
  const absl::StatusOr<Footprint> footprint =
      computeFootprint(graph, plan.order);
  if (!footprint.ok())
    return absl::FailedPreconditionError(footprint.status().message());
  return PlanVerifier(graph, plan, *footprint, alignment).verify();
}

absl::StatusOr<MemoryPlan>
serenity::core::planMemory(const Graph &graph, absl::Span<const OpId> order,
                           const MemoryPlanOptions &options) {
  absl::StatusOr<Footprint> footprint = computeFootprint(graph, order);
  if (!footprint.ok())
    return footprint.status();
  const ProblemBuilder builder(graph, order, footprint->lifetimes,
                               options.alignment);
  const ArenaProblem &problem = builder.getProblem();
  if (absl::Status status = checkProblem(problem); !status.ok())
    return status;

  MemoryPlan plan;
  plan.order.assign(order.begin(), order.end());
  plan.footprint = *std::move(footprint);
  plan.alignedPeakBytes =
      std::max(plan.footprint.peakBytes, arenaLowerBound(problem));
  ArenaOptions arenaOptions = options.arena;
  arenaOptions.knownLowerBoundBytes = plan.alignedPeakBytes;
  const absl::StatusOr<ArenaPlan> arena = planArena(problem, arenaOptions);
  if (!arena.ok())
    return arena.status();
  plan.bufferOffsets = builder.bufferOffsets(arena->offsets);
  plan.scratchOffsets = builder.scratchOffsets(arena->offsets);
  plan.arenaBytes = arena->arenaBytes;
  plan.lowerBoundBytes = arena->lowerBoundBytes;
  plan.nodes = arena->nodes;
  plan.stop = arena->stop;
  for (int32_t index : arena->conflict)
    plan.conflict.push_back(problem.buffers[index]);
  if (absl::Status status = verifyMemoryPlan(graph, plan, options.alignment);
      !status.ok())
    return absl::InternalError(status.message());
  return plan;
}
