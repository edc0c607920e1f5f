//===- VariantTableFuzz.cpp - Any text is variants or a clear error -------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FuzzSupport.h"
#include "serenity/Core/Latency/Variants.h"

using namespace serenity::core;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char *>(data), size);
  const auto variants = readVariants(text);
  require(variants.ok() || isOneLine(variants.status().message()));
  if (!variants.ok())
    return 0;
  const std::string printed = printVariants(*variants);
  const auto again = readVariants(printed);
  require(again.ok() && printVariants(*again) == printed);
  // Fitting more takes too long for a fuzzer.
  constexpr size_t kMostVariants = 12;
  if (variants->size() > kMostVariants)
    return 0;
  const auto estimates = adaptToMeasurements(*variants);
  require(estimates.ok() || isOneLine(estimates.status().message()));
  if (estimates.ok())
    require(estimates->size() == variants->size());
  return 0;
}
