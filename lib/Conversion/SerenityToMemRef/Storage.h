//===- Storage.h - The memory of a function's activations -------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CONVERSION_SERENITYTOMEMREF_STORAGE_H
#define SERENITY_LIB_CONVERSION_SERENITYTOMEMREF_STORAGE_H

#include "mlir/IR/Builders.h"
#include "serenity/Analysis/BlockGraph.h"
#include "serenity/Core/Graph/Footprint.h"

namespace serenity::detail {

/// The type of the memref that holds all elements of `tensor` without gaps.
mlir::MemRefType getMemRefType(mlir::Type tensor);

/// The memrefs of the values of a block, whose operations are visited in order.
class Storage {
public:
  explicit Storage(const BlockGraph &graph) : graph(graph) {}
  virtual ~Storage() = default;

  /// Gives every argument of the block its memref.
  virtual void begin(mlir::OpBuilder &builder) = 0;
  /// Gives every result of node `op` its memref.
  virtual void beforeNode(mlir::OpBuilder &builder, core::OpId op) = 0;
  /// Lets go of what node `op` was the last to need.
  virtual void afterNode(mlir::OpBuilder &builder, core::OpId op) = 0;

  /// The memref of `value`; null if it has none.
  mlir::Value getMemRef(mlir::Value value) const {
    return memrefs.lookup(value);
  }

  /// Whether two values are in one buffer of the memory model, as slices or
  /// accumulators.
  bool shareBuffer(mlir::Value lhs, mlir::Value rhs) const;

protected:
  const BlockGraph &graph;
  llvm::DenseMap<mlir::Value, mlir::Value> memrefs;
};

/// Every buffer is an allocation, from its first writer to its last reader.
/// `arguments` are the memrefs of the block's arguments. The operations of
/// `graph` are in the order in which they will run, whose footprint is
/// `footprint`. Both must outlive the storage.
std::unique_ptr<Storage>
createAllocatedStorage(const BlockGraph &graph,
                       const core::Footprint &footprint, mlir::Block &block,
                       mlir::ValueRange arguments);

/// Every value is a view of `arena`, where `serenity.offset` says. Offsets must
/// have been checked.
std::unique_ptr<Storage> createPlannedStorage(const BlockGraph &graph,
                                              mlir::Block &block,
                                              mlir::Value arena);

/// The offset in the arena of `value`, an argument of a function or a result of
/// an operation; nothing if no plan has been made for it.
std::optional<int64_t> getPlannedOffset(mlir::Value value);

} // namespace serenity::detail

#endif // SERENITY_LIB_CONVERSION_SERENITYTOMEMREF_STORAGE_H
