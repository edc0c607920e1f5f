//===- Import.h - From ONNX files to the serenity dialect -------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_TARGET_ONNX_IMPORT_H
#define SERENITY_TARGET_ONNX_IMPORT_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/MemoryBufferRef.h"
#include <optional>

namespace serenity {

struct ONNXImportOptions {
  /// Whether the contents of constants are kept, as resources; otherwise they
  /// are `serenity.weight`s without a payload.
  bool keepWeights = false;
  /// The size of dimension 0 of the inputs where the file leaves it open; 1
  /// without it. Asking for a batch in a file that leaves none open is an
  /// error.
  std::optional<int64_t> batch;
  /// Sizes of dimensions that the file names instead.
  std::vector<std::pair<std::string, int64_t>> dimensions;
};

/// Imports the ONNX file in `file`, whose name is the buffer's identifier;
/// contents in files of their own are looked for beside it.
///
/// The graph becomes one `func.func`. A node becomes a structured operation if
/// the dialect has one that means exactly the same, otherwise a `serenity.node`
/// with the operator's name; its location carries its index and the name of its
/// first output. What can be known before the network runs (constants, shapes
/// and arithmetic on them) becomes weights and attributes, a batch
/// normalisation after a convolution part of its weights.
///
/// Images, which ONNX stores as NCHW, are NHWC throughout; docs/ONNX.md says
/// which tensors are images and how that is recorded.
///
/// Fails with a diagnostic of one line, at the file's name, on a file that is
/// damaged or that contradicts itself, and on tensors whose size cannot be
/// known. Where a structured operation was to be expected but cannot be had, a
/// warning says why. The module returned is valid.
mlir::OwningOpRef<mlir::ModuleOp> importONNX(llvm::MemoryBufferRef file,
                                             const ONNXImportOptions &options,
                                             mlir::MLIRContext *context);

/// Registers `--import-onnx` and its options with mlir-translate's driver.
void registerImportONNX();

} // namespace serenity

#endif // SERENITY_TARGET_ONNX_IMPORT_H
