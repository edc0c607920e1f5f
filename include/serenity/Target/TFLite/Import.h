//===- Import.h - From TFLite files to the serenity dialect -----*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_TARGET_TFLITE_IMPORT_H
#define SERENITY_TARGET_TFLITE_IMPORT_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/MemoryBufferRef.h"
#include <optional>

namespace serenity {

struct TFLiteImportOptions {
  /// Whether the contents of constants are kept, as resources; otherwise they
  /// are `serenity.weight`s without a payload.
  bool keepWeights = false;
  /// The size of dimension 0 where the file leaves it open. Without it, the
  /// size that the file gives as an example is taken, if there is one. Asking
  /// for a batch in a file that leaves none open is an error.
  std::optional<int64_t> batch;
  /// Positions of the first and the last operator of the main subgraph to
  /// import, all without it. Tensors that come from outside the range become
  /// arguments, those that are used outside become results.
  std::optional<std::pair<int64_t, int64_t>> operators;
};

/// Imports the TFLite file in `file`, whose name is the buffer's identifier.
///
/// Every subgraph becomes a `func.func`, the first of them the network. An
/// operator becomes a structured operation if the dialect has one that means
/// exactly the same, otherwise a `serenity.node` with the operator's public
/// name; its location carries its index and the name of its first output.
/// Inputs of structured operations that only hold a shape or an axis become
/// attributes; other constants become `serenity.weight`s.
///
/// A node says what its operands cannot: `absent_inputs` are the positions of
/// optional inputs left out, `variables` describes the inputs and outputs that
/// are state and no activations, `callees` are the functions it calls.
///
/// Fails with a diagnostic of one line, at the file's name, on a file that is
/// damaged or that contradicts itself, and on tensors whose size cannot be
/// known. Where a structured operation was to be expected but cannot be had, a
/// warning says why. The module returned is valid.
mlir::OwningOpRef<mlir::ModuleOp>
importTFLite(llvm::MemoryBufferRef file, const TFLiteImportOptions &options,
             mlir::MLIRContext *context);

/// Registers `--import-tflite` and its options with mlir-translate's driver.
void registerImportTFLite();

} // namespace serenity

#endif // SERENITY_TARGET_TFLITE_IMPORT_H
