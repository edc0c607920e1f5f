//===- InitAll.h - Registers everything for an embedder ---------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_INITALL_H
#define SERENITY_INITALL_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace serenity {

/// Adds the dialect of the project to `registry`, and `quant`, whose types may
/// stand in a file before anything that would load it.
void registerAllDialects(mlir::DialectRegistry &registry);

/// Makes upstream's operations say how they use memory, whenever their dialect
/// is loaded.
void registerAllExtensions(mlir::DialectRegistry &registry);

/// Registers the passes of the project with the pass manager's command line.
void registerAllPasses();

/// Registers the translations of the project with mlir-translate's driver.
void registerAllTranslations();

} // namespace serenity

#endif // SERENITY_INITALL_H
