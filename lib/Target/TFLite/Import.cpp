//===- Import.cpp - From TFLite files to the serenity dialect -------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Target/TFLite/Import.h"
#include "ImportModel.h"
#include "ImportOperator.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::tflite;

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

namespace {
/// Some operators of a subgraph, one after the other, and the tensors that flow
/// in and out of them.
struct Range {
  int64_t first = 0;
  /// One beyond the last operator.
  int64_t end = 0;
  SmallVector<int32_t> arguments, results;
};
} // namespace

static Range getWholeRange(const Subgraph &graph) {
  return {0, graph.getNumOperators(),
          SmallVector<int32_t>(toArrayRef(graph.getGraph().inputs())),
          SmallVector<int32_t>(toArrayRef(graph.getGraph().outputs()))};
}

/// Marks in `tensors` the values among `list`.
static void markValues(const Subgraph &graph, ArrayRef<int32_t> list,
                       std::vector<bool> &tensors) {
  for (int32_t tensor : list)
    if (graph.hasValue(tensor))
      tensors[tensor] = true;
}

/// The range of operators from `first` to before `end`: what they read and do
/// not write are arguments, what they write and others read are results, both
/// in the order in which the operators name them.
static Range getPartialRange(const Subgraph &graph, int64_t first,
                             int64_t end) {
  std::vector<bool> wanted(sizeOf(graph.getGraph().tensors()));
  markValues(graph, toArrayRef(graph.getGraph().outputs()), wanted);
  for (int64_t i = end; i < graph.getNumOperators(); ++i)
    markValues(graph, toArrayRef(graph.getOperator(i).inputs()), wanted);

  llvm::SmallSetVector<int32_t, 8> arguments, written;
  for (int64_t i = first; i < end; ++i) {
    const Operator &op = graph.getOperator(i);
    for (int32_t tensor : toArrayRef(op.inputs()))
      if (graph.hasValue(tensor) && !written.contains(tensor) &&
          graph.getRole(tensor) != TensorRole::Constant)
        arguments.insert(tensor);
    for (int32_t tensor : toArrayRef(op.outputs()))
      if (graph.hasValue(tensor))
        written.insert(tensor);
  }
  Range range{first, end, arguments.takeVector(), {}};
  for (int32_t tensor : written)
    if (wanted[tensor])
      range.results.push_back(tensor);
  return range;
}

static FailureOr<Range>
findRange(const Subgraph &graph,
          const std::optional<std::pair<int64_t, int64_t>> &operators) {
  if (!operators)
    return getWholeRange(graph);
  auto [first, last] = *operators;
  if (first < 0 || first > last || last >= graph.getNumOperators())
    return graph.getFile().emitError()
           << "operators " << first << " to " << last
           << " are asked for, but the network has " << graph.getNumOperators();
  return getPartialRange(graph, first, last + 1);
}

static LogicalResult importTypes(Subgraph &graph, const Range &range,
                                 const BatchSize &batch) {
  if (failed(graph.importTypes(range.arguments, batch)) ||
      failed(graph.importTypes(range.results, batch)))
    return failure();
  for (int64_t i = range.first; i < range.end; ++i)
    if (failed(graph.importTypes(toArrayRef(graph.getOperator(i).inputs()),
                                 batch)) ||
        failed(graph.importTypes(toArrayRef(graph.getOperator(i).outputs()),
                                 batch)))
      return failure();
  return success();
}

/// An empty function with the arguments and results of `range`.
static func::FuncOp createFunction(OpBuilder &builder, Subgraph &graph,
                                   const Range &range,
                                   FlatSymbolRefAttr symbol) {
  auto getTypes = [&](ArrayRef<int32_t> tensors) {
    return llvm::map_to_vector(
        tensors, [&](int32_t tensor) -> Type { return graph.getType(tensor); });
  };
  auto function =
      func::FuncOp::create(builder, graph.getFile().getLoc(), symbol.getValue(),
                           builder.getFunctionType(getTypes(range.arguments),
                                                   getTypes(range.results)));
  Block *block = function.addEntryBlock();
  for (auto [tensor, argument] :
       llvm::zip_equal(range.arguments, block->getArguments())) {
    argument.setLoc(graph.getNameLoc(tensor));
    graph.setValue(tensor, argument);
  }
  return function;
}

