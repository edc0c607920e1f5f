//===- ImportCommandLine.cpp - What all importers ask ---------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ImportCommandLine.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/ManagedStatic.h"

using namespace mlir;
using namespace serenity;

namespace {
enum class Weights { Elide, Keep };

struct ImportOptions {
  llvm::cl::OptionCategory category{"Import of networks"};
  llvm::cl::opt<Weights> weights{
      "weights", llvm::cl::desc("Contents of constants"),
      llvm::cl::values(
          clEnumValN(Weights::Elide, "elide", "left out (the default)"),
          clEnumValN(Weights::Keep, "keep", "kept as resources")),
      llvm::cl::init(Weights::Elide), llvm::cl::cat(category)};
  llvm::cl::opt<int64_t> batch{
      "batch", llvm::cl::desc("Batch size where the file leaves it open"),
      llvm::cl::cat(category)};
};
} // namespace

static llvm::ManagedStatic<ImportOptions> options;

void serenity::registerImportOptions() { *options; }

bool serenity::areWeightsKept() { return options->weights == Weights::Keep; }

std::optional<int64_t> serenity::getBatchOption() {
  if (options->batch.getNumOccurrences() == 0)
    return std::nullopt;
  return options->batch;
}

LogicalResult serenity::importAndPrint(
    llvm::SourceMgr &sources, llvm::raw_ostream &output,
    llvm::function_ref<OwningOpRef<ModuleOp>(llvm::MemoryBufferRef)> import) {
  const llvm::MemoryBuffer *file =
      sources.getMemoryBuffer(sources.getMainFileID());
  OwningOpRef<ModuleOp> module = import(file->getMemBufferRef());
  if (!module || failed(verify(*module)))
    return failure();
  module->print(output, OpPrintingFlags().enableDebugInfo());
  return success();
}
