//===- Kernels.h - Kernels as loops -----------------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CONVERSION_SERENITYTOMEMREF_KERNELS_H
#define SERENITY_LIB_CONVERSION_SERENITYTOMEMREF_KERNELS_H

#include "Constants.h"
#include "KernelBuilder.h"
#include "Storage.h"

namespace serenity::detail {

/// Where a kernel finds its operands and puts its results.
class Kernel : public KernelBuilder {
public:
  Kernel(mlir::OpBuilder &builder, mlir::Operation *op, const Storage &storage,
         Constants &constants)
      : KernelBuilder(op->getLoc(), builder), storage(storage),
        constants(constants) {}

  /// The memref of an operand or result: activations, or a weight's contents.
  mlir::Value getMemRef(mlir::Value tensor);
  /// Whether two values are in one buffer of the memory model.
  bool shareBuffer(mlir::Value lhs, mlir::Value rhs) const {
    return storage.shareBuffer(lhs, rhs);
  }
  /// A memref of `contents`.
  mlir::Value getConstant(mlir::ElementsAttr contents);
  Constants &getConstants() { return constants; }

private:
  const Storage &storage;
  Constants &constants;
};

/// The lowerings check what the dialect's verifier does not, emit an error that
/// names the operation if they fail, and build the loops otherwise.
/// @{
llvm::LogicalResult lower(Kernel &kernel, Conv2DOp op);
llvm::LogicalResult lower(Kernel &kernel, DepthwiseConv2DOp op);
llvm::LogicalResult lower(Kernel &kernel, FullyConnectedOp op);
llvm::LogicalResult lower(Kernel &kernel, MaxPool2DOp op);
llvm::LogicalResult lower(Kernel &kernel, AvgPool2DOp op);
llvm::LogicalResult lower(Kernel &kernel, AddOp op);
llvm::LogicalResult lower(Kernel &kernel, MulOp op);
llvm::LogicalResult lower(Kernel &kernel, SumOp op);
llvm::LogicalResult lower(Kernel &kernel, ClampOp op);
llvm::LogicalResult lower(Kernel &kernel, SoftmaxOp op);
llvm::LogicalResult lower(Kernel &kernel, ConcatOp op);
llvm::LogicalResult lower(Kernel &kernel, SplitOp op);
llvm::LogicalResult lower(Kernel &kernel, SliceOp op);
llvm::LogicalResult lower(Kernel &kernel, PadOp op);
llvm::LogicalResult lower(Kernel &kernel, ReshapeOp op);
/// @}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

/// Whether kernels compute with `elementType` as with a float.
bool isFloat(mlir::Type elementType);
/// Whether it is quantised in 8 bits, with one scale.
bool isQuantizedByte(mlir::Type elementType);
/// Whether it is quantised in 32 bits: a sum of products that is not rounded to
/// the result's scale yet.
bool isAccumulator(mlir::Type elementType);

/// Emits that `op` has no kernel for `elementType`.
llvm::LogicalResult emitTypeError(mlir::Operation *op, mlir::Type elementType);

//===----------------------------------------------------------------------===//
// Ends of kernels
//===----------------------------------------------------------------------===//

/// `value`, of the computed type of `elementType`, within `limits`, and within
/// what the element type can hold.
mlir::Value buildLimits(KernelBuilder &b, mlir::Value value,
                        mlir::Type elementType, ActivationLimits limits);

/// The activation of a value of the computed type of `elementType`.
mlir::Value buildActivation(KernelBuilder &b, mlir::Value value,
                            mlir::Type elementType, Activation activation);

/// Emits an error if there is no activation `activation` for `elementType`.
llvm::LogicalResult checkActivation(mlir::Operation *op, mlir::Type elementType,
                                    Activation activation);

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

/// A window over the rows, or the columns, of an image.
struct WindowSide {
  int64_t input, kernel, stride, dilation, padding;

  /// The positions in the window, from `first` to before `end`, that are not
  /// padding if the result is row, or column, `position`.
  struct Bounds {
    mlir::Value first, end;
  };
  Bounds buildBounds(KernelBuilder &b, mlir::Value position) const;
  /// The row, or column, of the input at position `offset` of that window.
  mlir::Value buildInputIndex(KernelBuilder &b, mlir::Value position,
                              mlir::Value offset) const;
  /// Whether some window has padding.
  bool isPadded(int64_t positions) const;
};

} // namespace serenity::detail

#endif // SERENITY_LIB_CONVERSION_SERENITYTOMEMREF_KERNELS_H
