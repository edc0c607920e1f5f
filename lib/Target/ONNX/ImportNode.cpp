//===- ImportNode.cpp - Nodes as operations -------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ImportNode.h"
#include "NodeView.h"
#include "StructuredNode.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::onnxformat;

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

/// Whether a kernel draws random numbers.
static bool isRandom(StringRef kind) {
  return llvm::StringSwitch<bool>(kind)
      .Cases({"RandomNormal", "RandomNormalLike", "RandomUniform"}, true)
      .Cases({"RandomUniformLike", "Multinomial", "Bernoulli"}, true)
      .Default(false);
}

/// Whether `node` runs graphs of its own.
static bool hasGraphs(const ::onnx::NodeProto &node) {
  return llvm::any_of(node.attribute(), [](const auto &attribute) {
    return attribute.has_g() || attribute.graphs_size() != 0;
  });
}

/// Appends to `positions` where among the present ones of `values` images are.
static SmallVector<int64_t> findImages(const Graph &graph,
                                       ArrayRef<int64_t> values) {
  SmallVector<int64_t> positions;
  int64_t position = 0;
  for (int64_t value : values) {
    if (value < 0)
      continue;
    if (graph.isImage(value))
      positions.push_back(position);
    ++position;
  }
  return positions;
}

static void setPositions(Operation *op, StringRef name,
                         ArrayRef<int64_t> positions) {
  if (!positions.empty())
    op->setDiscardableAttr(name,
                           DenseI64ArrayAttr::get(op->getContext(), positions));
}

/// Any node, as a kernel that is opaque but for its memory.
static Operation *importOpaque(OpBuilder &builder, const NodeView &view) {
  const Node &node = view.getNode();
  Graph &graph = view.getGraph();
  SmallVector<int64_t> inputs(node.inputs), absent;
  for (auto [position, input] : llvm::enumerate(node.inputs))
    if (input < 0)
      absent.push_back(position);
  llvm::append_range(inputs, node.normalizers);
  llvm::append_range(inputs, node.captured);
  SmallVector<Value> operands;
  for (int64_t input : inputs)
    if (input >= 0)
      operands.push_back(graph.getValue(builder, input));
  const SmallVector<Type> types = view.getResultTypes();
  // Without outputs only effects are left to want a node for.
  const bool isStateful = types.empty() || isRandom(view.getOperator());
  auto op =
      NodeOp::create(builder, view.getLoc(), types, operands,
                     view.getKernelName(), /*scratch_bytes=*/0, isStateful);
  setPositions(op, "absent_inputs", absent);
  setPositions(op, "image_operands", findImages(graph, inputs));
  setPositions(op, "image_results", findImages(graph, node.outputs));
  return op;
}

//===----------------------------------------------------------------------===//
// Entry
//===----------------------------------------------------------------------===//

/// Whether `node` is a Transpose that changes nothing, because what the file
/// stores in different orders is stored in the same here.
static bool isUndone(const NodeView &node) {
  if (node.getOperator() != "Transpose" || !node.hasInput(0) ||
      !node.getNode().hasOutput(0) || node.isConstant(0))
    return false;
  const int64_t rank = node.getInputShape(0).size();
  SmallVector<int64_t> order(getIntegers(node.getProto(), "perm"));
  if (order.empty())
    for (int64_t dim = rank - 1; dim >= 0; --dim)
      order.push_back(dim);
  if (order.size() != node.getInputShape(0).size())
    return false;
  const auto dimensions = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  // Where the dimensions of the input, and those of the result, really are.
  const auto from = NodeView::reorder(dimensions, node.isImage(0));
  const auto to = NodeView::reorder(order, node.isResultImage());
  // A file can declare another shape for the result.
  return from == to && node.getGraph().getType(node.getNode().inputs[0]) ==
                           node.getResultType();
}

/// The structured operation for `node`, an opaque one if there is none.
static Operation *importOperation(OpBuilder &builder, const NodeView &node) {
  // What breaks the rules has had its warning.
  if (node.getNode().breaksRules)
    return importOpaque(builder, node);
  std::string reason;
  FailureOr<Operation *> imported = importStructured(builder, node, reason);
  if (succeeded(imported))
    return *imported;
  if (hasGraphs(node.getProto()))
    reason = "the memory of the graphs inside it is not counted";
  if (!reason.empty())
    node.getFile().emitWarning()
        << node.getFile().describeNode(node.getNode().index)
        << " is imported as a node: " << reason;
  return importOpaque(builder, node);
}

void onnxformat::importNode(OpBuilder &builder, Graph &graph,
                            const Node &node) {
  const NodeView view(graph, node);
  if (isUndone(view))
    graph.setValue(node.outputs[0], view.getInput(builder, 0));
  else
    view.setResults(importOperation(builder, view)->getResults());
}
