//===- InitTranslations.cpp - Registers the file formats ------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In a file of its own, so that a tool that reads no files of other formats
// does not load their libraries.
//
//===----------------------------------------------------------------------===//

#include "serenity/InitAll.h"
#include "serenity/Target/ONNX/Import.h"
#include "serenity/Target/TFLite/Export.h"
#include "serenity/Target/TFLite/Import.h"

using namespace serenity;

void serenity::registerAllTranslations() {
  registerImportONNX();
  registerImportTFLite();
  registerExportTFLite();
}
