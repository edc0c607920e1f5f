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
/// minimum cut an operation, but for those that cost no more in `order`, a legal
/// order of the part, than the bound that is known already. In parts too large
/// for that, and once a limit has struck, some operations are left out, which
/// makes the bound weaker but not wrong. At least `knownBound`.
int64_t cutBoundOfPart(const Partition &partition, size_t part,
                       absl::Span<const OpId> order, int64_t knownBound,
                       SearchLimits &limits);

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_SCHEDULE_CUTBOUND_H
