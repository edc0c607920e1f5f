//===- AllocationLifetimes.cpp - When allocations are in use --------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Analysis/AllocationLifetimes.h"

#include "mlir/Dialect/Bufferization/Transforms/BufferViewFlowAnalysis.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/Visitors.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/DataLayoutInterfaces.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace serenity;

/// Bytes from one element to the next in memory; 0 if that is not known.
static int64_t getStride(Type type, const DataLayout &dataLayout) {
  auto vector = dyn_cast<VectorType>(type);
  Type scalar = vector ? vector.getElementType() : type;
  if (auto complex = dyn_cast<ComplexType>(scalar))
    scalar = complex.getElementType();
  if (!scalar.isIntOrIndexOrFloat() || (vector && vector.isScalable()))
    return 0;
  const int64_t stride =
      llvm::alignTo(dataLayout.getTypeSize(type).getFixedValue(),
                    dataLayout.getTypeABIAlignment(type));
  // The layout of odd types is a matter of the target.
  return llvm::isPowerOf2_64(stride) || vector ? stride : 0;
}

/// The bytes of a static shape; nothing if 64 bits are too few.
static std::optional<int64_t> getBytes(ArrayRef<int64_t> shape,
                                       int64_t stride) {
  if (llvm::is_contained(shape, 0))
    return 0;
  int64_t bytes = stride;
  for (int64_t size : shape)
    if (llvm::MulOverflow(bytes, size, bytes))
      return std::nullopt;
  return bytes;
}

namespace {

/// Finds the lifetimes in one function.
class LifetimeFinder {
public:
  LifetimeFinder(FunctionOpInterface function, BufferUseAnalysis &analysis)
      : function(function), analysis(analysis), viewFlow(function),
        dataLayout(DataLayout::closest(function)) {
    numberOperations();
  }

  AllocationLifetimes find() {
    function.getFunctionBody().walk<WalkOrder::PreOrder>(
        [&](memref::AllocOp alloc) { consider(alloc); });
    dropDoubtfulDeallocs();
    function.getFunctionBody().walk(
        [&](linalg::LinalgOp op) { findInPlacePairs(op); });
    return std::move(result);
  }

private:
  struct Numbers {
    int64_t begin, end;
  };

  void numberOperations();
  void consider(memref::AllocOp alloc);
  std::string findSize(AllocationLifetime &allocation) const;
  std::string checkParents(memref::AllocOp alloc) const;
  std::string findHome(const BufferUses &uses, Block *&home) const;
  void setLifetime(AllocationLifetime &allocation, const BufferUses &uses,
                   Block &home) const;
  bool freesOnlyKnown(Value freed) const;
  void dropDoubtfulDeallocs();
  int32_t findKnown(Value value) const;
  bool mayWriteOver(OpOperand &input, OpOperand &output, int32_t first,
                    int32_t second) const;
  void findInPlacePairs(linalg::LinalgOp op);

  FunctionOpInterface function;
  BufferUseAnalysis &analysis;
  BufferViewFlowAnalysis viewFlow;
  const DataLayout dataLayout;
  DenseMap<Operation *, Numbers> numbersOf;
  AllocationLifetimes result;
  /// What may name each allocation of `result.known`.
  DenseMap<Operation *, llvm::SetVector<Value>> aliasesOf;
};

} // namespace

void LifetimeFinder::numberOperations() {
  int64_t next = 0;
  function->walk([&](Operation *op, const WalkStage &stage) {
    if (stage.isBeforeAllRegions())
      numbersOf[op].begin = next++;
    if (stage.isAfterAllRegions())
      numbersOf[op].end = next;
  });
}

void LifetimeFinder::consider(memref::AllocOp alloc) {
  AllocationLifetime allocation{alloc};
  Block *home = alloc->getBlock();
  BufferUses uses;
  std::string why = findSize(allocation);
  if (why.empty())
    why = checkParents(alloc);
  if (why.empty()) {
    uses = analysis.trace(alloc);
    why = uses.whyUnknown;
  }
  if (why.empty() && !uses.returnedAs.empty())
    why = "is returned";
  if (why.empty())
    why = findHome(uses, home);
  if (!why.empty()) {
    result.unknown.push_back({alloc, why});
    return;
  }
  setLifetime(allocation, uses, *home);
  aliasesOf[alloc] = std::move(uses.aliases);
  result.known.push_back(std::move(allocation));
}

/// Says why the size is not known; empty if it is.
std::string LifetimeFinder::findSize(AllocationLifetime &allocation) const {
  const MemRefType type = allocation.alloc.getType();
  if (!type.hasStaticShape())
    return "has a size that is not known";
  if (!type.getLayout().isIdentity())
    return "has a layout of its own";
  if (type.getMemorySpace())
    return "is in a memory space of its own";
  const int64_t stride = getStride(type.getElementType(), dataLayout);
  if (stride == 0)
    return "has elements of a size that is not known";
  const std::optional<int64_t> bytes = getBytes(type.getShape(), stride);
  if (!bytes)
    return "has a size beyond 64 bits";
  allocation.bytes = *bytes;
  allocation.alignment = std::max<int64_t>(
      llvm::PowerOf2Ceil(allocation.alloc.getAlignment().value_or(1)),
      dataLayout.getTypeABIAlignment(type.getElementType()));
  return "";
}

/// Says why `alloc` may run several times at once, or where the arena cannot be
/// seen; empty if it is fine.
std::string LifetimeFinder::checkParents(memref::AllocOp alloc) const {
  for (Operation *parent = alloc->getParentOp(); parent != function;
       parent = parent->getParentOp())
    if (!isa<RegionBranchOpInterface>(parent) || !runsRegionsInPlace(parent) ||
        parent->hasTrait<OpTrait::HasParallelRegion>() ||
        parent->hasTrait<OpTrait::IsIsolatedFromAbove>())
      return ("is inside '" + parent->getName().getStringRef() +
              "', which may run it several times at once")
          .str();
  return "";
}

