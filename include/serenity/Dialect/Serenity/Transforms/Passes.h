//===- Passes.h - The passes of the project ---------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_DIALECT_SERENITY_TRANSFORMS_PASSES_H
#define SERENITY_DIALECT_SERENITY_TRANSFORMS_PASSES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "serenity/Core/Arena/Solver.h"
#include "serenity/Core/Pareto/Objective.h"
#include "serenity/Core/Schedule/Schedule.h"
#include "serenity/Dialect/Serenity/IR/ActivationMemory.h"
#include "serenity/Dialect/Serenity/Transforms/Rewriting/Patterns.h"

namespace serenity {

/// Which of the kernels that can be rewritten are.
enum class SiteSelection { Cost, All };

#define GEN_PASS_DECL
#include "serenity/Dialect/Serenity/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "serenity/Dialect/Serenity/Transforms/Passes.h.inc"

} // namespace serenity

#endif // SERENITY_DIALECT_SERENITY_TRANSFORMS_PASSES_H