static FailureOr<func::FuncOp>
importFunction(OpBuilder &builder, Subgraph &graph, const Range &range,
               ArrayRef<FlatSymbolRefAttr> functions) {
  OpBuilder::InsertionGuard guard(builder);
  func::FuncOp function =
      createFunction(builder, graph, range, functions[graph.getIndex()]);
  builder.setInsertionPointToStart(&function.front());
  for (int64_t i = range.first; i < range.end; ++i)
    if (failed(importOperator(builder, graph, i, functions)))
      return failure();
  SmallVector<Value> results;
  for (int32_t tensor : range.results)
    results.push_back(graph.getValue(builder, tensor));
  func::ReturnOp::create(builder, graph.getFile().getLoc(), results);
  return function;
}

//===----------------------------------------------------------------------===//
// The module
//===----------------------------------------------------------------------===//

/// Symbols for the subgraphs: their own names, made different from each other.
static SmallVector<FlatSymbolRefAttr> nameFunctions(const ModelFile &file) {
  llvm::StringSet<> taken;
  SmallVector<FlatSymbolRefAttr> symbols;
  for (int64_t i = 0; i < file.getNumSubgraphs(); ++i) {
    const flatbuffers::String *given = file.getSubgraph(i).name();
    std::string name = given && given->size() != 0 ? given->str()
                       : i == 0                    ? "main"
                                : "subgraph_" + std::to_string(i);
    while (!taken.insert(name).second)
      name += "_" + std::to_string(i);
    symbols.push_back(FlatSymbolRefAttr::get(file.getContext(), name));
  }
  return symbols;
}

FailureOr<std::vector<ImportedSubgraph>>
tflite::importModel(const ModelFile &file, const TFLiteImportOptions &options,
                    OpBuilder &builder) {
  if (file.getNumSubgraphs() == 0)
    return file.emitError() << "the file has no subgraph";
  FailureOr<BatchSize> batch = findBatchSize(file, options.batch);
  if (failed(batch))
    return failure();
  WeightStore weights(options.keepWeights);
  SmallVector<FlatSymbolRefAttr> functions = nameFunctions(file);
  std::vector<ImportedSubgraph> subgraphs;
  for (int64_t i = 0; i < file.getNumSubgraphs(); ++i) {
    FailureOr<std::vector<TensorRole>> roles = findTensorRoles(file, i);
    if (failed(roles))
      return failure();
    Subgraph graph(file, i, std::move(*roles), weights);
    FailureOr<Range> range =
        findRange(graph, i == 0 ? options.operators : std::nullopt);
    if (failed(range) || failed(importTypes(graph, *range, *batch)))
      return failure();
    FailureOr<func::FuncOp> function =
        importFunction(builder, graph, *range, functions);
    if (failed(function))
      return failure();
    subgraphs.push_back({*function, graph.takeValues()});
  }
  return subgraphs;
}

/// A copy of `file` at an address that suits FlatBuffers, if it is not at one.
static std::unique_ptr<llvm::MemoryBuffer>
copyUnlessAligned(llvm::MemoryBufferRef file) {
  const llvm::Align alignment(16);
  if (llvm::isAddrAligned(alignment, file.getBufferStart()))
    return nullptr;
  auto copy = llvm::WritableMemoryBuffer::getNewUninitMemBuffer(
      file.getBufferSize(), file.getBufferIdentifier(), alignment);
  llvm::copy(file.getBuffer(), copy->getBufferStart());
  return copy;
}

OwningOpRef<ModuleOp> serenity::importTFLite(llvm::MemoryBufferRef buffer,
                                             const TFLiteImportOptions &options,
                                             MLIRContext *context) {
  context
      ->loadDialect<func::FuncDialect, quant::QuantDialect, SerenityDialect>();
  std::unique_ptr<llvm::MemoryBuffer> copy = copyUnlessAligned(buffer);
  FailureOr<ModelFile> file =
      ModelFile::open(copy ? copy->getMemBufferRef() : buffer, context);
  if (failed(file))
    return {};
  OwningOpRef<ModuleOp> module = ModuleOp::create(file->getLoc());
  OpBuilder builder = OpBuilder::atBlockEnd(module->getBody());
  if (failed(importModel(*file, options, builder)))
    return {};
  return module;
}
