//===- Device.cpp - What an operation takes on a device -------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Latency/Device.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include <algorithm>
#include <cmath>

namespace serenity::core {
namespace {

class TablePredictor : public OperationPredictor {
public:
  explicit TablePredictor(const DeviceDescription &device)
      : measurements(device.measurements) {
    for (auto &[signature, estimate] : measurements)
      if (estimate.stddev == 0)
        estimate.stddev = device.relativeDeviation * estimate.microseconds;
  }

  absl::StatusOr<OperationEstimate>
  predict(const OperationCosts &operation) const override {
    const auto entry = measurements.find(operation.signature);
    if (entry == measurements.end())
      return absl::NotFoundError(absl::StrCat(
          "no measurement of '", absl::CHexEscape(operation.signature), "'"));
    return entry->second;
  }

private:
  std::map<std::string, OperationEstimate> measurements;
};

class LinearPredictor : public OperationPredictor {
public:
  explicit LinearPredictor(const DeviceDescription &device)
      : weights(device.weights), relativeDeviation(device.relativeDeviation) {}

  absl::StatusOr<OperationEstimate>
  predict(const OperationCosts &operation) const override {
    const double sum = weights.perLaunch + weights.perMac * operation.macs +
                       weights.perReadByte * operation.readBytes +
                       weights.perWrittenByte * operation.writtenBytes +
                       weights.perWeightByte * operation.weightBytes;
    return OperationEstimate{sum, relativeDeviation * sum};
  }

private:
  LinearWeights weights;
  double relativeDeviation;
};

class RooflinePredictor : public OperationPredictor {
public:
  explicit RooflinePredictor(const DeviceDescription &device)
      : roofline(device.roofline), relativeDeviation(device.relativeDeviation) {
  }

  absl::StatusOr<OperationEstimate>
  predict(const OperationCosts &operation) const override {
    const double compute = operation.macs / roofline.macsPerMicrosecond;
    const double activations =
        static_cast<double>(operation.readBytes + operation.writtenBytes) /
        roofline.bytesPerMicrosecond;
    const double weights =
        operation.weightBytes / roofline.weightBytesPerMicrosecond;
    const double sum =
        roofline.launchMicroseconds + std::max({compute, activations, weights});
    return OperationEstimate{sum, relativeDeviation * sum};
  }

private:
  Roofline roofline;
  double relativeDeviation;
};

/// A field that must be a number above or from 0.
struct NumericField {
  const char *name;
  double value;
  bool mayBeZero;
};

absl::Status checkFields(absl::Span<const NumericField> fields) {
  for (const NumericField &field : fields) {
    const bool isInRange = field.mayBeZero ? field.value >= 0 : field.value > 0;
    if (!isInRange || !std::isfinite(field.value))
      return absl::InvalidArgumentError(
          absl::StrCat(field.name, " is ", field.value, ", expected is ",
                       field.mayBeZero ? "0 or more" : "more than 0"));
  }
  return absl::OkStatus();
}

absl::Status checkMeasurements(const DeviceDescription &device) {
  if (device.measurements.empty())
    return absl::InvalidArgumentError("the table has no measurements");
  for (const auto &[signature, estimate] : device.measurements) {
    absl::Status status =
        checkFields({{"microseconds", estimate.microseconds, false},
                     {"stddev", estimate.stddev, true}});
    if (!status.ok())
      return absl::InvalidArgumentError(
          absl::StrCat("measurement '", absl::CHexEscape(signature),
                       "': ", status.message()));
  }
  return absl::OkStatus();
}

} // namespace

absl::Status checkDevice(const DeviceDescription &device) {
  if (device.name.empty())
    return absl::InvalidArgumentError("the device has no name");
  absl::Status status = checkFields(
      {{"fast_memory_bytes", static_cast<double>(device.fastMemoryBytes), true},
       {"slow_bytes_per_us", device.slowBytesPerMicrosecond, false},
       {"alignment", static_cast<double>(device.alignment), false},
       {"relative_stddev", device.relativeDeviation, true}});
  if (!status.ok())
    return status;
  if ((device.alignment & (device.alignment - 1)) != 0)
    return absl::InvalidArgumentError(absl::StrCat(
        "alignment is ", device.alignment, ", expected is a power of 2"));
  switch (device.kind) {
  case PredictorKind::Table:
    return checkMeasurements(device);
  case PredictorKind::Linear:
    return checkFields(
        {{"us_per_launch", device.weights.perLaunch, true},
         {"us_per_mac", device.weights.perMac, true},
         {"us_per_read_byte", device.weights.perReadByte, true},
         {"us_per_written_byte", device.weights.perWrittenByte, true},
         {"us_per_weight_byte", device.weights.perWeightByte, true}});
  case PredictorKind::Roofline:
    return checkFields(
        {{"macs_per_us", device.roofline.macsPerMicrosecond, false},
         {"bytes_per_us", device.roofline.bytesPerMicrosecond, false},
         {"weight_bytes_per_us", device.roofline.weightBytesPerMicrosecond,
          false},
         {"launch_us", device.roofline.launchMicroseconds, true}});
  }
  return absl::InvalidArgumentError("unknown kind of predictor");
}

absl::StatusOr<std::unique_ptr<OperationPredictor>>
makePredictor(const DeviceDescription &device) {
  if (absl::Status status = checkDevice(device); !status.ok())
    return status;
  switch (device.kind) {
  case PredictorKind::Table:
    return std::make_unique<TablePredictor>(device);
  case PredictorKind::Linear:
    return std::make_unique<LinearPredictor>(device);
  case PredictorKind::Roofline:
    return std::make_unique<RooflinePredictor>(device);
  }
  return absl::InvalidArgumentError("unknown kind of predictor");
}

absl::StatusOr<OperationEstimate>
predictNetwork(const OperationPredictor &predictor,
               absl::Span<const OperationCosts> operations) {
  OperationEstimate sum;
  for (const OperationCosts &operation : operations) {
    const absl::StatusOr<OperationEstimate> estimate =
        predictor.predict(operation);
    if (!estimate.ok())
      return estimate.status();
    sum.microseconds += estimate->microseconds;
    sum.stddev = std::hypot(sum.stddev, estimate->stddev);
  }
  return sum;
}

} // namespace serenity::core
