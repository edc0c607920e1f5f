//===- RandomArena.h - Small nasty arena problems ---------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_TEST_CORE_ARENA_RANDOMARENA_H
#define SERENITY_TEST_CORE_ARENA_RANDOMARENA_H

#include "absl/strings/str_cat.h"
#include "serenity/Core/Arena/Problem.h"
#include "serenity/Core/Graph/RandomSource.h"

#include <utility>

namespace serenity::core {

/// Makes one problem from a seed. Half of the seeds give plain buffers, a third
/// of these with one alignment for all; the other half all that a problem can
/// have: alignments, fixed offsets, in-place pairs, groups. Buffers of no bytes
/// are among both.
class RandomArena {
public:
  static ArenaProblem make(uint64_t seed, int32_t maxBuffers = 9) {
    // What contradicts itself is drawn again.
    for (RandomSource random(seed);;) {
      ArenaProblem problem = RandomArena(random).build(maxBuffers);
      if (checkProblem(problem).ok())
        return problem;
    }
  }

private:
  explicit RandomArena(RandomSource &random) : random(random) {}

  ArenaProblem build(int32_t maxBuffers) {
    numBuffers = static_cast<int32_t>(random.below(maxBuffers + 1));
    const bool isPlain = random.chance(0.5);
    const int64_t numSteps = 2 + random.below(7);
    for (int32_t i = 0; i < numBuffers; ++i)
      problem.buffers.push_back(makeBuffer(i, numSteps));
    if (isPlain && random.chance(0.3))
      alignAll(random.chance(0.5) ? 2 : 4);
    if (!isPlain && numBuffers > 0) {
      addConstraints();
      addPairs();
      addGroups();
    }
    return std::move(problem);
  }

  ArenaBuffer makeBuffer(int32_t index, int64_t numSteps) {
    ArenaBuffer buffer;
    buffer.name = absl::StrCat("b", index);
    buffer.lower = random.below(numSteps);
    buffer.upper = buffer.lower + 1 + random.below(numSteps - buffer.lower);
    buffer.size = random.chance(0.05) ? 0 : 1 + random.below(6);
    return buffer;
  }

  void alignAll(int64_t alignment) {
    for (ArenaBuffer &buffer : problem.buffers)
      buffer.alignment = alignment;
  }

  void addConstraints() {
    const double alignChance = random.chance(0.5) ? 0.3 : 0.0;
    const double fixChance = random.chance(0.4) ? 0.2 : 0.0;
    for (ArenaBuffer &buffer : problem.buffers) {
      if (random.chance(alignChance))
        buffer.alignment = random.chance(0.7) ? 2 : 4;
      if (random.chance(fixChance))
        buffer.offset = buffer.alignment * random.below(8 / buffer.alignment);
    }
  }

  void addPairs() {
    if (random.chance(0.5))
      for (int64_t i = random.below(4); i > 0; --i)
        problem.inPlacePairs.push_back({anyBuffer(), anyBuffer()});
  }

  void addGroups() {
    if (random.chance(0.5))
      return;
    std::vector<int32_t> members;
    for (int32_t i = 0; i < numBuffers; ++i)
      if (random.chance(0.4))
        members.push_back(i);
    for (size_t i = 1; i < members.size(); ++i)
      std::swap(members[i], members[random.below(i + 1)]);
    const size_t split = random.below(members.size() + 1);
    problem.adjacentGroups.emplace_back(members.begin(),
                                        members.begin() + split);
    problem.adjacentGroups.emplace_back(members.begin() + split, members.end());
  }

  int32_t anyBuffer() { return static_cast<int32_t>(random.below(numBuffers)); }

  RandomSource &random;
  int32_t numBuffers = 0;
  ArenaProblem problem;
};

} // namespace serenity::core

#endif // SERENITY_TEST_CORE_ARENA_RANDOMARENA_H
