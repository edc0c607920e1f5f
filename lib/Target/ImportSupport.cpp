//===- ImportSupport.cpp - What importers share ---------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ImportSupport.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace serenity;

std::string serenity::quote(StringRef text) {
  constexpr size_t maxLength = 80;
  std::string result;
  llvm::raw_string_ostream os(result);
  os << '\'';
  llvm::printEscapedString(text.take_front(maxLength), os);
  os << (text.size() > maxLength ? "...'" : "'");
  return result;
}

static bool isValid(Operation *imported, std::string &reason) {
  ScopedDiagnosticHandler handler(
      imported->getContext(), [&](Diagnostic &diagnostic) {
        if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
          reason = diagnostic.str();
        return success();
      });
  return succeeded(verify(imported));
}

FailureOr<Operation *> serenity::keepIfValid(FailureOr<Operation *> imported,
                                             std::string &reason) {
  if (failed(imported) || isValid(*imported, reason))
    return imported;
  (*imported)->erase();
  return failure();
}
