//===- VariantSearch.h - Variants of a network ------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A variant is a network with some kernels rewritten, in some order, in place
// or not. docs/Latency.md, section 9, describes which are looked at.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_DIALECT_SERENITY_TRANSFORMS_VARIANTSEARCH_H
#define SERENITY_LIB_DIALECT_SERENITY_TRANSFORMS_VARIANTSEARCH_H

#include "FunctionGraphs.h"
#include "Rewriting/Sites.h"
#include "serenity/Analysis/LatencyTarget.h"
#include "serenity/Analysis/Report.h"
#include "serenity/Dialect/Serenity/Transforms/Rewriting/SubsetSearch.h"

namespace serenity {

/// One variant of a network, and what it costs.
struct NetworkVariant {
  /// Whether each site is rewritten.
  Subset sites;
  bool inPlace = false;
  /// How the order was found, and the order, of the graph once it is rewritten.
  core::Strategy strategy = core::Strategy::Source;
  std::vector<core::OpId> order;
  int64_t peakBytes = 0;
  /// No order of this rewriting has a smaller peak.
  int64_t lowerBoundBytes = 0;
  core::NetworkCosts costs;
  double workMicroseconds = 0;
  double trafficMicroseconds = 0;
  /// Before anything is adapted.
  core::OperationEstimate predicted;
};

struct VariantSearchOptions {
  /// `inPlace` says whether there are variants in place besides the others.
  MemoryModel model;
  Accumulator accumulator = Accumulator::Exact;
  /// Subsets of the sites that are scheduled, of each part and of the whole.
  int64_t maxVariants = 0;
  /// States that the scheduler may expand for one order.
  int64_t maxStates = 0;
};

/// The variants of a network; the first is the network as it stands.
struct VariantSet {
  SiteList list;
  /// Of the kernels that are sites.
  std::vector<std::string> siteNames;
  std::vector<NetworkVariant> variants;
  /// Subsets of the sites left out since a variant is surely better.
  int64_t numPruned = 0;
};

/// Finds variants of `function`, one block of kernels. Those left out are worse
/// than one that is there in the peak of any order, and in the work alone by
/// more than a standard deviation of it. `onSubset` is told of each subset of
/// sites before it is scheduled. Deterministic. Fails, saying why, if the
/// memory of the function is not understood or `target` does not know one of
/// its operations.
llvm::Expected<VariantSet> findVariants(mlir::FunctionOpInterface function,
                                        const LatencyTarget &target,
                                        const VariantSearchOptions &options,
                                        llvm::function_ref<void()> onSubset);

/// A function as a variant of it: what a report says, and the graph and
/// latency behind it.
struct AppliedVariant {
  BlockGraph blockGraph;
  FunctionReport report;
  BlockLatency latency;
};

/// Makes `function` the variant of it, whose set was found for a function like
/// this one, and writes what is known of it into its attributes, but for the
/// latency. Fails if the variant turns out to be another than was found.
llvm::Expected<AppliedVariant>
applyVariant(mlir::FunctionOpInterface function, const VariantSet &set,
             const NetworkVariant &variant, const LatencyTarget &target,
             const VariantSearchOptions &options);

} // namespace serenity

#endif // SERENITY_LIB_DIALECT_SERENITY_TRANSFORMS_VARIANTSEARCH_H
