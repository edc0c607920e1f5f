//===- KernelBuilder.cpp - Loops, vectors and numbers of kernels ----------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::detail;

/// `element`, or as many of it as `like` has lanes.
static Type withLanesOf(Type like, Type element) {
  auto vector = dyn_cast<VectorType>(like);
  return vector ? vector.clone(element) : element;
}

/// Whether stored integers of `elementType` have no sign.
static bool isUnsigned(Type elementType) {
  if (auto quantized = dyn_cast<quant::QuantizedType>(elementType))
    return !quantized.isSigned();
  return elementType.isUnsignedInteger();
}

Type serenity::detail::getStoredElement(Type type) {
  if (auto quantized = dyn_cast<quant::QuantizedType>(type))
    type = quantized.getStorageType();
  if (auto integer = dyn_cast<IntegerType>(type))
    return IntegerType::get(type.getContext(), integer.getWidth());
  return type;
}

Type serenity::detail::getComputedElement(Type type) {
  Type stored = getStoredElement(type);
  if (isa<FloatType>(stored) && stored.getIntOrFloatBitWidth() < 32)
    return Float32Type::get(type.getContext());
  if (isa<IntegerType>(stored) && stored.getIntOrFloatBitWidth() < 32)
    return IntegerType::get(type.getContext(), 32);
  return stored;
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

Value KernelBuilder::index(int64_t value) {
  return arith::ConstantIndexOp::create(*this, value);
}

/// A constant of `type` that is `attribute`, or has it in every lane.
static Value makeConstant(KernelBuilder &b, Type type, TypedAttr attribute) {
  if (auto vector = dyn_cast<VectorType>(type))
    attribute = DenseElementsAttr::get(vector, Attribute(attribute));
  return arith::ConstantOp::create(b, attribute);
}

Value KernelBuilder::integer(Type type, int64_t value) {
  return makeConstant(*this, type,
                      getIntegerAttr(getElementTypeOrSelf(type), value));
}

Value KernelBuilder::real(Type type, double value) {
  return makeConstant(*this, type,
                      getFloatAttr(getElementTypeOrSelf(type), value));
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

/// Runs `body` for `count` multiples of `step`, without a loop if that is one.
static void buildLoop(KernelBuilder &b, int64_t count, int64_t step,
                      KernelBuilder::IndexBody body) {
  if (count == 1)
    return body(b.index(0));
  auto loop =
      scf::ForOp::create(b, b.index(0), b.index(count * step), b.index(step));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  body(loop.getInductionVar());
}

void KernelBuilder::forEach(int64_t count, IndexBody body) {
  if (count > 0)
    buildLoop(*this, count, 1, body);
}

/// Builds the loops over the dimensions of `shape` that have no index yet.
static void buildNest(KernelBuilder &b, ArrayRef<int64_t> shape,
                      SmallVectorImpl<Value> &indices,
                      KernelBuilder::IndicesBody body) {
  if (indices.size() == shape.size())
    return body(indices);
  b.forEach(shape[indices.size()], [&](Value i) {
    indices.push_back(i);
    buildNest(b, shape, indices, body);
    indices.pop_back();
  });
}

void KernelBuilder::forEachIndex(ArrayRef<int64_t> shape, IndicesBody body) {
  SmallVector<Value> indices;
  buildNest(*this, shape, indices, body);
}

void KernelBuilder::forEachBlock(int64_t count, BlockBody body, int64_t limit) {
  const int64_t blocks = count / limit;
  const int64_t rest = count % limit;
  if (blocks > 0)
    buildLoop(*this, blocks, limit, [&](Value first) { body(first, limit); });
  if (rest > 0)
    body(index(blocks * limit), rest);
}

Value KernelBuilder::accumulate(Value lower, Value upper, Value init,
                                StepBody body) {
  auto loop = scf::ForOp::create(*this, lower, upper, index(1), init);
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPointToStart(loop.getBody());
  Value next = body(loop.getInductionVar(), loop.getRegionIterArgs().front());
  scf::YieldOp::create(*this, next);
  return loop.getResult(0);
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

Value KernelBuilder::widen(Value value, Type elementType) {
  Type computed = withLanesOf(value.getType(), getComputedElement(elementType));
  if (value.getType() == computed)
    return value;
  if (isa<FloatType>(getElementTypeOrSelf(computed)))
    return arith::ExtFOp::create(*this, computed, value);
  if (isUnsigned(elementType))
    return arith::ExtUIOp::create(*this, computed, value);
  return arith::ExtSIOp::create(*this, computed, value);
}

Value KernelBuilder::narrow(Value value, Type elementType) {
  Type stored = withLanesOf(value.getType(), getStoredElement(elementType));
  if (value.getType() == stored)
    return value;
  if (isa<FloatType>(getElementTypeOrSelf(stored)))
    return arith::TruncFOp::create(*this, stored, value);
  return arith::TruncIOp::create(*this, stored, value);
}

Value KernelBuilder::load(Value memref, ValueRange indices, int64_t lanes,
                          Type elementType) {
  auto type = VectorType::get({lanes}, getStoredElement(elementType));
  return widen(vector::LoadOp::create(*this, type, memref, indices),
               elementType);
}

Value KernelBuilder::loadScalar(Value memref, ValueRange indices,
                                Type elementType) {
  return widen(memref::LoadOp::create(*this, memref, indices), elementType);
}

void KernelBuilder::store(Value vector, Value memref, ValueRange indices,
                          Type elementType) {
  vector::StoreOp::create(*this, narrow(vector, elementType), memref, indices);
}

void KernelBuilder::storeScalar(Value value, Value memref, ValueRange indices,
                                Type elementType) {
  memref::StoreOp::create(*this, narrow(value, elementType), memref, indices);
}

bool KernelBuilder::isContiguous(Value memref) {
  return cast<MemRefType>(memref.getType()).getLayout().isIdentity();
}

Value KernelBuilder::reshape(Value memref, ArrayRef<int64_t> shape) {
  auto type = cast<MemRefType>(memref.getType());
  if (type.getShape() == shape)
    return memref;
  return memref::ReinterpretCastOp::create(
      *this, MemRefType::get(shape, type.getElementType()), memref,
      /*offset=*/int64_t(0), shape, computeStrides(shape));
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

/// The operation for integers or the one for floats.
template <typename IntegerOp, typename FloatOp>
static Value buildBinary(KernelBuilder &b, Value lhs, Value rhs) {
  if (isa<FloatType>(getElementTypeOrSelf(lhs.getType())))
    return b.createOrFold<FloatOp>(lhs, rhs);
  return b.createOrFold<IntegerOp>(lhs, rhs);
}

Value KernelBuilder::add(Value lhs, Value rhs) {
  return buildBinary<arith::AddIOp, arith::AddFOp>(*this, lhs, rhs);
}

Value KernelBuilder::sub(Value lhs, Value rhs) {
  return buildBinary<arith::SubIOp, arith::SubFOp>(*this, lhs, rhs);
}

Value KernelBuilder::mul(Value lhs, Value rhs) {
  return buildBinary<arith::MulIOp, arith::MulFOp>(*this, lhs, rhs);
}

Value KernelBuilder::lessThan(Value lhs, Value rhs) {
  return arith::CmpFOp::create(*this, arith::CmpFPredicate::OLT, lhs, rhs);
}

Value KernelBuilder::max(Value lhs, Value rhs) {
  if (!isa<FloatType>(getElementTypeOrSelf(lhs.getType())))
    return arith::MaxSIOp::create(*this, lhs, rhs);
  return arith::SelectOp::create(*this, lessThan(lhs, rhs), rhs, lhs);
}

Value KernelBuilder::min(Value lhs, Value rhs) {
  if (!isa<FloatType>(getElementTypeOrSelf(lhs.getType())))
    return arith::MinSIOp::create(*this, lhs, rhs);
  return arith::SelectOp::create(*this, lessThan(rhs, lhs), rhs, lhs);
}

Value KernelBuilder::scaleIndex(Value value, int64_t scale, int64_t offset) {
  Value scaled = createOrFold<arith::MulIOp>(value, index(scale));
  return createOrFold<arith::AddIOp>(scaled, index(offset));
}

Value KernelBuilder::splat(Value value, int64_t lanes) {
  return vector::BroadcastOp::create(
      *this, VectorType::get({lanes}, value.getType()), value);
}
