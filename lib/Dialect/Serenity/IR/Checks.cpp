//===- Checks.cpp - What verifiers of operations share --------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Checks.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/TypeUtilities.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::detail;

LogicalResult serenity::detail::verifySize(Operation *op, const Twine &what,
                                           uint64_t actual, uint64_t expected) {
  if (actual == expected)
    return success();
  return op->emitOpError() << what << " is " << actual << ", expected "
                           << expected;
}

LogicalResult serenity::detail::verifyShape(Operation *op, const Twine &name,
                                            Type type,
                                            ArrayRef<int64_t> shape) {
  ArrayRef<int64_t> actual = cast<RankedTensorType>(type).getShape();
  if (actual == shape)
    return success();
  return op->emitOpError() << name << " has shape [" << actual
                           << "], expected [" << shape << "]";
}

LogicalResult serenity::detail::verifyNumbers(Operation *op, StringRef name,
                                              ArrayRef<int64_t> numbers,
                                              int64_t count, int64_t least) {
  if (int64_t(numbers.size()) != count)
    return op->emitOpError() << "'" << name << "' has " << numbers.size()
                             << " numbers, expected " << count;
  for (auto [position, number] : llvm::enumerate(numbers))
    if (number < least)
      return op->emitOpError()
             << "'" << name << "' is " << number << " at position " << position
             << ", expected at least " << least;
  return success();
}

LogicalResult serenity::detail::verifyAxis(Operation *op, int64_t axis,
                                           int64_t rank) {
  if (axis >= 0 && axis < rank)
    return success();
  return op->emitOpError() << "'axis' is " << axis
                           << ", expected at least 0 and below the rank of "
                           << rank;
}

//===----------------------------------------------------------------------===//
// Element types
//===----------------------------------------------------------------------===//

/// The type that a tensor of `type` stores.
static Type getStoredType(Type type) {
  Type element = getElementTypeOrSelf(type);
  auto quantized = dyn_cast<quant::QuantizedType>(element);
  if (!quantized)
    return element;
  return IntegerType::get(
      type.getContext(), quantized.getStorageTypeIntegralWidth(),
      quantized.isSigned() ? IntegerType::Signless : IntegerType::Unsigned);
}

static LogicalResult emitStorageError(Operation *op, const Twine &name,
                                      Type type, const Twine &otherName,
                                      Type otherType) {
  return op->emitOpError() << name << " stores " << getStoredType(type)
                           << ", but " << otherName << " stores "
                           << getStoredType(otherType);
}

LogicalResult serenity::detail::verifySameStorage(Operation *op,
                                                  const Twine &name, Type type,
                                                  const Twine &otherName,
                                                  Type otherType) {
  if (getStoredType(type) == getStoredType(otherType))
    return success();
  return emitStorageError(op, name, type, otherName, otherType);
}

LogicalResult serenity::detail::verifySameKind(Operation *op, const Twine &name,
                                               Type type,
                                               const Twine &otherName,
                                               Type otherType) {
  Type stored = getStoredType(type);
  Type otherStored = getStoredType(otherType);
  if (stored == otherStored ||
      (isa<IntegerType>(stored) && isa<IntegerType>(otherStored)))
    return success();
  return emitStorageError(op, name, type, otherName, otherType);
}

/// A type with a scale for each index of one dimension must have as many scales
/// as `tensor`, a value of `op` called `name`, has indices there.
static LogicalResult verifyScalesOf(Operation *op, const Twine &name,
                                    RankedTensorType tensor) {
  auto perAxis =
      dyn_cast<quant::UniformQuantizedPerAxisType>(tensor.getElementType());
  if (!perAxis)
    return success();
  int64_t dimension = perAxis.getQuantizedDimension();
  if (dimension >= tensor.getRank())
    return op->emitOpError()
           << name << " has scales for dimension " << dimension
           << ", but its rank is " << tensor.getRank();
  return verifySize(
      op, "number of scales for dimension " + Twine(dimension) + " of " + name,
      perAxis.getScales().size(), tensor.getDimSize(dimension));
}

LogicalResult serenity::detail::verifyScales(Operation *op) {
  for (OpOperand &operand : op->getOpOperands())
    if (failed(verifyScalesOf(op,
                              "operand #" + Twine(operand.getOperandNumber()),
                              cast<RankedTensorType>(operand.get().getType()))))
      return failure();
  for (OpResult result : op->getResults())
    if (failed(verifyScalesOf(op, "result #" + Twine(result.getResultNumber()),
                              cast<RankedTensorType>(result.getType()))))
      return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

/// Checks that a window of `extent` that moves by `stride` has `positions`
/// positions in `padded` rows or columns, as `side` says.
static LogicalResult verifyPositions(Operation *op, StringRef side,
                                     uint64_t padded, uint64_t extent,
                                     uint64_t stride, uint64_t positions) {
  if (extent > padded)
    return op->emitOpError() << "window of " << side << " " << extent
                             << " does not fit the padded input's " << padded;
  return verifySize(op, side + " of 'result'", positions,
                    (padded - extent) / stride + 1);
}

LogicalResult serenity::detail::verifyWindow(Operation *op,
                                             const Window &window) {
  if (failed(verifyNumbers(op, "kernel", window.kernel, 2, 1)) ||
      failed(verifyNumbers(op, "strides", window.strides, 2, 1)) ||
      failed(verifyNumbers(op, "padding", window.padding, 4, 0)) ||
      failed(verifyNumbers(op, "dilations", window.dilations, 2, 1)) ||
      failed(verifySize(op, "batch of 'result'", window.result.getDimSize(0),
                        window.input.getDimSize(0))))
    return failure();
  constexpr StringRef sides[] = {"height", "width"};
  for (unsigned i : {0, 1}) {
    uint64_t padded = llvm::SaturatingAdd<uint64_t>(
        window.input.getDimSize(1 + i), window.padding[2 * i],
        window.padding[2 * i + 1]);
    uint64_t extent = llvm::SaturatingMultiplyAdd<uint64_t>(
        window.kernel[i] - 1, window.dilations[i], 1);
    if (failed(verifyPositions(op, sides[i], padded, extent, window.strides[i],
                               window.result.getDimSize(1 + i))))
      return failure();
  }
  return success();
}
