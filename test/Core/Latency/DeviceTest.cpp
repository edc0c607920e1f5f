//===- DeviceTest.cpp - Predictors of single operations -------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Latency/Device.h"

#include "gtest/gtest.h"

#include <cmath>

namespace serenity::core {
namespace {

DeviceDescription makeRoofline() {
  DeviceDescription device;
  device.name = "board";
  device.slowBytesPerMicrosecond = 50;
  device.relativeDeviation = 0.1;
  device.roofline = {/*macsPerMicrosecond=*/100, /*bytesPerMicrosecond=*/10,
                     /*weightBytesPerMicrosecond=*/5, /*launchMicroseconds=*/2};
  return device;
}

TEST(DeviceTest, takesTheHighestOfTheRooflines) {
  const auto predictor = *makePredictor(makeRoofline());
  // 1000 MACs take 10 us, 40 bytes 4 us, 20 bytes of weights 4 us.
  EXPECT_DOUBLE_EQ(predictor->predict({"", 1000, 30, 10, 20})->microseconds,
                   12);
  EXPECT_DOUBLE_EQ(predictor->predict({"", 100, 60, 30, 0})->microseconds, 11);
  EXPECT_DOUBLE_EQ(predictor->predict({"", 0, 0, 0, 100})->microseconds, 22);
  EXPECT_DOUBLE_EQ(predictor->predict({"", 0, 0, 0, 100})->stddev, 2.2);
}

TEST(DeviceTest, weighsCosts) {
  DeviceDescription device = makeRoofline();
  device.kind = PredictorKind::Linear;
  device.weights = {1, 0.01, 0.1, 0.2, 0.5};
  EXPECT_DOUBLE_EQ(
      (*makePredictor(device))->predict({"", 100, 10, 10, 2})->microseconds,
      1 + 1 + 1 + 2 + 1);
}

TEST(DeviceTest, looksMeasurementsUp) {
  DeviceDescription device = makeRoofline();
  device.kind = PredictorKind::Table;
  device.measurements = {{"conv", {30, 0}}, {"add", {4, 3}}};
  const auto predictor = *makePredictor(device);
  EXPECT_DOUBLE_EQ(predictor->predict({"conv"})->stddev, 3);
  const OperationEstimate sum =
      *predictNetwork(*predictor, {{"conv"}, {"add"}, {"add"}});
  EXPECT_DOUBLE_EQ(sum.microseconds, 38);
  EXPECT_DOUBLE_EQ(sum.stddev, std::sqrt(27));
  EXPECT_EQ(predictNetwork(*predictor, {{"conv"}, {"pool"}}).status().message(),
            "no measurement of 'pool'");
}

/// A device that takes twice as long as makeRoofline, and 3 us.
DeviceDescription makeAdapted(size_t numSamples) {
  DeviceDescription device = makeRoofline();
  device.kind = PredictorKind::GaussianProcess;
  device.proxy = std::make_shared<DeviceDescription>(makeRoofline());
  const auto proxy = *makePredictor(makeRoofline());
  for (size_t i = 0; i < numSamples; ++i) {
    const auto n = static_cast<int64_t>(i);
    const OperationCosts costs = {"", 1000 * n, 100 + 40 * (n * 7 % 5),
                                  100 * (n % 3), 10 * n};
    device.samples.push_back(
        {costs, 3 + 2 * proxy->predict(costs)->microseconds});
  }
  return device;
}

TEST(DeviceTest, adaptsAnotherDevice) {
  const auto predictor = *makePredictor(makeAdapted(12));
  // The proxy takes 57 us.
  const OperationEstimate estimate =
      *predictor->predict({"", 5500, 200, 100, 55});
  EXPECT_NEAR(estimate.microseconds, 3 + 2 * 57, 3);
  EXPECT_GT(estimate.stddev, 0);
  EXPECT_LT(estimate.stddev, 10);
}

TEST(DeviceTest, refusesImpossibleAdaptations) {
  EXPECT_EQ(checkDevice(makeAdapted(2)).message(),
            "there are 2 samples, expected are 3 to 512");
  DeviceDescription device = makeAdapted(5);
  device.samples[4].microseconds = -2;
  EXPECT_EQ(checkDevice(device).message(),
            "sample 4: microseconds is -2, expected is more than 0");
  device.proxy = std::make_shared<DeviceDescription>(makeAdapted(5));
  EXPECT_EQ(checkDevice(device).message(),
            "the proxy is not of the kind linear or roofline");
  device.proxy = nullptr;
  EXPECT_EQ(checkDevice(device).message(), "there is no proxy");
}

TEST(DeviceTest, refusesImpossibleDevices) {
  const auto messageOf = [](auto change) {
    DeviceDescription device = makeRoofline();
    change(device);
    return std::string(checkDevice(device).message());
  };
  EXPECT_EQ(messageOf([](DeviceDescription &) {}), "");
  EXPECT_EQ(messageOf([](DeviceDescription &d) { d.name.clear(); }),
            "the device has no name");
  EXPECT_EQ(messageOf([](DeviceDescription &d) { d.alignment = 24; }),
            "alignment is 24, expected is a power of 2");
  EXPECT_EQ(messageOf([](DeviceDescription &d) {
              d.roofline.macsPerMicrosecond = 0;
            }),
            "macs_per_us is 0, expected is more than 0");
  EXPECT_EQ(
      messageOf([](DeviceDescription &d) { d.kind = PredictorKind::Table; }),
      "the table has no measurements");
  EXPECT_EQ(messageOf([](DeviceDescription &d) {
              d.kind = PredictorKind::Table;
              d.measurements["add"] = {-1, 0};
            }),
            "measurement 'add': microseconds is -1, expected is more than 0");
}

} // namespace
} // namespace serenity::core
