//===- Softmax.cpp - Softmax ----------------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FixedPoint.h"
#include "Kernels.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

#include <cmath>

using namespace mlir;
using namespace serenity;
using namespace serenity::detail;

namespace {

/// One row of a softmax. Its code is scalar, since rows are few and short.
struct Row {
  Value input, result;
  Type inputType, resultType;
  /// All indices but the last.
  SmallVector<Value> outer;
  int64_t length;

  SmallVector<Value> indicesOf(Value i) const {
    SmallVector<Value> indices(outer);
    indices.push_back(i);
    return indices;
  }

  /// Folds the elements into one value, beginning with `init`.
  Value fold(KernelBuilder &b, Value init,
             KernelBuilder::StepBody combine) const {
    return b.accumulate(
        b.index(0), b.index(length), init, [&](Value i, Value carried) {
          return combine(b.loadScalar(input, indicesOf(i), inputType), carried);
        });
  }

  /// Replaces every element by `function` of it.
  void map(KernelBuilder &b, llvm::function_ref<Value(Value)> function) const {
    b.forEach(length, [&](Value i) {
      Value element = b.loadScalar(input, indicesOf(i), inputType);
      b.storeScalar(function(element), result, indicesOf(i), resultType);
    });
  }
};

} // namespace

//===----------------------------------------------------------------------===//
// Floats
//===----------------------------------------------------------------------===//

/// exp(beta * (x - max)) / sum, with exp computed twice rather than kept.
static void buildFloatRow(KernelBuilder &b, const Row &row, double beta) {
  Type type = getComputedElement(row.inputType);
  Value least = b.real(
      type, APFloat::getLargest(cast<FloatType>(type).getFloatSemantics(),
                                /*Negative=*/true)
                .convertToDouble());
  Value max = row.fold(b, least, [&](Value element, Value carried) {
    return b.max(carried, element);
  });
  auto buildExp = [&](Value element) -> Value {
    Value scaled = b.mul(b.sub(element, max), b.real(type, beta));
    return math::ExpOp::create(b, scaled);
  };
  Value sum = row.fold(b, b.real(type, 0), [&](Value element, Value carried) {
    return b.add(carried, buildExp(element));
  });
  row.map(b, [&](Value element) -> Value {
    return arith::DivFOp::create(b, buildExp(element), sum);
  });
}

//===----------------------------------------------------------------------===//
// Fixed point, by gemmlowp's functions: Qm.n has m integer bits, 31 - m others
//===----------------------------------------------------------------------===//

/// Of the difference to the largest element, times beta and the scale.
static constexpr int differenceIntegerBits = 5;
/// Of the sum of exponentials.
static constexpr int sumIntegerBits = 12;

static Value buildConstant(KernelBuilder &b, int64_t value) {
  return b.integer(b.getI32Type(), value);
}

/// exp(x) for x in [-1/4, 0), both Q0.31: a Taylor series around -1/8.
static Value buildExpOfSmall(KernelBuilder &b, Value x) {
  Value constantTerm = buildConstant(b, 1895147668); // exp(-1/8)
  Value third = buildConstant(b, 715827883);
  x = b.add(x, buildConstant(b, 1 << 28));
  Value x2 = buildDoublingHighMul(b, x, x);
  Value x3 = buildDoublingHighMul(b, x2, x);
  Value x4 = buildDoublingHighMul(b, x2, x2);
  Value sum = b.add(buildRoundingShift(b, x4, 2), x3);
  sum = b.add(buildDoublingHighMul(b, sum, third), x2);
  sum = b.add(x, buildRoundingShift(b, sum, 1));
  return b.add(constantTerm, buildDoublingHighMul(b, constantTerm, sum));
}

/// exp(x) for x <= 0 in Q5.26, as Q0.31.
static Value buildExp(KernelBuilder &b, Value x) {
  constexpr int fractionBits = 31 - differenceIntegerBits;
  // exp(-2^i) for i from -2 to 4, in Q0.31.
  constexpr int64_t powers[] = {1672461947, 1302514674, 790015084, 290630308,
                                39332535,   720401,     242};
  Value quarter = buildConstant(b, 1 << (fractionBits - 2));
  Value mask = buildConstant(b, (1 << (fractionBits - 2)) - 1);
  Value small = b.sub(arith::AndIOp::create(b, x, mask), quarter);
  Value shift = buildConstant(b, differenceIntegerBits);
  Value result = buildExpOfSmall(b, arith::ShLIOp::create(b, small, shift));
  Value rest = b.sub(small, x);
  Value zero = buildConstant(b, 0);
  for (auto [i, power] : llvm::enumerate(powers)) {
    Value bit = arith::AndIOp::create(
        b, rest, buildConstant(b, int64_t(1) << (fractionBits - 2 + i)));
    Value isSet = arith::CmpIOp::create(b, arith::CmpIPredicate::ne, bit, zero);
    Value product = buildDoublingHighMul(b, result, buildConstant(b, power));
    result = arith::SelectOp::create(b, isSet, product, result);
  }
  Value isZero = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, x, zero);
  return arith::SelectOp::create(
      b, isZero, buildConstant(b, std::numeric_limits<int32_t>::max()), result);
}

