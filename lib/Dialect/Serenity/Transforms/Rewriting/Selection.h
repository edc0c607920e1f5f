//===- Selection.h - Which sites to rewrite ---------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_DIALECT_SERENITY_TRANSFORMS_REWRITING_SELECTION_H
#define SERENITY_LIB_DIALECT_SERENITY_TRANSFORMS_REWRITING_SELECTION_H

#include "Parts.h"
#include "serenity/Analysis/MemoryModel.h"
#include "serenity/Core/Schedule/Schedule.h"
#include "serenity/Dialect/Serenity/Transforms/Rewriting/SubsetSearch.h"
#include "llvm/Support/Error.h"

#include <map>

namespace serenity {

/// What a block costs in its best order.
struct Assessment {
  int64_t peakBytes = 0;
  int64_t lowerBoundBytes = 0;
  /// Operations that run: not accumulating sums, and concatenations only if
  /// they are copied.
  int64_t kernels = 0;
  /// States that the scheduler expanded.
  int64_t states = 0;
  /// If not, the peak is only a bound.
  bool isScheduled = false;

  bool isProven() const { return peakBytes == lowerBoundBytes; }
};

/// How blocks are assessed.
struct AssessmentOptions {
  MemoryModel model;
  /// States that the scheduler may expand for one block.
  int64_t maxStates;
  /// A peak that cannot be avoided, or below which nothing is gained.
  int64_t floorBytes = 0;
  core::ExactSwitches exact;
};

/// Schedules `block`. Does not if a bound shows at once that it costs no less
/// than `toBeat`: that bound is the peak in the answer then. Fails, saying why,
/// on a block whose memory is not understood.
llvm::Expected<Assessment> assess(mlir::Block &block,
                                  const AssessmentOptions &options,
                                  const SubsetCost &toBeat = infiniteCost);

/// One part of a function with any of its sites rewritten.
class PartVariants {
public:
  /// `boundPatterns` are those that add up partial results in the result's
  /// type.
  PartVariants(const Part &part, const SitePatterns &patterns,
               const SitePatterns &boundPatterns,
               const AssessmentOptions &options)
      : part(part), patterns(patterns), boundPatterns(boundPatterns),
        options(options) {}

  size_t numSites() const { return part.sites.size(); }
  int64_t numOperations() const { return part.numOperations; }
  /// The number in the function of site `site` of the part.
  size_t siteNumber(size_t site) const { return part.sites[site]; }

  /// See SubsetProblem.
  SubsetCost evaluate(const Subset &subset, int64_t floorBytes,
                      const SubsetCost &toBeat);
  int64_t bound(const Subset &subset);

  /// Variants that were scheduled, for their cost or for a bound.
  int64_t numScheduled() const { return scheduled; }
  /// Whether all of them were proved optimal, or as good as the floor.
  bool allProven() const { return proven; }

private:
  Assessment assessVariant(const Subset &subset, const SitePatterns &patterns,
                           const AssessmentOptions &options,
                           const SubsetCost &toBeat);

  /// What a variant costs, found by a search for no less than some floor.
  struct KnownCost {
    SubsetCost cost;
    int64_t floorBytes;
    bool isProven;

    bool holdsFor(int64_t floor) const {
      return isProven || floorBytes <= floor;
    }
  };

  const Part &part;
  const SitePatterns &patterns;
  const SitePatterns &boundPatterns;
  AssessmentOptions options;
  std::map<Subset, KnownCost> costs;
  std::map<Subset, int64_t> bounds;
  int64_t scheduled = 0;
  bool proven = true;
};

/// The sites of a function that are worth rewriting.
struct SiteChoice {
  /// Whether each site is chosen.
  Subset chosen;
  /// For each site the peak of the function if its choice were the other.
  std::vector<int64_t> otherPeaks;
  /// Whether it is proved that no subset leads to a smaller peak, or to the
  /// same with fewer kernels.
  bool provenBest = true;
  /// Variants of parts that were scheduled.
  int64_t variants = 0;
};

/// Chooses among `sites`, all of those in `parts`, so that the peak is smallest
/// and, of those choices, the kernels fewest. Schedules at most `maxVariants`
/// variants of a part to compare them, and in proportion fewer of a part of
/// more than 64 operations.
SiteChoice chooseSites(std::vector<PartVariants> &parts,
                       llvm::ArrayRef<RewriteSite> sites, int64_t maxVariants);

} // namespace serenity

#endif // SERENITY_LIB_DIALECT_SERENITY_TRANSFORMS_REWRITING_SELECTION_H
