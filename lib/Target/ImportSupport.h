//===- ImportSupport.h - What importers share -------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_IMPORTSUPPORT_H
#define SERENITY_LIB_TARGET_IMPORTSUPPORT_H

#include "mlir/IR/Operation.h"
#include <string>

namespace serenity {

/// `text` as it may appear in a diagnostic: quoted, on one line, no longer than
/// is useful.
std::string quote(llvm::StringRef text);

/// `imported`, if the dialect's verifier, which has the last word on what its
/// operations mean, accepts it. Erases it otherwise and fails; `reason` is what
/// the verifier said.
mlir::FailureOr<mlir::Operation *>
keepIfValid(mlir::FailureOr<mlir::Operation *> imported, std::string &reason);

} // namespace serenity

#endif // SERENITY_LIB_TARGET_IMPORTSUPPORT_H
