//===- ImportOperator.h - Operators as operations ---------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_TFLITE_IMPORTOPERATOR_H
#define SERENITY_LIB_TARGET_TFLITE_IMPORTOPERATOR_H

#include "Subgraph.h"
#include "mlir/IR/BuiltinAttributes.h"

namespace serenity::tflite {

/// Builds operator `index` of `graph`, whose tensors have types, and sets the
/// values of its outputs. `functions` are the symbols of the subgraphs. Fails
/// with a diagnostic if it calls a subgraph that does not exist.
mlir::LogicalResult
importOperator(mlir::OpBuilder &builder, Subgraph &graph, int64_t index,
               llvm::ArrayRef<mlir::FlatSymbolRefAttr> functions);

} // namespace serenity::tflite

#endif // SERENITY_LIB_TARGET_TFLITE_IMPORTOPERATOR_H
