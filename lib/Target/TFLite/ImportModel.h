//===- ImportModel.h - A file as functions ----------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_TFLITE_IMPORTMODEL_H
#define SERENITY_LIB_TARGET_TFLITE_IMPORTMODEL_H

#include "ModelFile.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "serenity/Target/TFLite/Import.h"
#include <vector>

namespace serenity::tflite {

/// A subgraph that became a function.
struct ImportedSubgraph {
  mlir::func::FuncOp function;
  /// The value of each tensor, null for those that have none.
  std::vector<mlir::Value> values;
};

/// Builds a function for each subgraph of `file`, in this order, as
/// importTFLite describes it. Fails with a diagnostic.
mlir::FailureOr<std::vector<ImportedSubgraph>>
importModel(const ModelFile &file, const TFLiteImportOptions &options,
            mlir::OpBuilder &builder);

} // namespace serenity::tflite

#endif // SERENITY_LIB_TARGET_TFLITE_IMPORTMODEL_H
