//===- DataVerifiers.cpp - Verifiers of what holds or moves data ----------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Checks.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::detail;

/// A resource, unless it was elided, has the bytes of the tensor it describes:
/// whoever reads it trusts the type.
static LogicalResult verifyResource(Operation *op, ElementsAttr payload) {
  auto resource = dyn_cast<DenseResourceElementsAttr>(payload);
  AsmResourceBlob *blob =
      resource ? resource.getRawHandle().getBlob() : nullptr;
  if (!blob)
    return success();
  return verifySize(op, "number of bytes of the payload",
                    blob->getData().size(),
                    *getStorageBytes(payload.getType()));
}

LogicalResult WeightOp::verify() {
  if (!getValue())
    return success();
  Type storage = quant::QuantizedType::castToStorageType(getType());
  Type expected = storage ? storage : getType();
  Type actual = getValue()->getType();
  if (actual != expected)
    return emitOpError() << "payload has type " << actual << ", expected "
                         << expected;
  return verifyResource(*this, *getValue());
}

//===----------------------------------------------------------------------===//
// Pieces of a tensor
//===----------------------------------------------------------------------===//

/// A piece, called `name`, must fit beside others along `axis` in `whole`.
static LogicalResult verifyPiece(Operation *op, const Twine &name,
                                 RankedTensorType piece, StringRef wholeName,
                                 RankedTensorType whole, int64_t axis) {
  SmallVector<int64_t> shape(whole.getShape());
  if (piece.getRank() == whole.getRank())
    shape[axis] = piece.getDimSize(axis);
  return failure(failed(verifyShape(op, name, piece, shape)) ||
                 failed(verifySameStorage(op, name, piece, wholeName, whole)));
}

/// `pieces`, called `name` and a number each, must make up `whole` if laid side
/// by side along `axis`.
static LogicalResult verifyPieces(Operation *op, StringRef name,
                                  TypeRange pieces, StringRef wholeName,
                                  RankedTensorType whole, int64_t axis) {
  if (failed(verifyAxis(op, axis, whole.getRank())))
    return failure();
  if (pieces.empty())
    return op->emitOpError() << "has 0 " << name << "s, expected at least 1";
  uint64_t sum = 0;
  for (auto [number, type] : llvm::enumerate(pieces)) {
    auto piece = cast<RankedTensorType>(type);
    if (failed(verifyPiece(op, name + " #" + Twine(number), piece, wholeName,
                           whole, axis)))
      return failure();
    sum = llvm::SaturatingAdd<uint64_t>(sum, piece.getDimSize(axis));
  }
  return verifySize(op,
                    "sum of the " + name + "s' sizes along axis " + Twine(axis),
                    sum, whole.getDimSize(axis));
}

LogicalResult ConcatOp::verify() {
  return verifyPieces(*this, "operand", getInputs().getTypes(), "'result'",
                      getType(), getAxis());
}

LogicalResult SplitOp::verify() {
  return verifyPieces(*this, "result", getOutputs().getTypes(), "'input'",
                      getInput().getType(), getAxis());
}

LogicalResult SliceOp::verify() {
  RankedTensorType input = getInput().getType();
  RankedTensorType result = getType();
  if (failed(verifySize(*this, "rank of 'result'", result.getRank(),
                        input.getRank())) ||
      failed(verifyNumbers(*this, "offsets", getOffsets(), input.getRank(), 0)))
    return failure();
  for (auto [dimension, offset] : llvm::enumerate(getOffsets())) {
    uint64_t end =
        llvm::SaturatingAdd<uint64_t>(offset, result.getDimSize(dimension));
    if (end > uint64_t(input.getDimSize(dimension)))
      return emitOpError() << "slice of dimension " << dimension << " ends at "
                           << end << ", but 'input' has "
                           << input.getDimSize(dimension);
  }
  return verifySameStorage(*this, "'result'", result, "'input'", input);
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

LogicalResult PadOp::verify() {
  RankedTensorType input = getInput().getType();
  RankedTensorType result = getType();
  int64_t rank = input.getRank();
  if (failed(verifySize(*this, "rank of 'result'", result.getRank(), rank)) ||
      failed(verifyNumbers(*this, "low", getLow(), rank, 0)) ||
      failed(verifyNumbers(*this, "high", getHigh(), rank, 0)))
    return failure();
  for (int64_t i = 0; i < rank; ++i)
    if (failed(verifySize(*this, "dimension " + Twine(i) + " of 'result'",
                          result.getDimSize(i),
                          llvm::SaturatingAdd<uint64_t>(
                              input.getDimSize(i), getLow()[i], getHigh()[i]))))
      return failure();
  return verifySameStorage(*this, "'result'", result, "'input'", input);
}

LogicalResult ReshapeOp::verify() {
  return failure(failed(verifySize(*this, "number of elements of 'result'",
                                   getType().getNumElements(),
                                   getInput().getType().getNumElements())) ||
                 failed(verifySameStorage(*this, "'result'", getType(),
                                          "'input'", getInput().getType())));
}
