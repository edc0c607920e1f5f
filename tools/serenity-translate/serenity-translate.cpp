//===- serenity-translate.cpp - Reads and writes networks -----------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"
#include "serenity/InitAll.h"

/// What every tool of the project returns on bad input.
static constexpr int kBadInput = 2;

int main(int argc, char **argv) {
  serenity::registerAllTranslations();
  return llvm::succeeded(
             mlir::mlirTranslateMain(argc, argv, "serenity translation driver"))
             ? 0
             : kBadInput;
}
