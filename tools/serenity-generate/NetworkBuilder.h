//===- NetworkBuilder.h - Writes a network kernel by kernel -----*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_GENERATE_NETWORKBUILDER_H
#define SERENITY_GENERATE_NETWORKBUILDER_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"

namespace serenity::generate {

/// A square window that slides over rows and columns. The input is padded so
/// that the result has one element for each `stride` elements of the input,
/// rounded up, with the odd row or column of padding at the bottom or right.
struct Window {
  int64_t size = 1;
  int64_t stride = 1;
  int64_t dilation = 1;
};

/// Element types of a network.
struct ElementTypes {
  mlir::Type activation;
  mlir::Type filter;
  mlir::Type bias;

  /// 32-bit floating point throughout.
  static ElementTypes float32(mlir::MLIRContext *context);
  /// Unsigned 8-bit tensors that all share one scale, with 32-bit biases.
  static ElementTypes uint8(mlir::MLIRContext *context);
};

/// Writes one function of kernels on NHWC tensors with a batch of one, in the
/// order of the calls. Weights have no payload. Each result is named after its
/// kernel and the kernel's position in the network (`conv5`).
class NetworkBuilder {
public:
  /// Appends a function to `module`. Its first kernel counts as number
  /// `firstKernel`.
  NetworkBuilder(mlir::ModuleOp module, llvm::StringRef name,
                 const ElementTypes &types, int64_t firstKernel = 0);

  /// Adds an argument to the function.
  mlir::Value input(int64_t height, int64_t width, int64_t channels);

  mlir::Value conv(mlir::Value input, int64_t channels, Window window = {},
                   Activation activation = Activation::None) {
    return conv(input, channels, window, window, activation);
  }
  /// With windows that differ along rows and columns of the image: `down`
  /// counts rows and `across` columns.
  mlir::Value conv(mlir::Value input, int64_t channels, Window down,
                   Window across, Activation activation = Activation::None);
  mlir::Value depthwise(mlir::Value input, Window window);
  mlir::Value fullyConnected(mlir::Value input, int64_t channels);
  mlir::Value maxPool(mlir::Value input, Window window);
  mlir::Value avgPool(mlir::Value input, Window window);
  /// The mean over all rows and columns.
  mlir::Value globalAvgPool(mlir::Value input);
  mlir::Value add(mlir::Value lhs, mlir::Value rhs,
                  Activation activation = Activation::None);
  mlir::Value sum(mlir::ValueRange inputs,
                  Activation activation = Activation::None);
  mlir::Value relu(mlir::Value input);
  mlir::Value softmax(mlir::Value input);
  /// Joins `inputs` along their channels.
  mlir::Value concat(mlir::ValueRange inputs);
  /// The first `channels` channels.
  mlir::Value truncate(mlir::Value input, int64_t channels);
  /// `input` moved up and left by one, with zeros behind it.
  mlir::Value shift(mlir::Value input);
  /// A kernel that the dialect knows by name alone. Its result is like
  /// `result`, and it has none if that is null, but changes a state.
  mlir::Value node(llvm::StringRef kind, mlir::ValueRange inputs,
                   mlir::Value result);
  /// A split into one part: the identity, which some converters leave behind.
  mlir::Value splitInOne(mlir::Value input);

  /// Ends the function, which returns `results`.
  void finish(mlir::ValueRange results);

private:
  template <typename PoolOp>
  mlir::Value pool(llvm::StringRef kind, mlir::Value input, Window window);

  /// The location that names the next kernel's result after `kind`.
  mlir::Location nextKernel(llvm::StringRef kind);
  mlir::Location nameWithNumber(llvm::StringRef kind);
  mlir::Value weight(llvm::StringRef kind, llvm::ArrayRef<int64_t> shape,
                     mlir::Type elementType);

  mlir::OpBuilder builder;
  mlir::func::FuncOp function;
  ElementTypes types;
  int64_t kernel;
};

} // namespace serenity::generate

#endif // SERENITY_GENERATE_NETWORKBUILDER_H
