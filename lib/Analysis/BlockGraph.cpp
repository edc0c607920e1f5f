//===- BlockGraph.cpp - A block as a graph of buffers ---------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Analysis/BlockGraph.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/RegionKindInterface.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Transforms/RegionUtils.h"
#include "serenity/Analysis/ActivationMemory.h"
#include "serenity/Dialect/Serenity/IR/OperatorLocation.h"
#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace serenity;
using core::BufferId;
using core::BufferSpec;

namespace {

template <typename... Ts>
llvm::Error makeError(const char *format, const Ts &...arguments) {
  return llvm::createStringError(std::errc::not_supported, format,
                                 arguments...);
}

/// Values whose bytes are in one buffer, written by all their producers.
using SharingClasses = llvm::EquivalenceClasses<unsigned>;

/// A value that shares its buffer with what becomes of it: operand
/// `memory.operands[position]` of the operation that makes value `whole`.
struct PartOf {
  unsigned whole;
  unsigned position;
};

/// One value of the block and where its bytes are.
struct ValueInfo {
  Value value;
  std::string name;
  ResultMemory memory;
  /// Bytes of a buffer of its own; none for views.
  int64_t bytes = 0;
  /// What a reader of the value must wait for. The value's bytes are here too,
  /// unless it is a view or shares its buffer.
  BufferId own;
  /// Every buffer with bytes that must be alive while the value is read.
  SmallVector<BufferId> storage;
  std::optional<PartOf> partOf;
};

/// Builds the graph of one block, step by step.
class BlockGraphBuilder {
public:
  BlockGraphBuilder(Block &block, const MemoryModel &model,
                    const DenseMap<Operation *, int64_t> &regionPeaks)
      : block(block), model(model), regionPeaks(regionPeaks) {}

  llvm::Error collectValues();
  void shareBuffers();
  void addBuffers();
  void addOperations();

  llvm::Expected<core::Graph> finish() {
    for (BufferSpec &buffer : buffers)
      builder.addBuffer(std::move(buffer));
    absl::StatusOr<core::Graph> graph = std::move(builder).build();
    if (!graph.ok())
      return makeError("%s", std::string(graph.status().message()).c_str());
    return *std::move(graph);
  }

  void placeValues();

  std::vector<Operation *> nodes;
  std::vector<Value> bufferValues;
  DenseMap<Value, ValueStorage> places;

private:
  void shareOperands(unsigned index);
  std::optional<ValueStorage> findPlace(const ValueInfo &info) const;
  llvm::Error addValue(Value value, std::string name, ResultMemory memory);
  BufferId addBuffer(const ValueInfo *info, int64_t bytes, bool isInput);
  SmallVector<unsigned> operandsOf(Operation *op) const;
  bool canShare(unsigned operand) const;
  std::optional<unsigned> indexOf(Value value) const {
    auto it = valueIndex.find(value);
    return it == valueIndex.end() ? std::nullopt : std::optional(it->second);
  }
  bool isShared(unsigned index) const { return sharing.contains(index); }
  /// The buffer that `index` shares with others.
  BufferId &sharedBuffer(unsigned index) {
    return classBuffers[sharing.getLeaderValue(index)];
  }
  void addSharedBuffers();
  SmallVector<BufferId> collectStorage(const ValueInfo &info) const;
  std::optional<BufferId> exclusiveBuffer(Operation *op, unsigned index) const;
  std::vector<BufferId> collectOverwrites(Operation *op,
                                          const core::OpSpec &spec) const;
  void orderSideEffects(Operation *op, core::OpSpec &spec);

  Block &block;
  MemoryModel model;
  const DenseMap<Operation *, int64_t> &regionPeaks;
  std::vector<ValueInfo> values;
  DenseMap<Value, unsigned> valueIndex;
  SharingClasses sharing;
  DenseMap<unsigned, BufferId> classBuffers;
  std::vector<BufferSpec> buffers;
  std::optional<BufferId> lastSideEffect;
  core::GraphBuilder builder;
};

} // namespace

