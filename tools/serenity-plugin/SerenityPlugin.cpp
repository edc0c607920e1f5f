//===- SerenityPlugin.cpp - Serenity inside a stock mlir-opt --------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One module with both of mlir-opt's entry points: --load-dialect-plugin for
// the dialect and the models of upstream's operations, --load-pass-plugin for
// the passes.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/Plugins/DialectPlugin.h"
#include "mlir/Tools/Plugins/PassPlugin.h"
#include "serenity/InitAll.h"

static void registerDialects(mlir::DialectRegistry *registry) {
  serenity::registerAllDialects(*registry);
  serenity::registerAllExtensions(*registry);
}

extern "C" LLVM_ATTRIBUTE_WEAK mlir::DialectPluginLibraryInfo
mlirGetDialectPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "Serenity", SERENITY_VERSION,
          registerDialects};
}

extern "C" LLVM_ATTRIBUTE_WEAK mlir::PassPluginLibraryInfo
mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "Serenity", SERENITY_VERSION,
          serenity::registerAllPasses};
}
