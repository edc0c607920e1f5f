//===- LatencyAttributes.cpp - Latencies as attributes --------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LatencyAttributes.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace serenity;

static constexpr StringLiteral latencyName = "serenity.latency_us";
static constexpr StringLiteral deviationName = "serenity.latency_stddev_us";
static constexpr StringLiteral trafficName = "serenity.traffic_us";
static constexpr StringLiteral deviceName = "serenity.device";

FailureOr<LatencyTarget> serenity::readLatencyTarget(Location loc,
                                                     StringRef device,
                                                     StringRef proxy,
                                                     StringRef measurements) {
  if (device.empty())
    return emitError(loc, "option 'device' is missing: the path of a device "
                          "file");
  if (!proxy.empty() && measurements.empty())
    return emitError(loc, "option 'proxy' is of no use without "
                          "'measurements' of the device");
  llvm::Expected<LatencyTarget> target =
      LatencyTarget::read(device, proxy, measurements);
  if (!target)
    return emitError(loc, "") << llvm::toString(target.takeError());
  return std::move(*target);
}

/// Sets the three durations of `op`, in microseconds.
static void setDurations(Operation *op, double latency, double deviation,
                         double traffic) {
  Builder builder(op);
  op->setDiscardableAttr(latencyName, builder.getF64FloatAttr(latency));
  op->setDiscardableAttr(deviationName, builder.getF64FloatAttr(deviation));
  op->setDiscardableAttr(trafficName, builder.getF64FloatAttr(traffic));
}

void serenity::annotateLatency(FunctionOpInterface function,
                               const BlockGraph &blockGraph,
                               const BlockLatency &latency,
                               const core::OperationEstimate &total,
                               const core::DeviceDescription &device) {
  const double predicted = latency.total.microseconds;
  const double scale = predicted > 0 ? total.microseconds / predicted : 1;
  for (auto [op, operation] :
       llvm::zip_equal(blockGraph.getOperations(), latency.operations))
    setDurations(op, scale * operation.microseconds(),
                 scale * operation.work.stddev,
                 scale * operation.trafficMicroseconds);
  setDurations(function, total.microseconds, total.stddev,
               scale * latency.trafficMicroseconds);
  function->setDiscardableAttr(
      deviceName, StringAttr::get(function->getContext(), device.name));
}

void serenity::clearLatency(FunctionOpInterface function) {
  function->walk([](Operation *op) {
    for (StringRef name : {latencyName, deviationName, trafficName, deviceName})
      op->removeDiscardableAttr(name);
  });
}
