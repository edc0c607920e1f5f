//===- SubsetSearch.cpp - The best subset of sites ------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Dialect/Serenity/Transforms/Rewriting/SubsetSearch.h"

#include <algorithm>
#include <map>
#include <optional>

using namespace serenity;

/// Whether `subset` has all that `site` requires.
static bool isReady(const Requirements &requirements, const Subset &subset,
                    size_t site) {
  return std::all_of(requirements[site].begin(), requirements[site].end(),
                     [&](size_t other) { return subset[other]; });
}

Subset serenity::flipSite(const Requirements &requirements, Subset subset,
                          size_t site) {
  subset[site] = !subset[site];
  if (subset[site]) {
    for (size_t i = site + 1; i-- > 0;)
      if (subset[i])
        for (size_t required : requirements[i])
          subset[required] = true;
    return subset;
  }
  for (size_t i = site + 1; i < subset.size(); ++i)
    subset[i] = subset[i] && isReady(requirements, subset, i);
  return subset;
}

namespace {

class SubsetSearch {
public:
  explicit SubsetSearch(const SubsetProblem &problem)
      : problem(problem), numSites(problem.requirements.size()) {}

  SubsetChoice run() {
    consider(Subset(numSites, false), infiniteCost);
    improve(Subset(numSites, true), /*value=*/false);
    improve(Subset(numSites, false), /*value=*/true);
    best.provenBest = exhaust();
    best.evaluations = static_cast<int64_t>(costs.size());
    return best;
  }

private:
  std::optional<SubsetCost> consider(const Subset &subset,
                                     const SubsetCost &toBeat);
  void improve(Subset subset, bool value);
  bool exhaust();
  bool mayBeat(const Subset &subset, size_t next, const SubsetCost &cost);

  const SubsetProblem &problem;
  const size_t numSites;
  /// Of every subset that was evaluated; if it did not beat what it should, the
  /// peak is any with which it does not.
  std::map<Subset, SubsetCost> costs;
  SubsetChoice best;
};

} // namespace

/// The cost of `subset`, of interest if it is below `toBeat`, which the best is
/// not above. It becomes the best if it is. Nothing if no more subsets may be
/// evaluated.
std::optional<SubsetCost> SubsetSearch::consider(const Subset &subset,
                                                 const SubsetCost &toBeat) {
  const auto known = costs.find(subset);
  if (known != costs.end())
    return known->second;
  const bool isFirst = costs.empty();
  if (!isFirst && int64_t(costs.size()) >= problem.maxEvaluations)
    return std::nullopt;
  SubsetCost cost = problem.evaluate(subset, toBeat);
  cost.peakBytes = std::max(cost.peakBytes, problem.floorBytes);
  costs.emplace(subset, cost);
  if (isFirst || cost < best.cost) {
    best.subset = subset;
    best.cost = cost;
  }
  return cost;
}

/// Sets the choices of sites to `value`, one after the other, wherever that
/// makes `subset` better, until no single one does.
void SubsetSearch::improve(Subset subset, bool value) {
  std::optional<SubsetCost> cost = consider(subset, infiniteCost);
  for (bool changed = true; cost && changed;) {
    changed = false;
    for (size_t site = 0; site < numSites; ++site) {
      if (subset[site] == value)
        continue;
      Subset other = flipSite(problem.requirements, subset, site);
      const std::optional<SubsetCost> otherCost = consider(other, *cost);
      if (!otherCost)
        return;
      if (*otherCost < *cost) {
        subset = std::move(other);
        cost = otherCost;
        changed = true;
      }
    }
  }
}

/// Whether some closed subset that is `subset`, of cost `cost`, with some of
/// the sites from `next` on may be better than the best.
bool SubsetSearch::mayBeat(const Subset &subset, size_t next,
                           const SubsetCost &cost) {
  Subset largest = subset;
  int64_t savings = 0;
  for (size_t site = next; site < numSites; ++site) {
    largest[site] = true;
    savings += problem.largestSavings[site];
  }
  const SubsetCost least = {
      std::max(problem.floorBytes, problem.bound(largest)),
      cost.kernels - savings};
  return least < best.cost;
}

/// Goes through all closed subsets that may be better than the best. Returns
/// whether nothing kept it from doing so.
bool SubsetSearch::exhaust() {
  /// A subset, and the first site that may still be added to it.
  struct Node {
    Subset subset;
    size_t next;
  };
  std::vector<Node> stack = {{Subset(numSites, false), 0}};
  while (!stack.empty()) {
    Node node = std::move(stack.back());
    stack.pop_back();
    const std::optional<SubsetCost> cost = consider(node.subset, best.cost);
    if (!cost)
      return false;
    if (node.next == numSites || !mayBeat(node.subset, node.next, *cost))
      continue;
    stack.push_back({node.subset, node.next + 1});
    if (isReady(problem.requirements, node.subset, node.next)) {
      node.subset[node.next] = true;
      stack.push_back({std::move(node.subset), node.next + 1});
    }
  }
  return true;
}

SubsetChoice serenity::findBestSubset(const SubsetProblem &problem) {
  return SubsetSearch(problem).run();
}