/// Whether all that `uses` names is in `block` or in regions inside it.
static bool holds(Block &block, const BufferUses &uses) {
  auto isInside = [&](Operation *op) {
    return block.findAncestorOpInBlock(*op);
  };
  return llvm::all_of(uses.accesses, isInside) &&
         llvm::all_of(uses.aliases, [&](Value alias) {
           if (Operation *definition = alias.getDefiningOp())
             return isInside(definition) != nullptr;
           return isInside(alias.getParentBlock()->getParentOp()) != nullptr;
         });
}

/// Widens `home`, the block of an allocation, until it holds all uses. At each
/// run of it, the allocation still runs at most once. Says why there is no such
/// block; empty if there is.
std::string LifetimeFinder::findHome(const BufferUses &uses,
                                     Block *&home) const {
  while (!holds(*home, uses)) {
    Operation *parent = home->getParentOp();
    Region *region = home->getParent();
    if (parent == function || !region->hasOneBlock())
      return "is used in several blocks";
    if (cast<RegionBranchOpInterface>(parent).isRepetitiveRegion(
            region->getRegionNumber()))
      return ("outlives an iteration of '" + parent->getName().getStringRef() +
              "'")
          .str();
    home = parent->getBlock();
  }
  return "";
}

void LifetimeFinder::setLifetime(AllocationLifetime &allocation,
                                 const BufferUses &uses, Block &home) const {
  const auto [begin, end] = numbersOf.lookup(allocation.alloc);
  allocation.lower = uses.accesses.empty() ? begin : INT64_MAX;
  allocation.upper = end;
  for (Operation *access : uses.accesses) {
    const Numbers numbers =
        numbersOf.lookup(home.findAncestorOpInBlock(*access));
    allocation.lower = std::min(allocation.lower, numbers.begin);
    allocation.upper = std::max(allocation.upper, numbers.end);
  }
  allocation.deallocs.assign(uses.deallocs.begin(), uses.deallocs.end());
}

/// Whether `freed` can only be an allocation whose lifetime is known.
bool LifetimeFinder::freesOnlyKnown(Value freed) const {
  return llvm::all_of(viewFlow.resolveReverse(freed), [&](Value origin) {
    return !viewFlow.mayBeTerminalBuffer(origin) ||
           aliasesOf.contains(origin.getDefiningOp());
  });
}

/// An operation that frees one of several buffers goes only if all are known.
void LifetimeFinder::dropDoubtfulDeallocs() {
  auto isDoubtful = [&](const AllocationLifetime &allocation) {
    return !llvm::all_of(allocation.deallocs, [&](Operation *dealloc) {
      return freesOnlyKnown(dealloc->getOperand(0));
    });
  };
  for (auto doubtful = llvm::find_if(result.known, isDoubtful);
       doubtful != result.known.end();
       doubtful = llvm::find_if(result.known, isDoubtful)) {
    result.unknown.push_back(
        {doubtful->alloc, "is freed where something else may be freed"});
    aliasesOf.erase(doubtful->alloc);
    result.known.erase(doubtful);
  }
}

/// The position of the known allocation that `value` is all of; -1 if there is
/// none.
int32_t LifetimeFinder::findKnown(Value value) const {
  const auto found =
      llvm::find_if(result.known, [&](const AllocationLifetime &known) {
        return known.alloc == value.getDefiningOp();
      });
  return found == result.known.end() ? -1 : found - result.known.begin();
}

/// Whether an elementwise operation that reads all of the allocation `first` by
/// `input` and writes all of `second` by `output` ends the life of one and
/// begins that of the other, and has no other operand in either.
bool LifetimeFinder::mayWriteOver(OpOperand &input, OpOperand &output,
                                  int32_t first, int32_t second) const {
  Operation *op = input.getOwner();
  const AllocationLifetime &a = result.known[first], &b = result.known[second];
  const Numbers numbers = numbersOf.lookup(op);
  auto isOnlyUse = [&](OpOperand &use) {
    const auto &aliases = aliasesOf.find(use.get().getDefiningOp())->second;
    return llvm::count_if(op->getOperands(), [&](Value other) {
             return aliases.contains(other);
           }) == 1;
  };
  return a.upper == numbers.end && b.lower == numbers.begin &&
         a.bytes == b.bytes &&
         cast<MemRefType>(input.get().getType()).getShape() ==
             cast<MemRefType>(output.get().getType()).getShape() &&
         isOnlyUse(input) && isOnlyUse(output);
}

void LifetimeFinder::findInPlacePairs(linalg::LinalgOp op) {
  if (op.getNumParallelLoops() != op.getNumLoops() || op.getNumDpsInits() != 1)
    return;
  OpOperand &output = *op.getDpsInitOperand(0);
  const int32_t second = findKnown(output.get());
  if (second < 0 || !op.getMatchingIndexingMap(&output).isIdentity())
    return;
  for (OpOperand *input : op.getDpsInputOperands())
    if (const int32_t first = findKnown(input->get());
        first >= 0 && op.getMatchingIndexingMap(input).isIdentity() &&
        mayWriteOver(*input, output, first, second))
      result.inPlacePairs.emplace_back(first, second);
}

AllocationLifetimes serenity::computeLifetimes(FunctionOpInterface function,
                                               BufferUseAnalysis &analysis) {
  return LifetimeFinder(function, analysis).find();
}
