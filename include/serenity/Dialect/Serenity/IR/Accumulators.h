//===- Accumulators.h - Sums of quantised products --------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_DIALECT_SERENITY_IR_ACCUMULATORS_H
#define SERENITY_DIALECT_SERENITY_IR_ACCUMULATORS_H

#include "mlir/IR/Operation.h"
#include "llvm/ADT/SmallVector.h"

namespace serenity {

/// The real value of one step of the 32-bit sums in which `product` (a
/// convolution or `fully_connected` with quantised input and filter) adds up:
/// one number, or one for each output channel if the filter has a scale for
/// each.
///
/// That is the input's scale times the filter's, rounded to float32 where
/// TFLite's kernels round it: for unsigned bytes, and for `fully_connected`
/// with one scale. Requantisation divides it by the result's scale, so an
/// accumulator must have exactly this scale for the results to be the same bit
/// for bit.
llvm::SmallVector<double> getAccumulatorScales(mlir::Operation *product);

} // namespace serenity

#endif // SERENITY_DIALECT_SERENITY_IR_ACCUMULATORS_H