llvm::Error BlockGraphBuilder::addValue(Value value, std::string name,
                                        ResultMemory memory) {
  if (std::string known = getLocationName(value.getLoc()); !known.empty())
    name = std::move(known);
  int64_t bytes = 0;
  const bool ownsBytes = memory.kind != ResultMemory::Kind::View &&
                         memory.kind != ResultMemory::Kind::None;
  if (ownsBytes && isa<TensorType>(value.getType())) {
    std::optional<int64_t> known = getStorageBytes(value.getType());
    if (!known)
      return makeError("the size of '%s' is not known", name.c_str());
    bytes = *known;
  }
  valueIndex[value] = values.size();
  values.push_back({value, std::move(name), std::move(memory), bytes});
  return llvm::Error::success();
}

llvm::Error BlockGraphBuilder::collectValues() {
  if (mayBeGraphRegion(*block.getParent()))
    return makeError("the operations of a graph region have no order");
  for (BlockArgument argument : block.getArguments())
    if (llvm::Error error =
            addValue(argument, ("arg" + Twine(argument.getArgNumber())).str(),
                     ResultMemory::fresh()))
      return error;
  for (Operation &op : block.without_terminator()) {
    if (BlockGraph::isPinned(&op))
      continue;
    const std::string name =
        (op.getName().getStringRef() + "#" + Twine(nodes.size())).str();
    nodes.push_back(&op);
    for (OpResult result : op.getResults())
      if (llvm::Error error =
              addValue(result, name, getResultMemory(result, model.concat)))
        return error;
  }
  return llvm::Error::success();
}

/// The values of the block that `op` or its regions use, each once.
SmallVector<unsigned> BlockGraphBuilder::operandsOf(Operation *op) const {
  llvm::SetVector<Value> used(op->operand_begin(), op->operand_end());
  getUsedValuesDefinedAbove(op->getRegions(), used);
  SmallVector<unsigned> operands;
  for (Value value : used)
    if (std::optional<unsigned> index = indexOf(value))
      operands.push_back(*index);
  return operands;
}

/// Whether the producer of `operand` may put it into a buffer of its only
/// user's choice.
bool BlockGraphBuilder::canShare(unsigned operand) const {
  const ValueInfo &info = values[operand];
  return info.bytes > 0 && info.value.hasOneUse() &&
         info.memory.kind != ResultMemory::Kind::View;
}

/// Lets value `index` share its buffer with the operands that it gathers or
/// accumulates into. An operand that others read as well keeps a buffer of its
/// own, and is copied.
void BlockGraphBuilder::shareOperands(unsigned index) {
  const ValueInfo &info = values[index];
  const bool isGather = info.memory.kind == ResultMemory::Kind::Gather;
  for (auto [position, number] : llvm::enumerate(info.memory.operands)) {
    Operation *op = info.value.getDefiningOp();
    std::optional<unsigned> operand = indexOf(op->getOperand(number));
    if (!operand || !canShare(*operand))
      continue;
    // Other elements, or the same ones scaled otherwise, have to be converted.
    if (getElementTypeOrSelf(info.value) !=
        getElementTypeOrSelf(values[*operand].value))
      continue;
    // The input of a block is where its caller put it.
    if (isGather && isa<BlockArgument>(values[*operand].value))
      continue;
    sharing.unionSets(index, *operand);
    values[*operand].partOf = PartOf{index, static_cast<unsigned>(position)};
  }
}

/// Finds the values that one buffer can hold: slices and what they are slices
/// of, accumulators and what is added to them.
void BlockGraphBuilder::shareBuffers() {
  for (auto [index, info] : llvm::enumerate(values))
    if (info.memory.kind == ResultMemory::Kind::Gather ||
        info.memory.kind == ResultMemory::Kind::Accumulate)
      shareOperands(index);
}

BufferId BlockGraphBuilder::addBuffer(const ValueInfo *info, int64_t bytes,
                                      bool isInput) {
  buffers.push_back({info ? info->name : "order", bytes, isInput});
  bufferValues.push_back(info && bytes > 0 ? info->value : Value());
  return BufferId(static_cast<int32_t>(buffers.size() - 1));
}

/// Adds one buffer for each class of values that share it, as large as the
/// largest of them and named after the last.
void BlockGraphBuilder::addSharedBuffers() {
  for (auto [index, info] : llvm::enumerate(values)) {
    if (!isShared(index))
      continue;
    BufferId &buffer = sharedBuffer(index);
    const bool isInput = isa<BlockArgument>(info.value);
    if (buffer == BufferId()) {
      buffer = addBuffer(&info, info.bytes, isInput);
      continue;
    }
    BufferSpec &spec = buffers[buffer.index()];
    spec = {info.name, std::max(spec.bytes, info.bytes),
            spec.isInput || isInput};
    bufferValues[buffer.index()] = info.value;
  }
}

