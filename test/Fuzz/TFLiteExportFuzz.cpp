//===- TFLiteExportFuzz.cpp - Any file is exported or a clear error -------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ImportFuzzSupport.h"
#include "OfflinePlan.h"
#include "serenity/Target/TFLite/Export.h"
#include "serenity/Target/TFLite/Import.h"

using namespace mlir;
using namespace serenity;

namespace {

/// A plan of offsets is one that TFLM would read, or there is a clear error.
void checkPlan(llvm::MemoryBufferRef file, MLIRContext &context) {
  const FailureOr<tflite::ModelFile> model =
      tflite::ModelFile::open(file, &context);
  if (succeeded(model))
    (void)tflite::readOfflinePlan(*model);
}

/// What was exported comes back, and is exported to the same plan.
void checkExported(const ExportedTFLite &exported, MLIRContext &context) {
  const llvm::MemoryBufferRef file(exported.file, "exported.tflite");
  require(exported.lowerBoundBytes <= exported.arenaBytes);
  OwningOpRef<ModuleOp> module = importTFLite(file, {}, &context);
  require(module.get());
  const FailureOr<ExportedTFLite> again = exportTFLite(*module, file, {});
  require(succeeded(again) && again->numDropped == 0 && again->numNew == 0 &&
          again->arenaBytes == exported.arenaBytes);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  MLIRContext &context = getContext();
  ScopedDiagnosticHandler handler(&context, [](Diagnostic &diagnostic) {
    require(isOneLine(diagnostic.str()));
    return success();
  });
  // Exporters and readers take files at any address; what is opened as it is
  // must be aligned.
  const auto copy = llvm::MemoryBuffer::getMemBufferCopy(
      llvm::StringRef(reinterpret_cast<const char *>(data), size),
      "fuzz.tflite");
  const llvm::MemoryBufferRef file = copy->getMemBufferRef();
  checkPlan(file, context);
  OwningOpRef<ModuleOp> module = importTFLite(file, {}, &context);
  if (!module)
    return 0;
  TFLiteExportOptions options;
  for (bool toInt8 : {false, true}) {
    options.toInt8 = options.inPlace = toInt8;
    const FailureOr<ExportedTFLite> exported =
        exportTFLite(*module, file, options);
    if (succeeded(exported) && !toInt8)
      checkExported(*exported, context);
  }
  return 0;
}
