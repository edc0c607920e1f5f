//===- ActivationMemory.h - How any operation uses memory -------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The questions of ActivationMemoryOpInterface, answered for every operation:
// by the interface where the operation implements it, from upstream's traits
// and interfaces where it does not.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_ANALYSIS_ACTIVATIONMEMORY_H
#define SERENITY_ANALYSIS_ACTIVATIONMEMORY_H

#include "mlir/IR/Operation.h"
#include "serenity/Dialect/Serenity/IR/ActivationMemory.h"

namespace serenity {

/// Where the bytes of `result` are, if concatenations are stored as `model`
/// says. Without the interface: nowhere if the operation is ConstantLike, in
/// its source if it is the destination of a ViewLikeOpInterface, else in a
/// buffer of its own.
ResultMemory getResultMemory(mlir::OpResult result, ConcatModel model);

/// Whether the single result of the operation that owns `operand` may be
/// written over `operand` if that dies with the operation, provided that no
/// other operand is a view of the same buffer. Without the interface: if it is
/// a tensor init of a DestinationStyleOpInterface and no other operand too.
bool mayOverwrite(mlir::OpOperand &operand);

/// Bytes that `op` needs only while it runs; none without the interface.
int64_t getScratchBytes(mlir::Operation *op);

/// Whether `op` must keep its place among the operations that have side
/// effects. Not if all it does is allocate results, its own or of operations
/// inside it.
bool hasOrderedEffects(mlir::Operation *op);

} // namespace serenity

#endif // SERENITY_ANALYSIS_ACTIVATIONMEMORY_H
