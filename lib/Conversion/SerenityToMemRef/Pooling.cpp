//===- Pooling.cpp - Pooling ----------------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FixedPoint.h"
#include "Kernels.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

#include <cmath>

using namespace mlir;
using namespace serenity;
using namespace serenity::detail;

/// The kernels do not rescale: like TFLite's, they take scales that differ by
/// up to a millionth for the same.
static bool isSameScale(Type lhs, Type rhs) {
  auto lhsType = cast<quant::UniformQuantizedType>(lhs);
  auto rhsType = cast<quant::UniformQuantizedType>(rhs);
  return lhsType.getZeroPoint() == rhsType.getZeroPoint() &&
         std::abs(lhsType.getScale() - rhsType.getScale()) <= 1e-6;
}

template <typename PoolOp> static LogicalResult checkPool(PoolOp op) {
  Type input = op.getInput().getType().getElementType();
  Type result = op.getType().getElementType();
  if (failed(checkActivation(op, result, op.getActivation())))
    return failure();
  if (isFloat(input))
    return success();
  if (!isQuantizedByte(input) || !isQuantizedByte(result))
    return emitTypeError(op, input);
  if (!isSameScale(input, result))
    return op.emitOpError() << "has no kernel from " << input << " to "
                            << result << ", which are scaled differently";
  return success();
}

namespace {

/// `combine(element, carried)` is what becomes of the elements so far.
using Combine = llvm::function_ref<Value(Value, Value)>;
/// `finish(carried, count)` is the result of a window with `count` elements, of
/// index type.
using Finish = llvm::function_ref<Value(Value, Value)>;

} // namespace

/// The rows or the columns of a pooling window.
template <typename PoolOp> static WindowSide getSide(PoolOp op, int d) {
  return {op.getInput().getType().getDimSize(1 + d), op.getKernel()[d],
          op.getStrides()[d], /*dilation=*/1, op.getPadding()[2 * d]};
}

static Value countElements(KernelBuilder &b, WindowSide::Bounds rows,
                           WindowSide::Bounds columns) {
  Value height = b.createOrFold<arith::SubIOp>(rows.end, rows.first);
  Value width = b.createOrFold<arith::SubIOp>(columns.end, columns.first);
  return b.createOrFold<arith::MulIOp>(height, width);
}

/// Builds the loops of `op`, with channels as lanes. `init` is carried into
/// every window, in each lane.
template <typename PoolOp>
static void buildPool(Kernel &b, PoolOp op, TypedAttr init, Combine combine,
                      Finish finish) {
  const WindowSide sides[] = {getSide(op, 0), getSide(op, 1)};
  Type elementType = op.getType().getElementType();
  Value input = b.getMemRef(op.getInput());
  Value result = b.getMemRef(op.getResult());
  auto buildWindow = [&](ValueRange at, Value channel, int64_t lanes) {
    const WindowSide::Bounds rows = sides[0].buildBounds(b, at[1]);
    const WindowSide::Bounds columns = sides[1].buildBounds(b, at[2]);
    Value carried = b.splat(arith::ConstantOp::create(b, init), lanes);
    carried = b.accumulate(
        rows.first, rows.end, carried, [&](Value ky, Value carried) {
          Value y = sides[0].buildInputIndex(b, at[1], ky);
          return b.accumulate(
              columns.first, columns.end, carried,
              [&](Value kx, Value carried) {
                Value x = sides[1].buildInputIndex(b, at[2], kx);
                return combine(
                    b.load(input, {at[0], y, x, channel}, lanes, elementType),
                    carried);
              });
        });
    Value pooled = finish(carried, countElements(b, rows, columns));
    pooled = buildActivation(b, pooled, elementType, op.getActivation());
    b.store(pooled, result, {at[0], at[1], at[2], channel}, elementType);
  };
  ArrayRef<int64_t> shape = op.getType().getShape();
  b.forEachIndex(shape.drop_back(), [&](ValueRange at) {
    b.forEachBlock(shape.back(), [&](Value channel, int64_t lanes) {
      buildWindow(at, channel, lanes);
    });
  });
}

LogicalResult serenity::detail::lower(Kernel &b, MaxPool2DOp op) {
  if (failed(checkPool(op)))
    return failure();
  Type elementType = op.getType().getElementType();
  Type computed = getComputedElement(elementType);
  TypedAttr least;
  if (auto type = dyn_cast<FloatType>(computed))
    least = b.getFloatAttr(
        type, APFloat::getLargest(type.getFloatSemantics(), /*Negative=*/true));
  else
    least = b.getIntegerAttr(
        computed, cast<quant::QuantizedType>(elementType).getStorageTypeMin());
  buildPool(
      b, op, least,
      [&](Value element, Value carried) { return b.max(carried, element); },
      [](Value carried, Value) { return carried; });
  return success();
}

/// `sums` / `count`, rounded half away from zero, as TFLite does.
static Value buildRoundedMean(KernelBuilder &b, Value sums, Value count) {
  Type type = sums.getType();
  Value half = arith::ShRUIOp::create(b, count, b.integer(type, 1));
  Value isPositive = arith::CmpIOp::create(b, arith::CmpIPredicate::sgt, sums,
                                           b.integer(type, 0));
  Value nudged = arith::SelectOp::create(b, isPositive, b.add(sums, half),
                                         b.sub(sums, half));
  return arith::DivSIOp::create(b, nudged, count);
}

LogicalResult serenity::detail::lower(Kernel &b, AvgPool2DOp op) {
  if (failed(checkPool(op)))
    return failure();
  Type computed = getComputedElement(op.getType().getElementType());
  auto buildMean = [&](Value sums, Value count) -> Value {
    const int64_t lanes = cast<VectorType>(sums.getType()).getNumElements();
    Value integer = b.createOrFold<arith::IndexCastOp>(b.getI32Type(), count);
    if (!isFloat(computed))
      return buildRoundedMean(b, sums, b.splat(integer, lanes));
    Value divisor = arith::SIToFPOp::create(b, computed, integer);
    return arith::DivFOp::create(b, sums, b.splat(divisor, lanes));
  };
  buildPool(
      b, op, b.getZeroAttr(computed),
      [&](Value element, Value carried) { return b.add(carried, element); },
      buildMean);
  return success();
}
