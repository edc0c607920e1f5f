//===- BlockGraph.h - A block as a graph of buffers -------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_ANALYSIS_BLOCKGRAPH_H
#define SERENITY_ANALYSIS_BLOCKGRAPH_H

#include "mlir/IR/Block.h"
#include "serenity/Core/Graph/Graph.h"
#include "serenity/Dialect/Serenity/IR/ActivationMemory.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/Error.h"

namespace serenity {

/// How the back end that will run a block uses memory.
struct MemoryModel {
  ConcatModel concat = ConcatModel::Copy;
  /// Whether kernels that may overwrite an operand that dies do so.
  bool inPlace = false;
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

  /// Whether `op` has no place in the order: a constant, or undefined contents,
  /// that needs no activation memory and no operands.
  static bool isPinned(mlir::Operation *op);

private:
  BlockGraph(core::Graph graph, std::vector<mlir::Operation *> operations,
             std::vector<mlir::Value> values)
      : graph(std::move(graph)), operations(std::move(operations)),
        values(std::move(values)) {}

  core::Graph graph;
  std::vector<mlir::Operation *> operations;
  std::vector<mlir::Value> values;
};

} // namespace serenity

#endif // SERENITY_ANALYSIS_BLOCKGRAPH_H
