//===- ExportOperator.h - Operations as operators ---------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_TFLITE_EXPORTOPERATOR_H
#define SERENITY_LIB_TARGET_TFLITE_EXPORTOPERATOR_H

#include "ExportGraph.h"

namespace serenity::tflite {

/// The new operator that means the same as the structured operation `op`, whose
/// results are in `tensors`. Fails with a diagnostic if no kernel does.
mlir::FailureOr<ExportedOperator> exportOperator(mlir::Operation *op,
                                                 ExportTensors &tensors);

} // namespace serenity::tflite

#endif // SERENITY_LIB_TARGET_TFLITE_EXPORTOPERATOR_H
