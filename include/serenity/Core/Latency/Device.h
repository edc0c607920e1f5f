//===- Device.h - What an operation takes on a device -----------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Predictors of single operations: from measurements (table), from weights of
// costs (linear), from the figures of a data sheet (roofline), or from another
// device's predictor and a few measurements (gp). A network takes the sum over
// its operations, in any order; what an order adds is Traffic.h.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_CORE_LATENCY_DEVICE_H
#define SERENITY_CORE_LATENCY_DEVICE_H

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace serenity::core {

/// What a compiler knows of an operation before it runs.
struct OperationCosts {
  /// Kind, shapes, kernel, stride, element type and fused activation in one
  /// text, under which measurements are filed.
  std::string signature;
  int64_t macs = 0;
  int64_t readBytes = 0;
  int64_t writtenBytes = 0;
  int64_t weightBytes = 0;
};

/// A latency in microseconds.
struct OperationEstimate {
  double microseconds = 0;
  double stddev = 0;
};

/// Weights of a linear predictor, in microseconds for each unit of a cost.
struct LinearWeights {
  double perLaunch = 0;
  double perMac = 0;
  double perReadByte = 0;
  double perWrittenByte = 0;
  double perWeightByte = 0;
};

/// The figures of a roofline: an operation takes the longer one of computing
/// and of moving its bytes, and the launch.
struct Roofline {
  double macsPerMicrosecond = 0;
  /// Activations, in and out of fast memory.
  double bytesPerMicrosecond = 0;
  /// Weights, from where they are stored.
  double weightBytesPerMicrosecond = 0;
  double launchMicroseconds = 0;
};

enum class PredictorKind { Table, Linear, Roofline, GaussianProcess };

/// An operation that was measured on a device.
struct OperationSample {
  OperationCosts costs;
  double microseconds = 0;
};

/// A device, as its file describes it.
struct DeviceDescription {
  std::string name;
  PredictorKind kind = PredictorKind::Roofline;
  int64_t fastMemoryBytes = 0;
  /// To and from slow memory, for the traffic that an order causes.
  double slowBytesPerMicrosecond = 0;
  int64_t alignment = 1;
  /// The standard deviation of an estimate, as a fraction of it; of a table
  /// only for what it does not say itself.
  double relativeDeviation = 0;
  /// The standard deviation of the error that all operations share, as a
  /// fraction of their sum: clocks, compilers and kernels that are all slower
  /// than the description has them. Part of no estimate of one operation.
  double commonRelativeDeviation = 0;
  /// Of `Table`: measurements by signature.
  std::map<std::string, OperationEstimate> measurements;
  /// Of `Linear`.
  LinearWeights weights;
  /// Of `Roofline`.
  Roofline roofline;
  /// Of `GaussianProcess`: the device that is taken for a proxy, `Linear` or
  /// `Roofline`, and 3 to 512 operations measured on this one.
  std::shared_ptr<const DeviceDescription> proxy;
  std::vector<OperationSample> samples;
};

/// Whether a description makes sense. InvalidArgument names the field, the
/// value and what is expected.
absl::Status checkDevice(const DeviceDescription &device);

/// Predicts single operations.
class OperationPredictor {
public:
  virtual ~OperationPredictor() = default;
  /// Fails with NotFound if nothing is known of such an operation.
  virtual absl::StatusOr<OperationEstimate>
  predict(const OperationCosts &operation) const = 0;
};

/// The predictor of `device`; fails if checkDevice does.
absl::StatusOr<std::unique_ptr<OperationPredictor>>
makePredictor(const DeviceDescription &device);

/// The sum over `operations`, whose errors are taken to be independent.
absl::StatusOr<OperationEstimate>
predictNetwork(const OperationPredictor &predictor,
               absl::Span<const OperationCosts> operations);

} // namespace serenity::core

#endif // SERENITY_CORE_LATENCY_DEVICE_H
