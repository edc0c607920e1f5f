//===- EntryPoint.h - The function that is run ------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_EXECUTION_ENTRYPOINT_H
#define SERENITY_LIB_EXECUTION_ENTRYPOINT_H

#include "mlir/Interfaces/FunctionInterfaces.h"
#include "serenity/Execution/Program.h"

namespace serenity {

/// How a function of memrefs is called; `Program::compile` describes both ways.
struct EntryPoint {
  mlir::FunctionOpInterface function;
  /// What returns the inputs in the arena, if the function takes one.
  mlir::FunctionOpInterface inputs;
  /// Of the arena; nothing without one.
  std::optional<int64_t> arenaBytes;
  Signature signature;
};

/// The function `name` of `module`, which must have a body. Fails with a
/// diagnostic.
mlir::FailureOr<mlir::FunctionOpInterface> lookupEntry(mlir::ModuleOp module,
                                                       llvm::StringRef name);

/// What `function` takes and returns, as tensors or as memrefs. Fails with a
/// diagnostic on other types, element types that a host has no integer or float
/// for, and unknown sizes.
mlir::FailureOr<Signature> getSignature(mlir::FunctionOpInterface function);

/// Whether an argument or a result of `function` is a tensor.
bool isOnTensors(mlir::FunctionOpInterface function);

/// The entry point `name` of `module`, on memrefs. Fails with a diagnostic.
mlir::FailureOr<EntryPoint> getEntryPoint(mlir::ModuleOp module,
                                          llvm::StringRef name);

} // namespace serenity

#endif // SERENITY_LIB_EXECUTION_ENTRYPOINT_H
