//===- SerenityToLLVM.cpp - From kernels to the LLVM dialect --------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Conversion/SerenityToMemRef/SerenityToLLVM.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/LLVMIR/Transforms/RequestCWrappers.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "serenity/Conversion/Passes.h"

using namespace mlir;
using namespace serenity;

void serenity::buildMemRefToLLVMPipeline(OpPassManager &pm) {
  pm.addPass(createLowerAffinePass());
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(memref::createExpandStridedMetadataPass());
  // Expanding strides leaves affine.apply.
  pm.addPass(createLowerAffinePass());
  pm.addPass(arith::createArithExpandOpsPass());
  pm.addPass(createConvertVectorToLLVMPass());
  pm.addPass(createConvertMathToLLVMPass());
  pm.addPass(createConvertMathToLibmPass());
  FinalizeMemRefToLLVMConversionPassOptions memory;
  memory.useGenericFunctions = true;
  pm.addPass(createFinalizeMemRefToLLVMConversionPass(memory));
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createConvertIndexToLLVMPass());
  pm.addPass(createUBToLLVMConversionPass());
  pm.addPass(createConvertFuncToLLVMPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
}

void serenity::buildSerenityToLLVMPipeline(OpPassManager &pm) {
  pm.addPass(createConvertSerenityToMemRefPass());
  pm.addPass(LLVM::createLLVMRequestCWrappersPass());
  buildMemRefToLLVMPipeline(pm);
}

void serenity::registerSerenityToLLVMPipeline() {
  PassPipelineRegistration<>("serenity-to-llvm",
                             "Lower kernels to the LLVM dialect",
                             buildSerenityToLLVMPipeline);
}
