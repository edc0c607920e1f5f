//===- ActivationMemoryModels.h - Memory of upstream's operations -*- C++ -*-=//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_DIALECT_SERENITY_EXTERNALMODELS_ACTIVATIONMEMORYMODELS_H
#define SERENITY_DIALECT_SERENITY_EXTERNALMODELS_ACTIVATIONMEMORYMODELS_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace serenity {

/// Makes operations of TOSA, tensor, linalg and arith implement
/// ActivationMemoryOpInterface, as soon as their dialect is loaded:
///
/// - reshapes, casts of the tensor type, `tensor.extract_slice` and
///   `tosa.identity` are views;
/// - `tosa.concat` and `tensor.concat` follow the concat model;
/// - `tensor.empty` has no memory;
/// - elementwise operations of arith and TOSA may overwrite any operand of the
///   result's shape and size;
/// - structured operations of linalg may overwrite their init, and, if they
///   are elementwise without broadcast or transposition, their inputs too.
///
/// All others keep the defaults of Analysis/ActivationMemory.h. Nothing is
/// loaded that would not be loaded otherwise. Calling it again changes nothing.
void registerActivationMemoryModels(mlir::DialectRegistry &registry);

} // namespace serenity

#endif // SERENITY_DIALECT_SERENITY_EXTERNALMODELS_ACTIVATIONMEMORYMODELS_H
