//===- Accumulators.cpp - Sums of quantised products ----------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Dialect/Serenity/IR/Accumulators.h"

#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/TypeUtilities.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"

using namespace mlir;
using namespace serenity;

SmallVector<double> serenity::getAccumulatorScales(Operation *product) {
  auto input = cast<quant::UniformQuantizedType>(
      getElementTypeOrSelf(product->getOperand(0)));
  Type filter = getElementTypeOrSelf(product->getOperand(1));
  SmallVector<double> scales;
  auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(filter);
  if (perAxis)
    llvm::append_range(scales, perAxis.getScales());
  else
    scales.push_back(cast<quant::UniformQuantizedType>(filter).getScale());
  const bool isRounded =
      !input.isSigned() || (isa<FullyConnectedOp>(product) && !perAxis);
  for (double &scale : scales) {
    scale *= input.getScale();
    if (isRounded)
      scale = static_cast<float>(scale);
  }
  return scales;
}
