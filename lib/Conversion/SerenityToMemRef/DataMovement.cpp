//===- DataMovement.cpp - Kernels that move data --------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FixedPoint.h"
#include "Kernels.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::detail;

//===----------------------------------------------------------------------===//
// Copies
//===----------------------------------------------------------------------===//

namespace {

/// A box of elements in an array of one dimension.
struct Box {
  Value elements;
  int64_t first;
  SmallVector<int64_t> strides;

  /// The place of the element at `indices` of the box, `offset` further on.
  Value buildPlace(KernelBuilder &b, ValueRange indices, Value offset) const;
};

/// `convert(vector)` is what is written for stored elements.
using Convert = llvm::function_ref<Value(Value)>;

} // namespace

Value Box::buildPlace(KernelBuilder &b, ValueRange indices,
                      Value offset) const {
  Value place = b.scaleIndex(offset, 1, first);
  for (auto [index, stride] : llvm::zip(indices, strides))
    place =
        b.createOrFold<arith::AddIOp>(place, b.scaleIndex(index, stride, 0));
  return place;
}

/// The box of `memref` that begins at `offsets`.
static Box makeBox(KernelBuilder &b, Value memref, ArrayRef<int64_t> offsets) {
  auto type = cast<MemRefType>(memref.getType());
  SmallVector<int64_t> strides = type.getStridesAndOffset().first;
  int64_t first = 0, span = 1;
  for (auto [offset, size, stride] :
       llvm::zip_equal(offsets, type.getShape(), strides)) {
    first += offset * stride;
    span += (size - 1) * stride;
  }
  return {b.reshape(memref, {span}), first, strides};
}

/// Copies elements of type `elementType` from a box of `shape` to another:
/// runs without gaps in both boxes are the inner loop.
static void buildCopy(KernelBuilder &b, const Box &from, const Box &to,
                      ArrayRef<int64_t> shape, Type elementType,
                      Convert convert) {
  int64_t run = 1;
  while (!shape.empty() && from.strides[shape.size() - 1] == run &&
         to.strides[shape.size() - 1] == run) {
    run *= shape.back();
    shape = shape.drop_back();
  }
  Type stored = getStoredElement(elementType);
  b.forEachIndex(shape, [&](ValueRange outer) {
    b.forEachBlock(run, [&](Value first, int64_t lanes) {
      Value vector = vector::LoadOp::create(b, VectorType::get({lanes}, stored),
                                            from.elements,
                                            from.buildPlace(b, outer, first));
      vector::StoreOp::create(b, convert(vector), to.elements,
                              to.buildPlace(b, outer, first));
    });
  });
}

static void buildCopy(KernelBuilder &b, const Box &from, const Box &to,
                      ArrayRef<int64_t> shape, Type elementType) {
  buildCopy(b, from, to, shape, elementType, [](Value value) { return value; });
}

/// As many zeros as `memref` has dimensions.
static SmallVector<int64_t> getOrigin(Value memref) {
  return SmallVector<int64_t>(cast<MemRefType>(memref.getType()).getRank(), 0);
}

/// Whether elements of `lhs` may be copied to `rhs` as they are. Types that are
/// not quantised have no scale that could differ.
static bool isSameEncoding(Type lhs, Type rhs) {
  return lhs == rhs || !isa<quant::QuantizedType>(lhs) ||
         !isa<quant::QuantizedType>(rhs);
}

/// Emits that `op` would have to rescale from `input` to `result`.
static LogicalResult emitRescaleError(Operation *op, Type input, Type result) {
  return op->emitOpError() << "has no kernel from " << input << " to " << result
                           << ", which are scaled differently";
}

//===----------------------------------------------------------------------===//
// Concatenation
//===----------------------------------------------------------------------===//

/// Rescales stored bytes as TFLite's CONCATENATION does for unsigned ones, in
/// float32.
static Value buildFloatRescale(KernelBuilder &b, Value stored, Type input,
                               Type result) {
  const float scale = static_cast<float>(getScales(input).front()) *
                      (1.0f / static_cast<float>(getScales(result).front()));
  const float bias = -getZeroPoint(input) * scale;
  auto integers = cast<VectorType>(stored.getType()).clone(b.getI32Type());
  auto reals = integers.clone(b.getF32Type());
  Value value = arith::UIToFPOp::create(b, reals, stored);
  value = b.add(b.mul(value, b.real(reals, scale)), b.real(reals, bias));
  value = math::RoundOp::create(b, value);
  value = arith::FPToSIOp::create(b, integers, value);
  value = b.add(value, b.integer(integers, getZeroPoint(result)));
  return arith::TruncIOp::create(b, stored.getType(),
                                 buildClamp(b, value, 0, 255));
}

/// Whether an operand with elements `input` can be put into a concatenation
/// with elements `result`.
static bool canConcatenate(Type input, Type result) {
  auto isUnsignedByte = [](Type type) {
    return isQuantizedByte(type) &&
           !cast<quant::QuantizedType>(type).isSigned();
  };
  return isSameEncoding(input, result) ||
         (isUnsignedByte(input) && isUnsignedByte(result));
}

