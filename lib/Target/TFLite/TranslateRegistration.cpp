//===- TranslateRegistration.cpp - Registers the translations -------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../ImportCommandLine.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"
#include "serenity/Target/TFLite/Export.h"
#include "serenity/Target/TFLite/Import.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace serenity;

//===----------------------------------------------------------------------===//
// Import
//===----------------------------------------------------------------------===//

/// Parses FIRST:LAST.
static std::optional<std::pair<int64_t, int64_t>> parseRange(StringRef text) {
  auto [first, last] = text.split(':');
  std::pair<int64_t, int64_t> range;
  if (first.getAsInteger(10, range.first) ||
      last.getAsInteger(10, range.second))
    return std::nullopt;
  return range;
}

void serenity::registerImportTFLite() {
  registerImportOptions();
  static llvm::cl::OptionCategory category("TFLite import");
  static llvm::cl::opt<std::string> operators(
      "operators",
      llvm::cl::desc("Import only these operators of the main subgraph"),
      llvm::cl::value_desc("FIRST:LAST"), llvm::cl::cat(category));

  static TranslateRegistration registration(
      "import-tflite", "Import a TFLite file",
      [](const std::shared_ptr<llvm::SourceMgr> &sources,
         llvm::raw_ostream &output, MLIRContext *context) -> LogicalResult {
        TFLiteImportOptions options;
        options.keepWeights = areWeightsKept();
        options.batch = getBatchOption();
        if (!operators.empty() && !(options.operators = parseRange(operators)))
          return emitError(UnknownLoc::get(context))
                 << "--operators: '" << operators << "' is not FIRST:LAST";
        return importAndPrint(*sources, output, [&](auto file) {
          return importTFLite(file, options, context);
        });
      });
}

//===----------------------------------------------------------------------===//
// Export
//===----------------------------------------------------------------------===//

/// Parses KERNEL:BYTES, where KERNEL may be a position.
static FailureOr<std::vector<KernelScratch>>
parseScratch(ArrayRef<std::string> entries, Location loc) {
  std::vector<KernelScratch> scratch;
  for (StringRef entry : entries) {
    auto [kernel, bytes] = entry.rsplit(':');
    KernelScratch parsed{kernel.str(), 0};
    if (kernel.empty() || bytes.getAsInteger(10, parsed.bytes) ||
        parsed.bytes < 0 || parsed.bytes > std::numeric_limits<int32_t>::max())
      return emitError(loc)
             << "--scratch: '" << entry << "' is not KERNEL:BYTES with 0 to "
             << std::numeric_limits<int32_t>::max() << " bytes";
    scratch.push_back(std::move(parsed));
  }
  return scratch;
}

/// Writes `text` to `path` under another name first, or to `output` if there is
/// no path.
static LogicalResult write(StringRef text, StringRef path,
                           llvm::raw_ostream &output, Location loc) {
  if (path.empty()) {
    output << text;
    return success();
  }
  llvm::Error error = llvm::writeToOutput(path, [&](llvm::raw_ostream &os) {
    os << text;
    return llvm::Error::success();
  });
  if (error)
    return emitError(loc) << path << ": " << llvm::toString(std::move(error));
  return success();
}

static LogicalResult exportAndWrite(ModuleOp module, StringRef basePath,
                                    const TFLiteExportOptions &options,
                                    StringRef path, llvm::raw_ostream &output) {
  module.getContext()->printOpOnDiagnostic(false);
  std::string error = "--base names the file that the module was imported from";
  std::unique_ptr<llvm::MemoryBuffer> base =
      basePath.empty() ? nullptr : openInputFile(basePath, &error);
  Location loc = UnknownLoc::get(module.getContext());
  if (!base)
    return emitError(loc) << error;
  FailureOr<ExportedTFLite> exported =
      exportTFLite(module, base->getMemBufferRef(), options);
  if (failed(exported) || failed(write(exported->file, path, output, loc)))
    return failure();
  const bool isProven = exported->arenaBytes == exported->lowerBoundBytes;
  emitRemark(loc) << "arena of " << exported->arenaBytes << " bytes, "
                  << (isProven ? "the least for this order" : "at least ")
                  << (isProven ? "" : std::to_string(exported->lowerBoundBytes))
                  << "; " << exported->numDropped << " operators dropped, "
                  << exported->numNew << " new";
  return success();
}

void serenity::registerExportTFLite() {
  static llvm::cl::OptionCategory category("TFLite export");
  static llvm::cl::opt<std::string> base(
      "base", llvm::cl::desc("File that the module was imported from"),
      llvm::cl::value_desc("FILE"), llvm::cl::cat(category));
  static llvm::cl::opt<std::string> path(
      "tflite-file", llvm::cl::desc("Where to write, instead of -o"),
      llvm::cl::value_desc("FILE"), llvm::cl::cat(category));
  static llvm::cl::opt<bool> toInt8(
      "int8", llvm::cl::desc("Turn uint8 tensors into int8 ones"),
      llvm::cl::cat(category));
  static llvm::cl::opt<bool> inPlace(
      "in-place", llvm::cl::desc("Let kernels write over inputs that die"),
      llvm::cl::cat(category));
  static llvm::cl::list<std::string> scratch(
      "scratch",
      llvm::cl::desc("Bytes to leave free while a kernel, named or by its "
                     "position in the base, runs"),
      llvm::cl::value_desc("KERNEL:BYTES,..."), llvm::cl::CommaSeparated,
      llvm::cl::cat(category));

  static TranslateFromMLIRRegistration registration(
      "export-tflite", "Export to a TFLite file with a plan of offsets",
      [](ModuleOp module, llvm::raw_ostream &output) -> LogicalResult {
        FailureOr<std::vector<KernelScratch>> room =
            parseScratch(scratch, UnknownLoc::get(module.getContext()));
        if (failed(room))
          return failure();
        return exportAndWrite(module, base, {toInt8, inPlace, *room}, path,
                              output);
      },
      [](DialectRegistry &registry) {
        registry
            .insert<func::FuncDialect, quant::QuantDialect, SerenityDialect>();
      });
}
