//===- TranslateRegistration.cpp - Registers the translations -------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/OperationSupport.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "serenity/Target/TFLite/Import.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace serenity;

/// Parses FIRST:LAST.
static std::optional<std::pair<int64_t, int64_t>> parseRange(StringRef text) {
  auto [first, last] = text.split(':');
  std::pair<int64_t, int64_t> range;
  if (first.getAsInteger(10, range.first) ||
      last.getAsInteger(10, range.second))
    return std::nullopt;
  return range;
}

/// Imports and prints with locations: without them, reports could not name the
/// operators of the file.
static LogicalResult importAndPrint(llvm::SourceMgr &sources,
                                    const TFLiteImportOptions &options,
                                    llvm::raw_ostream &output,
                                    MLIRContext *context) {
  const llvm::MemoryBuffer *file =
      sources.getMemoryBuffer(sources.getMainFileID());
  OwningOpRef<ModuleOp> module =
      importTFLite(file->getMemBufferRef(), options, context);
  if (!module || failed(verify(*module)))
    return failure();
  module->print(output, OpPrintingFlags().enableDebugInfo());
  return success();
}

void serenity::registerImportTFLite() {
  enum class Weights { Elide, Keep };
  static llvm::cl::OptionCategory category("TFLite import");
  static llvm::cl::opt<Weights> weights(
      "weights", llvm::cl::desc("Contents of constants"),
      llvm::cl::values(
          clEnumValN(Weights::Elide, "elide", "left out (the default)"),
          clEnumValN(Weights::Keep, "keep", "kept as resources")),
      llvm::cl::init(Weights::Elide), llvm::cl::cat(category));
  static llvm::cl::opt<int64_t> batch(
      "batch", llvm::cl::desc("Batch size where the file leaves it open"),
      llvm::cl::cat(category));
  static llvm::cl::opt<std::string> operators(
      "operators",
      llvm::cl::desc("Import only these operators of the main subgraph"),
      llvm::cl::value_desc("FIRST:LAST"), llvm::cl::cat(category));

  static TranslateRegistration registration(
      "import-tflite", "Import a TFLite file",
      [](const std::shared_ptr<llvm::SourceMgr> &sources,
         llvm::raw_ostream &output, MLIRContext *context) -> LogicalResult {
        TFLiteImportOptions options;
        options.keepWeights = weights == Weights::Keep;
        if (batch.getNumOccurrences() != 0)
          options.batch = batch;
        if (!operators.empty() && !(options.operators = parseRange(operators)))
          return emitError(UnknownLoc::get(context))
                 << "--operators: '" << operators << "' is not FIRST:LAST";
        return importAndPrint(*sources, options, output, context);
      });
}
