//===- Patterns.h - Concatenations into partial kernels ---------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rewritings that compute the same network in pieces, so that tensors can die
// earlier. docs/Rewriting.md has the algebra. Each pattern rewrites one kernel
// that reads a concatenation (or a sum of products), and erases what nobody
// reads any more. Where a kernel reads a concatenation but cannot be rewritten,
// `notifyMatchFailure` says why; other kernels are passed over in silence.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_DIALECT_SERENITY_TRANSFORMS_REWRITING_PATTERNS_H
#define SERENITY_DIALECT_SERENITY_TRANSFORMS_REWRITING_PATTERNS_H

#include "mlir/IR/PatternMatch.h"

namespace serenity {

/// The type in which partial results of quantised kernels are added up.
enum class Accumulator {
  /// 32-bit integers: bit for bit the unpartitioned kernel. A clamp makes the
  /// result of the sum.
  Exact,
  /// The type of the result, as in published accounts of memory. No integer
  /// kernel computes the same that way: for counting bytes only.
  Result,
};

/// The families of patterns below.
enum class RewriteKind { Channelwise, Kernelwise, Elementwise, Residual };

/// `conv_2d` and `fully_connected` of a concatenation of channels into an
/// accumulating sum of products of its operands, each with its slice of the
/// filter.
void populateChannelwisePatterns(mlir::RewritePatternSet &patterns,
                                 Accumulator accumulator);

/// `depthwise_conv_2d` and pooling of a concatenation of channels into the
/// concatenation of the same kernel of its operands.
void populateKernelwisePatterns(mlir::RewritePatternSet &patterns);

/// Elementwise kernels and pads of concatenations into the concatenation of the
/// same kernel of their operands, so that the two above see through them.
void populateElementwisePatterns(mlir::RewritePatternSet &patterns);

/// `add` and `sum` of products that nobody else reads into an accumulating sum.
/// Quantised products are left alone if the accumulator is exact: each has a
/// scale of its own and is rounded by itself.
void populateResidualPatterns(mlir::RewritePatternSet &patterns,
                              Accumulator accumulator);

} // namespace serenity

#endif // SERENITY_DIALECT_SERENITY_TRANSFORMS_REWRITING_PATTERNS_H
