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

/// Adds the passes from functions of memrefs, loops, vectors and arithmetic to
/// the LLVM dialect. What they allocate comes from `_mlir_memref_to_llvm_alloc`
/// and goes to `_mlir_memref_to_llvm_free`, with the signatures of malloc and
/// free, which the embedder provides and may count.
void buildMemRefToLLVMPipeline(mlir::OpPassManager &pm);

/// Adds `convert-serenity-to-memref` and the passes above. Functions get a C
/// interface: `_mlir_ciface_` and their name, with pointers to the descriptors
/// of memrefs.
void buildSerenityToLLVMPipeline(mlir::OpPassManager &pm);

/// Registers the latter as `serenity-to-llvm`.
void registerSerenityToLLVMPipeline();

} // namespace serenity

#endif // SERENITY_CONVERSION_SERENITYTOMEMREF_SERENITYTOLLVM_H
