//===- VariantSearch.cpp - Variants of a network --------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "VariantSearch.h"

#include "Rewriting/Parts.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"
#include "serenity/Analysis/Status.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"

#include <set>

using namespace mlir;
using namespace serenity;

//===----------------------------------------------------------------------===//
// Subsets of sites
//===----------------------------------------------------------------------===//

/// Up to `most` closed subsets: none, all, and what single flips lead to from
/// there, the nearest first.
static std::vector<Subset> listSubsets(const Requirements &requirements,
                                       size_t most) {
  std::vector<Subset> subsets;
  std::set<Subset> known;
  auto add = [&](Subset subset) {
    if (subsets.size() < most && known.insert(subset).second)
      subsets.push_back(std::move(subset));
  };
  add(Subset(requirements.size(), false));
  add(Subset(requirements.size(), true));
  for (size_t i = 0; i < subsets.size(); ++i)
    for (size_t site = 0; site < requirements.size(); ++site)
      add(flipSite(requirements, subsets[i], site));
  return subsets;
}

namespace {

/// A part of a network with some of its sites rewritten.
struct PartVariant {
  Subset sites;
  int64_t peakBytes;
  double latency;
};

class VariantFinder {
public:
  VariantFinder(FunctionOpInterface function, const LatencyTarget &target,
                const VariantSearchOptions &options,
                llvm::function_ref<void()> onSubset)
      : function(function), target(target), options(options),
        onSubset(onSubset),
        patterns(function.getContext(), /*kinds=*/{}, options.accumulator) {}

  llvm::Expected<VariantSet> run();

private:
  llvm::Error findSites();
  Requirements requirementsOf(const Part &part) const;
  llvm::Expected<std::vector<PartVariant>> assessPart(const Part &part);
  llvm::Expected<PartVariant> assessPartVariant(const Part &part,
                                                Subset subset);
  llvm::Expected<std::vector<Subset>> combineParts();
  llvm::Error addSubset(const Subset &subset);
  llvm::Error addOrders(Block &block, const Subset &subset, bool inPlace);
  llvm::Error addVariant(const BlockGraph &blockGraph, NetworkVariant variant);
  llvm::Expected<bool> isHopeless(const BlockGraph &blockGraph,
                                  const MemoryModel &model) const;
  llvm::Expected<core::Schedule> schedule(const core::Graph &graph,
                                          core::Strategy strategy) const;

  FunctionOpInterface function;
  const LatencyTarget &target;
  const VariantSearchOptions &options;
  llvm::function_ref<void()> onSubset;
  SitePatterns patterns;
  VariantSet set;
};

} // namespace

llvm::Expected<core::Schedule>
VariantFinder::schedule(const core::Graph &graph,
                        core::Strategy strategy) const {
  core::ScheduleOptions scheduleOptions;
  scheduleOptions.strategy = strategy;
  scheduleOptions.maxStates = options.maxStates;
  absl::StatusOr<core::Schedule> schedule =
      core::computeSchedule(graph, scheduleOptions);
  if (!schedule.ok())
    return toError(schedule.status());
  return *std::move(schedule);
}

