//===- Subproblem.h - Some of the buffers of a problem ----------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_ARENA_SUBPROBLEM_H
#define SERENITY_LIB_CORE_ARENA_SUBPROBLEM_H

#include "serenity/Core/Arena/Problem.h"

#include "absl/types/span.h"

namespace serenity::core {

/// The problem of `buffers` alone, in the order given. Of each group either all
/// members or none must be among them.
ArenaProblem extractBuffers(const ArenaProblem &problem,
                            absl::Span<const int32_t> buffers);

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_ARENA_SUBPROBLEM_H
