//===- TFLiteImportFuzz.cpp - Any bytes are a network or a clear error ----===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ImportFuzzSupport.h"
#include "serenity/Target/TFLite/Import.h"

using namespace mlir;
using namespace serenity;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const llvm::StringRef bytes(reinterpret_cast<const char *>(data), size);
  const llvm::MemoryBufferRef file(bytes, "fuzz.tflite");
  MLIRContext &context = getContext();
  auto import = [&](const TFLiteImportOptions &options) {
    return checkImport(context,
                       [&] { return importTFLite(file, options, &context); });
  };
  OwningOpRef<ModuleOp> module = import({});
  if (!module)
    return 0;
  checkRoundTrip(*module);
  TFLiteImportOptions others;
  others.keepWeights = true;
  others.operators = {0, 0};
  import(others);
  import({false, /*batch=*/2, std::nullopt});
  return 0;
}
