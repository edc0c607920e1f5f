//===- SourceOrder.h - The order before scheduling --------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which position each operation had before a scheduler moved it, kept in the
// attribute serenity.source_index, so that later passes can compare.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_ANALYSIS_SOURCEORDER_H
#define SERENITY_ANALYSIS_SOURCEORDER_H

#include "serenity/Analysis/BlockGraph.h"

namespace serenity {

/// Notes on every operation of `blockGraph` its present position, before it is
/// moved.
void recordSourceOrder(const BlockGraph &blockGraph);

/// The order that recordSourceOrder found; the present one if it was never
/// called or if the operations have changed so that it is not legal any more.
std::vector<core::OpId> getSourceOrder(const BlockGraph &blockGraph);

/// The position of the operation `op` in the source: the operator index of an
/// imported file, else the position noted by recordSourceOrder, else the
/// present one.
int64_t getSourceIndex(const BlockGraph &blockGraph, core::OpId op);

} // namespace serenity

#endif // SERENITY_ANALYSIS_SOURCEORDER_H
