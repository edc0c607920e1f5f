//===- AllocationLifetimes.h - When allocations are in use ------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_ANALYSIS_ALLOCATIONLIFETIMES_H
#define SERENITY_ANALYSIS_ALLOCATIONLIFETIMES_H

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "serenity/Analysis/BufferUses.h"

namespace serenity {

/// A `memref.alloc` whose bytes can be placed by whoever knows this.
struct AllocationLifetime {
  mlir::memref::AllocOp alloc;
  int64_t bytes = 0;
  /// What the element type and the allocation itself ask for.
  int64_t alignment = 1;
  /// The half-open lifetime [lower, upper), in numbers of operations of the
  /// function in textual order. It covers every access in full, with all
  /// regions of operations around it up to the block at each run of which the
  /// allocation runs at most once.
  ///
  /// Two allocations whose lifetimes do not overlap are never in use together,
  /// not even across iterations of a loop.
  int64_t lower = 0, upper = 1;
  /// The operations that free it, and nothing that is not in the list.
  llvm::SmallVector<mlir::Operation *> deallocs;
};

/// A `memref.alloc` of which too little is known, and why: a clause.
struct UnknownAllocation {
  mlir::memref::AllocOp alloc;
  std::string why;
};

/// The allocations of a function, in textual order.
struct AllocationLifetimes {
  std::vector<AllocationLifetime> known;
  std::vector<UnknownAllocation> unknown;
  /// Pairs of known allocations, by position, of which the second may be
  /// computed in the place of the first: the last access of the first and the
  /// first access of the second is one elementwise linalg operation.
  std::vector<std::pair<int32_t, int32_t>> inPlacePairs;
};

/// Finds when each `memref.alloc` of `function`, which has a body, is in use.
/// docs/Arena.md ("Allocations of any function") proves what AllocationLifetime
/// claims.
AllocationLifetimes computeLifetimes(mlir::FunctionOpInterface function,
                                     BufferUseAnalysis &analysis);

} // namespace serenity

#endif // SERENITY_ANALYSIS_ALLOCATIONLIFETIMES_H
