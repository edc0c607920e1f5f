//===- MemoryModel.h - How a back end uses memory ---------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_ANALYSIS_MEMORYMODEL_H
#define SERENITY_ANALYSIS_MEMORYMODEL_H

#include "mlir/IR/Operation.h"
#include "serenity/Dialect/Serenity/IR/ActivationMemory.h"

namespace serenity {

/// How the back end that will run a block uses memory.
struct MemoryModel {
  ConcatModel concat = ConcatModel::Copy;
  /// Whether kernels that may overwrite an operand that dies do so.
  bool inPlace = false;
};

/// The names of `model` on command lines, in attributes and in reports.
llvm::StringRef toString(ConcatModel model);

/// Notes in attributes of `function` that its order was found under `model`.
void recordMemoryModel(mlir::Operation *function, const MemoryModel &model);

/// What `recordMemoryModel` noted; the default model for what it did not.
MemoryModel getRecordedMemoryModel(mlir::Operation *function);

} // namespace serenity

#endif // SERENITY_ANALYSIS_MEMORYMODEL_H
