//===- LatencyAttributes.h - Latencies as attributes ------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What passes that predict latencies have in common.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_DIALECT_SERENITY_TRANSFORMS_LATENCYATTRIBUTES_H
#define SERENITY_LIB_DIALECT_SERENITY_TRANSFORMS_LATENCYATTRIBUTES_H

#include "mlir/Interfaces/FunctionInterfaces.h"
#include "serenity/Analysis/LatencyTarget.h"

namespace serenity {

/// What the options `device`, `proxy` and `measurements` name. Emits an error
/// at `loc` if one is missing or cannot be read.
mlir::FailureOr<LatencyTarget> readLatencyTarget(mlir::Location loc,
                                                 llvm::StringRef device,
                                                 llvm::StringRef proxy,
                                                 llvm::StringRef measurements);

/// Marks `function` with `total` and its operations with their parts of it:
/// `latency`, scaled so that they add up.
void annotateLatency(mlir::FunctionOpInterface function,
                     const BlockGraph &blockGraph, const BlockLatency &latency,
                     const core::OperationEstimate &total,
                     const core::DeviceDescription &device);

/// Takes off `function` what annotateLatency says: it holds for one order only.
void clearLatency(mlir::FunctionOpInterface function);

} // namespace serenity

#endif // SERENITY_LIB_DIALECT_SERENITY_TRANSFORMS_LATENCYATTRIBUTES_H
