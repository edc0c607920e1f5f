//===- Waists.cpp - Cutting a graph where every order is cut --------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Number the operations by some legal order. If a cut in the sense of Waists.h
// has k operations before it, those are the first k of *every* legal order, so
// it is enough to test the cuts of this one. Let M be the operations before the
// cut without a successor before it, and N those after it without a predecessor
// after it. Everybody after the cut depends on everybody before it if and only
// if every member of N depends on every member of M, and then it does so
// directly: a path from M to N has no room for a third operation.
//
// The number of such direct pairs is compared with |M| |N|. The last operation
// before the cut, number k-1, is in M, and the first after it, number k, is in
// N. So at a true cut everybody in N has k-1 as its last predecessor and
// everybody in M has k as its first successor: only pairs for which both hold
// are counted, hence each operation is looked at for one cut only.
//
//===----------------------------------------------------------------------===//

#include "Waists.h"

#include "Heuristics.h"

#include <algorithm>

using namespace serenity::core;

namespace {

class WaistFinder {
public:
  explicit WaistFinder(const Graph &graph)
      : graph(graph), order(kahnOrder(graph)), position(graph.numOps()),
        firstReader(graph.numBuffers(), end()),
        firstSuccessor(graph.numOps(), end()),
        lastPredecessor(graph.numOps(), -1) {
    for (int32_t step = 0; step < end(); ++step)
      position[order[step].index()] = step;
    for (BufferId buffer : graph.bufferIds())
      connect(buffer);
  }

  std::vector<std::vector<OpId>> split() const {
    const std::vector<int64_t> needed = countNeededPairs();
    const std::vector<int64_t> found = countDirectPairs();
    std::vector<std::vector<OpId>> parts;
    bool mayExtend = false;
    for (int32_t begin = 0; begin < end();) {
      int32_t cut = begin + 1;
      while (cut < end() && found[cut] != needed[cut])
        ++cut;
      const bool isSingle = cut == begin + 1;
      if (!isSingle || !mayExtend)
        parts.emplace_back();
      parts.back().insert(parts.back().end(), order.begin() + begin,
                          order.begin() + cut);
      mayExtend = isSingle;
      begin = cut;
    }
    for (std::vector<OpId> &part : parts)
      std::sort(part.begin(), part.end());
    return parts;
  }

private:
  int32_t end() const { return static_cast<int32_t>(order.size()); }

  void connect(BufferId buffer) {
    for (OpId reader : graph.readers(buffer))
      firstReader[buffer.index()] =
          std::min(firstReader[buffer.index()], position[reader.index()]);
    int32_t lastWriter = -1;
    for (OpId writer : graph.writers(buffer)) {
      lastWriter = std::max(lastWriter, position[writer.index()]);
      firstSuccessor[writer.index()] =
          std::min(firstSuccessor[writer.index()], firstReader[buffer.index()]);
    }
    for (OpId reader : graph.readers(buffer))
      lastPredecessor[reader.index()] =
          std::max(lastPredecessor[reader.index()], lastWriter);
  }

  /// |M| |N| for the cut before each position.
  std::vector<int64_t> countNeededPairs() const {
    std::vector<int64_t> before(order.size() + 2), after(order.size() + 2);
    for (OpId op : order) {
      ++before[position[op.index()] + 1];
      --before[firstSuccessor[op.index()] + 1];
      ++after[lastPredecessor[op.index()] + 1];
      --after[position[op.index()] + 1];
    }
    std::vector<int64_t> product(order.size() + 1);
    int64_t numBefore = 0, numAfter = 0;
    for (size_t cut = 0; cut < product.size(); ++cut) {
      numBefore += before[cut];
      numAfter += after[cut];
      product[cut] = numBefore * numAfter;
    }
    return product;
  }

  /// Direct dependencies, counted at the one cut where they matter.
  std::vector<int64_t> countDirectPairs() const {
    std::vector<int64_t> pairs(order.size() + 1);
    std::vector<OpId> lastCountedFor(order.size());
    for (OpId op : order) {
      const int32_t cut = lastPredecessor[op.index()] + 1;
      for (BufferId buffer : graph.reads(op)) {
        if (firstReader[buffer.index()] < cut)
          continue;
        for (OpId writer : graph.writers(buffer)) {
          if (firstSuccessor[writer.index()] != cut ||
              lastCountedFor[writer.index()] == op)
            continue;
          lastCountedFor[writer.index()] = op;
          ++pairs[cut];
        }
      }
    }
    return pairs;
  }

  const Graph &graph;
  const std::vector<OpId> order;
  std::vector<int32_t> position;
  /// Positions; end() or -1 if there is none.
  std::vector<int32_t> firstReader;
  std::vector<int32_t> firstSuccessor;
  std::vector<int32_t> lastPredecessor;
};

} // namespace

std::vector<std::vector<OpId>>
serenity::core::splitAtWaists(const Graph &graph) {
  return WaistFinder(graph).split();
}
