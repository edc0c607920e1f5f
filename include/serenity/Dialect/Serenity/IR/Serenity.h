//===- Serenity.h - The serenity dialect ------------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_DIALECT_SERENITY_IR_SERENITY_H
#define SERENITY_DIALECT_SERENITY_IR_SERENITY_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "serenity/Dialect/Serenity/IR/ActivationMemory.h"
#include <limits>

namespace mlir {
class PatternRewriter;
} // namespace mlir

#include "serenity/Dialect/Serenity/IR/SerenityDialect.h.inc"
#include "serenity/Dialect/Serenity/IR/SerenityEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "serenity/Dialect/Serenity/IR/SerenityAttrs.h.inc"

namespace serenity {

namespace detail {
llvm::LogicalResult verifyScales(mlir::Operation *op);
} // namespace detail

/// Tensors of the operation that are quantised along one dimension have as many
/// scales as indices in it.
template <typename ConcreteOp>
class ScalesMatchShapes
    : public mlir::OpTrait::TraitBase<ConcreteOp, ScalesMatchShapes> {
public:
  static llvm::LogicalResult verifyTrait(mlir::Operation *op) {
    return detail::verifyScales(op);
  }
};

} // namespace serenity

#define GET_OP_CLASSES
#include "serenity/Dialect/Serenity/IR/SerenityOps.h.inc"

namespace serenity {

/// The least and the largest real value that a kernel with a fused `activation`
/// writes; nothing if the function is more than limits (tanh).
struct ActivationLimits {
  double min;
  double max;
};
std::optional<ActivationLimits> getActivationLimits(Activation activation);

/// The product that makes `value` and may be told to add to a buffer: it has
/// neither an accumulator yet nor a fused activation, and `value` has one use,
/// in the same block. Null if there is none.
ProductOpInterface getFreeProduct(mlir::Value value);

} // namespace serenity

#endif // SERENITY_DIALECT_SERENITY_IR_SERENITY_H
