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

/// The bound of lowerBound() (Schedule.h) for one part of a graph.
int64_t lowerBoundOfPart(const Partition &partition, size_t part);

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_SCHEDULE_LOWERBOUND_H
