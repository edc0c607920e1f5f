//===- Conflict.h - Why a capacity is not enough ----------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_ARENA_CONFLICT_H
#define SERENITY_LIB_CORE_ARENA_CONFLICT_H

#include "SearchBudget.h"

namespace serenity::core {

/// Buffers, ascending, that do not fit `capacity` even without all others,
/// given that all buffers of `problem` together do not. Leaves out runs of
/// buffers as long as a short search still refutes the rest, so the set is
/// small but not always minimal. Groups stay whole. Returns what it has when
/// `clock` runs out.
std::vector<int32_t> findConflict(const ArenaProblem &problem, int64_t capacity,
                                  const ArenaSwitches &switches,
                                  const SearchClock &clock);

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_ARENA_CONFLICT_H
