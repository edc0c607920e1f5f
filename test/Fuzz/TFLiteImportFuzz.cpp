//===- TFLiteImportFuzz.cpp - Any bytes are a network or a clear error ----===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FuzzSupport.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "serenity/Target/TFLite/Import.h"

using namespace mlir;
using namespace serenity;

namespace {

/// A context keeps every type and attribute it has seen, so it is replaced now
/// and then; making one for every input would take most of the time.
MLIRContext &getContext() {
  constexpr int inputsPerContext = 256;
  static std::unique_ptr<MLIRContext> context;
  static int numInputs = 0;
  if (numInputs++ % inputsPerContext == 0)
    context = std::make_unique<MLIRContext>(MLIRContext::Threading::DISABLED);
  return *context;
}

/// Imports `file`; the module is valid, or there is an error of one line.
OwningOpRef<ModuleOp> import(llvm::StringRef file,
                             const TFLiteImportOptions &options,
                             MLIRContext &context) {
  int numErrors = 0;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    require(isOneLine(diagnostic.str()));
    numErrors += diagnostic.getSeverity() == DiagnosticSeverity::Error;
    return success();
  });
  OwningOpRef<ModuleOp> module = importTFLite(
      llvm::MemoryBufferRef(file, "fuzz.tflite"), options, &context);
  require(numErrors == (module ? 0 : 1));
  require(!module || succeeded(verify(*module)));
  return module;
}

/// Prints `module` with its locations and parses that.
void checkRoundTrip(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream os(text);
  module->print(os, OpPrintingFlags().enableDebugInfo());
  require(parseSourceString<ModuleOp>(text, module.getContext()).get());
}

} // namespace

/// LLVM's allocators poison what they do not use when they are compiled here,
/// but not when they are compiled in MLIR's libraries; both share them.
extern "C" const char *__asan_default_options() {
  return "allow_user_poisoning=0";
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const llvm::StringRef file(reinterpret_cast<const char *>(data), size);
  MLIRContext &context = getContext();
  OwningOpRef<ModuleOp> module = import(file, {}, context);
  if (!module)
    return 0;
  checkRoundTrip(*module);
  TFLiteImportOptions others;
  others.keepWeights = true;
  others.operators = {0, 0};
  import(file, others, context);
  import(file, {false, /*batch=*/2, std::nullopt}, context);
  return 0;
}
