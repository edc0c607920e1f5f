//===- LatencyModel.cpp - What a block takes on a device ------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Analysis/LatencyModel.h"

#include "serenity/Analysis/DeviceFile.h"
#include "serenity/Analysis/Status.h"
#include "serenity/Core/Latency/Traffic.h"

#include <cmath>

using namespace serenity;

llvm::Expected<LatencyModel>
LatencyModel::create(core::DeviceDescription device) {
  absl::StatusOr<std::unique_ptr<core::OperationPredictor>> predictor =
      core::makePredictor(device);
  if (!predictor.ok())
    return toError(predictor.status());
  return LatencyModel(std::move(device), *std::move(predictor));
}

llvm::Expected<LatencyModel> LatencyModel::read(llvm::StringRef path) {
  llvm::Expected<core::DeviceDescription> device = readDevice(path);
  if (!device)
    return device.takeError();
  return create(std::move(*device));
}

llvm::Error LatencyModel::predictOperation(OperationLatency &operation) const {
  operation.trafficMicroseconds =
      operation.trafficBytes / device.slowBytesPerMicrosecond;
  if (!operation.kernel.isLaunched)
    return llvm::Error::success();
  const absl::StatusOr<core::OperationEstimate> work =
      predictor->predict(operation.kernel.costs);
  if (!work.ok())
    return toError(work.status());
  operation.work = *work;
  return llvm::Error::success();
}

/// Adds `operation` to what the block around it takes.
static void add(const OperationLatency &operation, BlockLatency &block) {
  const core::OperationCosts &costs = operation.kernel.costs;
  block.costs.launches += operation.kernel.isLaunched;
  block.costs.macs += costs.macs;
  block.costs.readBytes += costs.readBytes;
  block.costs.writtenBytes += costs.writtenBytes;
  block.costs.weightBytes += costs.weightBytes;
  block.costs.trafficBytes += operation.trafficBytes;
  block.work.microseconds += operation.work.microseconds;
  block.work.stddev = std::hypot(block.work.stddev, operation.work.stddev);
  block.trafficMicroseconds += operation.trafficMicroseconds;
}

llvm::Expected<BlockLatency>
LatencyModel::predict(const BlockGraph &blockGraph, const MemoryModel &model,
                      llvm::ArrayRef<core::OpId> order) const {
  const absl::StatusOr<core::Traffic> traffic = core::computeTraffic(
      blockGraph.getGraph(), order, device.fastMemoryBytes);
  if (!traffic.ok())
    return toError(traffic.status());
  BlockLatency block;
  block.operations.resize(order.size());
  for (auto [id, bytes] : llvm::zip_equal(order, traffic->stepBytes)) {
    OperationLatency &operation = block.operations[id.index()];
    operation.kernel = computeCosts(blockGraph, model, order, id);
    operation.trafficBytes = bytes;
    if (llvm::Error error = predictOperation(operation))
      return error;
  }
  for (const OperationLatency &operation : block.operations)
    add(operation, block);
  block.total.microseconds =
      block.work.microseconds + block.trafficMicroseconds;
  block.total.stddev = std::hypot(
      block.work.stddev, device.relativeDeviation * block.trafficMicroseconds,
      device.commonRelativeDeviation * block.total.microseconds);
  return block;
}
