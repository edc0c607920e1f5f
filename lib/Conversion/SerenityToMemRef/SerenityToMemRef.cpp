//===- SerenityToMemRef.cpp - Lower kernels to loops over memory ----------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Kernels.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "serenity/Conversion/Passes.h"
#include "llvm/ADT/TypeSwitch.h"

namespace serenity {
#define GEN_PASS_DEF_CONVERTSERENITYTOMEMREFPASS
#include "serenity/Conversion/Passes.h.inc"
} // namespace serenity

using namespace mlir;
using namespace serenity;
using namespace serenity::detail;

static constexpr StringLiteral arenaName = "serenity.arena_bytes";

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

/// Whether memrefs can hold tensors of `type`: whole bytes, and some of them.
static LogicalResult checkTensor(Location loc, Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor)
    return emitError(loc, "cannot be lowered: ") << type << " is not a tensor";
  Type stored = getStoredElement(tensor.getElementType());
  const bool isStorable =
      stored.isIntOrFloat() && stored.getIntOrFloatBitWidth() % 8 == 0;
  if (!isStorable)
    return emitError(loc, "cannot be lowered: no memory holds elements of "
                          "type ")
           << tensor.getElementType();
  if (tensor.getNumElements() == 0)
    return emitError(loc, "cannot be lowered: ") << type << " is empty";
  return success();
}

static LogicalResult checkTensors(Location loc, TypeRange types) {
  for (Type type : types)
    if (failed(checkTensor(loc, type)))
      return failure();
  return success();
}

/// What the function returns must be in activation memory: it is handed over.
static LogicalResult checkResults(func::FuncOp function,
                                  const BlockGraph &graph) {
  Operation *terminator = function.front().getTerminator();
  for (auto [number, value] : llvm::enumerate(terminator->getOperands()))
    if (!graph.getStorage(value))
      return terminator->emitError("cannot be lowered: result #")
             << number << " is a constant";
  return success();
}

/// Accounting models that no code follows.
static LogicalResult checkModel(func::FuncOp function,
                                const MemoryModel &model) {
  auto concats = function.getOps<ConcatOp>();
  if (model.concat == ConcatModel::View && !concats.empty())
    return (*concats.begin()).emitOpError()
           << "cannot be lowered under the concat model 'view'";
  auto accumulator =
      function->getAttrOfType<StringAttr>("serenity.accumulator");
  auto isQuantized = [](Operation &op) {
    return llvm::any_of(op.getResultTypes(), [](Type type) {
      return isa<quant::QuantizedType>(getElementTypeOrSelf(type));
    });
  };
  if (accumulator && accumulator.getValue() == "result" &&
      llvm::any_of(function.getOps(), isQuantized))
    return function.emitError("cannot be lowered: accumulators of the result's "
                              "width round quantised sums");
  return success();
}

static LogicalResult checkOperations(func::FuncOp function) {
  for (Operation &op : function.front().without_terminator()) {
    auto weight = dyn_cast<WeightOp>(op);
    if (StringRef flaw = weight ? findFlaw(weight) : ""; !flaw.empty())
      return weight.emitOpError() << flaw;
    if (failed(checkTensors(op.getLoc(), op.getResultTypes())))
      return failure();
  }
  return success();
}

//===----------------------------------------------------------------------===//
// The plan
//===----------------------------------------------------------------------===//

/// The size of the arena that was planned for `function`, if one was.
static std::optional<int64_t> getArenaBytes(func::FuncOp function) {
  auto bytes = function->getAttrOfType<IntegerAttr>(arenaName);
  return bytes ? std::optional(bytes.getInt()) : std::nullopt;
}

/// The bytes from the first element of `place` to the end of the last.
static int64_t getSpanBytes(Value value, const ValueStorage &place) {
  auto type = cast<RankedTensorType>(value.getType());
  int64_t span = 1;
  for (auto [size, stride] : llvm::zip_equal(type.getShape(), place.strides))
    span += (size - 1) * stride;
  return *getStorageBytes(type.clone({span}));
}

