//===- StructuredOperator.h - Operators the dialect knows -------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_TFLITE_STRUCTUREDOPERATOR_H
#define SERENITY_LIB_TARGET_TFLITE_STRUCTUREDOPERATOR_H

#include "OperatorView.h"

namespace serenity::tflite {

/// Builds the structured operation that means the same as `op`. Fails if there
/// is none, having put into `reason` why not, unless the dialect simply has no
/// such operation.
mlir::FailureOr<mlir::Operation *> importStructured(mlir::OpBuilder &builder,
                                                    const OperatorView &op,
                                                    std::string &reason);

} // namespace serenity::tflite

#endif // SERENITY_LIB_TARGET_TFLITE_STRUCTUREDOPERATOR_H
