//===- InitAll.h - Registers everything for an embedder ---------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_INITALL_H
#define SERENITY_INITALL_H

#include "mlir/IR/DialectRegistry.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"

namespace serenity {

/// Adds the dialects of the project to `registry`.
inline void registerAllDialects(mlir::DialectRegistry &registry) {
  registry.insert<SerenityDialect>();
}

} // namespace serenity

#endif // SERENITY_INITALL_H
