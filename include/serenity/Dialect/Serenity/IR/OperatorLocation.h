//===- OperatorLocation.h - Where operations came from ----------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Locations of imported operations: the position of the operator in its file
// and the name of the tensor it writes, `fused<#serenity.operator<5>>["conv"]`.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_DIALECT_SERENITY_IR_OPERATORLOCATION_H
#define SERENITY_DIALECT_SERENITY_IR_OPERATORLOCATION_H

#include "mlir/IR/Location.h"
#include <optional>
#include <string>

namespace serenity {

/// The location of an operation imported from operator `index` of a file.
/// `tensorName` names its (first) result and may be empty. Loads the serenity
/// dialect, which must be registered or loadable in `context`.
mlir::Location getOperatorLocation(mlir::MLIRContext *context, int64_t index,
                                   llvm::StringRef tensorName);

/// The operator index that `location` carries, at whatever depth; the outermost
/// and leftmost if there are several, nothing if there is none.
std::optional<int64_t> getOperatorIndex(mlir::Location location);

/// The first name in `location`, outermost and leftmost; empty if there is
/// none.
std::string getLocationName(mlir::Location location);

} // namespace serenity

#endif // SERENITY_DIALECT_SERENITY_IR_OPERATORLOCATION_H
