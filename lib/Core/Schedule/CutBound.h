//===- CutBound.h - Lower bounds by minimum cuts ----------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_SCHEDULE_CUTBOUND_H
#define SERENITY_LIB_CORE_SCHEDULE_CUTBOUND_H

#include "SearchLimits.h"

namespace serenity::core {

class Partition;

/// A bound from below on every peak of one part of a graph: for each operation
/// the fewest bytes that can be alive while it runs, over all sets of
/// operations that can have run before it (docs/Scheduling.md, theorem 7). One
/// minimum cut an operation. In parts too large for that, and once a limit has
/// struck, some operations are left out, which makes the bound weaker but not
/// wrong.
int64_t cutBoundOfPart(const Partition &partition, size_t part,
                       SearchLimits &limits);

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_SCHEDULE_CUTBOUND_H
