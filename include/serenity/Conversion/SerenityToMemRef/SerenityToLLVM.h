//===- SerenityToLLVM.h - From kernels to the LLVM dialect ------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_CONVERSION_SERENITYTOMEMREF_SERENITYTOLLVM_H
#define SERENITY_CONVERSION_SERENITYTOMEMREF_SERENITYTOLLVM_H

#include "mlir/Pass/PassManager.h"

namespace serenity {

/// Adds `convert-serenity-to-memref` and all that follows it up to the LLVM
/// dialect. Functions get a C interface (`_mlir_ciface_` and their name, with
/// pointers to memref descriptors). What code without a plan allocates comes
/// from `_mlir_memref_to_llvm_alloc` and goes to `_mlir_memref_to_llvm_free`,
/// with the signatures of malloc and free, which the embedder provides and
/// may count.
void buildSerenityToLLVMPipeline(mlir::OpPassManager &pm);

/// Registers that pipeline as `serenity-to-llvm`.
void registerSerenityToLLVMPipeline();

} // namespace serenity

#endif // SERENITY_CONVERSION_SERENITYTOMEMREF_SERENITYTOLLVM_H
