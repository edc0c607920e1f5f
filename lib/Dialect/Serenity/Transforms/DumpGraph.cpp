//===- DumpGraph.cpp - Write a graph in the text format -------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/Interfaces/FunctionInterfaces.h"
#include "serenity/Analysis/BlockGraph.h"
#include "serenity/Core/Graph/TextFormat.h"
#include "serenity/Dialect/Serenity/ExternalModels/ActivationMemoryModels.h"
#include "serenity/Dialect/Serenity/Transforms/Passes.h"
#include "llvm/Support/raw_ostream.h"

namespace serenity {
#define GEN_PASS_DEF_DUMPGRAPHPASS
#include "serenity/Dialect/Serenity/Transforms/Passes.h.inc"
} // namespace serenity

using namespace mlir;
using namespace serenity;

namespace {

class DumpGraphPass : public serenity::impl::DumpGraphPassBase<DumpGraphPass> {
public:
  using Base::Base;

  void getDependentDialects(DialectRegistry &registry) const override {
    registerActivationMemoryModels(registry);
  }

  void runOnOperation() override {
    markAllAnalysesPreserved();
    FunctionOpInterface chosen = findFunction();
    if (!chosen || failed(dump(chosen)))
      signalPassFailure();
  }

private:
  FunctionOpInterface findFunction();
  LogicalResult dump(FunctionOpInterface chosen);
};

} // namespace

/// The function the user means; null after an error.
FunctionOpInterface DumpGraphPass::findFunction() {
  SmallVector<FunctionOpInterface> found;
  for (auto candidate : getOperation().getOps<FunctionOpInterface>())
    if (!candidate.isExternal() &&
        (function.empty() || candidate.getName() == function))
      found.push_back(candidate);
  if (found.size() == 1)
    return found.front();
  if (function.empty())
    emitError(getOperation().getLoc(),
              "option 'function' is needed: the module has ")
        << found.size() << " functions with a body";
  else
    emitError(getOperation().getLoc(), "no function '")
        << function << "' with a body";
  return {};
}

LogicalResult DumpGraphPass::dump(FunctionOpInterface chosen) {
  Region &body = chosen.getFunctionBody();
  if (!body.hasOneBlock())
    return emitError(chosen.getLoc(),
                     "cannot be dumped: it has several blocks");
  llvm::Expected<BlockGraph> blockGraph =
      BlockGraph::build(body.front(), {concat, inPlace});
  if (!blockGraph)
    return emitError(chosen.getLoc(), "cannot be dumped: ")
           << llvm::toString(blockGraph.takeError());
  llvm::Error error =
      llvm::writeToOutput(outputPath, [&](llvm::raw_ostream &os) {
        os << core::printGraph(blockGraph->getGraph());
        return llvm::Error::success();
      });
  if (error)
    return emitError(chosen.getLoc(), "cannot write '")
           << outputPath << "': " << llvm::toString(std::move(error));
  return success();
}