SmallVector<BufferId>
BlockGraphBuilder::collectStorage(const ValueInfo &info) const {
  if (info.memory.kind != ResultMemory::Kind::View)
    return info.bytes > 0 ? SmallVector<BufferId>{info.own}
                          : SmallVector<BufferId>{};
  SmallVector<BufferId> storage;
  for (unsigned number : info.memory.operands)
    if (std::optional<unsigned> operand =
            indexOf(info.value.getDefiningOp()->getOperand(number)))
      llvm::append_range(storage, values[*operand].storage);
  llvm::sort(storage);
  storage.erase(llvm::unique(storage), storage.end());
  return storage;
}

void BlockGraphBuilder::addBuffers() {
  addSharedBuffers();
  for (auto [index, info] : llvm::enumerate(values)) {
    const bool shared = isShared(index);
    info.own = addBuffer(&info, shared ? 0 : info.bytes,
                         isa<BlockArgument>(info.value));
    if (shared)
      info.storage = {sharedBuffer(index)};
    else
      info.storage = collectStorage(info);
  }
  for (Value value : block.getTerminator()->getOperands())
    if (std::optional<unsigned> index = indexOf(value))
      for (BufferId buffer : values[*index].storage)
        buffers[buffer.index()].isOutput = true;
}

/// The one buffer in which all bytes of operand `index` of `op` are, if no
/// other operand has bytes there.
std::optional<BufferId>
BlockGraphBuilder::exclusiveBuffer(Operation *op, unsigned index) const {
  if (values[index].storage.size() != 1)
    return std::nullopt;
  const BufferId buffer = values[index].storage.front();
  for (unsigned other : operandsOf(op))
    if (other != index && llvm::is_contained(values[other].storage, buffer))
      return std::nullopt;
  return buffer;
}

/// The buffers whose place the single result of `op` may take.
std::vector<BufferId>
BlockGraphBuilder::collectOverwrites(Operation *op,
                                     const core::OpSpec &spec) const {
  std::vector<BufferId> overwrites;
  if (!model.inPlace || spec.writes.size() != 1)
    return overwrites;
  const int64_t bytes = buffers[spec.writes.front().index()].bytes;
  for (OpOperand &operand : op->getOpOperands()) {
    std::optional<unsigned> index = indexOf(operand.get());
    if (bytes == 0 || !index || !mayOverwrite(operand))
      continue;
    std::optional<BufferId> buffer = exclusiveBuffer(op, *index);
    if (buffer && buffers[buffer->index()].bytes >= bytes)
      overwrites.push_back(*buffer);
  }
  return overwrites;
}

/// Makes `op` wait for the side effect before it, if it has any itself.
void BlockGraphBuilder::orderSideEffects(Operation *op, core::OpSpec &spec) {
  if (!hasOrderedEffects(op))
    return;
  if (lastSideEffect)
    spec.reads.push_back(*lastSideEffect);
  lastSideEffect = addBuffer(nullptr, 0, /*isInput=*/false);
  spec.writes.push_back(*lastSideEffect);
}

void BlockGraphBuilder::addOperations() {
  for (auto [position, op] : llvm::enumerate(nodes)) {
    core::OpSpec spec;
    spec.name = getLocationName(op->getLoc());
    if (spec.name.empty())
      spec.name = (op->getName().getStringRef() + "#" + Twine(position)).str();
    for (OpResult result : op->getResults()) {
      const unsigned index = valueIndex.lookup(result);
      spec.writes.push_back(values[index].own);
      if (isShared(index))
        spec.writes.push_back(sharedBuffer(index));
    }
    for (unsigned operand : operandsOf(op)) {
      spec.reads.push_back(values[operand].own);
      // An operation that adds to a buffer writes it and does not wait for the
      // others that do.
      for (BufferId buffer : values[operand].storage)
        if (!llvm::is_contained(spec.writes, buffer))
          spec.reads.push_back(buffer);
    }
    spec.scratchBytes = getScratchBytes(op) + regionPeaks.lookup(op);
    spec.mayOverwrite = collectOverwrites(op, spec);
    orderSideEffects(op, spec);
    builder.addOp(std::move(spec));
  }
}

