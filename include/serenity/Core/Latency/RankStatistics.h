//===- RankStatistics.h - How well two devices agree ------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rank correlations between two lists of latencies. A pair with a missing
// value (NaN) is left out; equal values share the average of their ranks.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_CORE_LATENCY_RANKSTATISTICS_H
#define SERENITY_CORE_LATENCY_RANKSTATISTICS_H

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace serenity::core {

/// The rank of each value, from 0; equal values get their average rank. No
/// value may be NaN. O(n log n).
std::vector<double> averageRanks(absl::Span<const double> values);

/// Spearman's rank correlation, within -1 .. 1: Pearson's correlation of the
/// average ranks. Nothing if fewer than two pairs are complete or one side of
/// them is constant. The lists are equally long. O(n log n).
std::optional<double> spearman(absl::Span<const double> a,
                               absl::Span<const double> b);

/// Kendall's tau-b, within -1 .. 1: concordant less discordant pairs, corrected
/// for ties. Undefined (nothing) where spearman is. O(n log n) by Knight's
/// method (1966).
std::optional<double> kendallTauB(absl::Span<const double> a,
                                  absl::Span<const double> b);

/// Both ends are inclusive.
struct Interval {
  double lower;
  double upper;
};

/// How an interval is estimated.
struct BootstrapOptions {
  /// The nominal coverage, within 0 .. 1.
  double level = 0.9;
  int32_t replicates = 2000;
  uint64_t seed = 0;
};

/// An interval for Spearman's correlation over all architectures, of which the
/// pairs are a random sample: the quantiles of the correlation over samples
/// drawn from the pairs with replacement (Efron 1979, percentile method).
/// -1 .. 1 if there are fewer than four complete pairs or no replicate has a
/// correlation. The same arguments give the same interval on every machine.
/// docs/Latency.md gives its measured coverage.
Interval spearmanInterval(absl::Span<const double> a,
                          absl::Span<const double> b,
                          const BootstrapOptions &options = {});

/// What a few measurements say of using a proxy's ranking as it is.
enum class ProxyDecision {
  /// The correlation is surely at or above the threshold.
  Reuse,
  /// It is surely below.
  Adapt,
  /// The measurements are too few to tell.
  Unknown,
};

/// "reuse", "adapt" or "unknown".
absl::string_view toString(ProxyDecision decision);

/// Decides by the lower end of the interval, and by the upper one that the
/// proxy will not do: an estimate within the noise is no decision.
ProxyDecision decideOnProxy(const Interval &interval, double threshold = 0.9);

} // namespace serenity::core

#endif // SERENITY_CORE_LATENCY_RANKSTATISTICS_H
