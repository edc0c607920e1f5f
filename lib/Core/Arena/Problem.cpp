//===- Problem.cpp - Buffers that want a place in one arena ---------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Arena/Problem.h"
#include "Placer.h"

#include "absl/strings/str_cat.h"

#include <limits>

namespace serenity::core {

absl::Status checkBuffer(const ArenaBuffer &buffer) {
  auto error = [&](auto... what) {
    return absl::InvalidArgumentError(
        absl::StrCat("buffer '", buffer.name, "' ", what...));
  };
  if (buffer.lower < 0)
    return error("starts at ", buffer.lower, ", before 0");
  if (buffer.lower >= buffer.upper)
    return error("ends at ", buffer.upper, " but starts at ", buffer.lower);
  if (buffer.size < 0)
    return error("has a negative size of ", buffer.size, " bytes");
  if (buffer.alignment < 1 || (buffer.alignment & (buffer.alignment - 1)) != 0)
    return error("has an alignment of ", buffer.alignment,
                 ", which is not a power of two");
  if (buffer.benefit.value_or(0) < 0)
    return error("has a negative benefit of ", *buffer.benefit);
  if (!buffer.offset)
    return absl::OkStatus();
  if (*buffer.offset < 0)
    return error("is fixed at a negative offset of ", *buffer.offset);
  if (*buffer.offset % buffer.alignment != 0)
    return error("is fixed at offset ", *buffer.offset,
                 ", which is not a multiple of its alignment of ",
                 buffer.alignment);
  return absl::OkStatus();
}

/// One less than what fits, which stays free to mean "no arena yet".
static constexpr int64_t kLargestSum = std::numeric_limits<int64_t>::max() - 1;

/// Adds the non-negative `bytes` to `sum`. Returns whether the sum fits.
static bool addChecked(int64_t bytes, int64_t &sum) {
  if (bytes > kLargestSum - sum)
    return false;
  sum += bytes;
  return true;
}

/// No algorithm leaves gaps wider than alignments ask for, except below fixed
/// buffers; so no sum overflows if this one does not.
static absl::Status checkSums(const ArenaProblem &problem) {
  int64_t sum = 0, fixed = 0;
  bool fits = true;
  for (const ArenaBuffer &buffer : problem.buffers) {
    fixed = std::max(fixed, buffer.offset.value_or(0));
    fits = fits && addChecked(buffer.size, sum) &&
           addChecked(2 * (buffer.alignment - 1), sum);
  }
  if (!fits || !addChecked(fixed, sum))
    return absl::InvalidArgumentError(
        absl::StrCat("sizes, alignments and the largest fixed offset add up to "
                     "more than ",
                     kLargestSum, " bytes"));
  return absl::OkStatus();
}

static absl::Status checkIndex(const ArenaProblem &problem, int32_t index,
                               absl::string_view where) {
  const int64_t numBuffers = static_cast<int64_t>(problem.buffers.size());
  if (index < 0 || index >= numBuffers)
    return absl::InvalidArgumentError(absl::StrCat(
        where, " names buffer ", index, " of ", numBuffers, " buffers"));
  return absl::OkStatus();
}

static absl::Status checkPairs(const ArenaProblem &problem) {
  absl::Status status;
  for (const InPlacePair &pair : problem.inPlacePairs) {
    status.Update(checkIndex(problem, pair.first, "an in-place pair"));
    status.Update(checkIndex(problem, pair.second, "an in-place pair"));
  }
  return status;
}

static absl::Status checkGroups(const ArenaProblem &problem) {
  std::vector<bool> isGrouped(problem.buffers.size());
  for (const std::vector<int32_t> &group : problem.adjacentGroups)
    for (int32_t index : group) {
      if (absl::Status status = checkIndex(problem, index, "a group");
          !status.ok())
        return status;
      if (isGrouped[index])
        return absl::InvalidArgumentError(
            absl::StrCat("buffer '", problem.buffers[index].name,
                         "' is in adjacent groups twice"));
      isGrouped[index] = true;
    }
  return absl::OkStatus();
}

static absl::Status checkFixed(const ArenaProblem &problem,
                               const Layout &layout) {
  Placer placer(layout);
  for (size_t i = 0; i < layout.items().size(); ++i) {
    const Item &item = layout.items()[i];
    if (!item.fixedBase)
      continue;
    const int32_t obstacle = placer.findObstacle(i, *item.fixedBase);
    if (obstacle >= 0) {
      const ArenaBuffer &first =
          problem.buffers[layout.partsOf(item).front().buffer];
      return absl::InvalidArgumentError(
          absl::StrCat("buffer '", first.name, "' is fixed at offset ",
                       *item.fixedBase, ", where it overlaps with buffer '",
                       problem.buffers[obstacle].name, "'"));
    }
    placer.place(i, *item.fixedBase);
  }
  return absl::OkStatus();
}

absl::Status checkProblem(const ArenaProblem &problem) {
  absl::Status status;
  if (problem.buffers.size() > std::numeric_limits<int32_t>::max())
    return absl::InvalidArgumentError("more than 2147483647 buffers");
  for (const ArenaBuffer &buffer : problem.buffers)
    if (status = checkBuffer(buffer); !status.ok())
      return status;
  status.Update(checkSums(problem));
  status.Update(checkPairs(problem));
  status.Update(checkGroups(problem));
  if (!status.ok())
    return status;
  absl::StatusOr<Layout> layout = Layout::make(problem);
  return layout.ok() ? checkFixed(problem, *layout) : layout.status();
}

} // namespace serenity::core
