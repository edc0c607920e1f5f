//===- Parts.cpp - Functions cut where one tensor is alive ----------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Parts.h"

#include "mlir/IR/IRMapping.h"
#include "serenity/Analysis/BlockGraph.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace serenity;

namespace {

/// The operations of a part and the values at its borders.
struct Section {
  SmallVector<Operation *> operations;
  SmallVector<Value> entries;
  SmallVector<Value> exits;
};

bool isPinned(Value value) {
  Operation *op = value.getDefiningOp();
  return op && BlockGraph::isPinned(op);
}

/// Finds the cuts of one block, in one walk over it.
class Cutter {
public:
  Cutter(Block &block, ArrayRef<RewriteSite> sites);

  SmallVector<Section> run();

private:
  void noteSite(Operation *kernel, RewriteKind kind);
  bool canCutAfter(size_t position) const;

  Block &block;
  SmallVector<Operation *> operations;
  /// The last position that reads each value; the number of operations if the
  /// block returns it.
  DenseMap<Value, size_t> lastUse;
  /// Values that a site replaces by something that is not one tensor.
  DenseSet<Value> dissolved;
  /// No cut before this: the last operation that reads nothing.
  size_t firstCut = 0;
  /// No cut after this: the first operation that nobody needs.
  size_t lastCut;
};

} // namespace

Cutter::Cutter(Block &block, ArrayRef<RewriteSite> sites) : block(block) {
  SmallVector<Operation *> all;
  for (Operation &op : block.without_terminator()) {
    all.push_back(&op);
    if (!BlockGraph::isPinned(&op))
      operations.push_back(&op);
  }
  for (const RewriteSite &site : sites)
    noteSite(all[site.position], site.kind);
  lastCut = operations.size();
  for (auto [position, op] : llvm::enumerate(operations)) {
    for (Value operand : op->getOperands())
      lastUse[operand] = position;
    if (llvm::all_of(op->getOperands(), isPinned))
      firstCut = position;
    if (op->use_empty())
      lastCut = std::min(lastCut, position);
  }
  for (Value result : block.getTerminator()->getOperands())
    lastUse[result] = operations.size();
}

/// A residual site changes the products that it reads; one that leaves a
/// concatenation has no single result any more.
void Cutter::noteSite(Operation *kernel, RewriteKind kind) {
  if (kind == RewriteKind::Residual)
    dissolved.insert(kernel->operand_begin(), kernel->operand_end());
  else if (kind != RewriteKind::Channelwise)
    dissolved.insert(kernel->result_begin(), kernel->result_end());
}

bool Cutter::canCutAfter(size_t position) const {
  Operation *op = operations[position];
  if (position < firstCut || position >= lastCut || op->getNumResults() != 1 ||
      isa<ConcatOp>(op) || dissolved.contains(op->getResult(0)))
    return false;
  // The tensor may be produced inside the concatenation's buffer.
  return !op->hasOneUse() || !isa<ConcatOp>(*op->user_begin());
}

SmallVector<Section> Cutter::run() {
  SmallVector<Section> sections(1);
  llvm::append_range(sections.back().entries, block.getArguments());
  llvm::SmallSetVector<Value, 8> alive(block.args_begin(), block.args_end());
  for (auto [position, op] : llvm::enumerate(operations)) {
    sections.back().operations.push_back(op);
    alive.insert(op->result_begin(), op->result_end());
    alive.remove_if([&, position = position](Value value) {
      auto it = lastUse.find(value);
      return it == lastUse.end() || it->second <= position;
    });
    const bool isLast = position + 1 == operations.size();
    if (isLast || alive.size() != 1 || !canCutAfter(position) ||
        alive.front() != op->getResult(0))
      continue;
    sections.back().exits = {alive.front()};
    sections.emplace_back();
    sections.back().entries = {alive.front()};
  }
  llvm::append_range(sections.back().exits,
                     block.getTerminator()->getOperands());
  return sections;
}

/// A function with a copy of `section`, and with the constants that it reads.
static Part buildPart(const Section &section,
                      const DenseMap<Operation *, size_t> &siteOfKernel,
                      Location location) {
  OpBuilder builder(location.getContext());
  const auto type = builder.getFunctionType(TypeRange(section.entries),
                                            TypeRange(section.exits));
  Part part{func::FuncOp::create(location, "part", type),
            static_cast<int64_t>(section.operations.size()),
            {},
            {}};
  Block *body = part.function->addEntryBlock();
  builder.setInsertionPointToStart(body);
  IRMapping mapping;
  mapping.map(section.entries, body->getArguments());
  auto import = [&](Value value) {
    if (!mapping.contains(value))
      builder.clone(*value.getDefiningOp(), mapping);
  };
  for (Operation *op : section.operations) {
    llvm::for_each(op->getOperands(), import);
    Operation *copy = builder.clone(*op, mapping);
    if (auto it = siteOfKernel.find(op); it != siteOfKernel.end()) {
      part.sites.push_back(it->second);
      part.kernels.push_back(copy);
    }
  }
  llvm::for_each(section.exits, import);
  SmallVector<Value> results;
  for (Value exit : section.exits)
    results.push_back(mapping.lookup(exit));
  func::ReturnOp::create(builder, location, results);
  elideWeights(*body);
  return part;
}

std::vector<Part> serenity::cutIntoParts(Region &body,
                                         ArrayRef<RewriteSite> sites) {
  Block &block = body.front();
  DenseMap<Operation *, size_t> siteOfKernel;
  SmallVector<Operation *> all;
  for (Operation &op : block)
    all.push_back(&op);
  for (auto [number, site] : llvm::enumerate(sites))
    siteOfKernel[all[site.position]] = number;
  std::vector<Part> parts;
  for (const Section &section : Cutter(block, sites).run())
    parts.push_back(buildPart(section, siteOfKernel, body.getLoc()));
  return parts;
}
