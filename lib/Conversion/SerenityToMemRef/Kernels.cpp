//===- Kernels.cpp - What kernels share -----------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Kernels.h"

#include "FixedPoint.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::detail;

Value Kernel::getMemRef(Value tensor) {
  if (auto weight = tensor.getDefiningOp<WeightOp>())
    return getConstant(getContents(weight));
  return storage.getMemRef(tensor);
}

Value Kernel::getConstant(ElementsAttr contents) {
  return constants.get(*this, getLoc(), contents);
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

bool serenity::detail::isFloat(Type elementType) {
  return isa<Float16Type, Float32Type, Float64Type>(elementType);
}

bool serenity::detail::isQuantizedByte(Type elementType) {
  auto quantized = dyn_cast<quant::UniformQuantizedType>(elementType);
  return quantized && quantized.getStorageTypeIntegralWidth() == 8;
}

bool serenity::detail::isAccumulator(Type elementType) {
  auto quantized = dyn_cast<quant::QuantizedType>(elementType);
  return quantized && quantized.getStorageTypeIntegralWidth() == 32 &&
         isa<quant::UniformQuantizedType, quant::UniformQuantizedPerAxisType>(
             quantized) &&
         getZeroPoint(quantized) == 0;
}

LogicalResult serenity::detail::emitTypeError(Operation *op, Type elementType) {
  return op->emitOpError() << "has no kernel for elements of type "
                           << elementType;
}

//===----------------------------------------------------------------------===//
// Ends of kernels
//===----------------------------------------------------------------------===//

Value serenity::detail::buildLimits(KernelBuilder &b, Value value,
                                    Type elementType, ActivationLimits limits) {
  if (auto quantized = dyn_cast<quant::UniformQuantizedType>(elementType)) {
    const StoredRange stored = quantizeRange(quantized, limits.min, limits.max);
    return buildClamp(b, value, stored.least, stored.most);
  }
  constexpr double infinity = std::numeric_limits<double>::infinity();
  Type type = value.getType();
  if (limits.min != -infinity)
    value = b.max(value, b.real(type, limits.min));
  if (limits.max != infinity)
    value = b.min(value, b.real(type, limits.max));
  return value;
}

Value serenity::detail::buildActivation(KernelBuilder &b, Value value,
                                        Type elementType,
                                        Activation activation) {
  if (std::optional<ActivationLimits> limits = getActivationLimits(activation))
    return buildLimits(b, value, elementType, *limits);
  return math::TanhOp::create(b, value);
}

LogicalResult serenity::detail::checkActivation(Operation *op, Type elementType,
                                                Activation activation) {
  const bool hasKernel =
      isFloat(elementType) || activation == Activation::None ||
      (isQuantizedByte(elementType) && activation != Activation::Tanh);
  if (hasKernel)
    return success();
  return op->emitOpError() << "has no kernel with activation '"
                           << stringifyActivation(activation)
                           << "' for elements of type " << elementType;
}

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

bool WindowSide::isPadded(int64_t positions) const {
  const int64_t last = (positions - 1) * stride + (kernel - 1) * dilation;
  return padding > 0 || last - padding >= input;
}

WindowSide::Bounds WindowSide::buildBounds(KernelBuilder &b,
                                           Value position) const {
  // Positions k with 0 <= position * stride - padding + k * dilation < input.
  Value origin = b.scaleIndex(position, stride, -padding);
  Value step = b.index(dilation);
  auto firstFrom = [&](int64_t bound) -> Value {
    Value distance = b.createOrFold<arith::SubIOp>(b.index(bound), origin);
    return b.createOrFold<arith::CeilDivSIOp>(distance, step);
  };
  return {b.createOrFold<arith::MaxSIOp>(firstFrom(0), b.index(0)),
          b.createOrFold<arith::MinSIOp>(firstFrom(input), b.index(kernel))};
}

Value WindowSide::buildInputIndex(KernelBuilder &b, Value position,
                                  Value offset) const {
  return b.createOrFold<arith::AddIOp>(b.scaleIndex(position, stride, -padding),
                                       b.scaleIndex(offset, dilation, 0));
}
