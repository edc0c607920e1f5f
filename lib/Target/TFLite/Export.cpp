//===- Export.cpp - Back into a TFLite file -------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Target/TFLite/Export.h"
#include "ConvertToInt8.h"
#include "DataFlow.h"
#include "ExportWriter.h"
#include "OfflinePlan.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "serenity/Analysis/MemoryModel.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::tflite;

//===----------------------------------------------------------------------===//
// The graphs
//===----------------------------------------------------------------------===//

/// The function of `module` for the subgraph that became `original`.
static FailureOr<func::FuncOp> findFunction(ModuleOp module,
                                            func::FuncOp original) {
  auto function = module.lookupSymbol<func::FuncOp>(original.getSymName());
  if (!function || function.isExternal())
    return module.emitError()
           << "the module has no function '" << original.getSymName()
           << "' for the subgraph of the base file";
  const MemoryModel model = getRecordedMemoryModel(function);
  if (model.concat != ConcatModel::Copy)
    function.emitWarning() << "ordered for the concat model '"
                           << toString(model.concat)
                           << "', but TFLite runtimes copy";
  return function;
}

/// Imports `base` into `module` as it was imported before, without the warnings
/// that were given then.
static FailureOr<std::vector<ImportedSubgraph>>
importAgain(const ModelFile &base, ModuleOp module) {
  ScopedDiagnosticHandler handler(
      base.getContext(), [](Diagnostic &diagnostic) {
        return success(diagnostic.getSeverity() == DiagnosticSeverity::Warning);
      });
  TFLiteImportOptions options;
  options.keepWeights = true;
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  return importModel(base, options, builder);
}

/// Finds what the functions of `module` are in `base`.
static FailureOr<std::vector<ExportedGraph>>
findExportedGraphs(ModuleOp module, const ModelFile &base) {
  OwningOpRef<ModuleOp> original = ModuleOp::create(base.getLoc());
  FailureOr<std::vector<ImportedSubgraph>> subgraphs =
      importAgain(base, *original);
  if (failed(subgraphs))
    return failure();
  std::vector<ExportedGraph> graphs;
  for (auto [index, subgraph] : llvm::enumerate(*subgraphs)) {
    FailureOr<func::FuncOp> function = findFunction(module, subgraph.function);
    if (failed(function))
      return failure();
    FailureOr<ExportedGraph> graph =
        findExportedGraph(base, index, subgraph, *function);
    if (failed(graph))
      return failure();
    graphs.push_back(std::move(*graph));
  }
  return graphs;
}

//===----------------------------------------------------------------------===//
// The plan
//===----------------------------------------------------------------------===//

/// The bytes to leave free for operator `index` of `file`, which came from
/// operator `source` of the base.
static int64_t findScratch(const ModelFile &file, int64_t index,
                           std::optional<int64_t> source,
                           ArrayRef<KernelScratch> scratch) {
  const Operator &op = *file.getSubgraph(0).operators()->Get(index);
  auto find = [&](StringRef name) {
    return llvm::find_if(scratch, [&](const KernelScratch &entry) {
      return entry.kernel == name;
    });
  };
  auto entry = source ? find(std::to_string(*source)) : scratch.end();
  if (entry == scratch.end())
    entry = find(file.getKernelName(op));
  return entry == scratch.end() ? 0 : entry->bytes;
}

/// Warns of scratch for kernels that nothing runs.
static void checkScratch(const ModelFile &file, const ExportedGraph &graph,
                         ArrayRef<KernelScratch> scratch) {
  llvm::StringSet<> known;
  for (auto [index, op] : llvm::enumerate(graph.operators)) {
    known.insert(
        file.getKernelName(*file.getSubgraph(0).operators()->Get(index)));
    if (op.source)
      known.insert(std::to_string(*op.source));
  }
  for (const KernelScratch &entry : scratch)
    if (!known.contains(entry.kernel))
      file.emitWarning() << "no operator of the file is '" << entry.kernel
                         << "', for which scratch is asked";
}

