//===- ONNXImportFuzz.cpp - Any bytes are a network or a clear error ------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ImportFuzzSupport.h"
#include "serenity/Target/ONNX/Import.h"

using namespace mlir;
using namespace serenity;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const llvm::StringRef bytes(reinterpret_cast<const char *>(data), size);
  // No contents lie beside a file in a folder that is not there.
  const llvm::MemoryBufferRef file(bytes, "nowhere/fuzz.onnx");
  MLIRContext &context = getContext();
  auto import = [&](const ONNXImportOptions &options) {
    return checkImport(context,
                       [&] { return importONNX(file, options, &context); });
  };
  OwningOpRef<ModuleOp> module = import({});
  if (!module)
    return 0;
  checkRoundTrip(*module);
  import({/*keepWeights=*/true, std::nullopt, {}});
  import({false, /*batch=*/2, {}});
  return 0;
}
