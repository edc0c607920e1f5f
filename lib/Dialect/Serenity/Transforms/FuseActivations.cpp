//===- FuseActivations.cpp - Limits inside the kernel before them ---------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Dialect/Serenity/IR/Serenity.h"
#include "serenity/Dialect/Serenity/Transforms/Passes.h"

namespace serenity {
#define GEN_PASS_DEF_FUSEACTIVATIONSPASS
#include "serenity/Dialect/Serenity/Transforms/Passes.h.inc"
} // namespace serenity

using namespace mlir;
using namespace serenity;

/// The activation that `clamp` is, if it is one.
static std::optional<Activation> getActivation(ClampOp clamp) {
  const double min = clamp.getMin().convertToDouble();
  const double max = clamp.getMax().convertToDouble();
  if (min == 0 && max == std::numeric_limits<double>::infinity())
    return Activation::Relu;
  if (min == 0 && max == 6)
    return Activation::Relu6;
  if (min == -1 && max == 1)
    return Activation::ReluN1To1;
  return std::nullopt;
}

/// Whether `op` can apply an activation and applies none.
static bool hasFreeActivation(Operation *op) {
  std::optional<Attribute> attribute = op->getInherentAttr("activation");
  auto activation =
      dyn_cast_if_present<ActivationAttr>(attribute.value_or(Attribute()));
  return activation && activation.getValue() == Activation::None;
}

static LogicalResult fuse(ClampOp clamp) {
  Value input = clamp.getInput();
  Operation *producer = input.getDefiningOp();
  std::optional<Activation> activation = getActivation(clamp);
  if (!activation || !producer || !input.hasOneUse() ||
      input.getType() != clamp.getType() || !hasFreeActivation(producer) ||
      producer->getBlock() != clamp->getBlock())
    return failure();
  MLIRContext *context = clamp.getContext();
  producer->setInherentAttr(StringAttr::get(context, "activation"),
                            ActivationAttr::get(context, *activation));
  producer->setLoc(
      FusedLoc::get(context, {producer->getLoc(), clamp.getLoc()}));
  clamp.getResult().replaceAllUsesWith(input);
  clamp.erase();
  return success();
}

namespace {
struct FuseActivationsPass
    : serenity::impl::FuseActivationsPassBase<FuseActivationsPass> {
  using Base::Base;

  void runOnOperation() override {
    bool changed = false;
    getOperation()->walk(
        [&](ClampOp clamp) { changed |= succeeded(fuse(clamp)); });
    if (!changed)
      markAllAnalysesPreserved();
  }
};
} // namespace
