//===- LowerToLLVM.h - From loops over memrefs to LLVM ----------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_EXECUTION_LOWERTOLLVM_H
#define SERENITY_LIB_EXECUTION_LOWERTOLLVM_H

#include "mlir/IR/BuiltinOps.h"

namespace serenity {

/// Lowers `module`, whose functions compute with memrefs, to the LLVM dialect.
/// Fails with a diagnostic if something cannot be lowered.
///
/// Memory comes from `_mlir_memref_to_llvm_alloc` and goes to
/// `_mlir_memref_to_llvm_free`, which are declared if they are called. A block
/// is asked for with the exact size of its memref if the memref wants no
/// alignment beyond `alignment`, which is what these functions must give.
llvm::LogicalResult lowerToLLVM(mlir::ModuleOp module, int64_t alignment);

/// Gives the function `name` of a lowered module, if it is declared there, a
/// body that calls `callee` with `context` and its own arguments. Both are
/// addresses in this process.
void defineCallback(mlir::ModuleOp module, llvm::StringRef name, void *callee,
                    void *context);

} // namespace serenity

#endif // SERENITY_LIB_EXECUTION_LOWERTOLLVM_H
