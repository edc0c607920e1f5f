//===- SpillBound.h - What must be spilled in any case ----------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_ARENA_SPILLBOUND_H
#define SERENITY_LIB_CORE_ARENA_SPILLBOUND_H

#include "serenity/Core/Arena/Memories.h"

namespace serenity::core {

/// What one more memory away from the fastest costs a buffer.
inline int64_t benefitOf(const ArenaBuffer &buffer) {
  return buffer.benefit.value_or(buffer.size);
}

/// A benefit that every plan spills, or nothing if the memories together are
/// too small for some moment. At each moment the buffers alive, if they could
/// be cut, would fill one memory after the other by benefit for each byte;
/// moments that share no buffer add up. Members of in-place pairs may take no
/// room of their own and do not count. O(n log n + k log k) for n buffers and k
/// pairs alive together.
std::optional<int64_t>
spilledBenefitBound(const ArenaProblem &problem,
                    const std::vector<ArenaMemory> &memories);

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_ARENA_SPILLBOUND_H