/// `value` * 2^`exponent`, saturated.
static Value buildSaturatingShift(KernelBuilder &b, Value value, int exponent) {
  constexpr int32_t least = std::numeric_limits<int32_t>::min();
  constexpr int32_t most = std::numeric_limits<int32_t>::max();
  Value limit = buildConstant(b, most >> exponent);
  Value negativeLimit = buildConstant(b, -(most >> exponent));
  Value shifted = arith::ShLIOp::create(b, value, buildConstant(b, exponent));
  Value isHigh =
      arith::CmpIOp::create(b, arith::CmpIPredicate::sgt, value, limit);
  Value isLow =
      arith::CmpIOp::create(b, arith::CmpIPredicate::slt, value, negativeLimit);
  Value result =
      arith::SelectOp::create(b, isHigh, buildConstant(b, most), shifted);
  return arith::SelectOp::create(b, isLow, buildConstant(b, least), result);
}

/// (x + 1) / 2 for x in [0, 1), both Q0.31, rounded.
static Value buildHalfOfOnePlus(KernelBuilder &b, Value x) {
  Type wide = b.getI64Type();
  // One is the largest number, and rounding adds the smallest.
  Value sum = b.add(arith::ExtSIOp::create(b, wide, x),
                    b.integer(wide, int64_t(1) << 31));
  Value half = arith::ShRSIOp::create(b, sum, b.integer(wide, 1));
  return arith::TruncIOp::create(b, b.getI32Type(), half);
}

/// 1 / (1 + x) for x in [0, 1), both Q0.31: Newton-Raphson division.
static Value buildReciprocalOfOnePlus(KernelBuilder &b, Value x) {
  Value half = buildHalfOfOnePlus(b, x);
  Value first = buildConstant(b, 1515870810);  // 48/17 in Q2.29
  Value slope = buildConstant(b, -1010580540); // -32/17 in Q2.29
  Value result = b.add(first, buildDoublingHighMul(b, half, slope));
  for (int i = 0; i < 3; ++i) {
    Value error =
        b.sub(buildConstant(b, 1 << 29), buildDoublingHighMul(b, half, result));
    // Back from Q4.27 to Q2.29.
    Value step =
        buildSaturatingShift(b, buildDoublingHighMul(b, result, error), 2);
    result = b.add(result, step);
  }
  // Half of it, from Q1.30 to Q0.31.
  return buildSaturatingShift(b, result, 1);
}

namespace {

/// Softmax of bytes, as TFLite's reference kernel prepares it.
struct FixedPointSoftmax {
  /// From steps of the input to steps of Q5.26.
  QuantizedMultiplier multiplier;
  /// Elements this far below the largest count as nothing.
  int64_t leastDifference;
  int64_t leastInput, leastResult, mostResult;

  void buildRow(KernelBuilder &b, const Row &row) const;

private:
  /// exp(`element` - `max`) in Q0.31, and `otherwise` where that is nothing.
  Value buildExpOrNothing(KernelBuilder &b, Value element, Value max,
                          llvm::function_ref<Value(Value)> use,
                          Value otherwise) const;
};

} // namespace

Value FixedPointSoftmax::buildExpOrNothing(KernelBuilder &b, Value element,
                                           Value max,
                                           llvm::function_ref<Value(Value)> use,
                                           Value otherwise) const {
  Value difference = b.sub(element, max);
  Value counts = arith::CmpIOp::create(b, arith::CmpIPredicate::sge, difference,
                                       buildConstant(b, leastDifference));
  Value exp = buildExp(b, buildMultiply(b, difference, multiplier));
  return arith::SelectOp::create(b, counts, use(exp), otherwise);
}

