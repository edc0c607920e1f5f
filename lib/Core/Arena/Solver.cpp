//===- Solver.cpp - Offsets in the smallest arena -------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Arena/Solver.h"
#include "Conflict.h"
#include "Contraction.h"
#include "ExactSearch.h"
#include "Heuristics.h"
#include "serenity/Core/Arena/Verifier.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <numeric>

namespace serenity::core {

static constexpr std::pair<ArenaStrategy, absl::string_view> kStrategyNames[] =
    {{ArenaStrategy::Exact, "exact"},
     {ArenaStrategy::FirstFitBySize, "first-fit-by-size"},
     {ArenaStrategy::FirstFitByStart, "first-fit-by-start"},
     {ArenaStrategy::FirstFitByArea, "first-fit-by-area"},
     {ArenaStrategy::BestFit, "best-fit"},
     {ArenaStrategy::GreedyBySize, "greedy-by-size"}};

absl::string_view toString(ArenaStrategy strategy) {
  for (const auto &[value, name] : kStrategyNames)
    if (value == strategy)
      return name;
  return "";
}

std::optional<ArenaStrategy> parseArenaStrategy(absl::string_view name) {
  for (const auto &[value, valueName] : kStrategyNames)
    if (valueName == name)
      return value;
  return std::nullopt;
}

absl::string_view toString(ArenaStop stop) {
  switch (stop) {
  case ArenaStop::Finished:
    return "finished";
  case ArenaStop::CapacityMet:
    return "capacity-met";
  case ArenaStop::Infeasible:
    return "infeasible";
  case ArenaStop::NodeLimit:
    return "node-limit";
  case ArenaStop::TimeLimit:
    return "time-limit";
  }
  return "";
}

static absl::Status checkOptions(const ArenaOptions &options) {
  if (options.capacityBytes.value_or(0) < 0)
    return absl::InvalidArgumentError(absl::StrCat(
        "capacity of ", *options.capacityBytes, " bytes is below 0"));
  if (options.maxNodes < 0)
    return absl::InvalidArgumentError(
        absl::StrCat("limit of ", options.maxNodes, " nodes is below 0"));
  if (!(options.maxSeconds >= 0))
    return absl::InvalidArgumentError(
        absl::StrCat("limit of ", options.maxSeconds, " seconds is below 0"));
  return absl::OkStatus();
}

namespace {

/// Works on one problem.
class ArenaSolver {
public:
  ArenaSolver(const ArenaProblem &problem, const Layout &layout,
              const ArenaOptions &options, const SearchClock &clock)
      : problem(problem), layout(layout), options(options), clock(clock) {}

  ArenaPlan solve() {
    search();
    conclude();
    return std::move(plan);
  }

private:
  /// Whether there is a plan, and it meets what was asked or nothing can.
  bool isDone() const {
    const int64_t lower = plan.lowerBoundBytes;
    return plan.arenaBytes != kNoArena &&
           (plan.arenaBytes <=
                std::max(lower, options.capacityBytes.value_or(0)) ||
            lower > options.capacityBytes.value_or(lower));
  }

  void search() {
    plan.lowerBoundBytes =
        std::max(arenaLowerBound(problem), options.knownLowerBoundBytes);
    plan.arenaBytes = kNoArena;
    if (options.strategy != ArenaStrategy::Exact)
      return tryHeuristic(options.strategy);
    // The first one is there to have a plan at all.
    for (ArenaStrategy strategy : kHeuristics)
      if (!isDone() && (plan.arenaBytes == kNoArena || !clock.isTimeUp()))
        tryHeuristic(strategy);
    if (!isDone() && !problem.inPlacePairs.empty()) {
      searchPlainer(contractPairs(problem));
      searchPlainer(separatePairs());
    }
    if (!isDone())
      searchExactly();
  }

  /// The problem if nobody starts together.
  Contraction separatePairs() const {
    Contraction separated{problem,
                          std::vector<int32_t>(problem.buffers.size())};
    separated.problem.inPlacePairs.clear();
    std::iota(separated.merged.begin(), separated.merged.end(), 0);
    return separated;
  }

  /// Where partners start together anyway, or never, the rest is a plainer
  /// problem, and its plans are plans. Takes half of the nodes left.
  void searchPlainer(const Contraction &plainer) {
    if (isDone() ||
        plainer.problem.inPlacePairs.size() == problem.inPlacePairs.size() ||
        arenaLowerBound(plainer.problem) >= plan.arenaBytes)
      return;
    const absl::StatusOr<Layout> plainerLayout = Layout::make(plainer.problem);
    ArenaOptions part = options;
    part.maxNodes = (options.maxNodes - plan.nodes) / 2;
    part.knownLowerBoundBytes = plan.lowerBoundBytes;
    ArenaSolver solver(plainer.problem, *plainerLayout, part, clock);
    solver.search();
    std::vector<int64_t> offsets;
    for (int32_t merged : plainer.merged)
      offsets.push_back(solver.plan.offsets[merged]);
    offer(std::move(offsets));
    plan.nodes += solver.plan.nodes;
  }

  void searchExactly() {
    ArenaOptions rest = options;
    rest.maxNodes -= plan.nodes;
    ExactSearch search(problem, layout, rest, clock);
    int64_t upper = plan.arenaBytes;
    const std::optional<ArenaStop> stop = search.run(
        plan.lowerBoundBytes, upper, [&](const std::vector<int64_t> &bases) {
          offer(layout.toOffsets(bases));
          return plan.arenaBytes;
        });
    plan.nodes += search.nodes();
    plan.stop = stop.value_or(ArenaStop::Finished);
  }

  void tryHeuristic(ArenaStrategy strategy) {
    offer(layout.toOffsets(placeByHeuristic(layout, strategy)));
  }

  void offer(std::vector<int64_t> offsets) {
    int64_t arenaBytes = 0;
    for (size_t i = 0; i < offsets.size(); ++i)
      arenaBytes = std::max(arenaBytes, offsets[i] + problem.buffers[i].size);
    if (arenaBytes >= plan.arenaBytes)
      return;
    plan.arenaBytes = arenaBytes;
    plan.offsets = std::move(offsets);
  }

  void conclude() {
    if (!options.capacityBytes)
      return;
    const int64_t capacity = *options.capacityBytes;
    if (plan.arenaBytes <= capacity) {
      plan.stop = ArenaStop::CapacityMet;
    } else if (plan.lowerBoundBytes > capacity) {
      plan.stop = ArenaStop::Infeasible;
      plan.conflict = findConflict(problem, capacity, options.switches, clock);
    }
  }

  /// Above every arena that checkProblem lets pass.
  static constexpr int64_t kNoArena = std::numeric_limits<int64_t>::max();

  const ArenaProblem &problem;
  const Layout &layout;
  const ArenaOptions &options;
  const SearchClock &clock;
  ArenaPlan plan;
};

} // namespace

absl::StatusOr<ArenaPlan> planArena(const ArenaProblem &problem,
                                    const ArenaOptions &options) {
  const SearchClock clock(options.maxSeconds);
  absl::Status status = checkOptions(options);
  status.Update(checkProblem(problem));
  if (!status.ok())
    return status;
  const absl::StatusOr<Layout> layout = Layout::make(problem);
  if (!layout.ok())
    return layout.status();
  ArenaPlan plan = ArenaSolver(problem, *layout, options, clock).solve();
  if (absl::Status verified = verifyPlan(problem, plan); !verified.ok())
    return absl::InternalError(verified.message());
  return plan;
}

} // namespace serenity::core
