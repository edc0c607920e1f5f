//===- BufferUses.h - All that may touch the bytes of a buffer --*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Follows a memref through views, casts, branches, loops and calls. What is not
// understood is said, never guessed: an operation may only be passed over if
// its interfaces tell what it does with the memref.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_ANALYSIS_BUFFERUSES_H
#define SERENITY_ANALYSIS_BUFFERUSES_H

#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/SetVector.h"

#include <map>

namespace serenity {

/// What happens to one buffer, whatever names it goes by.
struct BufferUses {
  /// The values that may name the buffer or a part of it, itself the first.
  llvm::SetVector<mlir::Value> aliases;
  /// The operations that may read or write it, calls among them.
  llvm::SetVector<mlir::Operation *> accesses;
  /// Each `memref.dealloc` that may free it.
  llvm::SetVector<mlir::Operation *> deallocs;
  /// The results of the function as which it may be returned.
  llvm::SetVector<unsigned> returnedAs;
  /// The use that is not understood, as a clause without a subject; empty if
  /// there is none. The lists are not complete then.
  std::string whyUnknown;

  bool isKnown() const { return whyUnknown.empty(); }
};

/// Finds the uses of buffers. Looks into the functions that are called, and
/// remembers what it found there: the IR must not change meanwhile.
class BufferUseAnalysis {
public:
  /// `symbols` must outlive the analysis.
  explicit BufferUseAnalysis(mlir::SymbolTableCollection &symbols)
      : symbols(symbols) {}

  /// All uses of `buffer` inside the function that it is in.
  ///
  /// Assumed of other operations: one without memory effects that returns
  /// memrefs returns views of its operands; one that has memory effects on an
  /// operand and returns only numbers does not keep the operand.
  BufferUses trace(mlir::Value buffer);

  /// What a function does with one of its arguments. Unknown where functions
  /// call each other in a circle. For a function without body, known if the
  /// argument has the attribute `llvm.nocapture`.
  const BufferUses &getArgumentUses(mlir::FunctionOpInterface function,
                                    unsigned argument);

  mlir::SymbolTableCollection &getSymbols() { return symbols; }

private:
  mlir::SymbolTableCollection &symbols;
  /// By function and number of the argument. Entries do not move.
  std::map<std::pair<mlir::Operation *, unsigned>, BufferUses> argumentUses;
  unsigned callDepth = 0;
};

/// Whether `op`, an operation with regions, runs them before it is done, as far
/// as is known: operations of scf, affine and memref do.
bool runsRegionsInPlace(mlir::Operation *op);

} // namespace serenity

#endif // SERENITY_ANALYSIS_BUFFERUSES_H
