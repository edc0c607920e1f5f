//===- Elementwise.cpp - Elementwise kernels ------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FixedPoint.h"
#include "Kernels.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::detail;

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

namespace {

/// `body(vectors, channel)` computes a vector of results from those of the
/// operands; `channel` is the last index of its first lane.
using ElementwiseBody = llvm::function_ref<Value(ArrayRef<Value>, Value)>;

/// An operand whose dimensions of size one, or missing, are repeated.
struct BroadcastOperand {
  Value memref;
  Type elementType;

  Value load(KernelBuilder &b, ValueRange indices, int64_t lanes) const;
};

} // namespace

Value BroadcastOperand::load(KernelBuilder &b, ValueRange indices,
                             int64_t lanes) const {
  ArrayRef<int64_t> shape = cast<MemRefType>(memref.getType()).getShape();
  SmallVector<Value> own(indices.take_back(shape.size()));
  for (auto [index, size] : llvm::zip_equal(own, shape))
    if (size == 1)
      index = b.index(0);
  if (shape.empty() || (shape.back() == 1 && lanes > 1))
    return b.splat(b.loadScalar(memref, own, elementType), lanes);
  return b.load(memref, own, lanes, elementType);
}

/// Whether element i of everything is at the same place.
static bool areAligned(ArrayRef<BroadcastOperand> operands, Value result) {
  auto shape = cast<MemRefType>(result.getType()).getShape();
  return KernelBuilder::isContiguous(result) &&
         llvm::all_of(operands, [&](const BroadcastOperand &operand) {
           auto type = cast<MemRefType>(operand.memref.getType());
           return type.getShape() == shape &&
                  KernelBuilder::isContiguous(operand.memref);
         });
}

