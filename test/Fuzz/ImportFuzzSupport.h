//===- ImportFuzzSupport.h - What every reader of files is asked *- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_TEST_FUZZ_IMPORTFUZZSUPPORT_H
#define SERENITY_TEST_FUZZ_IMPORTFUZZSUPPORT_H

#include "FuzzSupport.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"

/// LLVM's allocators poison what they do not use when they are compiled here,
/// but not when they are compiled in MLIR's libraries; both share them.
extern "C" const char *__asan_default_options() {
  return "allow_user_poisoning=0";
}

namespace serenity {

/// A context keeps every type and attribute it has seen, so it is replaced now
/// and then; making one for every input would take most of the time.
inline mlir::MLIRContext &getContext() {
  constexpr int inputsPerContext = 256;
  static std::unique_ptr<mlir::MLIRContext> context;
  static int numInputs = 0;
  if (numInputs++ % inputsPerContext == 0)
    context = std::make_unique<mlir::MLIRContext>(
        mlir::MLIRContext::Threading::DISABLED);
  return *context;
}

/// What `import` reads: the module is valid, or there is an error of one line.
inline mlir::OwningOpRef<mlir::ModuleOp>
checkImport(mlir::MLIRContext &context,
            llvm::function_ref<mlir::OwningOpRef<mlir::ModuleOp>()> import) {
  int numErrors = 0;
  mlir::ScopedDiagnosticHandler handler(
      &context, [&](mlir::Diagnostic &diagnostic) {
        require(isOneLine(diagnostic.str()));
        numErrors +=
            diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error;
        return mlir::success();
      });
  mlir::OwningOpRef<mlir::ModuleOp> module = import();
  require(numErrors == (module ? 0 : 1));
  require(!module || succeeded(mlir::verify(*module)));
  return module;
}

/// Prints `module` with its locations and parses that.
inline void checkRoundTrip(mlir::ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream os(text);
  module->print(os, mlir::OpPrintingFlags().enableDebugInfo());
  require(
      mlir::parseSourceString<mlir::ModuleOp>(text, module.getContext()).get());
}

} // namespace serenity

#endif // SERENITY_TEST_FUZZ_IMPORTFUZZSUPPORT_H
