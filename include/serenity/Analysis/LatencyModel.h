//===- LatencyModel.h - What a block takes on a device ----------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Operations of a block as costs, and their latency in some order. What no
// order changes, the work of the operations, is kept apart from the traffic
// that the order causes. docs/Latency.md, section 7.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_ANALYSIS_LATENCYMODEL_H
#define SERENITY_ANALYSIS_LATENCYMODEL_H

#include "serenity/Analysis/BlockGraph.h"
#include "serenity/Core/Latency/Device.h"
#include "serenity/Core/Latency/Variants.h"

namespace serenity {

/// What an operation costs, as far as it is a kernel of its own.
struct KernelCosts {
  /// Not for views, for concatenations whose operands are produced in place,
  /// and for sums that the products before them accumulate.
  bool isLaunched = true;
  core::OperationCosts costs;
};

/// The costs of the operation `id`, whose block runs in `order`. Read are all
/// operands, again by every kernel that reads them, and the accumulator of a
/// product that is not the first to write it. Multiplications are those of
/// structured operations and of linalg's loops; of other operations, one an
/// element of the results.
KernelCosts computeCosts(const BlockGraph &blockGraph, const MemoryModel &model,
                         llvm::ArrayRef<core::OpId> order, core::OpId id);

/// What an operation takes.
struct OperationLatency {
  KernelCosts kernel;
  /// Whatever the order.
  core::OperationEstimate work;
  /// To and from slow memory at this operation's step.
  int64_t trafficBytes = 0;
  double trafficMicroseconds = 0;

  double microseconds() const {
    return work.microseconds + trafficMicroseconds;
  }
};

/// What a block takes in one order.
struct BlockLatency {
  /// By OpId.
  std::vector<OperationLatency> operations;
  core::NetworkCosts costs;
  /// Its deviation leaves out what all operations err alike, which is the same
  /// for all variants of a network and so makes none of them faster.
  core::OperationEstimate work;
  double trafficMicroseconds = 0;
  /// Work and traffic, and every error.
  core::OperationEstimate total;
};

/// A device as a predictor of blocks.
class LatencyModel {
public:
  /// Fails if core::makePredictor does.
  static llvm::Expected<LatencyModel> create(core::DeviceDescription device);
  /// The device of the file at `path`; errors begin with the path.
  static llvm::Expected<LatencyModel> read(llvm::StringRef path);

  const core::DeviceDescription &getDevice() const { return device; }

  /// The latency of a block in `order`. Errors of the operations are taken to
  /// be independent, but for the one that the device has them share; that of
  /// the traffic is one for all. Fails on an operation that the predictor does
  /// not know, naming it.
  llvm::Expected<BlockLatency> predict(const BlockGraph &blockGraph,
                                       const MemoryModel &model,
                                       llvm::ArrayRef<core::OpId> order) const;

private:
  LatencyModel(core::DeviceDescription device,
               std::unique_ptr<core::OperationPredictor> predictor)
      : device(std::move(device)), predictor(std::move(predictor)) {}

  llvm::Error predictOperation(OperationLatency &operation) const;

  core::DeviceDescription device;
  std::unique_ptr<core::OperationPredictor> predictor;
};

} // namespace serenity

#endif // SERENITY_ANALYSIS_LATENCYMODEL_H