/// Builds the loops over the elements of `result`, one over all of them if the
/// channel does not matter.
static void buildElementwise(Kernel &b, Value result, ValueRange inputs,
                             bool needsChannel, ElementwiseBody body) {
  Value memref = b.getMemRef(result);
  SmallVector<int64_t> shape(cast<MemRefType>(memref.getType()).getShape());
  SmallVector<BroadcastOperand> operands;
  for (Value input : inputs)
    operands.push_back({b.getMemRef(input), getElementTypeOrSelf(input)});
  if (!needsChannel && areAligned(operands, memref)) {
    shape = {llvm::product_of(shape)};
    memref = b.reshape(memref, shape);
    for (BroadcastOperand &operand : operands)
      operand.memref = b.reshape(operand.memref, shape);
  }
  auto buildBlock = [&](ValueRange outer, Value channel, int64_t lanes) {
    SmallVector<Value> indices(outer);
    indices.push_back(channel);
    SmallVector<Value> vectors;
    for (const BroadcastOperand &operand : operands)
      vectors.push_back(operand.load(b, indices, lanes));
    b.store(body(vectors, channel), memref, indices,
            getElementTypeOrSelf(result));
  };
  b.forEachIndex(ArrayRef(shape).drop_back(), [&](ValueRange outer) {
    b.forEachBlock(shape.back(), [&](Value channel, int64_t lanes) {
      buildBlock(outer, channel, lanes);
    });
  });
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

/// TFLite adds bytes with this many bits behind the point.
static constexpr int64_t fractionBits = 20;
/// Each of 16 numbers of 8 + 20 bits is halved at least, so their sum fits.
static constexpr size_t maxByteOperands = 16;

namespace {

/// How bytes of different scales are added.
struct ByteSum {
  SmallVector<QuantizedMultiplier> inputs;
  SmallVector<int64_t> zeroPoints;
  QuantizedMultiplier result;
  int64_t resultZeroPoint;

  Value build(KernelBuilder &b, ArrayRef<Value> vectors) const;
};

} // namespace

Value ByteSum::build(KernelBuilder &b, ArrayRef<Value> vectors) const {
  Value sum;
  for (auto [vector, multiplier, zeroPoint] :
       llvm::zip_equal(vectors, inputs, zeroPoints)) {
    Type type = vector.getType();
    Value centered = b.sub(vector, b.integer(type, zeroPoint));
    Value shifted =
        arith::ShLIOp::create(b, centered, b.integer(type, fractionBits));
    Value scaled = buildMultiply(b, shifted, multiplier);
    sum = sum ? b.add(sum, scaled) : scaled;
  }
  return b.add(buildMultiply(b, sum, result),
               b.integer(sum.getType(), resultZeroPoint));
}

/// As TFLite's ADD and ADD_N prepare their multipliers.
static FailureOr<ByteSum> prepareByteSum(Operation *op) {
  ByteSum sum;
  double maxScale = 0;
  for (Type type : op->getOperandTypes())
    maxScale =
        std::max(maxScale, getScales(getElementTypeOrSelf(type)).front());
  for (Type type : op->getOperandTypes()) {
    Type element = getElementTypeOrSelf(type);
    sum.inputs.push_back(
        quantizeMultiplier(getScales(element).front() / (2 * maxScale)));
    sum.zeroPoints.push_back(getZeroPoint(element));
  }
  Type result = getElementTypeOrSelf(op->getResult(0));
  const double factor =
      2 * maxScale / ((int64_t(1) << fractionBits) * getScales(result).front());
  if (!isValidMultiplier(factor))
    return op->emitOpError() << "multiplies its sum by " << factor
                             << ", more than the 2^30 that kernels can "
                                "multiply by";
  sum.result = quantizeMultiplier(factor);
  sum.resultZeroPoint = getZeroPoint(result);
  return sum;
}

/// Builds the sum of all operands of `op`, whose elements are bytes.
static LogicalResult lowerByteSum(Kernel &b, Operation *op,
                                  Activation activation) {
  if (op->getNumOperands() > maxByteOperands)
    return op->emitOpError() << "has " << op->getNumOperands()
                             << " operands of 8 bits, but the kernel adds at "
                                "most "
                             << maxByteOperands;
  FailureOr<ByteSum> sum = prepareByteSum(op);
  if (failed(sum))
    return failure();
  Type elementType = getElementTypeOrSelf(op->getResult(0));
  buildElementwise(b, op->getResult(0), op->getOperands(),
                   /*needsChannel=*/false, [&](ArrayRef<Value> vectors, Value) {
                     return buildActivation(b, sum->build(b, vectors),
                                            elementType, activation);
                   });
  return success();
}

/// Builds the sum of all operands of `op`, whose elements need no rescaling.
static void buildPlainSum(Kernel &b, Operation *op, Activation activation) {
  Type elementType = getElementTypeOrSelf(op->getResult(0));
  buildElementwise(b, op->getResult(0), op->getOperands(),
                   /*needsChannel=*/false, [&](ArrayRef<Value> vectors, Value) {
                     Value sum = vectors.front();
                     for (Value vector : vectors.drop_front())
                       sum = b.add(sum, vector);
                     return isFloat(elementType)
                                ? buildActivation(b, sum, elementType,
                                                  activation)
                                : sum;
                   });
}

/// Whether all operands and the result of `op` have elements of which `holds`
/// is true.
static bool allElements(Operation *op, llvm::function_ref<bool(Type)> holds) {
  auto elementHolds = [&](Type type) {
    return holds(getElementTypeOrSelf(type));
  };
  return llvm::all_of(op->getOperandTypes(), elementHolds) &&
         llvm::all_of(op->getResultTypes(), elementHolds);
}

/// Lowers an addition of all operands.
template <typename SumLikeOp>
static LogicalResult lowerSum(Kernel &b, SumLikeOp op) {
  Type elementType = op.getType().getElementType();
  if (failed(checkActivation(op, elementType, op.getActivation())))
    return failure();
  if (allElements(op, isQuantizedByte))
    return lowerByteSum(b, op, op.getActivation());
  const bool needsNoScale =
      isFloat(elementType) ||
      (isAccumulator(elementType) &&
       allElements(op, [&](Type type) { return type == elementType; }));
  if (!needsNoScale)
    return emitTypeError(op, elementType);
  buildPlainSum(b, op, op.getActivation());
  return success();
}

LogicalResult serenity::detail::lower(Kernel &kernel, AddOp op) {
  return lowerSum(kernel, op);
}

LogicalResult serenity::detail::lower(Kernel &kernel, SumOp op) {
  for (Value input : op.getInputs())
    if (kernel.shareBuffer(input, op.getResult()))
      return op.emitOpError() << "is no kernel: its operands add to one buffer "
                                 "once 'serenity-form-accumulations' has made "
                                 "a chain of them";
  return lowerSum(kernel, op);
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

/// The factor of a product of bytes. TFLite computes it in float32 for unsigned
/// ones, TFLM in float64 for signed ones.
static double getProductFactor(MulOp op) {
  const double lhs = getScales(op.getLhs().getType().getElementType()).front();
  const double rhs = getScales(op.getRhs().getType().getElementType()).front();
  auto type = cast<quant::QuantizedType>(op.getType().getElementType());
  const double result = getScales(type).front();
  if (type.isSigned())
    return lhs * rhs / result;
  return static_cast<float>(lhs) * static_cast<float>(rhs) /
         static_cast<float>(result);
}

/// `value` less the zero point of `type`.
static Value center(KernelBuilder &b, Value value, Type type) {
  return b.sub(value, b.integer(value.getType(), getZeroPoint(type)));
}

static LogicalResult lowerByteProduct(Kernel &b, MulOp op) {
  const double factor = getProductFactor(op);
  if (!isValidMultiplier(factor))
    return op.emitOpError()
           << "multiplies its product by " << factor
           << ", more than the 2^30 that kernels can multiply by";
  Type lhs = op.getLhs().getType().getElementType();
  Type rhs = op.getRhs().getType().getElementType();
  Type result = op.getType().getElementType();
  auto build = [&](ArrayRef<Value> vectors, Value) {
    Value product =
        b.mul(center(b, vectors[0], lhs), center(b, vectors[1], rhs));
    Value scaled = buildMultiply(b, product, quantizeMultiplier(factor));
    Value stored =
        b.add(scaled, b.integer(scaled.getType(), getZeroPoint(result)));
    return buildActivation(b, stored, result, op.getActivation());
  };
  buildElementwise(b, op.getResult(), op->getOperands(),
                   /*needsChannel=*/false, build);
  return success();
}

LogicalResult serenity::detail::lower(Kernel &b, MulOp op) {
  Type elementType = op.getType().getElementType();
  if (failed(checkActivation(op, elementType, op.getActivation())))
    return failure();
  if (allElements(op, isQuantizedByte))
    return lowerByteProduct(b, op);
  if (!isFloat(elementType))
    return emitTypeError(op, elementType);
  buildElementwise(b, op.getResult(), op->getOperands(),
                   /*needsChannel=*/false, [&](ArrayRef<Value> vectors, Value) {
                     return buildActivation(b, b.mul(vectors[0], vectors[1]),
                                            elementType, op.getActivation());
                   });
  return success();
}

//===----------------------------------------------------------------------===//
// Limits
//===----------------------------------------------------------------------===//

/// Whether the scales of `type` are one, or one for each last index.
static bool isScaledByLastIndex(RankedTensorType type) {
  auto perAxis =
      dyn_cast<quant::UniformQuantizedPerAxisType>(type.getElementType());
  return !perAxis || perAxis.getQuantizedDimension() == type.getRank() - 1;
}

static ActivationLimits getLimits(ClampOp op) {
  return {op.getMin().convertToDouble(), op.getMax().convertToDouble()};
}

/// Lowers limits of bytes or accumulators, which rescale to the result's bytes.
static LogicalResult lowerRescalingClamp(Kernel &b, ClampOp op) {
  Type input = op.getInput().getType().getElementType();
  Type result = op.getType().getElementType();
  SmallVector<double> factors = getScales(input);
  for (double &factor : factors) {
    factor /= getScales(result).front();
    if (!isValidMultiplier(factor))
      return op.emitOpError()
             << "multiplies its input by " << factor
             << ", more than the 2^30 that kernels can multiply by";
  }
  const ActivationLimits limits = getLimits(op);
  const ChannelMultiplier multiplier(b, b.getConstants(), factors);
  auto build = [&](ArrayRef<Value> vectors, Value channel) {
    Value scaled =
        multiplier.build(b, center(b, vectors.front(), input), channel);
    Value stored =
        b.add(scaled, b.integer(scaled.getType(), getZeroPoint(result)));
    return buildLimits(b, stored, result, limits);
  };
  buildElementwise(b, op.getResult(), op.getInput(),
                   /*needsChannel=*/factors.size() > 1, build);
  return success();
}

LogicalResult serenity::detail::lower(Kernel &b, ClampOp op) {
  Type input = op.getInput().getType().getElementType();
  Type result = op.getType().getElementType();
  if (isFloat(input)) {
    const ActivationLimits limits = getLimits(op);
    buildElementwise(b, op.getResult(), op.getInput(), /*needsChannel=*/false,
                     [&](ArrayRef<Value> vectors, Value) {
                       return buildLimits(b, vectors.front(), result, limits);
                     });
    return success();
  }
  const bool rescales =
      isQuantizedByte(result) &&
      (isQuantizedByte(input) ||
       (isAccumulator(input) && isScaledByLastIndex(op.getInput().getType())));
  return rescales ? lowerRescalingClamp(b, op) : emitTypeError(op, input);
}