/// `value` must have a place inside the arena.
static LogicalResult checkPlace(Value value, const BlockGraph &graph,
                                int64_t arenaBytes) {
  const ValueStorage *place = graph.getStorage(value);
  if (!place)
    return success();
  std::optional<int64_t> offset = getPlannedOffset(value);
  if (!offset || *offset < 0)
    return emitError(value.getLoc(), "cannot be lowered: there is an arena, "
                                     "but no offset in it");
  const int64_t bytes = getSpanBytes(value, *place);
  if (*offset > arenaBytes - bytes)
    return emitError(value.getLoc(), "cannot be lowered: ")
           << bytes << " bytes at offset " << *offset
           << " are not inside the arena of " << arenaBytes;
  return success();
}

static LogicalResult checkPlan(func::FuncOp function, const BlockGraph &graph,
                               int64_t arenaBytes) {
  for (BlockArgument argument : function.getArguments())
    if (failed(checkPlace(argument, graph, arenaBytes)))
      return failure();
  for (Operation *op : graph.getOperations())
    for (OpResult result : op->getResults())
      if (failed(checkPlace(result, graph, arenaBytes)))
        return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

static LogicalResult lowerOperation(Kernel &kernel, Operation *op) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case<Conv2DOp, DepthwiseConv2DOp, FullyConnectedOp, MaxPool2DOp,
            AvgPool2DOp, AddOp, MulOp, SumOp, ClampOp, SoftmaxOp, ConcatOp,
            SplitOp, SliceOp, PadOp, ReshapeOp>(
          [&](auto known) { return lower(kernel, known); })
      .Case([](NodeOp node) {
        return node.emitOpError()
               << "has no kernel for '" << node.getKind() << "'";
      })
      .Default([](Operation *other) {
        return other->emitOpError("cannot be lowered: it has no kernel");
      });
}

namespace {

/// Lowers one function, whose new body is built beside the old one.
class FunctionLowering {
public:
  FunctionLowering(func::FuncOp function, Constants &constants)
      : function(function), constants(constants),
        builder(function.getContext()) {}

  LogicalResult run();

private:
  LogicalResult buildGraph();
  func::FuncOp create(StringRef name, TypeRange arguments, TypeRange results);
  LogicalResult lowerBody(func::FuncOp lowered, Storage &storage);
  LogicalResult lowerWithoutPlan();
  LogicalResult lowerWithPlan(int64_t arenaBytes);
  void buildInputs(MemRefType arenaType);

  func::FuncOp function;
  Constants &constants;
  OpBuilder builder;
  std::optional<BlockGraph> graph;
};

} // namespace

LogicalResult FunctionLowering::buildGraph() {
  const MemoryModel model = getRecordedMemoryModel(function);
  if (!function.getBody().hasOneBlock())
    return function.emitError("cannot be lowered: it has several blocks");
  if (failed(checkTensors(function.getLoc(), function.getArgumentTypes())) ||
      failed(checkOperations(function)) || failed(checkModel(function, model)))
    return failure();
  llvm::Expected<BlockGraph> built = BlockGraph::build(function.front(), model);
  if (!built)
    return function.emitError("cannot be lowered: ")
           << llvm::toString(built.takeError());
  graph.emplace(*std::move(built));
  return checkResults(function, *graph);
}

/// A function with `name` and an empty body, before the original.
func::FuncOp FunctionLowering::create(StringRef name, TypeRange arguments,
                                      TypeRange results) {
  builder.setInsertionPoint(function);
  auto type = builder.getFunctionType(arguments, results);
  auto created = func::FuncOp::create(builder, function.getLoc(), name, type);
  created.setVisibility(function.getVisibility());
  builder.setInsertionPointToStart(created.addEntryBlock());
  return created;
}

static SmallVector<Type> getMemRefTypes(TypeRange tensors) {
  return llvm::map_to_vector(
      tensors, [](Type type) -> Type { return getMemRefType(type); });
}

