//===- LowerBound.h - What every arena needs --------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_ARENA_LOWERBOUND_H
#define SERENITY_LIB_CORE_ARENA_LOWERBOUND_H

#include "serenity/Core/Arena/Problem.h"

namespace serenity::core {

/// A lower bound and the buffers that need so much room, ascending.
struct LiveSum {
  int64_t bytes = 0;
  std::vector<int32_t> buffers;
};

/// Computes arenaLowerBound with its reason.
LiveSum findLargestLiveSum(const ArenaProblem &problem);

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_ARENA_LOWERBOUND_H
