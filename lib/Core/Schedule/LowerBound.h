//===- LowerBound.h - Memory that no order can avoid ------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_SCHEDULE_LOWERBOUND_H
#define SERENITY_LIB_CORE_SCHEDULE_LOWERBOUND_H

#include "SearchGraph.h"

namespace serenity::core {

/// The bound of lowerBound() (Schedule.h) for one part of a graph. Once
/// `maxWork` sets of buffers were joined, the remaining buffers, which are the
/// smallest, are counted only for the operations that touch them. That costs
/// strength but not truth.
int64_t lowerBoundOfPart(const Partition &partition, size_t part,
                         size_t maxWork = size_t{1} << 25);

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_SCHEDULE_LOWERBOUND_H
