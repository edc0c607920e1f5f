//===- FunctionGraphs.cpp - The graphs of a function's regions ------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FunctionGraphs.h"

#include "mlir/IR/Builders.h"
#include "serenity/Analysis/SourceOrder.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace serenity;

remark::RemarkOpts serenity::remarkNamed(StringRef name, StringRef pass,
                                         StringRef functionName) {
  return remark::RemarkOpts::name(name)
      .category("serenity")
      .subCategory(pass)
      .function(functionName);
}

static bool hasTensorResult(Operation *op) {
  return llvm::any_of(op->getResultTypes(), llvm::IsaPred<TensorType>);
}

bool serenity::usesTensors(FunctionOpInterface function) {
  if (function.isExternal())
    return false;
  return llvm::any_of(function.getArgumentTypes(), llvm::IsaPred<TensorType>) ||
         function.getFunctionBody()
             .walk([](Operation *op) {
               return hasTensorResult(op) ? WalkResult::interrupt()
                                          : WalkResult::advance();
             })
             .wasInterrupted();
}

SmallVector<Region *>
serenity::getInnerTensorRegions(FunctionOpInterface function) {
  llvm::SmallSetVector<Operation *, 8> owners;
  SmallVector<Region *> regions;
  function.getFunctionBody().walk([&](Operation *op) {
    for (Region &region : op->getRegions())
      if (llvm::any_of(region.getOps(), [&](Operation &inner) {
            return hasTensorResult(&inner) || owners.contains(&inner);
          })) {
        regions.push_back(&region);
        owners.insert(op);
      }
  });
  return regions;
}

llvm::Expected<BlockGraph>
serenity::buildRegionGraph(Region &region, const MemoryModel &model,
                           const RegionBytes &regionBytes) {
  if (!region.hasOneBlock())
    return llvm::createStringError("the region has several blocks");
  return BlockGraph::build(region.front(), model, regionBytes);
}

void serenity::applyOrder(const BlockGraph &blockGraph,
                          ArrayRef<core::OpId> order) {
  if (llvm::is_sorted(order))
    return;
  if (llvm::is_sorted(getSourceOrder(blockGraph)))
    recordSourceOrder(blockGraph);
  Operation *terminator =
      blockGraph.getOperation(order.front())->getBlock()->getTerminator();
  for (core::OpId id : order)
    blockGraph.getOperation(id)->moveBefore(terminator);
}

void serenity::annotateLiveBytes(const BlockGraph &blockGraph,
                                 ArrayRef<core::OpId> order,
                                 const core::Footprint &footprint) {
  for (auto [id, bytes] : llvm::zip_equal(order, footprint.stepBytes)) {
    Operation *op = blockGraph.getOperation(id);
    op->setDiscardableAttr("serenity.live_bytes",
                           Builder(op).getI64IntegerAttr(bytes));
  }
}

void serenity::annotatePeak(Operation *function, int64_t peakBytes,
                            int64_t lowerBoundBytes) {
  Builder builder(function);
  function->setDiscardableAttr("serenity.peak_bytes",
                               builder.getI64IntegerAttr(peakBytes));
  function->setDiscardableAttr("serenity.lower_bound_bytes",
                               builder.getI64IntegerAttr(lowerBoundBytes));
  function->setDiscardableAttr(
      "serenity.proven_optimal",
      builder.getBoolAttr(peakBytes == lowerBoundBytes));
}

void serenity::clearArenaPlan(FunctionOpInterface function) {
  for (StringRef name :
       {"serenity.arena_bytes", "serenity.arena_lower_bound_bytes",
        "serenity.unmet_capacity_bytes", "serenity.arena_stopped_by"})
    function->removeDiscardableAttr(name);
  for (unsigned i = 0; i < function.getNumArguments(); ++i)
    function.removeArgAttr(i, "serenity.offset");
  function.getFunctionBody().walk([](Operation *op) {
    op->removeDiscardableAttr("serenity.offset");
    op->removeDiscardableAttr("serenity.scratch_offset");
  });
}
