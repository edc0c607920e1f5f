//===- Checks.h - What verifiers of operations share ------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each check emits one error that names the culprit and gives both numbers.
// Sizes are added and multiplied unsigned and saturating, so that no shape that
// fits a type can make a check overflow.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_DIALECT_SERENITY_IR_CHECKS_H
#define SERENITY_LIB_DIALECT_SERENITY_IR_CHECKS_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"

namespace serenity::detail {

/// `what`, of size `actual`, must have size `expected`.
llvm::LogicalResult verifySize(mlir::Operation *op, const llvm::Twine &what,
                               uint64_t actual, uint64_t expected);

/// The tensor called `name` must have exactly `shape`.
llvm::LogicalResult verifyShape(mlir::Operation *op, const llvm::Twine &name,
                                mlir::Type type, llvm::ArrayRef<int64_t> shape);

/// The attribute called `name` must have `count` numbers, none below `least`.
llvm::LogicalResult verifyNumbers(mlir::Operation *op, llvm::StringRef name,
                                  llvm::ArrayRef<int64_t> numbers,
                                  int64_t count, int64_t least);

/// The attribute 'axis' must be the number of one of `rank` dimensions.
llvm::LogicalResult verifyAxis(mlir::Operation *op, int64_t axis, int64_t rank);

/// Both tensors must store the same type, whatever quantisation makes of it.
llvm::LogicalResult verifySameStorage(mlir::Operation *op,
                                      const llvm::Twine &name, mlir::Type type,
                                      const llvm::Twine &otherName,
                                      mlir::Type otherType);

/// Both tensors must store the same type, or both integers of any kind.
llvm::LogicalResult verifySameKind(mlir::Operation *op, const llvm::Twine &name,
                                   mlir::Type type,
                                   const llvm::Twine &otherName,
                                   mlir::Type otherType);

/// A window of `kernel` that slides over the height and width of an NHWC
/// tensor.
struct Window {
  mlir::RankedTensorType input;
  mlir::RankedTensorType result;
  llvm::ArrayRef<int64_t> kernel;
  llvm::ArrayRef<int64_t> strides;
  llvm::ArrayRef<int64_t> padding;
  llvm::ArrayRef<int64_t> dilations;
};

/// The numbers of `window` must be sensible, and the result must have the
/// input's batch and one element for each position of the window.
llvm::LogicalResult verifyWindow(mlir::Operation *op, const Window &window);

} // namespace serenity::detail

#endif // SERENITY_LIB_DIALECT_SERENITY_IR_CHECKS_H
