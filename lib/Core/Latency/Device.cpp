//===- Device.cpp - What an operation takes on a device -------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Latency/Device.h"

#include "serenity/Core/Latency/Adaptation.h"

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

/// The proxy's latency and the costs of operations, a row each, as the inputs
/// of an adaptation. The proxy knows every operation.
Architectures describeOperations(const OperationPredictor &proxy,
                                 absl::Span<const OperationCosts> operations) {
  // An operation that the proxy has for nothing; latencies are positive.
  constexpr double kLeastMilliseconds = 1e-9;
  Architectures rows;
  rows.features.resize(operations.size(), 4);
  rows.proxies.resize(operations.size(), 1);
  for (size_t i = 0; i < operations.size(); ++i) {
    const OperationCosts &costs = operations[i];
    rows.features.row(i) << costs.macs, costs.readBytes, costs.writtenBytes,
        costs.weightBytes;
    rows.proxies(i, 0) =
        std::max(proxy.predict(costs)->microseconds / 1000, kLeastMilliseconds);
  }
  return rows;
}

class GaussianProcessPredictor : public OperationPredictor {
public:
  static absl::StatusOr<std::unique_ptr<OperationPredictor>>
  create(const DeviceDescription &device) {
    absl::StatusOr<std::unique_ptr<OperationPredictor>> proxy =
        makePredictor(*device.proxy);
    if (!proxy.ok())
      return proxy.status();
    AdaptationProblem problem;
    problem.featureNames = {"macs", "readBytes", "writtenBytes", "weightBytes"};
    std::vector<OperationCosts> operations;
    problem.latency.resize(device.samples.size());
    for (size_t i = 0; i < device.samples.size(); ++i) {
      operations.push_back(device.samples[i].costs);
      problem.latency(i) = device.samples[i].microseconds / 1000;
    }
    problem.samples = describeOperations(**proxy, operations);
    problem.population = problem.samples;
    absl::StatusOr<std::unique_ptr<AdaptedPredictor>> adapted =
        adaptPredictor(problem, AdaptationMethod::GaussianProcess);
    if (!adapted.ok())
      return adapted.status();
    return std::make_unique<GaussianProcessPredictor>(*std::move(proxy),
                                                      *std::move(adapted));
  }

  GaussianProcessPredictor(std::unique_ptr<OperationPredictor> proxy,
                           std::unique_ptr<AdaptedPredictor> adapted)
      : proxy(std::move(proxy)), adapted(std::move(adapted)) {}

  absl::StatusOr<OperationEstimate>
  predict(const OperationCosts &operation) const override {
    const LatencyEstimate estimate =
        adapted->predict(describeOperations(*proxy, {operation}));
    // A small operation may come out below nothing.
    return OperationEstimate{std::max(1000 * estimate.mean(0), 0.0),
                             1000 * estimate.stddev(0)};
  }

private:
  std::unique_ptr<OperationPredictor> proxy;
  std::unique_ptr<AdaptedPredictor> adapted;
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

absl::Status checkSample(size_t number, const OperationSample &sample) {
  const OperationCosts &costs = sample.costs;
  absl::Status status = checkFields(
      {{"macs", static_cast<double>(costs.macs), true},
       {"read_bytes", static_cast<double>(costs.readBytes), true},
       {"written_bytes", static_cast<double>(costs.writtenBytes), true},
       {"weight_bytes", static_cast<double>(costs.weightBytes), true},
       {"microseconds", sample.microseconds, false}});
  return status.ok() ? status
                     : absl::InvalidArgumentError(absl::StrCat(
                           "sample ", number, ": ", status.message()));
}

absl::Status checkGaussianProcess(const DeviceDescription &device) {
  constexpr size_t kFewest = 3, kMost = 512;
  if (!device.proxy)
    return absl::InvalidArgumentError("there is no proxy");
  if (device.proxy->kind != PredictorKind::Linear &&
      device.proxy->kind != PredictorKind::Roofline)
    return absl::InvalidArgumentError(
        "the proxy is not of the kind linear or roofline");
  if (absl::Status status = checkDevice(*device.proxy); !status.ok())
    return absl::InvalidArgumentError(
        absl::StrCat("proxy: ", status.message()));
  if (device.samples.size() < kFewest || device.samples.size() > kMost)
    return absl::InvalidArgumentError(
        absl::StrCat("there are ", device.samples.size(),
                     " samples, expected are ", kFewest, " to ", kMost));
  for (size_t i = 0; i < device.samples.size(); ++i)
    if (absl::Status status = checkSample(i, device.samples[i]); !status.ok())
      return status;
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
       {"relative_stddev", device.relativeDeviation, true},
       {"common_relative_stddev", device.commonRelativeDeviation, true}});
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
  case PredictorKind::GaussianProcess:
    return checkGaussianProcess(device);
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
  case PredictorKind::GaussianProcess:
    return GaussianProcessPredictor::create(device);
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
