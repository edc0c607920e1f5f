//===- Pieces.cpp - Operands of concatenations, slices of weights ---------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Pieces.h"

#include "mlir/IR/DialectResourceBlobManager.h"
#include "serenity/Dialect/Serenity/IR/OperatorLocation.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace serenity;

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

/// `element` of a tensor of which only `range` along `axis` is left.
static Type slicePerAxis(Type element, int64_t axis, Range range) {
  auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(element);
  if (!perAxis || perAxis.getQuantizedDimension() != axis)
    return element;
  return quant::UniformQuantizedPerAxisType::get(
      perAxis.getFlags(), perAxis.getStorageType(), perAxis.getExpressedType(),
      perAxis.getScales().slice(range.offset, range.size),
      perAxis.getZeroPoints().slice(range.offset, range.size), axis,
      perAxis.getStorageTypeMin(), perAxis.getStorageTypeMax());
}

RankedTensorType serenity::getPartType(RankedTensorType whole, int64_t axis,
                                       Range range) {
  SmallVector<int64_t> shape(whole.getShape());
  shape[axis] = range.size;
  return RankedTensorType::get(
      shape, slicePerAxis(whole.getElementType(), axis, range));
}

//===----------------------------------------------------------------------===//
// Concatenations
//===----------------------------------------------------------------------===//

std::optional<Pieces> serenity::matchConcat(Value value) {
  auto concat = value.getDefiningOp<ConcatOp>();
  if (!concat)
    return std::nullopt;
  Pieces pieces{static_cast<int64_t>(concat.getAxis()), {}};
  int64_t offset = 0;
  // Operands that are still to be looked into, the first one last.
  SmallVector<Value> pending(llvm::reverse(concat.getInputs()));
  while (!pending.empty()) {
    Value part = pending.pop_back_val();
    auto inner = part.getDefiningOp<ConcatOp>();
    if (inner && inner->hasOneUse() && inner.getAxis() == concat.getAxis()) {
      llvm::append_range(pending, llvm::reverse(inner.getInputs()));
      continue;
    }
    const int64_t size =
        cast<RankedTensorType>(part.getType()).getDimSize(pieces.axis);
    pieces.parts.push_back({part, {offset, size}});
    offset += size;
  }
  return pieces.parts.size() < 2 ? std::nullopt : std::optional(pieces);
}

LogicalResult serenity::checkPieceTypes(RewriterBase &rewriter, Operation *op,
                                        const Pieces &pieces,
                                        RankedTensorType whole) {
  for (const Piece &piece : pieces.parts) {
    const RankedTensorType expected =
        getPartType(whole, pieces.axis, piece.range);
    if (piece.value.getType() != expected)
      return rewriter.notifyMatchFailure(op, [&](Diagnostic &reason) {
        reason << "a part of the concatenation has type "
               << piece.value.getType() << ", expected " << expected;
      });
  }
  return success();
}

void serenity::eraseDead(RewriterBase &rewriter, ArrayRef<Value> values) {
  // A worklist without repetitions: an erased value must not be looked at.
  llvm::SetVector<Value> pending(values.begin(), values.end());
  while (!pending.empty()) {
    Operation *op = pending.pop_back_val().getDefiningOp();
    if (!isa_and_nonnull<ConcatOp, WeightOp>(op) || !op->use_empty())
      continue;
    pending.insert(op->operand_begin(), op->operand_end());
    rewriter.eraseOp(op);
  }
}

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

/// The bytes of `payload` in row-major order; none if they were elided.
static ArrayRef<char> getBytes(ElementsAttr payload) {
  if (auto dense = dyn_cast<DenseElementsAttr>(payload))
    return dense.getRawData();
  AsmResourceBlob *blob =
      cast<DenseResourceElementsAttr>(payload).getRawHandle().getBlob();
  return blob ? blob->getData() : ArrayRef<char>();
}

