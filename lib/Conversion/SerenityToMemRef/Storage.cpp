//===- Storage.cpp - The memory of a function's activations ---------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Storage.h"

#include "KernelBuilder.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::detail;
using core::BufferId;

MemRefType serenity::detail::getMemRefType(Type tensor) {
  auto type = cast<RankedTensorType>(tensor);
  return MemRefType::get(type.getShape(),
                         getStoredElement(type.getElementType()));
}

std::optional<int64_t> serenity::detail::getPlannedOffset(Value value) {
  constexpr StringLiteral name = "serenity.offset";
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    auto function =
        cast<FunctionOpInterface>(argument.getOwner()->getParentOp());
    auto offset =
        function.getArgAttrOfType<IntegerAttr>(argument.getArgNumber(), name);
    return offset ? std::optional(offset.getInt()) : std::nullopt;
  }
  auto result = cast<OpResult>(value);
  auto offsets = result.getOwner()->getAttrOfType<DenseI64ArrayAttr>(name);
  return offsets ? std::optional(offsets[result.getResultNumber()])
                 : std::nullopt;
}

/// Elements from the first to the last of `type` if they are `strides` apart.
static int64_t getSpan(MemRefType type, ArrayRef<int64_t> strides) {
  int64_t span = 1;
  for (auto [size, stride] : llvm::zip_equal(type.getShape(), strides))
    span += (size - 1) * stride;
  return span;
}

/// Whether elements of `type` that are `strides` apart leave no gaps.
static bool isContiguous(MemRefType type, ArrayRef<int64_t> strides) {
  return ArrayRef<int64_t>(computeStrides(type.getShape())) == strides;
}

/// `elements`, at offset 0, as `type` with `strides`.
static Value buildStrided(OpBuilder &b, Location loc, Value elements,
                          MemRefType type, ArrayRef<int64_t> strides) {
  if (!isContiguous(type, strides))
    type = MemRefType::get(
        type.getShape(), type.getElementType(),
        StridedLayoutAttr::get(b.getContext(), /*offset=*/0, strides));
  return memref::ReinterpretCastOp::create(b, loc, type, elements,
                                           /*offset=*/int64_t(0),
                                           type.getShape(), strides);
}

/// The part of `bytes` that begins at `offset` as a memref of `tensor` whose
/// elements are `strides` apart.
static Value buildView(OpBuilder &b, Location loc, Value bytes, int64_t offset,
                       Type tensor, ArrayRef<int64_t> strides) {
  MemRefType type = getMemRefType(tensor);
  Value shift = arith::ConstantIndexOp::create(b, loc, offset);
  if (isContiguous(type, strides))
    return memref::ViewOp::create(b, loc, type, bytes, shift, ValueRange());
  auto flat = MemRefType::get({getSpan(type, strides)}, type.getElementType());
  Value elements =
      memref::ViewOp::create(b, loc, flat, bytes, shift, ValueRange());
  return buildStrided(b, loc, elements, type, strides);
}

bool Storage::shareBuffer(Value lhs, Value rhs) const {
  const ValueStorage *lhsPlace = graph.getStorage(lhs);
  const ValueStorage *rhsPlace = graph.getStorage(rhs);
  return lhsPlace && rhsPlace && lhsPlace->buffer == rhsPlace->buffer;
}

//===----------------------------------------------------------------------===//
// Without a plan
//===----------------------------------------------------------------------===//

namespace {

class AllocatedStorage final : public Storage {
public:
  AllocatedStorage(const BlockGraph &graph, const core::Footprint &footprint,
                   Block &block, ValueRange arguments)
      : Storage(graph), footprint(footprint), block(block),
        buffers(graph.getGraph().numBuffers()) {
    for (auto [argument, memref] :
         llvm::zip_equal(block.getArguments(), arguments))
      memrefs[argument] = memref;
  }

  void begin(OpBuilder &builder) override;
  void beforeNode(OpBuilder &builder, core::OpId op) override;
  void afterNode(OpBuilder &builder, core::OpId op) override;

private:
  const core::Graph &getGraph() const { return graph.getGraph(); }
  bool isDying(BufferId buffer, core::OpId op) const;
  std::optional<BufferId> findOverwritten(core::OpId op, BufferId born) const;
  Value &getMemory(OpBuilder &builder, core::OpId op, BufferId buffer);
  void release(OpBuilder &builder, Location loc, BufferId buffer);

  const core::Footprint &footprint;
  Block &block;
  /// What each buffer that is alive is in: a memref of bytes, or an argument.
  /// Null once another buffer has taken its place.
  std::vector<Value> buffers;
};

} // namespace

