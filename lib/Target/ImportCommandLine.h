//===- ImportCommandLine.h - What all importers ask -------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_IMPORTCOMMANDLINE_H
#define SERENITY_LIB_TARGET_IMPORTCOMMANDLINE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/SourceMgr.h"
#include <optional>

namespace serenity {

/// Registers `--weights` and `--batch`, once however often it is called.
void registerImportOptions();

/// Whether `--weights=keep` was given.
bool areWeightsKept();

/// The number that `--batch` was given, if it was.
std::optional<int64_t> getBatchOption();

/// Reads the main file of `sources` by `import` and prints the module with
/// locations: without them, reports could not name the operators of the file.
mlir::LogicalResult importAndPrint(
    llvm::SourceMgr &sources, llvm::raw_ostream &output,
    llvm::function_ref<mlir::OwningOpRef<mlir::ModuleOp>(llvm::MemoryBufferRef)>
        import);

} // namespace serenity

#endif // SERENITY_LIB_TARGET_IMPORTCOMMANDLINE_H
