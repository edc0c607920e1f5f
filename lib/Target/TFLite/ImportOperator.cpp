//===- ImportOperator.cpp - Operators as operations -----------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ImportOperator.h"
#include "OperatorView.h"
#include "StructuredOperator.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::tflite;

/// The indices of the subgraphs that `op` runs.
static SmallVector<int64_t> readCallees(const Operator &op) {
  if (const auto *call = op.builtin_options_as_CallOptions())
    return {call->subgraph()};
  if (const auto *branch = op.builtin_options_as_IfOptions())
    return {branch->then_subgraph_index(), branch->else_subgraph_index()};
  if (const auto *loop = op.builtin_options_as_WhileOptions())
    return {loop->cond_subgraph_index(), loop->body_subgraph_index()};
  if (const auto *once = op.builtin_options_as_CallOnceOptions())
    return {once->init_subgraph_index()};
  if (const auto *call = op.builtin_options_2_as_StablehloCustomCallOptions())
    return SmallVector<int64_t>(toArrayRef(call->called_computations()));
  if (const auto *reduce = op.builtin_options_2_as_StablehloReduceOptions())
    return {reduce->body_subgraph_index()};
  if (const auto *scatter = op.builtin_options_2_as_StablehloScatterOptions())
    return {scatter->update_computation_subgraph_index()};
  if (const auto *window =
          op.builtin_options_2_as_StablehloReduceWindowOptions())
    return {window->body_subgraph_index()};
  if (const auto *sort = op.builtin_options_2_as_StablehloSortOptions())
    return {sort->comparator_subgraph_index()};
  if (const auto *loop = op.builtin_options_2_as_StablehloWhileOptions())
    return {loop->cond_subgraph_index(), loop->body_subgraph_index()};
  if (const auto *part = op.builtin_options_2_as_StableHLOCompositeOptions())
    return {part->decomposition_subgraph_index()};
  return {};
}

/// The subgraphs that `op` runs, as symbols among `functions`.
static FailureOr<SmallVector<Attribute>>
importCallees(const OperatorView &op, ArrayRef<FlatSymbolRefAttr> functions) {
  SmallVector<Attribute> symbols;
  const int64_t numFunctions = functions.size();
  for (int64_t callee : readCallees(op.getOperator())) {
    if (callee < 0 || callee >= numFunctions)
      return op.getFile().emitError()
             << op.describe() << " calls subgraph " << callee
             << ", but the number of subgraphs is " << numFunctions;
    symbols.push_back(functions[callee]);
  }
  return symbols;
}

/// Whether the kernel of `op` keeps state that is no tensor.
static bool hasHiddenState(BuiltinOperator builtin) {
  switch (builtin) {
  case BuiltinOperator::RANDOM_STANDARD_NORMAL:
  case BuiltinOperator::RANDOM_UNIFORM:
  case BuiltinOperator::MULTINOMIAL:
    return true;
  default:
    return false;
  }
}

/// The positions of the optional inputs that are absent.
static SmallVector<int64_t> findAbsentInputs(const OperatorView &op) {
  SmallVector<int64_t> positions;
  for (size_t i = 0; i < op.getInputs().size(); ++i)
    if (!op.hasInput(i))
      positions.push_back(i);
  return positions;
}

/// The variables among `tensors`, the inputs or outputs, as `role` says.
static void describeVariables(const OperatorView &op, StringRef role,
                              ArrayRef<int32_t> tensors,
                              SmallVectorImpl<Attribute> &variables) {
  Builder builder(op.getFile().getContext());
  const Subgraph &graph = op.getGraph();
  for (auto [position, tensor] : llvm::enumerate(tensors)) {
    if (tensor < 0 || graph.hasValue(tensor))
      continue;
    variables.push_back(builder.getDictionaryAttr(
        {builder.getNamedAttr(role, builder.getI64IntegerAttr(position)),
         builder.getNamedAttr("name",
                              builder.getStringAttr(graph.getName(tensor))),
         builder.getNamedAttr("type", TypeAttr::get(graph.getType(tensor)))}));
  }
}

/// Any operator, as a kernel that is opaque but for its memory.
static FailureOr<Operation *>
importNode(OpBuilder &builder, const OperatorView &op,
           ArrayRef<FlatSymbolRefAttr> functions) {
  FailureOr<SmallVector<Attribute>> callees = importCallees(op, functions);
  if (failed(callees))
    return failure();
  // What is called may have state of its own, and without outputs only effects
  // are left to want an operator for.
  const bool isStateful = op.touchesVariables() || !callees->empty() ||
                          op.getOutputs().empty() ||
                          hasHiddenState(op.getBuiltin());
  auto node = NodeOp::create(builder, op.getLoc(), op.getResultTypes(),
                             op.getOperands(builder), op.getKernelName(),
                             /*scratch_bytes=*/0, isStateful);

  SmallVector<int64_t> absent = findAbsentInputs(op);
  SmallVector<Attribute> variables;
  describeVariables(op, "input", op.getInputs(), variables);
  describeVariables(op, "output", op.getOutputs(), variables);
  if (!absent.empty())
    node->setDiscardableAttr("absent_inputs",
                             builder.getDenseI64ArrayAttr(absent));
  if (!variables.empty())
    node->setDiscardableAttr("variables", builder.getArrayAttr(variables));
  if (!callees->empty())
    node->setDiscardableAttr("callees", builder.getArrayAttr(*callees));
  return node.getOperation();
}

LogicalResult tflite::importOperator(OpBuilder &builder, Subgraph &graph,
                                     int64_t index,
                                     ArrayRef<FlatSymbolRefAttr> functions) {
  const OperatorView op(graph, index);
  std::string reason;
  FailureOr<Operation *> imported = importStructured(builder, op, reason);
  if (failed(imported)) {
    if (!reason.empty())
      op.getFile().emitWarning()
          << op.describe() << " is imported as a node: " << reason;
    imported = importNode(builder, op, functions);
  }
  if (failed(imported))
    return failure();
  op.setResults((*imported)->getResults());
  return success();
}