/// The resource of `part`, which belongs to `whole` from index `offset` on.
static ElementsAttr makeResource(DenseResourceElementsAttr whole,
                                 ShapedType type, ArrayRef<char> part,
                                 int64_t offset) {
  DenseResourceElementsHandle handle = whole.getRawHandle();
  const std::string name = (handle.getKey() + "_" + Twine(offset)).str();
  return DenseResourceElementsAttr::get(
      type, name,
      HeapAsmResourceBlob::allocateAndCopyWithAlign(
          part, handle.getBlob()->getDataAlignment()));
}

static bool isSplat(ElementsAttr payload) {
  auto dense = dyn_cast<DenseElementsAttr>(payload);
  return dense && dense.isSplat();
}

bool serenity::isSliceable(WeightOp weight) {
  std::optional<ElementsAttr> payload = weight.getValue();
  if (!payload || isSplat(*payload))
    return true;
  Type element = payload->getElementType();
  return isa<DenseElementsAttr, DenseResourceElementsAttr>(*payload) &&
         element.isIntOrFloat() && element.getIntOrFloatBitWidth() % 8 == 0;
}

LogicalResult serenity::checkSliceable(RewriterBase &rewriter, Operation *op,
                                       Value weight, StringRef name) {
  auto source = weight ? weight.getDefiningOp<WeightOp>() : WeightOp();
  if (!weight || (source && isSliceable(source)))
    return success();
  return rewriter.notifyMatchFailure(
      op, "'" + name + "' is not a constant whose elements are whole bytes");
}

/// The bytes of the part of a tensor of `type` at `range` along `axis`.
static SmallVector<char> sliceBytes(ArrayRef<char> bytes, ShapedType type,
                                    int64_t axis, Range range) {
  const int64_t rowBytes =
      ShapedType::getNumElements(type.getShape().drop_front(axis + 1)) *
      type.getElementTypeBitWidth() / 8;
  const int64_t stride = type.getDimSize(axis) * rowBytes;
  SmallVector<char> result;
  for (int64_t begin = range.offset * rowBytes; begin < int64_t(bytes.size());
       begin += stride)
    llvm::append_range(result, bytes.slice(begin, range.size * rowBytes));
  return result;
}

/// The part of `payload` at `range` along `axis`; null if it was elided.
static ElementsAttr slicePayload(ElementsAttr payload, int64_t axis,
                                 Range range) {
  const ShapedType type = payload.getShapedType();
  const ShapedType partType =
      getPartType(cast<RankedTensorType>(type), axis, range);
  if (isSplat(payload))
    return cast<DenseElementsAttr>(payload).resizeSplat(partType);
  const ArrayRef<char> bytes = getBytes(payload);
  if (bytes.empty())
    return {};
  const SmallVector<char> part = sliceBytes(bytes, type, axis, range);
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(payload))
    return makeResource(resource, partType, part, range.offset);
  return DenseElementsAttr::getFromRawBuffer(partType, part);
}

Value serenity::sliceWeight(OpBuilder &builder, Value weight, int64_t axis,
                            Range range) {
  if (!weight)
    return {};
  auto source = weight.getDefiningOp<WeightOp>();
  const RankedTensorType type = getPartType(source.getType(), axis, range);
  if (type == source.getType())
    return weight;
  ElementsAttr payload;
  if (std::optional<ElementsAttr> whole = source.getValue())
    payload = slicePayload(*whole, axis, range);
  return WeightOp::create(builder, source.getLoc(), type, payload);
}

//===----------------------------------------------------------------------===//
// Locations
//===----------------------------------------------------------------------===//

Location serenity::getPartLocation(Location location, size_t number) {
  const std::string name = getLocationName(location);
  if (name.empty())
    return location;
  MLIRContext *context = location.getContext();
  const std::string part = name + "/" + std::to_string(number);
  return FusedLoc::get(
      context, {NameLoc::get(StringAttr::get(context, part)), location});
}
