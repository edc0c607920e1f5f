//===- ActivationMemory.h - How operations use memory -----------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The vocabulary of ActivationMemoryOpInterface.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_DIALECT_SERENITY_IR_ACTIVATIONMEMORY_H
#define SERENITY_DIALECT_SERENITY_IR_ACTIVATIONMEMORY_H

#include "mlir/IR/OpDefinition.h"
#include "llvm/ADT/SmallVector.h"
#include <optional>

namespace serenity {

enum class Activation : uint32_t;

/// How a back end stores the result of a concatenation.
enum class ConcatModel {
  /// In a new buffer, into which the operands are copied (TFLite, TFLM).
  Copy,
  /// Nowhere: its readers read the operands' buffers.
  View,
  /// In a buffer inside which the operands were produced.
  Slice,
};

/// Where the bytes of a result are.
struct ResultMemory {
  enum class Kind {
    /// In a buffer of its own.
    Fresh,
    /// Nowhere of its own: its readers read the buffers of `operands`.
    View,
    /// In a buffer of its own, of which `operands` are slices that their
    /// producers may write in place. In order, they are side by side along the
    /// one dimension in which their sizes differ from the result's.
    Gather,
    /// In the one buffer of all `operands`: the operation adds to it, or, if
    /// there are several, their producers do, in any order.
    Accumulate,
    /// Not in activation memory: a constant, or contents nobody defined yet.
    None,
  };

  Kind kind = Kind::Fresh;
  llvm::SmallVector<unsigned> operands;

  static ResultMemory fresh() { return {}; }
  static ResultMemory none() { return {Kind::None, {}}; }
  static ResultMemory viewOf(llvm::SmallVector<unsigned> operands) {
    return {Kind::View, std::move(operands)};
  }
  static ResultMemory gather(llvm::SmallVector<unsigned> operands) {
    return {Kind::Gather, std::move(operands)};
  }
  static ResultMemory accumulateInto(llvm::SmallVector<unsigned> operands) {
    return {Kind::Accumulate, std::move(operands)};
  }
};

/// Bytes of a tensor (or other shaped type) of `type` as a runtime stores it:
/// quantised elements by their storage type, `i1` in a byte of its own, other
/// elements packed without gaps and the whole rounded up to a byte. Nothing if
/// `type` has no size known at compile time or more bytes than `int64_t` holds
/// (empty dimensions are left out of that test, so that products of dimensions
/// are safe wherever there are bytes).
std::optional<int64_t> getStorageBytes(mlir::Type type);

} // namespace serenity

#include "serenity/Dialect/Serenity/IR/SerenityInterfaces.h.inc"

#endif // SERENITY_DIALECT_SERENITY_IR_ACTIVATIONMEMORY_H
