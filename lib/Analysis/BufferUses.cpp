//===- BufferUses.cpp - All that may touch the bytes of a buffer ----------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Analysis/BufferUses.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/CallInterfaces.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "mlir/Interfaces/ShapedOpInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace serenity;

bool serenity::runsRegionsInPlace(Operation *op) {
  return isa<RegionBranchOpInterface, LoopLikeOpInterface>(op) &&
         isa_and_present<scf::SCFDialect, affine::AffineDialect,
                         memref::MemRefDialect>(op->getDialect());
}

static bool isNumber(Type type) {
  if (auto vector = dyn_cast<VectorType>(type))
    type = vector.getElementType();
  return type.isIntOrIndexOrFloat() || isa<ComplexType>(type);
}

static bool isMemRef(Type type) { return isa<BaseMemRefType>(type); }

static std::string quote(StringRef name) { return ("'" + name + "'").str(); }

static std::string quoteName(Operation *op) {
  return quote(op->getName().getStringRef());
}

namespace {

/// Follows one buffer through one function.
class BufferTracer {
public:
  explicit BufferTracer(BufferUseAnalysis &analysis) : analysis(analysis) {}

  BufferUses trace(Value buffer) {
    uses.aliases.insert(buffer);
    // The set grows while it is walked.
    for (size_t i = 0; i < uses.aliases.size(); ++i)
      for (OpOperand &use : uses.aliases[i].getUses()) {
        follow(use);
        if (!uses.isKnown())
          return std::move(uses);
      }
    return std::move(uses);
  }

private:
  void follow(OpOperand &use);
  void followRegions(RegionBranchOpInterface branch, OpOperand &use);
  void followBlocks(BranchOpInterface branch, OpOperand &use);
  void followReturn(OpOperand &use);
  void followCall(CallOpInterface call, OpOperand &use);
  void followCall(CallOpInterface call, FunctionOpInterface callee,
                  unsigned argument);
  void followPure(OpOperand &use);
  void noteAccess(OpOperand &use);
  Operation *findForeignParent(Operation *op);
  void giveUp(const Twine &why) { uses.whyUnknown = why.str(); }

  BufferUseAnalysis &analysis;
  BufferUses uses;
};

} // namespace

void BufferTracer::follow(OpOperand &use) {
  Operation *user = use.getOwner();
  Operation *parent = user->getParentOp();
  if (Operation *foreign = findForeignParent(user))
    return giveUp("is used inside " + quoteName(foreign));
  if (auto call = dyn_cast<CallOpInterface>(user))
    return followCall(call, use);
  if (auto branch = dyn_cast<RegionBranchOpInterface>(user))
    return followRegions(branch, use);
  if (auto branch = dyn_cast<RegionBranchOpInterface>(parent);
      branch && isa<RegionBranchTerminatorOpInterface>(user))
    return followRegions(branch, use);
  if (auto branch = dyn_cast<BranchOpInterface>(user))
    return followBlocks(branch, use);
  if (user->hasTrait<OpTrait::ReturnLike>() && isa<FunctionOpInterface>(parent))
    return followReturn(use);
  if (isMemoryEffectFree(user))
    return followPure(use);
  noteAccess(use);
}

/// The innermost operation around `op` of which it is not known when its
/// regions run; null if there is none.
Operation *BufferTracer::findForeignParent(Operation *op) {
  for (Operation *parent = op->getParentOp(); !isa<FunctionOpInterface>(parent);
       parent = parent->getParentOp())
    if (!runsRegionsInPlace(parent))
      return parent;
  return nullptr;
}

void BufferTracer::followRegions(RegionBranchOpInterface branch,
                                 OpOperand &use) {
  RegionBranchSuccessorMapping inputsOf;
  branch.getSuccessorOperandInputMapping(inputsOf);
  const auto inputs = inputsOf.find(&use);
  if (inputs == inputsOf.end() || !runsRegionsInPlace(branch))
    return giveUp("may be kept by " + quoteName(use.getOwner()));
  uses.aliases.insert_range(inputs->second);
}

void BufferTracer::followBlocks(BranchOpInterface branch, OpOperand &use) {
  std::optional<BlockArgument> argument =
      branch.getSuccessorBlockArgument(use.getOperandNumber());
  if (!argument)
    return giveUp("may be kept by " + quoteName(branch));
  uses.aliases.insert(*argument);
}

