//===- TensorTypes.h - Types of TFLite tensors ------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_TFLITE_TENSORTYPES_H
#define SERENITY_LIB_TARGET_TFLITE_TENSORTYPES_H

#include "ModelFile.h"
#include "mlir/IR/BuiltinTypes.h"
#include <optional>

namespace serenity::tflite {

/// How the sizes that a file leaves open are filled in.
struct BatchSize {
  /// Whether the file leaves dimension 0 of an input of the network open.
  bool isOpen = false;
  /// What to take for it; without it, the example in the file.
  std::optional<int64_t> size;
};

/// Finds out what `file` says of the batch. Fails with a diagnostic if `size`
/// is asked for, but is below 1 or not open.
mlir::FailureOr<BatchSize> findBatchSize(const ModelFile &file,
                                         std::optional<int64_t> size);

/// The type of tensor `index` of a subgraph: ranked, of known size, with a
/// quantised element type where the file gives scales and the stored integers
/// have at most 32 bits. `isConstant` says that its contents are in the file,
/// whose size is checked. Fails with a diagnostic on element types without a
/// fixed size, on sizes that are unknown, negative or beyond `int64_t`, and on
/// quantisation that does not match the shape.
mlir::FailureOr<mlir::RankedTensorType>
importTensorType(const ModelFile &file, int64_t subgraph, int64_t index,
                 bool isConstant, const BatchSize &batch);

/// The description of a tensor that importTensorType gives `type`, without a
/// name, in no buffer. Fails with a diagnostic at `loc` if there is none.
mlir::FailureOr<TensorT> exportTensorType(mlir::Location loc,
                                          mlir::RankedTensorType type);

} // namespace serenity::tflite

#endif // SERENITY_LIB_TARGET_TFLITE_TENSORTYPES_H
