//===- Graph.h - Operations and the buffers they touch ----------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The memory model that every algorithm of Core works on; docs/Scheduling.md
// section 1 defines it.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_CORE_GRAPH_GRAPH_H
#define SERENITY_CORE_GRAPH_GRAPH_H

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "serenity/Core/Graph/Ids.h"

#include <cstdint>
#include <string>
#include <vector>

namespace serenity::core {

/// What a caller says of a buffer.
struct BufferSpec {
  /// Free text for reports; need not be unique.
  std::string name;
  /// Size; never negative. A buffer of zero bytes only orders operations.
  int64_t bytes = 0;
  /// Alive from the start. A buffer without a writer must be one; it may have
  /// writers all the same (a part of a network can begin in the middle of an
  /// accumulation).
  bool isInput = false;
  /// Alive to the end.
  bool isOutput = false;
};

/// What a caller says of an operation.
struct OpSpec {
  /// Free text for reports; need not be unique.
  std::string name;
  /// Buffers read. A buffer named twice counts once.
  std::vector<BufferId> reads;
  /// Buffers written. A buffer may have several writers (slices produced in
  /// place, partial results that accumulate): readers depend on all of them,
  /// and the writers do not depend on each other.
  std::vector<BufferId> writes;
  /// Bytes needed only while the operation runs.
  int64_t scratchBytes = 0;
  /// Buffers among `reads` whose place the result may take when they die with
  /// this operation. Asks for exactly one write, no larger than each of them.
  std::vector<BufferId> mayOverwrite;
};

/// A directed acyclic graph of operations and buffers. Immutable; made by
/// GraphBuilder, which guarantees: ids in range, no cycle, no negative size,
/// and a sum of all sizes that fits int64_t (so no footprint can overflow).
///
/// Operations keep the order in which they were added, the *source order*,
/// which need not be a legal one. Dependencies are implied: an operation may
/// run once every writer of every buffer it reads has run. They are not stored
/// one by one, because a buffer with many writers and many readers would make
/// them quadratic; all adjacency is flat arrays, linear in the reads and
/// writes.
class Graph {
public:
  size_t numOps() const { return ops.size(); }
  size_t numBuffers() const { return buffers.size(); }
  IdRange<OpId> opIds() const { return IdRange<OpId>(ops.size()); }
  IdRange<BufferId> bufferIds() const {
    return IdRange<BufferId>(buffers.size());
  }

  const std::string &name(OpId op) const { return ops[op.index()].name; }
  int64_t scratchBytes(OpId op) const { return ops[op.index()].scratchBytes; }
  /// Buffers read by `op`, ascending, each once.
  absl::Span<const BufferId> reads(OpId op) const { return readLists[op]; }
  /// Buffers written by `op`, ascending, each once.
  absl::Span<const BufferId> writes(OpId op) const { return writeLists[op]; }
  /// Buffers that `op` may overwrite when they die with it, ascending.
  absl::Span<const BufferId> mayOverwrite(OpId op) const {
    return overwriteLists[op];
  }

  const std::string &name(BufferId buffer) const {
    return buffers[buffer.index()].name;
  }
  int64_t bytes(BufferId buffer) const { return buffers[buffer.index()].bytes; }
  bool isInput(BufferId buffer) const {
    return buffers[buffer.index()].isInput;
  }
  bool isOutput(BufferId buffer) const {
    return buffers[buffer.index()].isOutput;
  }
  /// Operations that write `buffer`, ascending.
  absl::Span<const OpId> writers(BufferId buffer) const {
    return writerLists[buffer];
  }
  /// Operations that read `buffer`, ascending.
  absl::Span<const OpId> readers(BufferId buffer) const {
    return readerLists[buffer];
  }

private:
  friend class GraphBuilder;

  /// One list of `To` for each `From`, stored as offsets into one array.
  template <typename From, typename To> struct Adjacency {
    std::vector<int32_t> offsets{0};
    std::vector<To> items;

    absl::Span<const To> operator[](From from) const {
      const int32_t begin = offsets[from.index()];
      return absl::MakeConstSpan(items).subspan(
          begin, offsets[from.index() + 1] - begin);
    }
    void appendList(absl::Span<const To> list) {
      items.insert(items.end(), list.begin(), list.end());
      offsets.push_back(static_cast<int32_t>(items.size()));
    }
  };

  struct Op {
    std::string name;
    int64_t scratchBytes;
  };

  std::vector<Op> ops;
  std::vector<BufferSpec> buffers;
  Adjacency<OpId, BufferId> readLists, writeLists, overwriteLists;
  Adjacency<BufferId, OpId> writerLists, readerLists;
};

/// The operations of `graph` as they were added, which need not be a legal
/// order.
inline std::vector<OpId> sourceOrder(const Graph &graph) {
  return {graph.opIds().begin(), graph.opIds().end()};
}

/// Collects operations and buffers in any order of mention and checks them.
class GraphBuilder {
public:
  BufferId addBuffer(BufferSpec spec);
  OpId addOp(OpSpec spec);

  /// Checks everything and builds the graph in linear time. Fails with
  /// InvalidArgument, naming the culprit, on a dangling id, a negative size, a
  /// buffer that nobody writes and that is no input, an overwrite that the
  /// model excludes, a total size above int64_t, or a cycle.
  absl::StatusOr<Graph> build() &&;

private:
  absl::Status checkIds(const OpSpec &op) const;
  absl::Status checkOverwrites(const OpSpec &op) const;
  absl::Status checkSizes() const;
  Graph assemble() &&;

  std::vector<BufferSpec> buffers;
  std::vector<OpSpec> ops;
};

/// The part of `graph` made of `ops`, as it runs after the operations marked in
/// `before` (one entry an operation) and before all others. Its buffers are
/// those alive at some time in the part: an input of the part is alive when it
/// begins, an output when it ends, and a buffer alive throughout is kept even
/// if nobody in the part touches it. Names and the order of `ops` are kept.
/// Fails with InvalidArgument on an id that is out of range, named twice or
/// marked in `before`.
absl::StatusOr<Graph> extractPart(const Graph &graph,
                                  absl::Span<const OpId> ops,
                                  const std::vector<bool> &before);

} // namespace serenity::core

#endif // SERENITY_CORE_GRAPH_GRAPH_H
