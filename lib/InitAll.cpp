//===- InitAll.cpp - Registers everything for an embedder -----------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/InitAll.h"

#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/IR/DialectRegistry.h"
#include "serenity/Conversion/Passes.h"
#include "serenity/Conversion/SerenityToMemRef/SerenityToLLVM.h"
#include "serenity/Dialect/Serenity/ExternalModels/ActivationMemoryModels.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"
#include "serenity/Dialect/Serenity/Transforms/Passes.h"
#include "serenity/Dialect/Serenity/Transforms/Pipeline.h"

using namespace serenity;

void serenity::registerAllDialects(mlir::DialectRegistry &registry) {
  registry.insert<SerenityDialect, mlir::quant::QuantDialect>();
}

void serenity::registerAllExtensions(mlir::DialectRegistry &registry) {
  registerActivationMemoryModels(registry);
}

void serenity::registerAllPasses() {
  registerSerenityPasses();
  registerSerenityConversionPasses();
  registerSerenityToLLVMPipeline();
  registerMemoryPipeline();
}
