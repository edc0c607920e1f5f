//===- ArenaPassOptions.h - Options of passes that plan arenas --*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_DIALECT_SERENITY_TRANSFORMS_ARENAPASSOPTIONS_H
#define SERENITY_LIB_DIALECT_SERENITY_TRANSFORMS_ARENAPASSOPTIONS_H

#include "mlir/IR/Location.h"
#include "mlir/Support/LLVM.h"
#include "serenity/Core/Arena/Solver.h"

namespace serenity {

/// What the user asked for; 0 where nothing was.
struct ArenaPassOptions {
  core::ArenaStrategy strategy;
  int64_t capacityBytes, alignment, maxNodes;
  double maxSeconds;

  /// Emits an error at `loc` if an option is out of range.
  mlir::LogicalResult check(mlir::Location loc) const;

  core::ArenaOptions toArenaOptions() const;
};

} // namespace serenity

#endif // SERENITY_LIB_DIALECT_SERENITY_TRANSFORMS_ARENAPASSOPTIONS_H
