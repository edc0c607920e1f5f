//===- Pieces.h - Operands of concatenations, slices of weights -*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What all patterns that partition a kernel share.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_DIALECT_SERENITY_TRANSFORMS_REWRITING_PIECES_H
#define SERENITY_LIB_DIALECT_SERENITY_TRANSFORMS_REWRITING_PIECES_H

#include "mlir/IR/PatternMatch.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"

namespace serenity {

/// Indices [offset, offset + size) along some dimension.
struct Range {
  int64_t offset;
  int64_t size;

  /// The range of `factor` results for each index.
  Range scaledBy(int64_t factor) const {
    return {offset * factor, size * factor};
  }
  bool operator==(const Range &other) const {
    return offset == other.offset && size == other.size;
  }
};

/// A value that is at `range` of a concatenation.
struct Piece {
  mlir::Value value;
  Range range;
};

/// A concatenation along `axis`, by its parts.
struct Pieces {
  int64_t axis;
  llvm::SmallVector<Piece> parts;
};

/// The type of the part of `whole` at `range` along `axis`, with the scales of
/// its part if it has one for each index there.
mlir::RankedTensorType getPartType(mlir::RankedTensorType whole, int64_t axis,
                                   Range range);

/// The pieces of `value` if a concatenation of at least two made it.
/// Concatenations inside it along the same dimension are opened if nothing else
/// reads them.
std::optional<Pieces> matchConcat(mlir::Value value);

/// Fails with a reason if a piece is quantised otherwise than `whole`, the
/// concatenation, which changes its numbers therefore.
llvm::LogicalResult checkPieceTypes(mlir::RewriterBase &rewriter,
                                    mlir::Operation *op, const Pieces &pieces,
                                    mlir::RankedTensorType whole);

/// Whether parts of `weight` can be taken: its payload is not there, or one
/// value for all elements, or its elements are whole bytes.
bool isSliceable(WeightOp weight);

/// Fails with a reason if `weight`, called `name`, is no constant or not
/// sliceable. Nothing to check if it is null.
llvm::LogicalResult checkSliceable(mlir::RewriterBase &rewriter,
                                   mlir::Operation *op, mlir::Value weight,
                                   llvm::StringRef name);

/// The constant that is the part of `weight` at `range` along `axis`. Passed
/// checkSliceable; null for null. Payloads that are not there stay so.
mlir::Value sliceWeight(mlir::OpBuilder &builder, mlir::Value weight,
                        int64_t axis, Range range);

/// The location of part `number` of what is at `location`: its name with the
/// number, then `location` itself.
mlir::Location getPartLocation(mlir::Location location, size_t number);

/// Erases the concatenations and constants that made `values`, as far as
/// nothing reads them.
void eraseDead(mlir::RewriterBase &rewriter,
               llvm::ArrayRef<mlir::Value> values);

} // namespace serenity

#endif // SERENITY_LIB_DIALECT_SERENITY_TRANSFORMS_REWRITING_PIECES_H
