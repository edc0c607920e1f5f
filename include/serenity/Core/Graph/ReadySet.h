//===- ReadySet.h - Which operations can run next ---------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_CORE_GRAPH_READYSET_H
#define SERENITY_CORE_GRAPH_READYSET_H

#include "serenity/Core/Graph/Graph.h"

namespace serenity::core {

/// Counts, while operations run one by one, what each of the others still
/// waits for. A whole order costs O(V + E). The graph must outlive this.
class ReadySet {
public:
  explicit ReadySet(const Graph &graph)
      : graph(graph), missingWriters(graph.numBuffers()),
        missingReads(graph.numOps()) {
    for (BufferId buffer : graph.bufferIds())
      missingWriters[buffer.index()] =
          static_cast<int32_t>(graph.writers(buffer).size());
    for (OpId op : graph.opIds())
      for (BufferId buffer : graph.reads(op))
        missingReads[op.index()] += missingWriters[buffer.index()] > 0;
  }

  /// The operations that wait for nobody at the start, ascending.
  std::vector<OpId> initial() const {
    std::vector<OpId> result;
    for (OpId op : graph.opIds())
      if (isReady(op))
        result.push_back(op);
    return result;
  }

  /// Whether every writer of every buffer that `op` reads has run.
  bool isReady(OpId op) const { return missingReads[op.index()] == 0; }

  /// Marks `op` as run and calls `onReady(OpId)` for each operation that waits
  /// for nobody any more. Run each operation once, when it is ready.
  template <typename Callback> void run(OpId op, Callback onReady) {
    for (BufferId buffer : graph.writes(op))
      if (--missingWriters[buffer.index()] == 0)
        for (OpId reader : graph.readers(buffer))
          if (--missingReads[reader.index()] == 0)
            onReady(reader);
  }

private:
  const Graph &graph;
  std::vector<int32_t> missingWriters;
  std::vector<int32_t> missingReads;
};

} // namespace serenity::core

#endif // SERENITY_CORE_GRAPH_READYSET_H
