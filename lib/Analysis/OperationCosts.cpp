//===- OperationCosts.cpp - What operations cost before they run ----------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/TypeUtilities.h"
#include "serenity/Analysis/ActivationMemory.h"
#include "serenity/Analysis/LatencyModel.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace serenity;

//===----------------------------------------------------------------------===//
// Multiplications
//===----------------------------------------------------------------------===//

/// The product of `sizes`, the largest number if that is too large.
static int64_t multiply(ArrayRef<int64_t> sizes) {
  int64_t product = 1;
  for (int64_t size : sizes)
    product = llvm::SaturatingMultiply<uint64_t>(product, size);
  return std::min<uint64_t>(product, std::numeric_limits<int64_t>::max());
}

/// Products that are added up for each element of the result.
static int64_t countMacsPerElement(Operation *op) {
  auto filterSizes = [](Value filter) {
    return cast<ShapedType>(filter.getType()).getShape();
  };
  return TypeSwitch<Operation *, int64_t>(op)
      .Case([&](Conv2DOp conv) {
        return multiply(filterSizes(conv.getFilter()).drop_front());
      })
      .Case([&](DepthwiseConv2DOp conv) {
        return multiply(filterSizes(conv.getFilter()).slice(1, 2));
      })
      .Case([&](FullyConnectedOp product) {
        return filterSizes(product.getFilter()).back();
      })
      .Case<MaxPool2DOp, AvgPool2DOp>(
          [](auto pool) { return multiply(pool.getKernel()); })
      .Default([](Operation *) { return 1; });
}

static int64_t countMacs(Operation *op) {
  if (auto loops = dyn_cast<linalg::LinalgOp>(op)) {
    SmallVector<int64_t> ranges = loops.getStaticLoopRanges();
    if (!llvm::is_contained(ranges, ShapedType::kDynamic))
      return multiply(ranges);
  }
  uint64_t macs = 0;
  for (Type type : op->getResultTypes())
    if (auto shaped = dyn_cast<ShapedType>(type);
        shaped && shaped.hasStaticShape())
      macs = llvm::SaturatingAdd<uint64_t>(
          macs,
          multiply({multiply(shaped.getShape()), countMacsPerElement(op)}));
  return std::min<uint64_t>(macs, std::numeric_limits<int64_t>::max());
}

//===----------------------------------------------------------------------===//
// Signatures
//===----------------------------------------------------------------------===//

/// Shape and element type as they are stored: quantised ones without scales.
static void printType(raw_ostream &os, Type type) {
  Type element = getElementTypeOrSelf(type);
  if (auto quantized = dyn_cast<quant::QuantizedType>(element))
    element = IntegerType::get(
        type.getContext(), quantized.getStorageTypeIntegralWidth(),
        quantized.isSigned() ? IntegerType::Signed : IntegerType::Unsigned);
  if (auto shaped = dyn_cast<ShapedType>(type); shaped && shaped.hasRank())
    for (int64_t size : shaped.getShape())
      os << size << "x";
  os << element;
}

/// Kind, types and properties of `op`, but for what it is the constants of.
static std::string getSignature(Operation *op, bool isAdding) {
  std::string signature;
  llvm::raw_string_ostream os(signature);
  os << op->getName() << "(";
  llvm::interleaveComma(op->getOperandTypes(), os,
                        [&](Type type) { printType(os, type); });
  os << ")->(";
  llvm::interleaveComma(op->getResultTypes(), os,
                        [&](Type type) { printType(os, type); });
  os << ")" << (isAdding ? "+=" : "");
  auto properties =
      dyn_cast_if_present<DictionaryAttr>(op->getPropertiesAsAttribute());
  for (NamedAttribute property : properties.getValue())
    if (property.getName() != "operandSegmentSizes")
      os << " " << property.getName().strref() << "=" << property.getValue();
  return signature;
}

//===----------------------------------------------------------------------===//
// Bytes
//===----------------------------------------------------------------------===//

static int64_t getBytes(Value value) {
  return getStorageBytes(value.getType()).value_or(0);
}

