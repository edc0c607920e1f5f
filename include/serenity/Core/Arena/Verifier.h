//===- Verifier.h - Checks plans without trusting a solver ------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_CORE_ARENA_VERIFIER_H
#define SERENITY_CORE_ARENA_VERIFIER_H

#include "serenity/Core/Arena/Problem.h"

namespace serenity::core {

/// Checks `plan` against `problem`, which checkProblem has passed, straight
/// from the definitions: one offset a buffer, none negative, aligned, fixed
/// offsets kept, groups adjacent, no common bytes but those of in-place pairs,
/// the arena's size as claimed and no smaller than the claimed lower bound.
/// Shares no code with the solvers. Fails with FailedPrecondition, naming the
/// first culprit. O(n log n + pairs of buffers alive together).
absl::Status verifyPlan(const ArenaProblem &problem, const ArenaPlan &plan);

} // namespace serenity::core

#endif // SERENITY_CORE_ARENA_VERIFIER_H
