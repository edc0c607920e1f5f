//===- FunctionGraphs.h - The graphs of a function's regions ----*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What passes over scheduled functions have in common.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_DIALECT_SERENITY_TRANSFORMS_FUNCTIONGRAPHS_H
#define SERENITY_LIB_DIALECT_SERENITY_TRANSFORMS_FUNCTIONGRAPHS_H

#include "mlir/IR/Remarks.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "serenity/Analysis/BlockGraph.h"
#include "serenity/Core/Graph/Footprint.h"
#include "llvm/ADT/StringRef.h"

namespace serenity {

/// Bytes that the regions of each operation need.
using RegionBytes = llvm::DenseMap<mlir::Operation *, int64_t>;

inline llvm::StringRef toStringRef(absl::string_view text) {
  return {text.data(), text.size()};
}

/// Options of a remark `name` of `pass` on a function.
mlir::remark::RemarkOpts remarkNamed(llvm::StringRef name, llvm::StringRef pass,
                                     llvm::StringRef functionName);

/// Whether `function` has a body that needs any activation memory; one that was
/// lowered already does not.
bool usesTensors(mlir::FunctionOpInterface function);

/// The regions of operations in `function` in which there are tensors,
/// innermost first.
llvm::SmallVector<mlir::Region *>
getInnerTensorRegions(mlir::FunctionOpInterface function);

/// The graph of the one block of `region`. Fails, saying why, if its memory is
/// not understood.
llvm::Expected<BlockGraph> buildRegionGraph(mlir::Region &region,
                                            const MemoryModel &model,
                                            const RegionBytes &regionBytes);

/// Puts the operations of `blockGraph`'s block into `order`, unless they have
/// it already: constants first, since they need no activation memory and wait
/// for nobody. Notes where the operations were when nobody had moved them yet.
void applyOrder(const BlockGraph &blockGraph, llvm::ArrayRef<core::OpId> order);

/// Marks each operation with the bytes alive while it runs in `order`, which
/// has the given footprint.
void annotateLiveBytes(const BlockGraph &blockGraph,
                       llvm::ArrayRef<core::OpId> order,
                       const core::Footprint &footprint);

/// Marks `function` with the peak of its order and with what no order can be
/// below.
void annotatePeak(mlir::Operation *function, int64_t peakBytes,
                  int64_t lowerBoundBytes);

/// Takes offsets and all that was said of an arena off `function`: they hold
/// for one order only.
void clearArenaPlan(mlir::FunctionOpInterface function);

} // namespace serenity

#endif // SERENITY_LIB_DIALECT_SERENITY_TRANSFORMS_FUNCTIONGRAPHS_H
