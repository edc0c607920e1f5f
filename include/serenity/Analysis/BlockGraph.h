//===- BlockGraph.h - A block as a graph of buffers -------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_ANALYSIS_BLOCKGRAPH_H
#define SERENITY_ANALYSIS_BLOCKGRAPH_H

#include "mlir/IR/Block.h"
#include "serenity/Analysis/MemoryModel.h"
#include "serenity/Core/Graph/Graph.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/Error.h"

namespace serenity {

/// Where the bytes of a value are: all of a buffer, or a box of elements in it.
struct ValueStorage {
  core::BufferId buffer;
  /// The first element, in bytes from the beginning of the buffer (rounded up,
  /// if elements are smaller).
  int64_t offset = 0;
  /// For each dimension of the value: how many elements apart in the buffer the
  /// elements beside each other along it are.
  llvm::SmallVector<int64_t> strides;
};

/// The operations of one block and the buffers they need, by
/// ActivationMemoryOpInterface.
///
/// The nodes of the graph are the operations of the block in source order,
/// without the terminator and without constants (`isPinned`). Block arguments
/// are inputs, operands of the terminator are outputs, and values captured by
/// an operation's regions are operands of it. Buffers of zero bytes stand for
/// dependencies without memory: views, and the order of side effects.
class BlockGraph {
public:
  /// Builds the graph of `block`. `regionPeaks` has the peak of every operation
  /// with regions that are scheduled on their own, which is scratch of that
  /// operation. Fails, saying why, on a tensor whose size is not known.
  static llvm::Expected<BlockGraph>
  build(mlir::Block &block, const MemoryModel &model,
        const llvm::DenseMap<mlir::Operation *, int64_t> &regionPeaks =
            llvm::DenseMap<mlir::Operation *, int64_t>());

  const core::Graph &getGraph() const { return graph; }

  /// The operation of each node, by OpId: the block's source order.
  llvm::ArrayRef<mlir::Operation *> getOperations() const { return operations; }
  mlir::Operation *getOperation(core::OpId id) const {
    return operations[id.index()];
  }

  /// The value whose bytes are in `buffer`; null if the buffer only orders
  /// operations. Of several values that share a buffer, the last one.
  mlir::Value getValue(core::BufferId buffer) const {
    return values[buffer.index()];
  }

  /// Where the bytes of `value` are; nothing if it is not a ranked tensor, or
  /// has no bytes of its own: a view, a constant, a value of another block.
  const ValueStorage *getStorage(mlir::Value value) const {
    auto it = storage.find(value);
    return it == storage.end() ? nullptr : &it->second;
  }

  /// Whether `op` has no place in the order: a constant, or undefined contents,
  /// that needs no activation memory and no operands.
  static bool isPinned(mlir::Operation *op);

private:
  using StorageMap = llvm::DenseMap<mlir::Value, ValueStorage>;

  BlockGraph(core::Graph graph, std::vector<mlir::Operation *> operations,
             std::vector<mlir::Value> values, StorageMap storage)
      : graph(std::move(graph)), operations(std::move(operations)),
        values(std::move(values)), storage(std::move(storage)) {}

  core::Graph graph;
  std::vector<mlir::Operation *> operations;
  std::vector<mlir::Value> values;
  StorageMap storage;
};

} // namespace serenity

#endif // SERENITY_ANALYSIS_BLOCKGRAPH_H
