//===- AnnotateLatency.cpp - Say what operations take on a device ---------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FunctionGraphs.h"
#include "LatencyAttributes.h"
#include "serenity/Analysis/LatencyTarget.h"
#include "serenity/Dialect/Serenity/ExternalModels/ActivationMemoryModels.h"
#include "serenity/Dialect/Serenity/Transforms/Passes.h"

namespace serenity {
#define GEN_PASS_DEF_ANNOTATELATENCYPASS
#include "serenity/Dialect/Serenity/Transforms/Passes.h.inc"
} // namespace serenity

using namespace mlir;
using namespace serenity;

static constexpr StringLiteral passName = "annotate-latency";

namespace {

class AnnotateLatencyPass
    : public serenity::impl::AnnotateLatencyPassBase<AnnotateLatencyPass> {
public:
  using Base::Base;

  void getDependentDialects(DialectRegistry &registry) const override {
    registerActivationMemoryModels(registry);
  }

  void runOnOperation() override {
    FailureOr<LatencyTarget> target = readLatencyTarget(
        getOperation().getLoc(), devicePath, proxyPath, measurementsPath);
    if (failed(target))
      return signalPassFailure();
    bool allDone = true;
    getOperation().walk([&](FunctionOpInterface function) {
      if (usesTensors(function))
        allDone &= succeeded(annotateFunction(function, *target));
    });
    if (!allDone)
      signalPassFailure();
  }

private:
  LogicalResult annotateFunction(FunctionOpInterface function,
                                 const LatencyTarget &target);
};

} // namespace

/// Says of each operation what its latency is made of.
static void remarkOnOperations(StringRef functionName,
                               const BlockGraph &blockGraph,
                               const BlockLatency &latency) {
  for (auto [op, operation] :
       llvm::zip_equal(blockGraph.getOperations(), latency.operations)) {
    const core::OperationCosts &costs = operation.kernel.costs;
    remark::analysis(op->getLoc(),
                     remarkNamed("Operation", passName, functionName))
        << remark::metric("Kind", op->getName().getStringRef())
        << remark::metric("Launched", operation.kernel.isLaunched)
        << remark::metric("Macs", costs.macs)
        << remark::metric("ReadBytes", costs.readBytes)
        << remark::metric("WrittenBytes", costs.writtenBytes)
        << remark::metric("WeightBytes", costs.weightBytes)
        << remark::metric("WorkUs", operation.work.microseconds)
        << remark::metric("TrafficBytes", operation.trafficBytes)
        << remark::metric("TrafficUs", operation.trafficMicroseconds);
  }
}

static void remarkOnFunction(FunctionOpInterface function,
                             const LatencyTarget &target,
                             const BlockLatency &latency,
                             const core::OperationEstimate &total) {
  remark::analysis(function.getLoc(),
                   remarkNamed("Latency", passName, function.getName()))
      << remark::metric("Device", target.getDevice().name)
      << remark::metric("Launches", latency.costs.launches)
      << remark::metric("WorkUs", latency.work.microseconds)
      << remark::metric("FastMemoryBytes", target.getDevice().fastMemoryBytes)
      << remark::metric("TrafficBytes", latency.costs.trafficBytes)
      << remark::metric("TrafficUs", latency.trafficMicroseconds)
      << remark::metric("PredictedUs", latency.total.microseconds)
      << remark::metric("LatencyUs", total.microseconds)
      << remark::metric("StddevUs", total.stddev);
}

LogicalResult
AnnotateLatencyPass::annotateFunction(FunctionOpInterface function,
                                      const LatencyTarget &target) {
  const MemoryModel model = getRecordedMemoryModel(function);
  llvm::Expected<BlockGraph> blockGraph =
      buildRegionGraph(function.getFunctionBody(), model, RegionBytes());
  if (!blockGraph) {
    remark::missed(function.getLoc(),
                   remarkNamed("NotAnnotated", passName, function.getName()))
        << remark::reason("{0}", llvm::toString(blockGraph.takeError()));
    return success();
  }
  const std::vector<core::OpId> order =
      core::sourceOrder(blockGraph->getGraph());
  auto fail = [&](llvm::Error error) {
    return emitError(function.getLoc(), "latency cannot be predicted: ")
           << llvm::toString(std::move(error));
  };
  llvm::Expected<BlockLatency> latency =
      target.predict(*blockGraph, model, order);
  if (!latency)
    return fail(latency.takeError());
  core::OperationEstimate total = latency->total;
  if (!target.getMeasurements().empty())
    if (llvm::Error error = target.adapt(*latency).moveInto(total))
      return fail(std::move(error));
  annotateLatency(function, *blockGraph, *latency, total, target.getDevice());
  remarkOnOperations(function.getName(), *blockGraph, *latency);
  remarkOnFunction(function, target, *latency, total);
  return success();
}
