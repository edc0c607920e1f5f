//===- FoldedWeights.h - Weights that were computed -------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_ONNX_FOLDEDWEIGHTS_H
#define SERENITY_LIB_TARGET_ONNX_FOLDEDWEIGHTS_H

#include "NodeView.h"

namespace serenity::onnxformat {

/// The order that makes 1HWO of OIHW, where I is 1.
inline constexpr int64_t kDepthwiseOrder[] = {1, 2, 3, 0};

/// The filter, with its dimensions in `order`, and the bias, null if there is
/// none, of `node`, a convolution, times and plus what a batch normalisation
/// folded into it says.
std::pair<mlir::Value, mlir::Value>
getConvWeights(mlir::OpBuilder &builder, const NodeView &node,
               llvm::ArrayRef<int64_t> order);

/// The filter, 1HWO with one row and column, and the bias of a depthwise
/// convolution that does what `node`, a batch normalisation, does.
std::pair<mlir::Value, mlir::Value>
getNormalizationWeights(mlir::OpBuilder &builder, const NodeView &node);

} // namespace serenity::onnxformat

#endif // SERENITY_LIB_TARGET_ONNX_FOLDEDWEIGHTS_H
