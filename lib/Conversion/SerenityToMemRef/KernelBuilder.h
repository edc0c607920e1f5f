//===- KernelBuilder.h - Loops, vectors and numbers of kernels --*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CONVERSION_SERENITYTOMEMREF_KERNELBUILDER_H
#define SERENITY_LIB_CONVERSION_SERENITYTOMEMREF_KERNELBUILDER_H

#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/TypeUtilities.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace serenity::detail {

/// The element type of the memref that holds elements of `type`: quantised ones
/// as what they are stored in, integers without a sign.
mlir::Type getStoredElement(mlir::Type type);

/// What kernels compute with: an element's value before and after rounding.
/// Bytes are widened to i32, floats of 16 bits to f32.
mlir::Type getComputedElement(mlir::Type type);

/// Builds the code of kernels: ordinary loops around vectors of up to
/// `maxLanes` elements that are beside each other in memory.
///
/// "Element type" is that of the tensor, which says how stored elements are to
/// be read; values in registers have its computed type.
class KernelBuilder : public mlir::ImplicitLocOpBuilder {
public:
  using ImplicitLocOpBuilder::ImplicitLocOpBuilder;

  static constexpr int64_t maxLanes = 16;

  //===--------------------------------------------------------------------===//
  // Constants
  //===--------------------------------------------------------------------===//

  mlir::Value index(int64_t value);
  /// A constant of `type`, a number or a vector of numbers that all are
  /// `value`.
  mlir::Value integer(mlir::Type type, int64_t value);
  mlir::Value real(mlir::Type type, double value);

  //===--------------------------------------------------------------------===//
  // Loops
  //===--------------------------------------------------------------------===//

  using IndexBody = llvm::function_ref<void(mlir::Value)>;
  using IndicesBody = llvm::function_ref<void(mlir::ValueRange)>;
  using BlockBody = llvm::function_ref<void(mlir::Value, int64_t)>;
  using StepBody = llvm::function_ref<mlir::Value(mlir::Value, mlir::Value)>;

  /// Runs `body(i)` for 0 <= i < `count`.
  void forEach(int64_t count, IndexBody body);
  /// Runs `body` for all indices of an array of `shape`, the last one fastest.
  void forEachIndex(llvm::ArrayRef<int64_t> shape, IndicesBody body);
  /// Runs `body(first, lanes)` for runs of at most `limit` indices that make up
  /// 0 to `count`; `lanes` is known at compile time.
  void forEachBlock(int64_t count, BlockBody body, int64_t limit = maxLanes);
  /// Runs `carried = body(i, carried)` for `lower` <= i < `upper`, beginning
  /// with `init`.
  mlir::Value accumulate(mlir::Value lower, mlir::Value upper, mlir::Value init,
                         StepBody body);

  //===--------------------------------------------------------------------===//
  // Memory
  //===--------------------------------------------------------------------===//

  /// The `lanes` elements of `memref` that begin at `indices`, computed type.
  mlir::Value load(mlir::Value memref, mlir::ValueRange indices, int64_t lanes,
                   mlir::Type elementType);
  /// One element of `memref`, computed type.
  mlir::Value loadScalar(mlir::Value memref, mlir::ValueRange indices,
                         mlir::Type elementType);
  /// Stores a vector of computed type, whose integers must be in range.
  void store(mlir::Value vector, mlir::Value memref, mlir::ValueRange indices,
             mlir::Type elementType);
  /// Stores one value of computed type, whose integer must be in range.
  void storeScalar(mlir::Value value, mlir::Value memref,
                   mlir::ValueRange indices, mlir::Type elementType);
  /// `memref`, which has no gaps, in another shape.
  mlir::Value reshape(mlir::Value memref, llvm::ArrayRef<int64_t> shape);
  /// Whether `memref` has no gaps.
  static bool isContiguous(mlir::Value memref);

  //===--------------------------------------------------------------------===//
  // Arithmetic on numbers or vectors, integer or float as their type says
  //===--------------------------------------------------------------------===//

  mlir::Value add(mlir::Value lhs, mlir::Value rhs);
  mlir::Value sub(mlir::Value lhs, mlir::Value rhs);
  mlir::Value mul(mlir::Value lhs, mlir::Value rhs);
  /// `max` as std::max computes it: `lhs` unless it is less than `rhs`.
  mlir::Value max(mlir::Value lhs, mlir::Value rhs);
  /// `min` as std::min computes it: `lhs` unless `rhs` is less.
  mlir::Value min(mlir::Value lhs, mlir::Value rhs);
  /// `index` times `scale` plus `offset`, all of index type.
  mlir::Value scaleIndex(mlir::Value index, int64_t scale, int64_t offset);
  /// `value` in each of `lanes` lanes.
  mlir::Value splat(mlir::Value value, int64_t lanes);

private:
  mlir::Value widen(mlir::Value value, mlir::Type elementType);
  mlir::Value narrow(mlir::Value value, mlir::Type elementType);
  mlir::Value lessThan(mlir::Value lhs, mlir::Value rhs);
};

} // namespace serenity::detail

#endif // SERENITY_LIB_CONVERSION_SERENITYTOMEMREF_KERNELBUILDER_H
