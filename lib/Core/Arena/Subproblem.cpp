//===- Subproblem.cpp - Some of the buffers of a problem ------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Subproblem.h"

namespace serenity::core {

ArenaProblem extractBuffers(const ArenaProblem &problem,
                            absl::Span<const int32_t> buffers) {
  ArenaProblem part;
  std::vector<int32_t> newIndex(problem.buffers.size(), -1);
  for (int32_t buffer : buffers) {
    newIndex[buffer] = static_cast<int32_t>(part.buffers.size());
    part.buffers.push_back(problem.buffers[buffer]);
  }
  for (const InPlacePair &pair : problem.inPlacePairs)
    if (newIndex[pair.first] >= 0 && newIndex[pair.second] >= 0)
      part.inPlacePairs.push_back(
          {newIndex[pair.first], newIndex[pair.second]});
  for (const std::vector<int32_t> &group : problem.adjacentGroups) {
    if (group.empty() || newIndex[group.front()] < 0)
      continue;
    part.adjacentGroups.emplace_back();
    for (int32_t member : group)
      part.adjacentGroups.back().push_back(newIndex[member]);
  }
  return part;
}

} // namespace serenity::core
