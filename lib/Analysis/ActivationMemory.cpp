//===- ActivationMemory.cpp - How any operation uses memory ---------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Analysis/ActivationMemory.h"

#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;

namespace serenity {

/// The operand whose memory `view` shows. The same value may be named by
/// several operands; any of them will do.
static unsigned getViewSourceNumber(ViewLikeOpInterface view) {
  const auto source = llvm::find(view->getOperands(), view.getViewSource());
  return source.getIndex();
}

ResultMemory getResultMemory(OpResult result, ConcatModel model) {
  Operation *op = result.getOwner();
  if (auto memory = dyn_cast<ActivationMemoryOpInterface>(op))
    return memory.getResultMemory(result.getResultNumber(), model);
  if (op->hasTrait<OpTrait::ConstantLike>())
    return ResultMemory::none();
  auto view = dyn_cast<ViewLikeOpInterface>(op);
  if (view && view.getViewDest() == result)
    return ResultMemory::viewOf({getViewSourceNumber(view)});
  return ResultMemory::fresh();
}

bool mayOverwrite(OpOperand &operand) {
  Operation *op = operand.getOwner();
  if (auto memory = dyn_cast<ActivationMemoryOpInterface>(op))
    return memory.mayOverwrite(operand.getOperandNumber());
  // An init has the type of the result that is tied to it, so the sizes agree.
  auto destination = dyn_cast<DestinationStyleOpInterface>(op);
  return destination && op->getNumResults() == 1 &&
         isa<TensorType>(operand.get().getType()) &&
         destination.isDpsInit(&operand) &&
         llvm::count(op->getOperands(), operand.get()) == 1;
}

int64_t getScratchBytes(Operation *op) {
  auto memory = dyn_cast<ActivationMemoryOpInterface>(op);
  return memory ? memory.getScratchBytes() : 0;
}

/// Whether `effect` is the allocation of a result of `op` or of an operation
/// inside it.
static bool isOwnAllocation(Operation *op,
                            const MemoryEffects::EffectInstance &effect) {
  Operation *owner =
      effect.getValue() ? effect.getValue().getDefiningOp() : nullptr;
  return isa<MemoryEffects::Allocate>(effect.getEffect()) && owner &&
         op->isAncestor(owner);
}

bool hasOrderedEffects(Operation *op) {
  std::optional<SmallVector<MemoryEffects::EffectInstance>> effects =
      getEffectsRecursively(op);
  return !effects || !llvm::all_of(*effects, [&](const auto &effect) {
    return isOwnAllocation(op, effect);
  });
}

} // namespace serenity
