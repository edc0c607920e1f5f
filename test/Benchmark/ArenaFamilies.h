//===- ArenaFamilies.h - Seeded families of arena problems ------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_TEST_BENCHMARK_ARENAFAMILIES_H
#define SERENITY_TEST_BENCHMARK_ARENAFAMILIES_H

#include "absl/strings/str_cat.h"
#include "serenity/Core/Arena/Problem.h"
#include "serenity/Core/Graph/RandomSource.h"

#include <algorithm>

namespace serenity::core {

/// What the lifetimes and sizes of a family look like.
enum class FamilyShape {
  /// Any lifetime up to a tenth of the time, any size up to 64 KiB.
  RandomIntervals,
  /// Results of a chain with skip connections: most die at the next step, some
  /// late; sizes halve now and then, as after strided layers.
  Network,
  /// Sizes 1 MiB / k for k up to 1000: few huge ones, many small ones.
  PowerLaw,
  /// One of three sizes.
  EqualSizes,
};

/// A family of problems, of which a seed draws one.
struct ArenaFamily {
  std::string name;
  FamilyShape shape;
  int32_t numBuffers;
  int64_t alignment;
  /// Of random lifetimes; 0 stands for a tenth of the time.
  int64_t longest = 0;
};

/// The twenty families of docs/Arena.md.
inline std::vector<ArenaFamily> arenaFamilies() {
  constexpr std::pair<FamilyShape, const char *> kShapes[] = {
      {FamilyShape::RandomIntervals, "intervals"},
      {FamilyShape::Network, "network"},
      {FamilyShape::PowerLaw, "power-law"},
      {FamilyShape::EqualSizes, "equal-sizes"}};
  constexpr std::pair<int32_t, int64_t> kScales[] = {
      {200, 1}, {200, 16}, {200, 64}, {1000, 1}, {1000, 64}};
  std::vector<ArenaFamily> families;
  for (const auto &[shape, name] : kShapes)
    for (const auto &[numBuffers, alignment] : kScales)
      families.push_back({absl::StrCat(name, "-", numBuffers, "-", alignment),
                          shape, numBuffers, alignment});
  return families;
}

/// Draws one problem.
class FamilyGenerator {
public:
  FamilyGenerator(const ArenaFamily &family, uint64_t seed)
      : family(family), random(seed) {}

  ArenaProblem draw() {
    ArenaProblem problem;
    for (int32_t i = 0; i < family.numBuffers; ++i) {
      ArenaBuffer buffer;
      buffer.name = absl::StrCat("b", i);
      buffer.alignment = family.alignment;
      drawLifetime(i, buffer);
      buffer.size = drawSize(i);
      problem.buffers.push_back(std::move(buffer));
    }
    return problem;
  }

private:
  void drawLifetime(int32_t index, ArenaBuffer &buffer) {
    const int64_t n = family.numBuffers;
    const bool isNetwork = family.shape == FamilyShape::Network;
    buffer.lower = isNetwork ? index : random.below(n);
    const int64_t longest = isNetwork ? (random.chance(0.25) ? 20 : 2)
                            : family.longest > 0 ? family.longest
                                                 : n / 10;
    buffer.upper =
        buffer.lower + 1 + (isNetwork ? 1 : 0) + random.below(longest);
  }

  int64_t drawSize(int32_t index) {
    switch (family.shape) {
    case FamilyShape::RandomIntervals:
      return 1 + random.below(65536);
    case FamilyShape::Network:
      return (262144 >> (4 * index / family.numBuffers)) / 16 *
             (1 + random.below(16));
    case FamilyShape::PowerLaw:
      return 1048576 / (1 + random.below(1000));
    case FamilyShape::EqualSizes:
      return 3000 + 2500 * random.below(3);
    }
    return 0;
  }

  const ArenaFamily &family;
  RandomSource random;
};

} // namespace serenity::core

#endif // SERENITY_TEST_BENCHMARK_ARENAFAMILIES_H