/// Whether node `op`, in source order, is the last to need `buffer`.
bool AllocatedStorage::isDying(BufferId buffer, core::OpId op) const {
  return !getGraph().isOutput(buffer) &&
         footprint.lifetimes[buffer.index()].last == op.getValue();
}

/// The buffer that dies with `op` and whose place `born`, which begins with it,
/// takes: as in computeFootprint.
std::optional<BufferId> AllocatedStorage::findOverwritten(core::OpId op,
                                                          BufferId born) const {
  if (getGraph().writes(op).front() != born)
    return std::nullopt;
  for (BufferId operand : getGraph().mayOverwrite(op))
    if (isDying(operand, op) &&
        getGraph().bytes(operand) == getGraph().bytes(born))
      return operand;
  return std::nullopt;
}

/// The memory of `buffer`, which node `op` writes.
Value &AllocatedStorage::getMemory(OpBuilder &builder, core::OpId op,
                                   BufferId buffer) {
  Value &memory = buffers[buffer.index()];
  if (memory)
    return memory;
  if (std::optional<BufferId> operand = findOverwritten(op, buffer)) {
    std::swap(memory, buffers[operand->index()]);
    return memory;
  }
  auto type = MemRefType::get({getGraph().bytes(buffer)}, builder.getI8Type());
  memory =
      memref::AllocOp::create(builder, graph.getOperation(op)->getLoc(), type);
  return memory;
}

void AllocatedStorage::release(OpBuilder &builder, Location loc,
                               BufferId buffer) {
  if (Value &memory = buffers[buffer.index()])
    memref::DeallocOp::create(builder, loc, std::exchange(memory, Value()));
}

void AllocatedStorage::begin(OpBuilder &builder) {
  for (BlockArgument argument : block.getArguments()) {
    const ValueStorage *place = graph.getStorage(argument);
    if (!place)
      continue;
    buffers[place->buffer.index()] = memrefs[argument];
    const bool isUsed = getGraph().isOutput(place->buffer) ||
                        !getGraph().readers(place->buffer).empty() ||
                        !getGraph().writers(place->buffer).empty();
    if (!isUsed)
      release(builder, argument.getLoc(), place->buffer);
  }
}

void AllocatedStorage::beforeNode(OpBuilder &builder, core::OpId op) {
  Operation *operation = graph.getOperation(op);
  for (OpResult result : operation->getResults()) {
    const ValueStorage *place = graph.getStorage(result);
    if (!place)
      continue;
    Value memory = getMemory(builder, op, place->buffer);
    const bool isArgument = isa<BlockArgument>(memory);
    memrefs[result] =
        isArgument
            ? buildStrided(builder, result.getLoc(), memory,
                           getMemRefType(result.getType()), place->strides)
            : buildView(builder, result.getLoc(), memory, place->offset,
                        result.getType(), place->strides);
  }
}

void AllocatedStorage::afterNode(OpBuilder &builder, core::OpId op) {
  const Location loc = graph.getOperation(op)->getLoc();
  for (absl::Span<const BufferId> touched :
       {getGraph().reads(op), getGraph().writes(op)})
    for (BufferId buffer : touched)
      if (isDying(buffer, op))
        release(builder, loc, buffer);
}

std::unique_ptr<Storage>
serenity::detail::createAllocatedStorage(const BlockGraph &graph,
                                         const core::Footprint &footprint,
                                         Block &block, ValueRange arguments) {
  return std::make_unique<AllocatedStorage>(graph, footprint, block, arguments);
}

//===----------------------------------------------------------------------===//
// With a plan
//===----------------------------------------------------------------------===//

namespace {

class PlannedStorage final : public Storage {
public:
  PlannedStorage(const BlockGraph &graph, Block &block, Value arena)
      : Storage(graph), block(block), arena(arena) {}

  void begin(OpBuilder &builder) override {
    for (BlockArgument argument : block.getArguments())
      place(builder, argument);
  }
  void beforeNode(OpBuilder &builder, core::OpId op) override {
    for (OpResult result : graph.getOperation(op)->getResults())
      place(builder, result);
  }
  void afterNode(OpBuilder &, core::OpId) override {}

private:
  void place(OpBuilder &builder, Value value) {
    const ValueStorage *place = graph.getStorage(value);
    if (place)
      memrefs[value] =
          buildView(builder, value.getLoc(), arena, *getPlannedOffset(value),
                    value.getType(), place->strides);
  }

  Block &block;
  Value arena;
};

} // namespace

std::unique_ptr<Storage>
serenity::detail::createPlannedStorage(const BlockGraph &graph, Block &block,
                                       Value arena) {
  return std::make_unique<PlannedStorage>(graph, block, arena);
}
