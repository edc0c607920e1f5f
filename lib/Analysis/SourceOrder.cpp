//===- SourceOrder.cpp - The order before scheduling ----------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Analysis/SourceOrder.h"

#include "mlir/IR/Builders.h"
#include "serenity/Core/Graph/Footprint.h"
#include "serenity/Dialect/Serenity/IR/OperatorLocation.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace serenity;

static constexpr StringLiteral sourceIndexName = "serenity.source_index";

static std::optional<int64_t> getRecordedIndex(Operation *op) {
  if (auto index = op->getAttrOfType<IntegerAttr>(sourceIndexName))
    return index.getInt();
  return std::nullopt;
}

void serenity::recordSourceOrder(const BlockGraph &blockGraph) {
  for (auto [position, op] : llvm::enumerate(blockGraph.getOperations()))
    op->setDiscardableAttr(sourceIndexName,
                           Builder(op).getI64IntegerAttr(position));
}

std::vector<core::OpId> serenity::getSourceOrder(const BlockGraph &blockGraph) {
  const core::Graph &graph = blockGraph.getGraph();
  const std::vector<core::OpId> present = core::sourceOrder(graph);
  std::vector<std::pair<int64_t, core::OpId>> recorded;
  for (core::OpId id : present) {
    std::optional<int64_t> index =
        getRecordedIndex(blockGraph.getOperation(id));
    if (!index)
      return present;
    recorded.emplace_back(*index, id);
  }
  llvm::sort(recorded);
  std::vector<core::OpId> order;
  llvm::append_range(order, llvm::make_second_range(recorded));
  return core::verifyOrder(graph, order).ok() ? order : present;
}

int64_t serenity::getSourceIndex(const BlockGraph &blockGraph, core::OpId id) {
  Operation *op = blockGraph.getOperation(id);
  if (std::optional<int64_t> index = getOperatorIndex(op->getLoc()))
    return *index;
  return getRecordedIndex(op).value_or(id.getValue());
}
