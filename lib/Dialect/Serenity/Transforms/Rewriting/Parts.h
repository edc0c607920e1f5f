//===- Parts.h - Functions cut where one tensor is alive --------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_DIALECT_SERENITY_TRANSFORMS_REWRITING_PARTS_H
#define SERENITY_LIB_DIALECT_SERENITY_TRANSFORMS_REWRITING_PARTS_H

#include "Sites.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace serenity {

/// A function of its own that computes a part of another one.
struct Part {
  mlir::OwningOpRef<mlir::func::FuncOp> function;
  /// Operations that run, constants left out.
  int64_t numOperations = 0;
  /// Numbers of the sites in it, ascending.
  std::vector<size_t> sites;
  /// Their kernels in `function`.
  llvm::SmallVector<mlir::Operation *> kernels;
};

/// Cuts the only block of `body` wherever one tensor alone is alive and no site
/// reaches across: every operation before the cut is needed for that tensor,
/// and every one after it needs it. In any order, and with any of the sites
/// rewritten, the peak of the block is the largest peak of a part. Payloads of
/// weights are left out.
std::vector<Part> cutIntoParts(mlir::Region &body,
                               llvm::ArrayRef<RewriteSite> sites);

} // namespace serenity

#endif // SERENITY_LIB_DIALECT_SERENITY_TRANSFORMS_REWRITING_PARTS_H