LogicalResult FunctionLowering::lowerBody(func::FuncOp lowered,
                                          Storage &storage) {
  builder.setInsertionPointToStart(&lowered.front());
  storage.begin(builder);
  for (auto [position, op] : llvm::enumerate(graph->getOperations())) {
    const core::OpId id(static_cast<int32_t>(position));
    storage.beforeNode(builder, id);
    Kernel kernel(builder, op, storage, constants);
    if (failed(lowerOperation(kernel, op)))
      return failure();
    storage.afterNode(builder, id);
  }
  SmallVector<Value> results;
  for (Value value : function.front().getTerminator()->getOperands())
    results.push_back(storage.getMemRef(value));
  func::ReturnOp::create(builder, function.getLoc(), results);
  return success();
}

LogicalResult FunctionLowering::lowerWithoutPlan() {
  const core::Graph &memory = graph->getGraph();
  const std::vector<core::OpId> order = core::sourceOrder(memory);
  absl::StatusOr<core::Footprint> footprint =
      core::computeFootprint(memory, order);
  if (!footprint.ok())
    return function.emitError("cannot be lowered: ")
           << std::string(footprint.status().message());
  func::FuncOp lowered =
      create(function.getName(), getMemRefTypes(function.getArgumentTypes()),
             getMemRefTypes(function.getResultTypes()));
  auto storage = createAllocatedStorage(*graph, *footprint, function.front(),
                                        lowered.getArguments());
  return lowerBody(lowered, *storage);
}

/// Builds the function that shows a caller where the arguments belong.
void FunctionLowering::buildInputs(MemRefType arenaType) {
  func::FuncOp inputs =
      create((function.getName() + "_inputs").str(), arenaType,
             getMemRefTypes(function.getArgumentTypes()));
  auto storage =
      createPlannedStorage(*graph, function.front(), inputs.getArgument(0));
  storage->begin(builder);
  SmallVector<Value> views;
  for (BlockArgument argument : function.getArguments())
    views.push_back(storage->getMemRef(argument));
  func::ReturnOp::create(builder, function.getLoc(), views);
}

LogicalResult FunctionLowering::lowerWithPlan(int64_t arenaBytes) {
  if (failed(checkPlan(function, *graph, arenaBytes)))
    return failure();
  auto arenaType = MemRefType::get({arenaBytes}, builder.getI8Type());
  func::FuncOp lowered = create(function.getName(), arenaType,
                                getMemRefTypes(function.getResultTypes()));
  auto storage =
      createPlannedStorage(*graph, function.front(), lowered.getArgument(0));
  if (failed(lowerBody(lowered, *storage)))
    return failure();
  buildInputs(arenaType);
  return success();
}

LogicalResult FunctionLowering::run() {
  if (failed(buildGraph()))
    return failure();
  std::optional<int64_t> arenaBytes = getArenaBytes(function);
  if (failed(arenaBytes ? lowerWithPlan(*arenaBytes) : lowerWithoutPlan()))
    return failure();
  function.erase();
  return success();
}

//===----------------------------------------------------------------------===//
// Pass
//===----------------------------------------------------------------------===//

namespace {

class ConvertSerenityToMemRefPass
    : public serenity::impl::ConvertSerenityToMemRefPassBase<
          ConvertSerenityToMemRefPass> {
public:
  using Base::Base;

  void runOnOperation() override;
};

} // namespace

/// Whether there is anything to lower.
static bool usesTensors(func::FuncOp function) {
  auto isTensor = llvm::IsaPred<TensorType>;
  auto makesTensor = [&](Operation &op) {
    return llvm::any_of(op.getResultTypes(), isTensor);
  };
  return !function.isExternal() &&
         (llvm::any_of(function.getArgumentTypes(), isTensor) ||
          llvm::any_of(function.getOps(), makesTensor));
}

void ConvertSerenityToMemRefPass::runOnOperation() {
  Constants constants(getOperation());
  for (auto function :
       llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>())) {
    if (usesTensors(function) &&
        failed(FunctionLowering(function, constants).run()))
      return signalPassFailure();
  }
}