void BufferTracer::followReturn(OpOperand &use) {
  uses.returnedAs.insert(use.getOperandNumber());
}

void BufferTracer::followCall(CallOpInterface call, OpOperand &use) {
  auto callee = dyn_cast_or_null<FunctionOpInterface>(
      call.resolveCallableInTable(&analysis.getSymbols()));
  const OperandRange arguments = call.getArgOperands();
  const unsigned begin = arguments.getBeginOperandIndex();
  const unsigned argument = use.getOperandNumber() - begin;
  const bool returnsPlainly =
      llvm::all_of(call->getResultTypes(),
                   [](Type type) { return isNumber(type) || isMemRef(type); });
  if (!callee || use.getOperandNumber() < begin ||
      argument >= arguments.size() || argument >= callee.getNumArguments() ||
      !returnsPlainly)
    return giveUp("is passed to an unknown function by " + quoteName(call));
  followCall(call, callee, argument);
}

void BufferTracer::followCall(CallOpInterface call, FunctionOpInterface callee,
                              unsigned argument) {
  const BufferUses &inside = analysis.getArgumentUses(callee, argument);
  const std::string name = quote(callee.getName());
  if (!inside.isKnown())
    return giveUp("is passed to " + name + ", where it " + inside.whyUnknown);
  if (!inside.deallocs.empty())
    return giveUp("is freed by " + name);
  uses.accesses.insert(call);
  for (unsigned result : inside.returnedAs)
    if (result < call->getNumResults())
      uses.aliases.insert(call->getResult(result));
}

void BufferTracer::followPure(OpOperand &use) {
  Operation *user = use.getOwner();
  const bool returnsMetadata =
      isa<ViewLikeOpInterface, ShapedDimOpInterface, memref::RankOp>(user);
  if (user->getNumRegions() > 0 || user->hasTrait<OpTrait::IsTerminator>())
    return giveUp("may be kept by " + quoteName(user));
  // A view may read its shape from a memref.
  if (auto view = dyn_cast<ViewLikeOpInterface>(user);
      view && view.getViewSource() != use.get()) {
    uses.accesses.insert(user);
    return;
  }
  for (Value result : user->getResults())
    if (isMemRef(result.getType()))
      uses.aliases.insert(result);
    else if (!returnsMetadata || !isNumber(result.getType()))
      return giveUp("may have its address taken by " + quoteName(user));
}

void BufferTracer::noteAccess(OpOperand &use) {
  Operation *user = use.getOwner();
  SmallVector<MemoryEffects::EffectInstance> effects;
  if (auto interface = dyn_cast<MemoryEffectOpInterface>(user))
    interface.getEffects(effects);
  llvm::erase_if(effects, [&](const MemoryEffects::EffectInstance &effect) {
    return effect.getEffectValue<OpOperand *>() != &use;
  });
  if (effects.empty() || !llvm::all_of(user->getResultTypes(), isNumber))
    return giveUp("may be kept by " + quoteName(user));
  const bool isFreed = llvm::any_of(effects, [](const auto &effect) {
    return isa<MemoryEffects::Free>(effect.getEffect());
  });
  if (isFreed && !isa<memref::DeallocOp>(user))
    return giveUp("is freed by " + quoteName(user));
  (isFreed ? uses.deallocs : uses.accesses).insert(user);
}

BufferUses BufferUseAnalysis::trace(Value buffer) {
  return BufferTracer(*this).trace(buffer);
}

const BufferUses &
BufferUseAnalysis::getArgumentUses(FunctionOpInterface function,
                                   unsigned argument) {
  // Deeper than any compiler nests calls, and no danger to the stack.
  constexpr unsigned kDeepestCall = 100;
  auto [entry, isNew] =
      argumentUses.try_emplace({function.getOperation(), argument});
  BufferUses &uses = entry->second;
  if (!isNew)
    return uses;
  if (function.isExternal()) {
    if (!function.getArgAttr(argument, "llvm.nocapture"))
      uses.whyUnknown = "may be kept, since the function has no body";
    return uses;
  }
  // What a function that calls this one finds, as long as this is not known.
  uses.whyUnknown = "goes through a chain of calls that is too long";
  if (callDepth >= kDeepestCall)
    return uses;
  ++callDepth;
  uses = trace(function.getArgument(argument));
  --callDepth;
  return uses;
}
