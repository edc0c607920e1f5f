//===- DeviceFileFuzz.cpp - Any text is a device or a clear error ---------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FuzzSupport.h"
#include "serenity/Analysis/DeviceFile.h"

using namespace serenity;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const llvm::StringRef text(reinterpret_cast<const char *>(data), size);
  llvm::Expected<core::DeviceDescription> device = parseDevice(text);
  if (!device) {
    require(isOneLine(llvm::toString(device.takeError())));
    return 0;
  }
  // Fitting more takes too long for a fuzzer.
  constexpr size_t mostSamples = 12;
  if (device->samples.size() > mostSamples)
    return 0;
  const auto predictor = core::makePredictor(*device);
  require(predictor.ok() || isOneLine(predictor.status().message()));
  if (!predictor.ok())
    return 0;
  const auto estimate = (*predictor)->predict({"conv", 1000, 100, 50, 20});
  if (estimate.ok())
    require(estimate->microseconds >= 0 && estimate->stddev >= 0);
  return 0;
}
