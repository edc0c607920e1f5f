//===- Verifier.cpp - Checks plans without trusting a solver --------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Arena/Verifier.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <set>

namespace serenity::core {
namespace {

/// One check of one plan.
class PlanVerifier {
public:
  PlanVerifier(const ArenaProblem &problem, const ArenaPlan &plan)
      : buffers(problem.buffers), problem(problem), plan(plan) {}

  absl::Status verify() {
    if (plan.offsets.size() != buffers.size())
      return absl::FailedPreconditionError(
          absl::StrCat("the plan has ", plan.offsets.size(), " offsets for ",
                       buffers.size(), " buffers"));
    absl::Status status;
    for (size_t i = 0; i < buffers.size() && status.ok(); ++i)
      status = verifyOffset(i);
    status.Update(verifyGroups());
    if (status.ok())
      status = verifyDisjoint();
    status.Update(verifyTotals());
    return status;
  }

private:
  template <typename... Args>
  absl::Status error(size_t buffer, const Args &...what) const {
    return absl::FailedPreconditionError(
        absl::StrCat("buffer '", buffers[buffer].name, "' at offset ",
                     plan.offsets[buffer], " ", what...));
  }

  absl::Status verifyOffset(size_t i) const {
    if (plan.offsets[i] < 0)
      return error(i, "is below the arena");
    if (plan.offsets[i] % buffers[i].alignment != 0)
      return error(i, "is not aligned to ", buffers[i].alignment);
    if (buffers[i].offset && *buffers[i].offset != plan.offsets[i])
      return error(i, "should be at ", *buffers[i].offset);
    return absl::OkStatus();
  }

  absl::Status verifyGroups() const {
    for (const std::vector<int32_t> &group : problem.adjacentGroups)
      for (size_t i = 1; i < group.size(); ++i) {
        const int64_t end = endOf(group[i - 1]);
        if (plan.offsets[group[i]] != end)
          return error(group[i], "should follow its neighbour, which ends at ",
                       end);
      }
    return absl::OkStatus();
  }

  /// Walks through the buffers by start, keeping those that are still alive.
  absl::Status verifyDisjoint() const {
    std::vector<size_t> byStart(buffers.size()), alive;
    for (size_t i = 0; i < byStart.size(); ++i)
      byStart[i] = i;
    std::stable_sort(byStart.begin(), byStart.end(), [&](size_t a, size_t b) {
      return buffers[a].lower < buffers[b].lower;
    });
    const std::set<std::pair<size_t, size_t>> pairs = collectPairs();
    for (size_t i : byStart) {
      alive.erase(std::remove_if(alive.begin(), alive.end(),
                                 [&](size_t other) {
                                   return buffers[other].upper <=
                                          buffers[i].lower;
                                 }),
                  alive.end());
      for (size_t other : alive)
        if (haveCommonBytes(i, other) &&
            (plan.offsets[i] != plan.offsets[other] ||
             pairs.count(std::minmax(i, other)) == 0))
          return error(i, "overlaps with buffer '", buffers[other].name,
                       "' at offset ", plan.offsets[other]);
      alive.push_back(i);
    }
    return absl::OkStatus();
  }

  std::set<std::pair<size_t, size_t>> collectPairs() const {
    std::set<std::pair<size_t, size_t>> pairs;
    for (const InPlacePair &pair : problem.inPlacePairs)
      pairs.insert(std::minmax<size_t>(pair.first, pair.second));
    return pairs;
  }

  bool haveCommonBytes(size_t a, size_t b) const {
    return std::max(plan.offsets[a], plan.offsets[b]) <
           std::min(endOf(a), endOf(b));
  }

  absl::Status verifyTotals() const {
    int64_t arenaBytes = 0;
    for (size_t i = 0; i < buffers.size(); ++i)
      arenaBytes = std::max(arenaBytes, endOf(i));
    if (plan.arenaBytes != arenaBytes)
      return absl::FailedPreconditionError(
          absl::StrCat("the plan claims an arena of ", plan.arenaBytes,
                       " bytes but reaches ", arenaBytes));
    if (plan.lowerBoundBytes > arenaBytes)
      return absl::FailedPreconditionError(absl::StrCat(
          "the plan claims a lower bound of ", plan.lowerBoundBytes,
          " bytes but reaches ", arenaBytes));
    return absl::OkStatus();
  }

  int64_t endOf(size_t i) const { return plan.offsets[i] + buffers[i].size; }

  const std::vector<ArenaBuffer> &buffers;
  const ArenaProblem &problem;
  const ArenaPlan &plan;
};

} // namespace

absl::Status verifyPlan(const ArenaProblem &problem, const ArenaPlan &plan) {
  return PlanVerifier(problem, plan).verify();
}

} // namespace serenity::core
