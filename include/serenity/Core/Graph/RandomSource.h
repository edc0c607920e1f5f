//===- RandomSource.h - The same draws on every machine ---------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_CORE_GRAPH_RANDOMSOURCE_H
#define SERENITY_CORE_GRAPH_RANDOMSOURCE_H

#include <cstdint>
#include <random>

namespace serenity::core {

/// Draws from a seed. The engine is fixed by the C++ standard but the standard
/// distributions are not, so the draws are made here.
class RandomSource {
public:
  explicit RandomSource(uint64_t seed) : engine(seed) {}

  /// An integer of 0 .. bound-1, each as likely; `bound` is positive.
  int64_t below(int64_t bound) {
    const uint64_t size = static_cast<uint64_t>(bound);
    // Draws from the incomplete last range of this size would favour small
    // numbers.
    const uint64_t limit = UINT64_MAX - UINT64_MAX % size;
    uint64_t draw = engine();
    while (draw >= limit)
      draw = engine();
    return static_cast<int64_t>(draw % size);
  }

  /// True with `probability`, taken to 53 bits.
  bool chance(double probability) {
    constexpr double kRange = 9007199254740992.0; // 2^53
    return static_cast<double>(engine() >> 11) < probability * kRange;
  }

private:
  std::mt19937_64 engine;
};

} // namespace serenity::core

#endif // SERENITY_CORE_GRAPH_RANDOMSOURCE_H
