//===- Sites.cpp - Kernels that can be rewritten --------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Sites.h"

#include "Pieces.h"
#include "mlir/Rewrite/PatternApplicator.h"
#include "serenity/Dialect/Serenity/Transforms/Rewriting/Patterns.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace serenity;

StringRef serenity::toString(RewriteKind kind) {
  switch (kind) {
  case RewriteKind::Channelwise:
    return "channelwise";
  case RewriteKind::Kernelwise:
    return "kernelwise";
  case RewriteKind::Elementwise:
    return "elementwise";
  case RewriteKind::Residual:
    return "residual";
  }
  llvm_unreachable("unknown kind of rewriting");
}

/// In the order in which they are tried.
static constexpr RewriteKind allKinds[] = {
    RewriteKind::Channelwise, RewriteKind::Kernelwise, RewriteKind::Elementwise,
    RewriteKind::Residual};

std::optional<RewriteKind> serenity::parseRewriteKind(StringRef name) {
  for (RewriteKind kind : allKinds)
    if (toString(kind) == name)
      return kind;
  return std::nullopt;
}

StringRef serenity::toString(Accumulator accumulator) {
  return accumulator == Accumulator::Exact ? "exact" : "result";
}

//===----------------------------------------------------------------------===//
// Patterns
//===----------------------------------------------------------------------===//

static void populate(RewritePatternSet &patterns, RewriteKind kind,
                     Accumulator accumulator) {
  switch (kind) {
  case RewriteKind::Channelwise:
    return populateChannelwisePatterns(patterns, accumulator);
  case RewriteKind::Kernelwise:
    return populateKernelwisePatterns(patterns);
  case RewriteKind::Elementwise:
    return populateElementwisePatterns(patterns);
  case RewriteKind::Residual:
    return populateResidualPatterns(patterns, accumulator);
  }
}

static bool isWanted(RewriteKind kind, ArrayRef<RewriteKind> kinds) {
  if (kinds.empty() || llvm::is_contained(kinds, kind))
    return true;
  return kind == RewriteKind::Elementwise &&
         (llvm::is_contained(kinds, RewriteKind::Channelwise) ||
          llvm::is_contained(kinds, RewriteKind::Kernelwise));
}

SitePatterns::SitePatterns(MLIRContext *context, ArrayRef<RewriteKind> kinds,
                           Accumulator accumulator) {
  for (RewriteKind kind : allKinds) {
    if (!isWanted(kind, kinds))
      continue;
    RewritePatternSet patterns(context);
    populate(patterns, kind, accumulator);
    families.push_back({kind, std::move(patterns)});
  }
}

namespace {

/// Notes what the patterns say.
struct AttemptListener : RewriterBase::Listener {
  void notifyOperationReplaced(Operation *, ValueRange replacement) override {
    attempt.replacement.assign(replacement.begin(), replacement.end());
  }

  void notifyOperationErased(Operation *op) override {
    attempt.erased.push_back(op);
  }

  void
  notifyMatchFailure(Location location,
                     function_ref<void(Diagnostic &)> reasonCallback) override {
    Diagnostic diagnostic(location, DiagnosticSeverity::Remark);
    reasonCallback(diagnostic);
    if (!attempt.reason.empty())
      attempt.reason += "; ";
    attempt.reason += diagnostic.str();
  }

  RewriteAttempt attempt;
};

} // namespace

RewriteAttempt SitePatterns::rewrite(Operation *kernel) const {
  AttemptListener listener;
  PatternRewriter rewriter(kernel->getContext());
  rewriter.setListener(&listener);
  for (const Family &family : families) {
    PatternApplicator applicator(family.patterns);
    applicator.applyDefaultCostModel();
    rewriter.setInsertionPoint(kernel);
    if (failed(applicator.matchAndRewrite(kernel, rewriter)))
      continue;
    listener.attempt.kind = family.kind;
    break;
  }
  return listener.attempt;
}

//===----------------------------------------------------------------------===//
// Sites
//===----------------------------------------------------------------------===//