static PlanRequest makeRequest(const ModelFile &file, ExportedGraph graph,
                               const TFLiteExportOptions &options) {
  checkScratch(file, graph, options.scratch);
  PlanRequest request;
  request.offsets = std::move(graph.offsets);
  if (options.inPlace)
    request.inPlacePairs = std::move(graph.inPlacePairs);
  for (auto [index, op] : llvm::enumerate(graph.operators))
    request.scratchBytes.push_back(
        findScratch(file, index, op.source, options.scratch));
  return request;
}

//===----------------------------------------------------------------------===//
// Entry
//===----------------------------------------------------------------------===//

/// A copy of `file` that may be written, at an address that suits FlatBuffers.
static std::unique_ptr<llvm::WritableMemoryBuffer>
copyFile(llvm::MemoryBufferRef file) {
  auto copy = llvm::WritableMemoryBuffer::getNewUninitMemBuffer(
      file.getBufferSize(), file.getBufferIdentifier(), llvm::Align(16));
  llvm::copy(file.getBuffer(), copy->getBufferStart());
  return copy;
}

/// Opens what was written, with all checks that a file from elsewhere must
/// pass.
static FailureOr<ModelFile> openWritten(const llvm::MemoryBuffer &file,
                                        MLIRContext *context) {
  FailureOr<ModelFile> model = ModelFile::open(file.getMemBufferRef(), context);
  for (int64_t i = 0; succeeded(model) && i < model->getNumSubgraphs(); ++i)
    if (failed(findTensorRoles(*model, i)))
      return failure();
  return model;
}

static void countOperators(const ModelFile &base,
                           ArrayRef<ExportedGraph> graphs,
                           ExportedTFLite &exported) {
  for (auto [subgraph, graph] : llvm::enumerate(graphs)) {
    const int64_t numNew = llvm::count_if(
        graph.operators, [](const ExportedOperator &op) { return op.isNew; });
    const int64_t numKept = graph.operators.size() - numNew;
    exported.numNew += numNew;
    exported.numDropped +=
        sizeOf(base.getSubgraph(subgraph).operators()) - numKept;
  }
}

/// Puts the plan of offsets into the file in `bytes`, which has an empty one,
/// after converting it if that is asked for.
static FailureOr<core::ArenaPlan> finish(llvm::WritableMemoryBuffer &bytes,
                                         ExportedGraph graph,
                                         const TFLiteExportOptions &options,
                                         MLIRContext *context) {
  FailureOr<ModelFile> file = openWritten(bytes, context);
  if (succeeded(file) && options.toInt8) {
    // In a damaged base, contents may be anywhere.
    if (failed(convertToInt8(*file, bytes.getBuffer())))
      return failure();
    file = openWritten(bytes, context);
  }
  if (failed(file))
    return failure();
  FailureOr<core::ArenaPlan> plan = planOffline(
      *file, bytes.getBuffer(), makeRequest(*file, std::move(graph), options));
  if (failed(plan) || failed(openWritten(bytes, context)))
    return failure();
  return plan;
}

FailureOr<ExportedTFLite>
serenity::exportTFLite(ModuleOp module, llvm::MemoryBufferRef base,
                       const TFLiteExportOptions &options) {
  MLIRContext *context = module.getContext();
  context
      ->loadDialect<func::FuncDialect, quant::QuantDialect, SerenityDialect>();
  std::unique_ptr<llvm::WritableMemoryBuffer> bytes = copyFile(base);
  FailureOr<ModelFile> file = ModelFile::open(*bytes, context);
  if (failed(file))
    return failure();
  FailureOr<std::vector<ExportedGraph>> graphs =
      findExportedGraphs(module, *file);
  if (failed(graphs))
    return failure();
  ExportedTFLite exported;
  countOperators(*file, *graphs, exported);
  FailureOr<std::string> text = writeFile(*file, bytes->getBuffer(), *graphs);
  if (failed(text))
    return failure();
  std::unique_ptr<llvm::WritableMemoryBuffer> result =
      copyFile(llvm::MemoryBufferRef(*text, base.getBufferIdentifier()));
  FailureOr<core::ArenaPlan> plan =
      finish(*result, std::move(graphs->front()), options, context);
  if (failed(plan))
    return failure();
  exported.file.assign(result->getBufferStart(), result->getBufferSize());
  exported.arenaBytes = plan->arenaBytes;
  exported.lowerBoundBytes = plan->lowerBoundBytes;
  return exported;
}