/// The shapes of the operands that `whole` gathers, in order; empty ones for
/// what is not a ranked tensor.
static SmallVector<ArrayRef<int64_t>> getPartShapes(const ValueInfo &whole) {
  SmallVector<ArrayRef<int64_t>> shapes;
  for (unsigned number : whole.memory.operands) {
    Type type = whole.value.getDefiningOp()->getOperand(number).getType();
    auto tensor = dyn_cast<RankedTensorType>(type);
    shapes.push_back(tensor ? tensor.getShape() : ArrayRef<int64_t>());
  }
  return shapes;
}

/// The dimension in which `shapes` differ from `whole`; any if none does.
static size_t findGatherAxis(ArrayRef<ArrayRef<int64_t>> shapes,
                             ArrayRef<int64_t> whole) {
  for (ArrayRef<int64_t> shape : shapes)
    for (auto [axis, size] : llvm::enumerate(shape))
      if (size != whole[axis])
        return axis;
  return 0;
}

/// Where operand `position` of those that `whole` gathers is, if `whole` is at
/// `place`; nothing if the operands are not tensors of one rank.
static std::optional<ValueStorage>
placeSlice(const ValueInfo &whole, ValueStorage place, unsigned position) {
  auto type = cast<RankedTensorType>(whole.value.getType());
  SmallVector<ArrayRef<int64_t>> shapes = getPartShapes(whole);
  if (type.getRank() == 0 || llvm::any_of(shapes, [&](auto shape) {
        return shape.size() != type.getShape().size();
      }))
    return std::nullopt;
  const size_t axis = findGatherAxis(shapes, type.getShape());
  int64_t before = 0;
  for (ArrayRef<int64_t> shape : ArrayRef(shapes).take_front(position))
    before += shape[axis];
  // No overflow: these elements are part of `whole`, whose bytes were counted.
  place.offset += *getStorageBytes(type.clone({before * place.strides[axis]}));
  return place;
}

/// Where the value of `info` is, which needs the place of what it is part of.
std::optional<ValueStorage>
BlockGraphBuilder::findPlace(const ValueInfo &info) const {
  auto type = dyn_cast<RankedTensorType>(info.value.getType());
  if (!type || info.bytes == 0)
    return std::nullopt;
  if (!info.partOf)
    return ValueStorage{info.storage.front(), 0,
                        computeStrides(type.getShape())};
  const ValueInfo &whole = values[info.partOf->whole];
  auto place = places.find(whole.value);
  if (place == places.end())
    return std::nullopt;
  return whole.memory.kind == ResultMemory::Kind::Gather
             ? placeSlice(whole, place->second, info.partOf->position)
             : place->second;
}

/// Finds where in its buffer every value is. What a value is part of comes
/// after it.
void BlockGraphBuilder::placeValues() {
  for (const ValueInfo &info : llvm::reverse(values))
    if (std::optional<ValueStorage> place = findPlace(info))
      places.try_emplace(info.value, *std::move(place));
}

bool BlockGraph::isPinned(Operation *op) {
  return op->getNumResults() > 0 && op->getNumOperands() == 0 &&
         op->getNumRegions() == 0 && !hasOrderedEffects(op) &&
         llvm::all_of(op->getResults(), [](OpResult result) {
           return getResultMemory(result, ConcatModel::Copy).kind ==
                  ResultMemory::Kind::None;
         });
}

llvm::Expected<BlockGraph>
BlockGraph::build(Block &block, const MemoryModel &model,
                  const DenseMap<Operation *, int64_t> &regionPeaks) {
  BlockGraphBuilder builder(block, model, regionPeaks);
  if (llvm::Error error = builder.collectValues())
    return error;
  builder.shareBuffers();
  builder.addBuffers();
  builder.addOperations();
  builder.placeValues();
  llvm::Expected<core::Graph> graph = builder.finish();
  if (!graph)
    return graph.takeError();
  return BlockGraph(*std::move(graph), std::move(builder.nodes),
                    std::move(builder.bufferValues), std::move(builder.places));
}
