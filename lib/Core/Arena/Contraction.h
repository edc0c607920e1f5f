//===- Contraction.h - In-place partners as one buffer ----------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_ARENA_CONTRACTION_H
#define SERENITY_LIB_CORE_ARENA_CONTRACTION_H

#include "serenity/Core/Arena/Problem.h"

namespace serenity::core {

/// A problem in which in-place partners have become one buffer. Its plans are
/// plans of the problem it was made of, with the offset of `merged[i]` for each
/// buffer i; the best of them may be worse than the best of all.
struct Contraction {
  ArenaProblem problem;
  std::vector<int32_t> merged;
};

/// Merges the partners of each in-place pair, one pair after the other, if they
/// are alive together, have the same size and are neither fixed nor in a group,
/// and if each two buffers that are merged thereby are a pair or not alive
/// together. Pairs that are left over stay pairs.
Contraction contractPairs(const ArenaProblem &problem);

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_ARENA_CONTRACTION_H
