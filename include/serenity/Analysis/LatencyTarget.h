//===- LatencyTarget.h - A device, a proxy and measurements -----*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_ANALYSIS_LATENCYTARGET_H
#define SERENITY_ANALYSIS_LATENCYTARGET_H

#include "serenity/Analysis/LatencyModel.h"

namespace serenity {

/// What is known of the device that a network will run on.
class LatencyTarget {
public:
  /// Reads the device file `device`, the device file `proxy` and the table of
  /// variants `measurements` (core::readVariants); the latter two may be empty,
  /// and a proxy is of use only with measurements. Errors are one line each,
  /// which begins with the path.
  static llvm::Expected<LatencyTarget> read(llvm::StringRef device,
                                            llvm::StringRef proxy,
                                            llvm::StringRef measurements);

  const core::DeviceDescription &getDevice() const {
    return device.getDevice();
  }
  /// Variants of some network, measured or not; empty without a table.
  llvm::ArrayRef<core::MeasuredVariant> getMeasurements() const {
    return measurements;
  }

  /// What the proxy takes, or the device if there is none, before anything is
  /// adapted. The traffic among the costs is that of the device.
  llvm::Expected<BlockLatency> predict(const BlockGraph &blockGraph,
                                       const MemoryModel &model,
                                       llvm::ArrayRef<core::OpId> order) const;

  /// The latency of a network that is not in the table, adapted to its
  /// measurements. `latency` comes from `predict`.
  llvm::Expected<core::OperationEstimate>
  adapt(const BlockLatency &latency) const;

private:
  explicit LatencyTarget(LatencyModel device) : device(std::move(device)) {}

  LatencyModel device;
  std::optional<LatencyModel> proxy;
  std::vector<core::MeasuredVariant> measurements;
};

} // namespace serenity

#endif // SERENITY_ANALYSIS_LATENCYTARGET_H
