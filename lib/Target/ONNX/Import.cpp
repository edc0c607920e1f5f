//===- Import.cpp - From ONNX files to the serenity dialect ---------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Target/ONNX/Import.h"
#include "ImportNode.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::onnxformat;

/// An empty function with the inputs and outputs of the network.
static func::FuncOp createFunction(OpBuilder &builder, Graph &graph) {
  const Network &network = graph.getNetwork();
  auto getTypes = [&](ArrayRef<int64_t> values) {
    return llvm::map_to_vector(
        values, [&](int64_t value) -> Type { return graph.getType(value); });
  };
  const std::string &name = graph.getFile().getGraph().name();
  auto function =
      func::FuncOp::create(builder, graph.getFile().getLoc(),
                           name.empty() ? "main" : StringRef(name),
                           builder.getFunctionType(getTypes(network.inputs),
                                                   getTypes(network.outputs)));
  Block *block = function.addEntryBlock();
  for (auto [value, argument] :
       llvm::zip_equal(network.inputs, block->getArguments())) {
    argument.setLoc(graph.getNameLoc(value));
    graph.setValue(value, argument);
  }
  return function;
}

/// Says which arguments and results the file stores in another order.
static void recordLayouts(func::FuncOp function, const Graph &graph) {
  const Network &network = graph.getNetwork();
  auto layout = StringAttr::get(function.getContext(), "NCHW");
  for (auto [number, value] : llvm::enumerate(network.inputs))
    if (graph.isImage(value))
      function.setArgAttr(number, "serenity.source_layout", layout);
  for (auto [number, value] : llvm::enumerate(network.outputs))
    if (graph.isImage(value))
      function.setResultAttr(number, "serenity.source_layout", layout);
}

static void importFunction(OpBuilder &builder, Graph &graph) {
  func::FuncOp function = createFunction(builder, graph);
  recordLayouts(function, graph);
  builder.setInsertionPointToStart(&function.front());
  for (const Node &node : graph.getNetwork().nodes)
    importNode(builder, graph, node);
  SmallVector<Value> results;
  for (int64_t value : graph.getNetwork().outputs)
    results.push_back(graph.getValue(builder, value));
  func::ReturnOp::create(builder, graph.getFile().getLoc(), results);
}

OwningOpRef<ModuleOp> serenity::importONNX(llvm::MemoryBufferRef buffer,
                                           const ONNXImportOptions &options,
                                           MLIRContext *context) {
  context->loadDialect<func::FuncDialect, SerenityDialect>();
  FailureOr<ModelFile> file = ModelFile::open(buffer, context);
  if (failed(file))
    return {};
  FailureOr<Network> network = readNetwork(*file, options);
  if (failed(network))
    return {};
  foldNormalizations(*network);
  Graph graph(*file, *network, options.keepWeights);
  if (failed(graph.readContents()))
    return {};
  OwningOpRef<ModuleOp> module = ModuleOp::create(file->getLoc());
  OpBuilder builder = OpBuilder::atBlockEnd(module->getBody());
  importFunction(builder, graph);
  return module;
}