void FixedPointSoftmax::buildRow(KernelBuilder &b, const Row &row) const {
  Value zero = buildConstant(b, 0);
  Value max = row.fold(
      b, buildConstant(b, leastInput),
      [&](Value element, Value carried) { return b.max(carried, element); });
  auto toSum = [&](Value exp) {
    return buildRoundingShift(b, exp, sumIntegerBits);
  };
  Value sum = row.fold(b, zero, [&](Value element, Value carried) {
    return b.add(carried, buildExpOrNothing(b, element, max, toSum, zero));
  });
  // The sum is 2^(12 - zeros) * (1 + x).
  Value zeros = math::CountLeadingZerosOp::create(b, sum);
  Value x = b.sub(arith::ShLIOp::create(b, sum, zeros),
                  buildConstant(b, std::numeric_limits<int32_t>::min()));
  Value reciprocal = buildReciprocalOfOnePlus(b, x);
  // More than 31 would be undefined; all results are then zero in any case.
  Value exponent =
      b.min(b.sub(buildConstant(b, sumIntegerBits + 31 - 8), zeros),
            buildConstant(b, 31));
  Value least = buildConstant(b, leastResult);
  auto toResult = [&](Value exp) {
    Value share = buildRoundingShift(
        b, buildDoublingHighMul(b, reciprocal, exp), exponent);
    return buildClamp(b, b.add(share, least), leastResult, mostResult);
  };
  row.map(b, [&](Value element) {
    return buildExpOrNothing(b, element, max, toResult, least);
  });
}

/// Prepares a softmax whose elements are bytes.
static FailureOr<FixedPointSoftmax> prepareFixedPoint(SoftmaxOp op) {
  auto input = cast<quant::UniformQuantizedType>(
      op.getInput().getType().getElementType());
  auto result =
      cast<quant::UniformQuantizedType>(op.getType().getElementType());
  const int64_t least = result.getStorageTypeMin();
  if (input.isSigned() != result.isSigned() || result.getScale() != 1.0 / 256 ||
      result.getZeroPoint() != least)
    return op.emitOpError()
           << "has no kernel from " << input << " to " << result
           << ", only to probabilities in steps of 1/256";
  const double factor =
      std::min(op.getBeta().convertToDouble() * input.getScale() *
                   (1 << (31 - differenceIntegerBits)),
               (int64_t(1) << 31) - 1.0);
  if (!(factor > 1))
    return op.emitOpError() << "multiplies differences by " << factor
                            << ", expected more than 1";
  const QuantizedMultiplier multiplier = quantizeMultiplier(factor);
  const double radius =
      ((1 << differenceIntegerBits) - 1) *
      std::ldexp(1.0, 31 - differenceIntegerBits - multiplier.exponent);
  return FixedPointSoftmax{multiplier, -static_cast<int64_t>(radius),
                           input.getStorageTypeMin(), least,
                           result.getStorageTypeMax()};
}

//===----------------------------------------------------------------------===//
// Entry
//===----------------------------------------------------------------------===//

/// Longer rows would overflow the sum, which has 12 integer bits.
static constexpr int64_t maxFixedPointLength = (1 << sumIntegerBits) - 1;

static LogicalResult
lowerFixedPoint(SoftmaxOp op,
                llvm::function_ref<void(const FixedPointSoftmax &)> build) {
  const int64_t length = op.getType().getShape().back();
  if (length > maxFixedPointLength)
    return op.emitOpError()
           << "has rows of " << length
           << " elements, but the kernel sums at most " << maxFixedPointLength;
  FailureOr<FixedPointSoftmax> prepared = prepareFixedPoint(op);
  if (failed(prepared))
    return failure();
  build(*prepared);
  return success();
}

LogicalResult serenity::detail::lower(Kernel &b, SoftmaxOp op) {
  Type input = op.getInput().getType().getElementType();
  Type result = op.getType().getElementType();
  ArrayRef<int64_t> shape = op.getType().getShape();
  auto forEachRow = [&](llvm::function_ref<void(const Row &)> build) {
    Row row = {b.getMemRef(op.getInput()),
               b.getMemRef(op.getResult()),
               input,
               result,
               {},
               shape.back()};
    b.forEachIndex(shape.drop_back(), [&](ValueRange outer) {
      row.outer.assign(outer.begin(), outer.end());
      build(row);
    });
  };
  if (isFloat(input)) {
    forEachRow([&](const Row &row) {
      buildFloatRow(b, row, op.getBeta().convertToDouble());
    });
    return success();
  }
  if (!isQuantizedByte(input) || !isQuantizedByte(result))
    return emitTypeError(op, input);
  return lowerFixedPoint(op, [&](const FixedPointSoftmax &softmax) {
    forEachRow([&](const Row &row) { softmax.buildRow(b, row); });
  });
}
