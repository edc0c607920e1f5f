//===- Contraction.cpp - In-place partners as one buffer ------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Contraction.h"

#include <algorithm>
#include <set>

namespace serenity::core {
namespace {

class PairContractor {
public:
  explicit PairContractor(const ArenaProblem &problem)
      : problem(problem), isRigid(problem.buffers.size()) {
    for (size_t i = 0; i < problem.buffers.size(); ++i) {
      isRigid[i] = problem.buffers[i].offset.has_value();
      members.push_back({static_cast<int32_t>(i)});
      contraction.merged.push_back(static_cast<int32_t>(i));
    }
    for (const std::vector<int32_t> &group : problem.adjacentGroups)
      for (int32_t buffer : group)
        isRigid[buffer] = true;
    for (const InPlacePair &pair : problem.inPlacePairs)
      isPair.insert(std::minmax(pair.first, pair.second));
  }

  Contraction contract() {
    for (const InPlacePair &pair : problem.inPlacePairs)
      if (canMerge(pair))
        merge(contraction.merged[pair.first], contraction.merged[pair.second]);
    renumber();
    addConstraints();
    return std::move(contraction);
  }

private:
  bool canMerge(const InPlacePair &pair) const {
    const int32_t first = contraction.merged[pair.first];
    const int32_t second = contraction.merged[pair.second];
    const ArenaBuffer &a = problem.buffers[pair.first];
    const ArenaBuffer &b = problem.buffers[pair.second];
    if (first == second || isRigid[pair.first] || isRigid[pair.second] ||
        a.size != b.size || a.upper <= b.lower || b.upper <= a.lower)
      return false;
    return std::all_of(
        members[first].begin(), members[first].end(), [&](int32_t a) {
          return std::all_of(members[second].begin(), members[second].end(),
                             [&](int32_t b) { return canShare(a, b); });
        });
  }

  bool canShare(int32_t a, int32_t b) const {
    const ArenaBuffer &first = problem.buffers[a], &second = problem.buffers[b];
    return first.upper <= second.lower || second.upper <= first.lower ||
           isPair.count(std::minmax(a, b)) > 0;
  }

  void merge(int32_t into, int32_t from) {
    for (int32_t buffer : members[from])
      contraction.merged[buffer] = into;
    members[into].insert(members[into].end(), members[from].begin(),
                         members[from].end());
    members[from].clear();
  }

  /// Makes a buffer of each set that is left.
  void renumber() {
    for (const std::vector<int32_t> &set : members) {
      if (set.empty())
        continue;
      ArenaBuffer buffer = problem.buffers[set.front()];
      for (int32_t member : set) {
        const ArenaBuffer &part = problem.buffers[member];
        buffer.lower = std::min(buffer.lower, part.lower);
        buffer.upper = std::max(buffer.upper, part.upper);
        buffer.alignment = std::max(buffer.alignment, part.alignment);
        contraction.merged[member] =
            static_cast<int32_t>(contraction.problem.buffers.size());
      }
      contraction.problem.buffers.push_back(std::move(buffer));
    }
  }

  /// A pair of sets may start together only if all of their members may.
  void addConstraints() {
    ArenaProblem &merged = contraction.problem;
    for (const InPlacePair &pair : problem.inPlacePairs)
      if (members[pair.first].size() == 1 && members[pair.second].size() == 1)
        merged.inPlacePairs.push_back(
            {contraction.merged[pair.first], contraction.merged[pair.second]});
    for (const std::vector<int32_t> &group : problem.adjacentGroups) {
      merged.adjacentGroups.emplace_back();
      for (int32_t buffer : group)
        merged.adjacentGroups.back().push_back(contraction.merged[buffer]);
    }
  }

  const ArenaProblem &problem;
  /// Whether a buffer is fixed or in a group.
  std::vector<bool> isRigid;
  /// By its first buffer, each set of buffers merged so far.
  std::vector<std::vector<int32_t>> members;
  std::set<std::pair<int32_t, int32_t>> isPair;
  Contraction contraction;
};

} // namespace

Contraction contractPairs(const ArenaProblem &problem) {
  return PairContractor(problem).contract();
}

} // namespace serenity::core
