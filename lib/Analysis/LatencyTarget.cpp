//===- LatencyTarget.cpp - A device, a proxy and measurements -------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Analysis/LatencyTarget.h"

#include "serenity/Analysis/Status.h"
#include "serenity/Analysis/VariantFile.h"
#include "serenity/Core/Latency/Traffic.h"

using namespace serenity;

llvm::Expected<LatencyTarget>
LatencyTarget::read(llvm::StringRef device, llvm::StringRef proxy,
                    llvm::StringRef measurements) {
  llvm::Expected<LatencyModel> model = LatencyModel::read(device);
  if (!model)
    return model.takeError();
  LatencyTarget target(std::move(*model));
  if (!proxy.empty()) {
    llvm::Expected<LatencyModel> proxyModel = LatencyModel::read(proxy);
    if (!proxyModel)
      return proxyModel.takeError();
    target.proxy = std::move(*proxyModel);
  }
  if (!measurements.empty())
    if (llvm::Error error =
            readVariantFile(measurements).moveInto(target.measurements))
      return error;
  return target;
}

llvm::Expected<BlockLatency>
LatencyTarget::predict(const BlockGraph &blockGraph, const MemoryModel &model,
                       llvm::ArrayRef<core::OpId> order) const {
  if (!proxy)
    return device.predict(blockGraph, model, order);
  llvm::Expected<BlockLatency> latency =
      proxy->predict(blockGraph, model, order);
  if (!latency)
    return latency;
  const absl::StatusOr<core::Traffic> traffic = core::computeTraffic(
      blockGraph.getGraph(), order, getDevice().fastMemoryBytes);
  if (!traffic.ok())
    return toError(traffic.status());
  latency->costs.trafficBytes = traffic->totalBytes();
  return latency;
}

llvm::Expected<core::OperationEstimate>
LatencyTarget::adapt(const BlockLatency &latency) const {
  std::vector<core::MeasuredVariant> rows = measurements;
  core::MeasuredVariant &network = rows.emplace_back();
  network.costs = latency.costs;
  network.predictedLatency = latency.total.microseconds;
  const absl::StatusOr<std::vector<core::OperationEstimate>> estimates =
      core::adaptToMeasurements(rows);
  if (!estimates.ok())
    return toError(estimates.status());
  return estimates->back();
}
