//===- Variants.h - Variants of a network, some measured --------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What goes to a device and comes back: a table of variants of one network with
// what is known of each before it runs, and a column of latencies that whoever
// has the device fills in. docs/Latency.md, section 9, describes the format.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_CORE_LATENCY_VARIANTS_H
#define SERENITY_CORE_LATENCY_VARIANTS_H

#include "serenity/Core/Latency/Device.h"

#include "absl/strings/string_view.h"

#include <optional>

namespace serenity::core {

/// What a network costs, all operations together.
struct NetworkCosts {
  /// Kernels that are called.
  int64_t launches = 0;
  int64_t macs = 0;
  int64_t readBytes = 0;
  int64_t writtenBytes = 0;
  int64_t weightBytes = 0;
  /// To and from slow memory, in the variant's order.
  int64_t trafficBytes = 0;
};

/// A variant of a network.
struct MeasuredVariant {
  std::string id;
  /// Where the variant is, relative to the table.
  std::string file;
  int64_t peakBytes = 0;
  NetworkCosts costs;
  /// In microseconds, by the proxy's predictor.
  double predictedLatency = 0;
  /// In microseconds, on the target; nothing if it was not measured.
  std::optional<double> measuredLatency;
};

/// Reads a table. Fails with InvalidArgument, in one line that begins with the
/// number of the line, if a column is missing, an id is used twice, a latency
/// is neither positive nor missing (empty or -1), or a cost is negative.
absl::StatusOr<std::vector<MeasuredVariant>>
readVariants(absl::string_view text);

/// The table that readVariants reads.
std::string printVariants(absl::Span<const MeasuredVariant> variants);

/// The latency of each variant on the target, in microseconds: as measured,
/// without a deviation; where it was not, by AdaptationMethod::Auto with the
/// predicted latencies for a proxy and the costs for features. Fails with
/// InvalidArgument if fewer than three variants were measured.
absl::StatusOr<std::vector<OperationEstimate>>
adaptToMeasurements(absl::Span<const MeasuredVariant> variants);

/// The positions of `count` variants without a measurement that are worth one,
/// or of all if there are not so many: those that `isPromising` marks, evenly
/// from first to last if they are more, and then the most informative of the
/// others (chooseSamples). Ascending; the same on every run.
absl::StatusOr<std::vector<size_t>>
chooseToMeasure(absl::Span<const MeasuredVariant> variants,
                const std::vector<bool> &isPromising, size_t count);

} // namespace serenity::core

#endif // SERENITY_CORE_LATENCY_VARIANTS_H