namespace {

/// The concatenations that a kernel reads, those inside others included.
struct ConcatCount {
  int64_t all = 0;
  /// Those of one operand.
  int64_t single = 0;
};

ConcatCount countConcats(Operation *kernel) {
  ConcatCount count;
  llvm::SetVector<Operation *> concats;
  SmallVector<Operation *> readers = {kernel};
  while (!readers.empty()) {
    for (Value operand : readers.pop_back_val()->getOperands()) {
      auto concat = operand.getDefiningOp<ConcatOp>();
      if (!concat || !concats.insert(concat))
        continue;
      readers.push_back(concat);
      ++count.all;
      count.single += concat->getNumOperands() == 1;
    }
  }
  return count;
}

/// The most kernels that a rewriting of `kind` can save by taking `concats`
/// apart.
int64_t getLargestSaving(RewriteKind kind, const ConcatCount &concats) {
  switch (kind) {
  case RewriteKind::Residual:
    return 1; // The addition.
  case RewriteKind::Elementwise:
    // There may be a tree of concatenations for each operand. They and the
    // kernel go; two parts at least and their concatenation come.
    return std::max<int64_t>(concats.all - 2, 0);
  case RewriteKind::Channelwise:
  case RewriteKind::Kernelwise:
    // A tree in which every concatenation has two operands has fewer of them
    // than leaves, each of which becomes a part.
    return concats.single;
  }
  llvm_unreachable("unknown kind of rewriting");
}

class SiteFinder {
public:
  explicit SiteFinder(const SitePatterns &patterns) : patterns(patterns) {}

  void visit(Operation *kernel, size_t position) {
    std::vector<size_t> requirements = findRequirements(kernel);
    const ConcatCount concats = countConcats(kernel);
    RewriteAttempt attempt = patterns.rewrite(kernel);
    for (Operation *erased : attempt.erased)
      makers.erase(erased);
    if (!attempt.kind) {
      if (!attempt.reason.empty())
        list.missed.push_back({position, std::move(attempt.reason)});
      return;
    }
    for (Value value : attempt.replacement)
      if (auto concat = value.getDefiningOp<ConcatOp>())
        makers[concat] = list.sites.size();
    list.sites.push_back({position, *attempt.kind, std::move(requirements),
                          getLargestSaving(*attempt.kind, concats)});
  }

  SiteList list;

private:
  /// The sites that made the concatenations that `kernel` reads.
  std::vector<size_t> findRequirements(Operation *kernel) const {
    std::vector<size_t> requirements;
    for (Value operand : kernel->getOperands())
      if (auto it = makers.find(operand.getDefiningOp()); it != makers.end())
        requirements.push_back(it->second);
    return requirements;
  }

  const SitePatterns &patterns;
  /// The site that each concatenation made by one comes from.
  DenseMap<Operation *, size_t> makers;
};

} // namespace

SiteList serenity::rewriteSites(Block &block, const SitePatterns &patterns) {
  SmallVector<Operation *> kernels;
  for (Operation &op : block.without_terminator())
    kernels.push_back(&op);
  SiteFinder finder(patterns);
  // What a rewriting erases comes before the kernel that it rewrites.
  for (auto [position, kernel] : llvm::enumerate(kernels))
    finder.visit(kernel, position);
  return std::move(finder.list);
}

void serenity::applySites(Block &block, ArrayRef<RewriteSite> sites,
                          const std::vector<bool> &chosen,
                          const SitePatterns &patterns) {
  SmallVector<Operation *> kernels;
  for (Operation &op : block)
    kernels.push_back(&op);
  for (auto [site, isChosen] : llvm::zip_equal(sites, chosen))
    if (isChosen)
      patterns.rewrite(kernels[site.position]);
}

void serenity::elideWeights(Block &block) {
  for (WeightOp weight : block.getOps<WeightOp>())
    if (isSliceable(weight))
      weight.removeValueAttr();
}

OwningOpRef<Operation *>
serenity::cloneWithoutPayloads(FunctionOpInterface function) {
  OwningOpRef<Operation *> copy = function->clone();
  elideWeights(copy->getRegion(0).front());
  return copy;
}
