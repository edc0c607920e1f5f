//===- FixedPoint.h - TFLite's fixed-point arithmetic -----------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Builds code that computes what TFLite's reference kernels compute, bit for
// bit, with two roundings (TFLITE_SINGLE_ROUNDING not set). Values are i32, or
// vectors of it.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CONVERSION_SERENITYTOMEMREF_FIXEDPOINT_H
#define SERENITY_LIB_CONVERSION_SERENITYTOMEMREF_FIXEDPOINT_H

#include "Constants.h"
#include "KernelBuilder.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"

namespace serenity::detail {

/// The real number `significand` * 2^(`exponent` - 31).
struct QuantizedMultiplier {
  int32_t significand = 0;
  int exponent = 0;

  bool operator==(const QuantizedMultiplier &other) const {
    return significand == other.significand && exponent == other.exponent;
  }
};

/// `real`, not negative, as TFLite's QuantizeMultiplier rounds it: zero below
/// 2^-32.
QuantizedMultiplier quantizeMultiplier(double real);

/// Whether `real` can be multiplied by: beyond, TFLite's shifts are undefined.
bool isValidMultiplier(double real);

/// gemmlowp's SaturatingRoundingDoublingHighMul, for operands of which at least
/// one is not the smallest i32.
mlir::Value buildDoublingHighMul(KernelBuilder &b, mlir::Value lhs,
                                 mlir::Value rhs);

/// gemmlowp's RoundingDivideByPOT: `value` / 2^`exponent`, half away from zero.
mlir::Value buildRoundingShift(KernelBuilder &b, mlir::Value value,
                               mlir::Value exponent);
mlir::Value buildRoundingShift(KernelBuilder &b, mlir::Value value,
                               int64_t exponent);

/// TFLite's MultiplyByQuantizedMultiplier.
mlir::Value buildMultiply(KernelBuilder &b, mlir::Value value,
                          QuantizedMultiplier multiplier);

/// `value` between two limits.
mlir::Value buildClamp(KernelBuilder &b, mlir::Value value, int64_t least,
                       int64_t most);

/// Multiplication of vectors along channels by a factor for each channel.
class ChannelMultiplier {
public:
  /// One factor for all channels, or as many factors as channels.
  ChannelMultiplier(KernelBuilder &b, Constants &constants,
                    llvm::ArrayRef<double> factors);

  /// `value` times the factors of the channels from `channel` on.
  mlir::Value build(KernelBuilder &b, mlir::Value value,
                    mlir::Value channel) const;

private:
  QuantizedMultiplier common;
  /// Null if all channels have the factor `common`.
  mlir::Value significands;
  mlir::Value leftShifts, rightShifts;
};

/// The scales of `type`, one or one for each index of its quantised dimension.
llvm::SmallVector<double> getScales(mlir::Type type);

/// The zero point of `type`, which must be the same for all indices.
int64_t getZeroPoint(mlir::Type type);

/// Stored values between which a result of `type` stays.
struct StoredRange {
  int64_t least;
  int64_t most;
};

/// The values stored for the real ones from `min` to `max`, as far as `type`
/// holds them. Rounds as TFLite's kernels: in float32, half away from zero.
StoredRange quantizeRange(mlir::quant::UniformQuantizedType type, double min,
                          double max);

} // namespace serenity::detail

#endif // SERENITY_LIB_CONVERSION_SERENITYTOMEMREF_FIXEDPOINT_H
