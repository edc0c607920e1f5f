//===- Sites.h - Kernels that can be rewritten ------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_DIALECT_SERENITY_TRANSFORMS_REWRITING_SITES_H
#define SERENITY_LIB_DIALECT_SERENITY_TRANSFORMS_REWRITING_SITES_H

#include "mlir/IR/OwningOpRef.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Rewrite/FrozenRewritePatternSet.h"
#include "serenity/Dialect/Serenity/Transforms/Rewriting/Patterns.h"
#include <optional>
#include <string>
#include <vector>

namespace serenity {

/// The name of `kind` in options, remarks and reports, and back.
llvm::StringRef toString(RewriteKind kind);
std::optional<RewriteKind> parseRewriteKind(llvm::StringRef name);
llvm::StringRef toString(Accumulator accumulator);

/// What became of a kernel that was offered to the patterns.
struct RewriteAttempt {
  /// The kind that fired; nothing if none did.
  std::optional<RewriteKind> kind;
  /// What the kernel was replaced by.
  llvm::SmallVector<mlir::Value> replacement;
  /// What is there no more: no pointers to look at.
  llvm::SmallVector<mlir::Operation *> erased;
  /// Why none fired; empty if the kernel is no concern of the patterns.
  std::string reason;
};

/// The patterns of `kinds`, of all if it is empty. Channelwise and kernelwise
/// partitioning come with that of elementwise kernels, so that they see through
/// them.
class SitePatterns {
public:
  SitePatterns(mlir::MLIRContext *context, llvm::ArrayRef<RewriteKind> kinds,
               Accumulator accumulator);

  /// Rewrites `kernel` by the first kind that fires. Erases it then.
  RewriteAttempt rewrite(mlir::Operation *kernel) const;

private:
  struct Family {
    RewriteKind kind;
    mlir::FrozenRewritePatternSet patterns;
  };
  llvm::SmallVector<Family> families;
};

/// A kernel that can be rewritten.
struct RewriteSite {
  /// Position of the kernel among the operations of its block.
  size_t position;
  RewriteKind kind;
  /// Numbers of sites that make the concatenation that the kernel reads.
  std::vector<size_t> requirements;
  /// The most kernels that rewriting it can save.
  int64_t largestSaving;
};

/// A kernel that reads a concatenation, or adds products, but cannot be
/// rewritten.
struct MissedSite {
  size_t position;
  std::string reason;
};

/// The sites of a block, in its order.
struct SiteList {
  std::vector<RewriteSite> sites;
  std::vector<MissedSite> missed;
};

/// Finds the sites of `block` by rewriting them all, every kernel after those
/// that it reads.
SiteList rewriteSites(mlir::Block &block, const SitePatterns &patterns);

/// Rewrites those of `sites` that `chosen` marks in `block`, where they were
/// found.
void applySites(mlir::Block &block, llvm::ArrayRef<RewriteSite> sites,
                const std::vector<bool> &chosen, const SitePatterns &patterns);

/// Takes the payloads of constants out of `block`, as far as that makes no
/// difference to the patterns.
void elideWeights(mlir::Block &block);

/// A copy of `function`, one block of kernels, on which to try patterns.
mlir::OwningOpRef<mlir::Operation *>
cloneWithoutPayloads(mlir::FunctionOpInterface function);

} // namespace serenity

#endif // SERENITY_LIB_DIALECT_SERENITY_TRANSFORMS_REWRITING_SITES_H
