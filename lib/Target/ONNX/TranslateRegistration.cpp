//===- TranslateRegistration.cpp - Registers the translations -------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../ImportCommandLine.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "serenity/Target/ONNX/Import.h"
#include "llvm/Support/CommandLine.h"

using namespace mlir;
using namespace serenity;

/// Parses NAME=SIZE.
static std::optional<std::pair<std::string, int64_t>>
parseDimension(StringRef text) {
  auto [name, size] = text.rsplit('=');
  std::pair<std::string, int64_t> dimension(name, 0);
  if (name.empty() || size.getAsInteger(10, dimension.second))
    return std::nullopt;
  return dimension;
}

void serenity::registerImportONNX() {
  registerImportOptions();
  static llvm::cl::OptionCategory category("ONNX import");
  static llvm::cl::list<std::string> dimensions(
      "dim",
      llvm::cl::desc("Size of a dimension that the file only names; may be "
                     "given for several"),
      llvm::cl::value_desc("NAME=SIZE"), llvm::cl::cat(category));

  static TranslateRegistration registration(
      "import-onnx", "Import an ONNX file",
      [](const std::shared_ptr<llvm::SourceMgr> &sources,
         llvm::raw_ostream &output, MLIRContext *context) -> LogicalResult {
        ONNXImportOptions options;
        options.keepWeights = areWeightsKept();
        options.batch = getBatchOption();
        for (const std::string &text : dimensions) {
          auto dimension = parseDimension(text);
          if (!dimension)
            return emitError(UnknownLoc::get(context))
                   << "--dim: '" << text << "' is not NAME=SIZE";
          options.dimensions.push_back(*dimension);
        }
        return importAndPrint(*sources, output, [&](auto file) {
          return importONNX(file, options, context);
        });
      });
}