static bool shareBuffer(const BlockGraph &blockGraph, Value a, Value b) {
  const ValueStorage *storage = blockGraph.getStorage(a);
  const ValueStorage *other = blockGraph.getStorage(b);
  return storage && other && storage->buffer == other->buffer;
}

/// Whether what computes `value` adds it to a buffer that others fill as well.
static bool isPartialResult(const BlockGraph &blockGraph, Value value,
                            const MemoryModel &model) {
  if (!value.hasOneUse())
    return false;
  OpOperand &use = *value.use_begin();
  for (OpResult result : use.getOwner()->getResults()) {
    const ResultMemory memory = getResultMemory(result, model.concat);
    if (memory.kind == ResultMemory::Kind::Accumulate &&
        memory.operands.size() > 1 &&
        llvm::is_contained(memory.operands, use.getOperandNumber()) &&
        shareBuffer(blockGraph, value, result))
      return true;
  }
  return false;
}

/// Whether `id` is not the first in `order` to write the buffer of `value`.
static bool hasWriterBefore(const BlockGraph &blockGraph,
                            ArrayRef<core::OpId> order, core::OpId id,
                            Value value) {
  const core::BufferId buffer = blockGraph.getStorage(value)->buffer;
  const auto writers = blockGraph.getGraph().writers(buffer);
  const auto *first = llvm::find_if(
      order, [&](core::OpId op) { return llvm::is_contained(writers, op); });
  return *first != id;
}

namespace {

/// What an operation that only brings others' results together moves.
struct Gathering {
  /// Whether it is such an operation: a view, a gather or an accumulation.
  bool isOne = false;
  int64_t copiedBytes = 0;
};

} // namespace

static Gathering findGathering(const BlockGraph &blockGraph, Operation *op,
                               const MemoryModel &model) {
  using Kind = ResultMemory::Kind;
  Gathering gathering;
  for (OpResult result : op->getResults()) {
    const ResultMemory memory = getResultMemory(result, model.concat);
    if (memory.kind == Kind::Fresh ||
        (memory.kind == Kind::Accumulate && memory.operands.size() == 1))
      return {};
    gathering.isOne = true;
    if (memory.kind == Kind::View || memory.kind == Kind::None)
      continue;
    for (unsigned number : memory.operands)
      if (Value operand = op->getOperand(number);
          !shareBuffer(blockGraph, operand, result))
        gathering.copiedBytes += getBytes(operand);
  }
  return gathering;
}

/// Sums up what a kernel reads and writes.
static void addBytes(const BlockGraph &blockGraph, const MemoryModel &model,
                     ArrayRef<core::OpId> order, core::OpId id,
                     core::OperationCosts &costs) {
  Operation *op = blockGraph.getOperation(id);
  for (Value operand : op->getOperands()) {
    Operation *producer = operand.getDefiningOp();
    const bool isConstant = producer && BlockGraph::isPinned(producer);
    (isConstant ? costs.weightBytes : costs.readBytes) += getBytes(operand);
  }
  for (Value result : op->getResults()) {
    costs.writtenBytes += getBytes(result);
    if (isPartialResult(blockGraph, result, model) &&
        hasWriterBefore(blockGraph, order, id, result))
      costs.readBytes += getBytes(result);
  }
}

KernelCosts serenity::computeCosts(const BlockGraph &blockGraph,
                                   const MemoryModel &model,
                                   ArrayRef<core::OpId> order, core::OpId id) {
  Operation *op = blockGraph.getOperation(id);
  const bool isAdding =
      op->getNumResults() == 1 &&
      isPartialResult(blockGraph, op->getResult(0), model) &&
      hasWriterBefore(blockGraph, order, id, op->getResult(0));
  KernelCosts kernel;
  kernel.costs.signature = getSignature(op, isAdding);
  const Gathering gathering = findGathering(blockGraph, op, model);
  if (gathering.isOne) {
    kernel.isLaunched = gathering.copiedBytes > 0;
    kernel.costs.readBytes = kernel.costs.writtenBytes = gathering.copiedBytes;
    return kernel;
  }
  kernel.costs.macs = countMacs(op);
  addBytes(blockGraph, model, order, id, kernel.costs);
  return kernel;
}