LogicalResult serenity::detail::lower(Kernel &b, ConcatOp op) {
  Type result = op.getType().getElementType();
  Value whole = b.getMemRef(op.getResult());
  SmallVector<int64_t> offsets = getOrigin(whole);
  for (Value input : op.getInputs()) {
    auto type = cast<RankedTensorType>(input.getType());
    Type element = type.getElementType();
    if (!canConcatenate(element, result))
      return emitRescaleError(op, element, result);
    // A slice was written in place.
    if (!b.shareBuffer(input, op.getResult())) {
      Value part = b.getMemRef(input);
      buildCopy(b, makeBox(b, part, getOrigin(part)),
                makeBox(b, whole, offsets), type.getShape(), element,
                [&](Value stored) {
                  return isSameEncoding(element, result)
                             ? stored
                             : buildFloatRescale(b, stored, element, result);
                });
    }
    offsets[op.getAxis()] += type.getDimSize(op.getAxis());
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Pieces and shapes
//===----------------------------------------------------------------------===//

/// Copies the box of `input` that begins at `offsets` and has the shape of
/// `result`.
static LogicalResult lowerPiece(Kernel &b, Operation *op, Value input,
                                ArrayRef<int64_t> offsets, Value result) {
  auto type = cast<RankedTensorType>(result.getType());
  Type element = getElementTypeOrSelf(input);
  if (!isSameEncoding(element, type.getElementType()))
    return emitRescaleError(op, element, type.getElementType());
  Value memref = b.getMemRef(result);
  buildCopy(b, makeBox(b, b.getMemRef(input), offsets),
            makeBox(b, memref, getOrigin(memref)), type.getShape(), element);
  return success();
}

LogicalResult serenity::detail::lower(Kernel &b, SplitOp op) {
  SmallVector<int64_t> offsets(op.getInput().getType().getRank(), 0);
  for (Value output : op.getOutputs()) {
    if (failed(lowerPiece(b, op, op.getInput(), offsets, output)))
      return failure();
    auto type = cast<RankedTensorType>(output.getType());
    offsets[op.getAxis()] += type.getDimSize(op.getAxis());
  }
  return success();
}

LogicalResult serenity::detail::lower(Kernel &b, SliceOp op) {
  return lowerPiece(b, op, op.getInput(), op.getOffsets(), op.getResult());
}

LogicalResult serenity::detail::lower(Kernel &b, ReshapeOp op) {
  Type element = op.getInput().getType().getElementType();
  if (!isSameEncoding(element, op.getType().getElementType()))
    return emitRescaleError(op, element, op.getType().getElementType());
  Value input = b.getMemRef(op.getInput());
  Value result = b.getMemRef(op.getResult());
  // Only results have gaps.
  ArrayRef<int64_t> shape = op.getType().getShape();
  Box from = makeBox(b, input, getOrigin(input));
  from.strides = computeStrides(shape);
  buildCopy(b, from, makeBox(b, result, getOrigin(result)), shape, element);
  return success();
}

//===----------------------------------------------------------------------===//
// Padding
//===----------------------------------------------------------------------===//

/// What `real` is stored as in elements of `type`.
static TypedAttr getStored(Builder &builder, Type type, double real) {
  Type stored = getStoredElement(type);
  if (isa<FloatType>(stored))
    return builder.getFloatAttr(stored, real);
  auto quantized = dyn_cast<quant::UniformQuantizedType>(type);
  if (!quantized)
    return builder.getIntegerAttr(stored, static_cast<int64_t>(real));
  const StoredRange range = quantizeRange(quantized, real, real);
  return builder.getIntegerAttr(
      stored, APInt(stored.getIntOrFloatBitWidth(), range.least,
                    /*isSigned=*/true, /*implicitTrunc=*/true));
}

/// Stores `value` in all elements of `memref`.
static void buildFill(KernelBuilder &b, Value memref, TypedAttr value) {
  ArrayRef<int64_t> shape = cast<MemRefType>(memref.getType()).getShape();
  b.forEachIndex(shape.drop_back(), [&](ValueRange outer) {
    b.forEachBlock(shape.back(), [&](Value first, int64_t lanes) {
      SmallVector<Value> indices(outer);
      indices.push_back(first);
      Value element = arith::ConstantOp::create(b, value);
      vector::StoreOp::create(b, b.splat(element, lanes), memref, indices);
    });
  });
}

LogicalResult serenity::detail::lower(Kernel &b, PadOp op) {
  Type element = op.getType().getElementType();
  Type input = op.getInput().getType().getElementType();
  if (isa<quant::UniformQuantizedPerAxisType>(element))
    return emitTypeError(op, element);
  if (!isSameEncoding(input, element))
    return emitRescaleError(op, input, element);
  Value inner = b.getMemRef(op.getInput());
  Value result = b.getMemRef(op.getResult());
  if (op.getType().getRank() > 0)
    buildFill(b, result,
              getStored(b, element, op.getValue().convertToDouble()));
  buildCopy(b, makeBox(b, inner, getOrigin(inner)),
            makeBox(b, result, op.getLow()), op.getInput().getType().getShape(),
            input);
  return success();
}
