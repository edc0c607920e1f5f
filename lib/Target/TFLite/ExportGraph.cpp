//===- ExportGraph.cpp - A function as a subgraph -------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExportGraph.h"
#include "ExportMatch.h"
#include "ExportOperator.h"
#include "serenity/Analysis/ActivationMemory.h"
#include "serenity/Dialect/Serenity/IR/OperatorLocation.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::tflite;

namespace {
/// Works on one function.
class GraphFinder {
public:
  GraphFinder(const ModelFile &base, int64_t subgraph,
              const ImportedSubgraph &original, func::FuncOp function)
      : base(base), subgraph(subgraph), graph(base.getSubgraph(subgraph)),
        original(original.function), function(function),
        tensors(base, subgraph, original) {}

  FailureOr<ExportedGraph> run();

private:
  LogicalResult checkOperations();
  void indexOriginal();
  LogicalResult assignArguments();
  LogicalResult assignReturned();
  LogicalResult assignReturned(OpOperand &operand, Value output,
                               int32_t tensor);
  LogicalResult assignSame();
  LogicalResult assignNew();
  std::optional<int32_t> findReplaced(Operation *op) const;
  LogicalResult addOperators();
  ExportedOperator exportSame(Operation *op, Operation *source) const;
  void replaceInputs(Operation *op, Operation *source,
                     std::vector<int32_t> &inputs) const;
  void readOffsets();
  void findInPlacePairs();

  /// The original operation at a position in the base file, if there is one.
  Operation *getOriginal(std::optional<int64_t> index) const {
    const int64_t numOperators = originals.size();
    return index && *index < numOperators ? originals[*index] : nullptr;
  }
  /// The operations in their order, without weights.
  auto getOperations() {
    return llvm::make_filter_range(
        function.front().without_terminator(),
        [](Operation &op) { return !isa<WeightOp>(op); });
  }

  const ModelFile &base;
  int64_t subgraph;
  const SubGraph &graph;
  func::FuncOp original, function;
  ExportTensors tensors;
  /// Operations of the original by their positions in the file.
  std::vector<Operation *> originals;
  /// Operations of the function that the base has, and what they are there.
  OperationMatch same;
  ExportedGraph result;
};
} // namespace

FailureOr<ExportedGraph> GraphFinder::run() {
  if (failed(checkOperations()))
    return failure();
  indexOriginal();
  FailureOr<OperationMatch> match = matchOperations(function, original);
  if (failed(match))
    return failure();
  same = std::move(*match);
  if (failed(assignArguments()) || failed(assignReturned()) ||
      failed(assignSame()) || failed(assignNew()) || failed(addOperators()))
    return failure();
  readOffsets();
  findInPlacePairs();
  result.newTensors = tensors.takeNewTensors();
  return std::move(result);
}

LogicalResult GraphFinder::checkOperations() {
  if (!function.getBody().hasOneBlock())
    return function.emitError()
           << "has " << function.getBody().getBlocks().size()
           << " blocks, but a subgraph has one";
  for (Operation &op : getOperations())
    if (op.getNumRegions() != 0 ||
        !isa_and_nonnull<SerenityDialect>(op.getDialect()))
      return op.emitOpError("has no counterpart in a TFLite file");
  return success();
}

