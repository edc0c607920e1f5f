//===- ExportTestBase.h - Exports files in tests ----------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_TEST_TARGET_TFLITE_EXPORTTESTBASE_H
#define SERENITY_TEST_TARGET_TFLITE_EXPORTTESTBASE_H

#include "NetworkBuilder.h"
#include "TFLMSimulator.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "serenity/Dialect/Serenity/IR/OperatorLocation.h"
#include "serenity/Target/TFLite/Export.h"

#include <gmock/gmock.h>

namespace serenity::tflite {

/// The operation of operator `index` of a file.
inline mlir::Operation *getOperator(mlir::ModuleOp module, int64_t index) {
  mlir::Operation *found = nullptr;
  module.walk([&](mlir::Operation *op) {
    if (getOperatorIndex(op->getLoc()) == index)
      found = op;
  });
  return found;
}

inline ModelT unpack(const std::string &file) {
  ModelT model;
  GetModel(file.data())->UnPackTo(&model);
  return model;
}

/// The runtime finds the plan free of faults and takes the bytes planned.
inline void expectObeyed(const ExportedTFLite &exported) {
  TFLMSimulator runtime(exported.file);
  EXPECT_THAT(runtime.findFaults(), ::testing::IsEmpty());
  EXPECT_EQ(runtime.getHead(), exported.arenaBytes);
}

/// Exports files and keeps what was said.
class ExportTestBase : public ImportTest {
protected:
  std::optional<ExportedTFLite>
  exportTo(mlir::ModuleOp module, const std::string &base,
           const TFLiteExportOptions &options = {}) {
    messages.clear();
    mlir::ScopedDiagnosticHandler handler(
        &context, [&](mlir::Diagnostic &diagnostic) {
          messages.push_back(diagnostic.str());
          return mlir::success();
        });
    mlir::FailureOr<ExportedTFLite> exported = exportTFLite(
        module, llvm::MemoryBufferRef(base, "base.tflite"), options);
    if (mlir::failed(exported))
      return std::nullopt;
    return *exported;
  }

  mlir::OwningOpRef<mlir::ModuleOp> importWithWeights(const std::string &file) {
    TFLiteImportOptions options;
    options.keepWeights = true;
    return importFile(file, options);
  }

  /// Imports `base` and exports what was made of it by `change`.
  template <typename Change>
  std::optional<ExportedTFLite>
  exportChanged(const std::string &base, Change change,
                const TFLiteExportOptions &options = {}) {
    mlir::OwningOpRef<mlir::ModuleOp> module = importWithWeights(base);
    if (!module)
      return std::nullopt;
    change(*module);
    EXPECT_TRUE(mlir::succeeded(mlir::verify(*module)));
    return exportTo(*module, base, options);
  }
  std::optional<ExportedTFLite>
  exportSame(const std::string &base, const TFLiteExportOptions &options = {}) {
    return exportChanged(
        base, [](mlir::ModuleOp) {}, options);
  }
};

} // namespace serenity::tflite

#endif // SERENITY_TEST_TARGET_TFLITE_EXPORTTESTBASE_H