llvm::Error VariantFinder::findSites() {
  llvm::Expected<BlockGraph> blockGraph =
      BlockGraph::build(function.getFunctionBody().front(), options.model);
  if (!blockGraph)
    return blockGraph.takeError();
  OwningOpRef<Operation *> copy = cloneWithoutPayloads(function);
  Block &block = copy->getRegion(0).front();
  set.list = rewriteSites(block, patterns);
  SmallVector<Operation *> kernels;
  for (Operation &op : function.getFunctionBody().front())
    kernels.push_back(&op);
  for (const RewriteSite &site : set.list.sites) {
    const auto operations = blockGraph->getOperations();
    const size_t number =
        llvm::find(operations, kernels[site.position]) - operations.begin();
    set.siteNames.push_back(
        blockGraph->getGraph().name(core::OpId(static_cast<int32_t>(number))));
  }
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

/// The requirements of the sites of `part`, numbered from 0 there.
Requirements VariantFinder::requirementsOf(const Part &part) const {
  Requirements requirements;
  for (size_t site : part.sites) {
    requirements.emplace_back();
    for (size_t required : set.list.sites[site].requirements)
      requirements.back().push_back(llvm::find(part.sites, required) -
                                    part.sites.begin());
  }
  return requirements;
}

llvm::Expected<PartVariant> VariantFinder::assessPartVariant(const Part &part,
                                                             Subset subset) {
  IRMapping mapping;
  OwningOpRef<func::FuncOp> copy = part.function.get().clone(mapping);
  for (auto [kernel, isChosen] : llvm::zip_equal(part.kernels, subset))
    if (isChosen)
      patterns.rewrite(mapping.lookup(kernel));
  llvm::Expected<BlockGraph> blockGraph =
      BlockGraph::build(copy->getBody().front(), options.model);
  if (!blockGraph)
    return blockGraph.takeError();
  llvm::Expected<core::Schedule> best =
      schedule(blockGraph->getGraph(), core::Strategy::Exact);
  if (!best)
    return best.takeError();
  llvm::Expected<BlockLatency> latency =
      target.predict(*blockGraph, options.model, best->order);
  if (!latency)
    return latency.takeError();
  return PartVariant{std::move(subset), best->peakBytes,
                     latency->total.microseconds};
}

llvm::Expected<std::vector<PartVariant>>
VariantFinder::assessPart(const Part &part) {
  std::vector<PartVariant> variants;
  for (Subset &subset :
       listSubsets(requirementsOf(part), options.maxVariants)) {
    onSubset();
    llvm::Expected<PartVariant> variant =
        assessPartVariant(part, std::move(subset));
    if (!variant)
      return variant.takeError();
    variants.push_back(std::move(*variant));
  }
  return variants;
}

/// The fastest of `variants` with a peak of at most `peakBytes`, or the one
/// with the smallest peak if there is none.
static const PartVariant &findFastest(ArrayRef<PartVariant> variants,
                                      int64_t peakBytes) {
  return *llvm::min_element(variants, [&](const auto &a, const auto &b) {
    const int64_t aPeak = std::max(a.peakBytes, peakBytes);
    const int64_t bPeak = std::max(b.peakBytes, peakBytes);
    return std::tie(aPeak, a.latency) < std::tie(bPeak, b.latency);
  });
}

/// For each peak that some part can have, the subset of all sites that is the
/// fastest with it: a network takes the sum of its parts, and has the largest
/// of their peaks.
llvm::Expected<std::vector<Subset>> VariantFinder::combineParts() {
  const std::vector<Part> parts =
      cutIntoParts(function.getFunctionBody(), set.list.sites);
  std::vector<std::vector<PartVariant>> variants;
  std::set<int64_t> peaks;
  for (const Part &part : parts) {
    llvm::Expected<std::vector<PartVariant>> assessed = assessPart(part);
    if (!assessed)
      return assessed.takeError();
    for (const PartVariant &variant : *assessed)
      peaks.insert(variant.peakBytes);
    variants.push_back(std::move(*assessed));
  }
  std::vector<Subset> subsets;
  for (int64_t peak : peaks) {
    Subset &subset = subsets.emplace_back(set.list.sites.size(), false);
    for (auto [part, ofPart] : llvm::zip_equal(parts, variants)) {
      const PartVariant &fastest = findFastest(ofPart, peak);
      for (auto [site, isChosen] : llvm::zip_equal(part.sites, fastest.sites))
        subset[site] = isChosen;
    }
  }
  return subsets;
}

//===----------------------------------------------------------------------===//
// The whole network
//===----------------------------------------------------------------------===//

/// Whether a variant that is known has no larger peak than any order of the
/// graph and is faster than its operations alone, by more than their deviation.
llvm::Expected<bool> VariantFinder::isHopeless(const BlockGraph &blockGraph,
                                               const MemoryModel &model) const {
  const core::Graph &graph = blockGraph.getGraph();
  llvm::Expected<BlockLatency> latency =
      target.predict(blockGraph, model, core::sourceOrder(graph));
  if (!latency)
    return latency.takeError();
  const int64_t bound = core::lowerBound(graph);
  const double least = latency->work.microseconds - latency->work.stddev;
  return llvm::any_of(set.variants, [&](const NetworkVariant &known) {
    return known.peakBytes <= bound && known.predicted.microseconds < least;
  });
}

llvm::Error VariantFinder::addVariant(const BlockGraph &blockGraph,
                                      NetworkVariant variant) {
  llvm::Expected<BlockLatency> latency = target.predict(
      blockGraph, {options.model.concat, variant.inPlace}, variant.order);
  if (!latency)
    return latency.takeError();
  const bool isKnown =
      llvm::any_of(set.variants, [&](const NetworkVariant &known) {
        return known.sites == variant.sites &&
               known.peakBytes == variant.peakBytes &&
               known.costs.trafficBytes == latency->costs.trafficBytes;
      });
  if (isKnown)
    return llvm::Error::success();
  variant.costs = latency->costs;
  variant.workMicroseconds = latency->work.microseconds;
  variant.trafficMicroseconds = latency->trafficMicroseconds;
  variant.predicted = latency->total;
  set.variants.push_back(std::move(variant));
  return llvm::Error::success();
}

/// Adds the rewritten `block` in several orders.
llvm::Error VariantFinder::addOrders(Block &block, const Subset &subset,
                                     bool inPlace) {
  const MemoryModel model = {options.model.concat, inPlace};
  llvm::Expected<BlockGraph> blockGraph = BlockGraph::build(block, model);
  if (!blockGraph)
    return blockGraph.takeError();
  llvm::Expected<bool> hopeless = isHopeless(*blockGraph, model);
  if (!hopeless)
    return hopeless.takeError();
  if (*hopeless) {
    ++set.numPruned;
    return llvm::Error::success();
  }
  for (core::Strategy strategy :
       {core::Strategy::Source, core::Strategy::Exact, core::Strategy::Greedy,
        core::Strategy::PostOrder, core::Strategy::DepthFirst,
        core::Strategy::Kahn}) {
    llvm::Expected<core::Schedule> found =
        schedule(blockGraph->getGraph(), strategy);
    if (!found)
      return found.takeError();
    NetworkVariant variant;
    variant.sites = subset;
    variant.inPlace = inPlace;
    variant.strategy = strategy;
    variant.order = std::move(found->order);
    variant.peakBytes = found->peakBytes;
    variant.lowerBoundBytes = found->lowerBoundBytes;
    if (llvm::Error error = addVariant(*blockGraph, std::move(variant)))
      return error;
  }
  return llvm::Error::success();
}

llvm::Error VariantFinder::addSubset(const Subset &subset) {
  onSubset();
  OwningOpRef<Operation *> copy = cloneWithoutPayloads(function);
  Block &block = copy->getRegion(0).front();
  applySites(block, set.list.sites, subset, patterns);
  if (llvm::Error error = addOrders(block, subset, /*inPlace=*/false))
    return error;
  if (!options.model.inPlace)
    return llvm::Error::success();
  return addOrders(block, subset, /*inPlace=*/true);
}

llvm::Expected<VariantSet> VariantFinder::run() {
  if (llvm::Error error = findSites())
    return error;
  Requirements requirements;
  for (const RewriteSite &site : set.list.sites)
    requirements.push_back(site.requirements);
  std::vector<Subset> subsets = {Subset(requirements.size(), false)};
  llvm::Expected<std::vector<Subset>> combined = combineParts();
  if (!combined)
    return combined.takeError();
  llvm::append_range(subsets, *combined);
  llvm::append_range(subsets, listSubsets(requirements, options.maxVariants));
  std::set<Subset> known;
  for (const Subset &subset : subsets)
    if (int64_t(known.size()) < options.maxVariants &&
        known.insert(subset).second)
      if (llvm::Error error = addSubset(subset))
        return error;
  return std::move(set);
}

llvm::Expected<VariantSet> serenity::findVariants(
    FunctionOpInterface function, const LatencyTarget &target,
    const VariantSearchOptions &options, llvm::function_ref<void()> onSubset) {
  return VariantFinder(function, target, options, onSubset).run();
}

//===----------------------------------------------------------------------===//
// The variant that is taken
//===----------------------------------------------------------------------===//

/// What a report says of `order` of `graph`, which is that of `variant`.
static llvm::Expected<FunctionReport> makeReport(FunctionOpInterface function,
                                                 const core::Graph &graph,
                                                 const NetworkVariant &variant,
                                                 const MemoryModel &model) {
  absl::StatusOr<core::Footprint> source =
      core::computeFootprint(graph, core::sourceOrder(graph));
  if (!source.ok())
    return toError(source.status());
  absl::StatusOr<core::Footprint> footprint =
      core::computeFootprint(graph, variant.order);
  if (!footprint.ok())
    return toError(footprint.status());
  if (footprint->peakBytes != variant.peakBytes)
    return llvm::createStringError("the variant is not what it claims");
  FunctionReport report;
  report.functionName = function.getName().str();
  report.model = model;
  report.sourceFootprint = *std::move(source);
  report.schedule.order = variant.order;
  report.schedule.peakBytes = variant.peakBytes;
  report.schedule.lowerBoundBytes = variant.lowerBoundBytes;
  report.footprint = *std::move(footprint);
  return report;
}

/// Writes order and peak of an applied variant into the function.
static void annotateFunction(FunctionOpInterface function,
                             const AppliedVariant &applied) {
  const FunctionReport &report = applied.report;
  clearArenaPlan(function);
  for (StringRef name : {"serenity.stopped_by", "serenity.unmet_budget_bytes"})
    function->removeDiscardableAttr(name);
  applyOrder(applied.blockGraph, report.schedule.order);
  annotateLiveBytes(applied.blockGraph, report.schedule.order,
                    report.footprint);
  annotatePeak(function, report.schedule.peakBytes,
               report.schedule.lowerBoundBytes);
  recordMemoryModel(function, report.model);
}

llvm::Expected<AppliedVariant>
serenity::applyVariant(FunctionOpInterface function, const VariantSet &set,
                       const NetworkVariant &variant,
                       const LatencyTarget &target,
                       const VariantSearchOptions &options) {
  MLIRContext *context = function.getContext();
  Block &block = function.getFunctionBody().front();
  applySites(block, set.list.sites, variant.sites,
             SitePatterns(context, /*kinds=*/{}, options.accumulator));
  if (llvm::is_contained(variant.sites, true))
    function->setDiscardableAttr(
        "serenity.accumulator",
        StringAttr::get(context, toString(options.accumulator)));
  const MemoryModel model = {options.model.concat, variant.inPlace};
  llvm::Expected<BlockGraph> blockGraph = BlockGraph::build(block, model);
  if (!blockGraph)
    return blockGraph.takeError();
  llvm::Expected<FunctionReport> report =
      makeReport(function, blockGraph->getGraph(), variant, model);
  if (!report)
    return report.takeError();
  llvm::Expected<BlockLatency> latency =
      target.predict(*blockGraph, model, variant.order);
  if (!latency)
    return latency.takeError();
  AppliedVariant applied{std::move(*blockGraph), std::move(*report),
                         std::move(*latency)};
  annotateFunction(function, applied);
  return applied;
}