void GraphFinder::indexOriginal() {
  originals.resize(sizeOf(graph.operators()));
  for (Operation &op : original.front())
    if (std::optional<int64_t> index = getOperatorIndex(op.getLoc()))
      originals[*index] = &op;
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

LogicalResult GraphFinder::assignArguments() {
  if (function.getNumArguments() != original.getNumArguments())
    return function.emitError() << "has " << function.getNumArguments()
                                << " arguments, but the base file has "
                                << original.getNumArguments() << " inputs";
  for (auto [argument, input] :
       llvm::zip_equal(function.getArguments(), original.getArguments())) {
    if (argument.getType() != input.getType())
      return function.emitError()
             << "argument " << argument.getArgNumber() << " has the type "
             << argument.getType() << ", but the input of the base file "
             << input.getType();
    if (failed(tensors.assign(argument, tensors.getBaseTensor(input))))
      return failure();
  }
  return success();
}

/// What is returned goes to the outputs of the base, whatever computes it now:
/// callers and signatures know them by their positions.
LogicalResult GraphFinder::assignReturned() {
  Operation *terminator = function.front().getTerminator();
  OperandRange outputs = original.front().getTerminator()->getOperands();
  if (terminator->getNumOperands() != outputs.size())
    return terminator->emitOpError() << "has " << terminator->getNumOperands()
                                     << " operands, but the base file has "
                                     << outputs.size() << " outputs";
  for (auto [operand, output, tensor] : llvm::zip_equal(
           terminator->getOpOperands(), outputs, toArrayRef(graph.outputs())))
    if (failed(assignReturned(operand, output, tensor)))
      return failure();
  return success();
}

LogicalResult GraphFinder::assignReturned(OpOperand &operand, Value output,
                                          int32_t tensor) {
  auto emitError = [&] {
    return operand.getOwner()->emitOpError()
           << "operand " << operand.getOperandNumber() << " ";
  };
  Value value = operand.get();
  if (value.getType() != output.getType())
    return emitError() << "has the type " << value.getType()
                       << ", but the output of the base file "
                       << output.getType();
  auto weight = value.getDefiningOp<WeightOp>();
  auto constant = output.getDefiningOp<WeightOp>();
  const std::optional<int32_t> present = tensors.find(value);
  if (weight ? constant && mayStandFor(weight, constant) : present == tensor)
    return success();
  if (weight || present)
    return emitError() << "is not computed into "
                       << base.describeTensor(subgraph, tensor)
                       << ", the output of the base file";
  return tensors.assign(value, tensor);
}

LogicalResult GraphFinder::assignSame() {
  for (Operation &op : getOperations()) {
    Operation *source = same.lookup(&op);
    if (!source)
      continue;
    for (auto [value, output] :
         llvm::zip_equal(op.getResults(), source->getResults()))
      if (!tensors.find(value) &&
          failed(tensors.assign(value, tensors.getBaseTensor(output))))
        return failure();
  }
  return success();
}

/// The tensor of the base that the one result of the new operation `op` may
/// have: that of the operator it came from, if nothing else has taken it.
std::optional<int32_t> GraphFinder::findReplaced(Operation *op) const {
  Operation *source = getOriginal(getOperatorIndex(op->getLoc()));
  if (!source || source->getNumResults() != 1 || op->getNumResults() != 1 ||
      source->getResult(0).getType() != op->getResult(0).getType())
    return std::nullopt;
  const int32_t tensor = tensors.getBaseTensor(source->getResult(0));
  return tensors.isTaken(tensor) ? std::nullopt : std::optional(tensor);
}

LogicalResult GraphFinder::assignNew() {
  for (Operation &op : getOperations())
    for (OpResult value : op.getResults()) {
      if (tensors.find(value))
        continue;
      const std::optional<int32_t> replaced = findReplaced(&op);
      if (failed(replaced ? tensors.assign(value, *replaced)
                          : tensors.assignNew(value)))
        return failure();
    }
  return success();
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

LogicalResult GraphFinder::addOperators() {
  for (Operation &op : getOperations()) {
    Operation *source = same.lookup(&op);
    FailureOr<ExportedOperator> exported =
        source ? exportSame(&op, source) : exportOperator(&op, tensors);
    if (failed(exported))
      return failure();
    exported->source = getOperatorIndex((source ? source : &op)->getLoc());
    result.operators.push_back(std::move(*exported));
  }
  return success();
}

ExportedOperator GraphFinder::exportSame(Operation *op,
                                         Operation *source) const {
  const Operator &base =
      *graph.operators()->Get(*getOperatorIndex(source->getLoc()));
  ExportedOperator exported;
  exported.inputs = toArrayRef(base.inputs()).vec();
  exported.outputs = toArrayRef(base.outputs()).vec();
  replaceInputs(op, source, exported.inputs);
  for (auto [value, output] :
       llvm::zip_equal(op->getResults(), source->getResults()))
    llvm::replace(exported.outputs, tensors.getBaseTensor(output),
                  *tensors.find(value));
  return exported;
}

/// Operands are some of the operator's inputs, in the same order.
void GraphFinder::replaceInputs(Operation *op, Operation *source,
                                std::vector<int32_t> &inputs) const {
  auto next = inputs.begin();
  for (auto [value, input] :
       llvm::zip_equal(op->getOperands(), source->getOperands())) {
    next = std::find(next, inputs.end(), tensors.getBaseTensor(input));
    assert(next != inputs.end() && "an operand is an input");
    if (!input.getDefiningOp<WeightOp>())
      *next = *tensors.find(value);
    ++next;
  }
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

/// Keeps the offsets of a function that has a plan.
void GraphFinder::readOffsets() {
  constexpr StringLiteral name = "serenity.offset";
  if (!function->hasAttr("serenity.arena_bytes"))
    return;
  auto read = [&](Value value, int64_t offset) {
    if (offset >= 0)
      result.offsets[*tensors.find(value)] = offset;
  };
  for (BlockArgument argument : function.getArguments())
    if (auto offset = function.getArgAttrOfType<IntegerAttr>(
            argument.getArgNumber(), name))
      read(argument, offset.getInt());
  for (Operation &op : getOperations())
    if (auto offsets = op.getAttrOfType<DenseI64ArrayAttr>(name))
      for (auto [value, offset] :
           llvm::zip(op.getResults(), offsets.asArrayRef()))
        read(value, offset);
}

void GraphFinder::findInPlacePairs() {
  for (Operation &op : getOperations())
    for (OpOperand &operand : op.getOpOperands()) {
      const std::optional<int32_t> input = tensors.find(operand.get());
      if (input && !operand.get().getDefiningOp<WeightOp>() &&
          mayOverwrite(operand))
        result.inPlacePairs.emplace_back(*input,
                                         *tensors.find(op.getResult(0)));
    }
}

FailureOr<ExportedGraph>
tflite::findExportedGraph(const ModelFile &base, int64_t subgraph,
                          const ImportedSubgraph &original,
                          func::FuncOp function) {
  return GraphFinder(base, subgraph, original, function).run();
}
