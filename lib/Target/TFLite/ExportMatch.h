//===- ExportMatch.h - Operations that a base file has ----------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_TFLITE_EXPORTMATCH_H
#define SERENITY_LIB_TARGET_TFLITE_EXPORTMATCH_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseMap.h"

namespace serenity::tflite {

/// Operations of a function, each with the operation of the original that it
/// is.
using OperationMatch = llvm::DenseMap<mlir::Operation *, mlir::Operation *>;

/// Finds the operations of `function` that do what an operation of `original`
/// does, which was imported with weights and locations.
///
/// Operations are known by the operator in their location: the first one with
/// this location that has the same kind, parameters, types and weights is the
/// same. Where the function has no such locations, because its text was printed
/// without them, operations are known by what they compute from which operands
/// and by who uses it. That is only safe if all are found or all weights have
/// their contents; it fails with a diagnostic otherwise.
mlir::FailureOr<OperationMatch> matchOperations(mlir::func::FuncOp function,
                                                mlir::func::FuncOp original);

} // namespace serenity::tflite

#endif // SERENITY_LIB_TARGET_TFLITE_EXPORTMATCH_H
