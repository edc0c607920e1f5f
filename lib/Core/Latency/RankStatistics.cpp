//===- RankStatistics.cpp - How well two devices agree --------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Latency/RankStatistics.h"

#include "serenity/Core/Graph/RandomSource.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <tuple>

namespace serenity::core {
namespace {

/// The pairs of two lists that have both values.
struct CompletePairs {
  CompletePairs(absl::Span<const double> left, absl::Span<const double> right) {
    assert(left.size() == right.size() && "a pair has two values");
    for (size_t i = 0; i < left.size(); ++i)
      if (!std::isnan(left[i]) && !std::isnan(right[i])) {
        a.push_back(left[i]);
        b.push_back(right[i]);
      }
  }

  std::vector<double> a, b;
};

/// The positions of `values` in ascending order of value.
std::vector<size_t> sortedPositions(absl::Span<const double> values) {
  std::vector<size_t> positions(values.size());
  std::iota(positions.begin(), positions.end(), 0);
  std::sort(positions.begin(), positions.end(),
            [&](size_t a, size_t b) { return values[a] < values[b]; });
  return positions;
}

/// Sums over the runs of neighbours that `isSame` finds equal: the number of
/// pairs within a run.
template <typename IsSame> double countTies(size_t size, IsSame isSame) {
  double pairs = 0, run = 1;
  for (size_t i = 1; i < size; ++i) {
    run = isSame(i - 1, i) ? run + 1 : 1;
    pairs += run - 1;
  }
  return pairs;
}

/// Sorts `values` by merging and returns how many pairs were in the wrong
/// order.
double countInversions(std::vector<double> &values) {
  double inversions = 0;
  std::vector<double> merged(values.size());
  for (size_t width = 1; width < values.size(); width *= 2) {
    for (size_t begin = 0; begin < values.size(); begin += 2 * width) {
      const size_t middle = std::min(begin + width, values.size());
      const size_t end = std::min(begin + 2 * width, values.size());
      size_t left = begin, right = middle;
      for (size_t to = begin; to < end; ++to) {
        const bool takeRight =
            left == middle || (right < end && values[right] < values[left]);
        if (takeRight)
          inversions += static_cast<double>(middle - left);
        merged[to] = values[takeRight ? right++ : left++];
      }
    }
    values.swap(merged);
  }
  return inversions;
}

/// Pearson's correlation of two lists that have the same mean.
std::optional<double> correlate(absl::Span<const double> a,
                                absl::Span<const double> b) {
  const double mean = static_cast<double>(a.size() - 1) / 2;
  double ab = 0, aa = 0, bb = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - mean) * (b[i] - mean);
    aa += (a[i] - mean) * (a[i] - mean);
    bb += (b[i] - mean) * (b[i] - mean);
  }
  if (aa == 0 || bb == 0)
    return std::nullopt;
  return std::clamp(ab / std::sqrt(aa * bb), -1.0, 1.0);
}

/// The value below which `fraction` of the sorted values lie, interpolated.
double quantile(absl::Span<const double> sorted, double fraction) {
  const double position = fraction * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(position);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  const double weight = position - static_cast<double>(below);
  return (1 - weight) * sorted[below] + weight * sorted[above];
}

} // namespace

std::vector<double> averageRanks(absl::Span<const double> values) {
  const std::vector<size_t> sorted = sortedPositions(values);
  std::vector<double> ranks(values.size());
  for (size_t begin = 0, end = 0; begin < sorted.size(); begin = end) {
    while (end < sorted.size() && values[sorted[end]] == values[sorted[begin]])
      ++end;
    for (size_t i = begin; i < end; ++i)
      ranks[sorted[i]] = static_cast<double>(begin + end - 1) / 2;
  }
  return ranks;
}

std::optional<double> spearman(absl::Span<const double> a,
                               absl::Span<const double> b) {
  const CompletePairs pairs(a, b);
  if (pairs.a.size() < 2)
    return std::nullopt;
  return correlate(averageRanks(pairs.a), averageRanks(pairs.b));
}

std::optional<double> kendallTauB(absl::Span<const double> a,
                                  absl::Span<const double> b) {
  const CompletePairs pairs(a, b);
  const size_t size = pairs.a.size();
  if (size < 2)
    return std::nullopt;
  std::vector<size_t> order(size);
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](size_t x, size_t y) {
    return std::tie(pairs.a[x], pairs.b[x]) < std::tie(pairs.a[y], pairs.b[y]);
  });
  auto sameA = [&](size_t i, size_t j) {
    return pairs.a[order[i]] == pairs.a[order[j]];
  };
  auto sameB = [&](size_t i, size_t j) {
    return pairs.b[order[i]] == pairs.b[order[j]];
  };
  const double tiesA = countTies(size, sameA);
  const double tiesBoth = countTies(
      size, [&](size_t i, size_t j) { return sameA(i, j) && sameB(i, j); });
  std::vector<double> byA(size);
  for (size_t i = 0; i < size; ++i)
    byA[i] = pairs.b[order[i]];
  const double discordant = countInversions(byA);
  const double tiesB =
      countTies(size, [&](size_t i, size_t j) { return byA[i] == byA[j]; });
  const double all = static_cast<double>(size) * (size - 1) / 2;
  if (tiesA == all || tiesB == all)
    return std::nullopt;
  const double difference = all - tiesA - tiesB + tiesBoth - 2 * discordant;
  return difference / std::sqrt((all - tiesA) * (all - tiesB));
}

Interval spearmanInterval(absl::Span<const double> a,
                          absl::Span<const double> b,
                          const BootstrapOptions &options) {
  const CompletePairs pairs(a, b);
  const size_t size = pairs.a.size();
  if (size < 4)
    return {-1, 1};
  RandomSource random(options.seed);
  std::vector<double> correlations, drawnA(size), drawnB(size);
  for (int32_t replicate = 0; replicate < options.replicates; ++replicate) {
    for (size_t i = 0; i < size; ++i) {
      const int64_t drawn = random.below(static_cast<int64_t>(size));
      drawnA[i] = pairs.a[drawn];
      drawnB[i] = pairs.b[drawn];
    }
    if (const std::optional<double> value = spearman(drawnA, drawnB))
      correlations.push_back(*value);
  }
  if (correlations.empty())
    return {-1, 1};
  std::sort(correlations.begin(), correlations.end());
  const double tail = (1 - options.level) / 2;
  return {quantile(correlations, tail), quantile(correlations, 1 - tail)};
}

absl::string_view toString(ProxyDecision decision) {
  switch (decision) {
  case ProxyDecision::Reuse:
    return "reuse";
  case ProxyDecision::Adapt:
    return "adapt";
  case ProxyDecision::Unknown:
    return "unknown";
  }
  return "";
}

ProxyDecision decideOnProxy(const Interval &interval, double threshold) {
  if (interval.lower >= threshold)
    return ProxyDecision::Reuse;
  return interval.upper < threshold ? ProxyDecision::Adapt
                                    : ProxyDecision::Unknown;
}

} // namespace serenity::core
