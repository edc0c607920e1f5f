//===- Selection.cpp - Which sites to rewrite -----------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Selection.h"

#include "mlir/IR/IRMapping.h"
#include "serenity/Analysis/BlockGraph.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"

using namespace mlir;
using namespace serenity;

//===----------------------------------------------------------------------===//
// One block
//===----------------------------------------------------------------------===//

static bool isKernel(Operation *op, ConcatModel model) {
  if (auto sum = dyn_cast<SumOp>(op))
    return !sum.isAccumulation();
  return model == ConcatModel::Copy || !isa<ConcatOp>(op);
}

/// Finds an order of `graph` with the least peak, or one within the floor.
static llvm::Expected<core::Schedule>
schedule(const core::Graph &graph, const AssessmentOptions &options) {
  core::ScheduleOptions scheduleOptions;
  scheduleOptions.maxStates = options.maxStates;
  scheduleOptions.budgetBytes = options.floorBytes;
  scheduleOptions.exact = options.exact;
  absl::StatusOr<core::Schedule> schedule =
      core::computeSchedule(graph, scheduleOptions);
  if (!schedule.ok())
    return llvm::createStringError(
        std::errc::not_supported, "%s",
        std::string(schedule.status().message()).c_str());
  return *std::move(schedule);
}

llvm::Expected<Assessment> serenity::assess(Block &block,
                                            const AssessmentOptions &options,
                                            const SubsetCost &toBeat) {
  llvm::Expected<BlockGraph> blockGraph =
      BlockGraph::build(block, options.model);
  if (!blockGraph)
    return blockGraph.takeError();
  const core::Graph &graph = blockGraph->getGraph();
  const int64_t kernels =
      llvm::count_if(blockGraph->getOperations(), [&](Operation *op) {
        return isKernel(op, options.model.concat);
      });
  const int64_t bound = std::max(core::lowerBound(graph), options.floorBytes);
  if (!(SubsetCost{bound, kernels} < toBeat))
    return Assessment{bound, bound, kernels, /*states=*/0,
                      /*isScheduled=*/false};
  llvm::Expected<core::Schedule> best = schedule(graph, options);
  if (!best)
    return best.takeError();
  return Assessment{best->peakBytes, best->lowerBoundBytes, kernels,
                    best->states, /*isScheduled=*/true};
}

//===----------------------------------------------------------------------===//
// One part
//===----------------------------------------------------------------------===//

Assessment PartVariants::assessVariant(const Subset &subset,
                                       const SitePatterns &patterns,
                                       const AssessmentOptions &options,
                                       const SubsetCost &toBeat) {
  IRMapping mapping;
  OwningOpRef<func::FuncOp> variant = part.function.get().clone(mapping);
  for (auto [kernel, chosen] : llvm::zip_equal(part.kernels, subset))
    if (chosen)
      patterns.rewrite(mapping.lookup(kernel));
  ++scheduled;
  llvm::Expected<Assessment> result =
      assess(variant->getBody().front(), options, toBeat);
  if (result) {
    proven &= result->isProven() || result->peakBytes <= options.floorBytes;
    return *result;
  }
  // Too many bytes to count: any other variant is better.
  llvm::consumeError(result.takeError());
  return {std::numeric_limits<int64_t>::max()};
}

SubsetCost PartVariants::evaluate(const Subset &subset, int64_t floorBytes,
                                  const SubsetCost &toBeat) {
  const auto known = costs.find(subset);
  if (known != costs.end() && known->second.holdsFor(floorBytes))
    return known->second.cost;
  AssessmentOptions variantOptions = options;
  variantOptions.floorBytes = floorBytes;
  // Made for one hard network, these cost more than they save in hundreds of
  // similar ones.
  variantOptions.exact.beam = false;
  variantOptions.exact.cutBound = false;
  variantOptions.exact.windows = false;
  const Assessment assessment =
      assessVariant(subset, patterns, variantOptions, toBeat);
  const SubsetCost cost = {assessment.peakBytes, assessment.kernels};
  if (assessment.isScheduled)
    costs[subset] = {cost, floorBytes, assessment.isProven()};
  return cost;
}

int64_t PartVariants::bound(const Subset &subset) {
  AssessmentOptions boundOptions = options;
  if (llvm::is_contained(subset, true)) {
    // A concatenation that is not copied cannot be overwritten in place, so
    // that the variant in 'view' may need more than one that copies.
    if (options.model.inPlace && options.model.concat != ConcatModel::View)
      return 0;
    boundOptions.model.concat = ConcatModel::View;
  }
  const auto [entry, isNew] = bounds.try_emplace(subset, 0);
  if (isNew)
    entry->second =
        assessVariant(subset, boundPatterns, boundOptions, infiniteCost)
            .lowerBoundBytes;
  return entry->second;
}

//===----------------------------------------------------------------------===//
// All parts
//===----------------------------------------------------------------------===//

/// Parts of more operations take longer to schedule, so that fewer of their
/// variants are.
static constexpr int64_t smallPart = 64;

namespace {

class SiteChooser {
public:
  SiteChooser(std::vector<PartVariants> &parts, ArrayRef<RewriteSite> sites,
              int64_t maxVariants)
      : parts(parts), sites(sites), maxVariants(maxVariants) {}

  SiteChoice run();

private:
  SubsetProblem makeProblem(PartVariants &part);
  int64_t findFloor();
  void solveParts();
  int64_t largestPeak(const PartVariants *except = nullptr) const;
  void judge(size_t part, SiteChoice &choice);

  std::vector<PartVariants> &parts;
  ArrayRef<RewriteSite> sites;
  const int64_t maxVariants;
  /// What some part needs whatever is chosen, and what some part needs anyhow:
  /// below it nothing is gained.
  int64_t leastBytes = 0, floorBytes = 0;
  std::vector<SubsetChoice> choices;
};

} // namespace

/// The choice among the sites of `part`, which are numbered from 0 there.
SubsetProblem SiteChooser::makeProblem(PartVariants &part) {
  SubsetProblem problem;
  std::map<size_t, size_t> numberInPart;
  for (size_t site = 0; site < part.numSites(); ++site) {
    const RewriteSite &info = sites[part.siteNumber(site)];
    numberInPart[part.siteNumber(site)] = site;
    problem.largestSavings.push_back(info.largestSaving);
    problem.requirements.emplace_back();
    for (size_t required : info.requirements)
      problem.requirements.back().push_back(numberInPart.at(required));
  }
  problem.floorBytes = floorBytes;
  problem.evaluate = [this, &part](const Subset &subset,
                                   const SubsetCost &toBeat) {
    return part.evaluate(subset, floorBytes, toBeat);
  };
  problem.bound = [&part](const Subset &subset) { return part.bound(subset); };
  problem.maxEvaluations =
      maxVariants * smallPart / std::max(smallPart, part.numOperations());
  return problem;
}

/// What some part needs whatever is chosen.
int64_t SiteChooser::findFloor() {
  int64_t floor = 0;
  for (PartVariants &part : parts)
    floor = std::max(floor, part.bound(Subset(part.numSites(), true)));
  return floor;
}

void SiteChooser::solveParts() {
  choices.clear();
  for (PartVariants &part : parts)
    choices.push_back(findBestSubset(makeProblem(part)));
}

/// The largest peak of all parts but `except`.
int64_t SiteChooser::largestPeak(const PartVariants *except) const {
  int64_t peak = 0;
  for (auto [part, choice] : llvm::zip_equal(parts, choices))
    if (&part != except)
      peak = std::max(peak, choice.cost.peakBytes);
  return peak;
}

/// Notes what was chosen in part number `number`, and what the contrary of each
/// choice would lead to.
void SiteChooser::judge(size_t number, SiteChoice &choice) {
  PartVariants &part = parts[number];
  const Subset &best = choices[number].subset;
  const Requirements requirements = makeProblem(part).requirements;
  const int64_t others = largestPeak(&part);
  for (size_t site = 0; site < part.numSites(); ++site) {
    const SubsetCost other = part.evaluate(flipSite(requirements, best, site),
                                           leastBytes, infiniteCost);
    choice.chosen[part.siteNumber(site)] = best[site];
    choice.otherPeaks[part.siteNumber(site)] =
        std::max(others, other.peakBytes);
  }
}

SiteChoice SiteChooser::run() {
  leastBytes = floorBytes = findFloor();
  solveParts();
  // Parts that were made smaller than the largest of all need fewer kernels.
  if (largestPeak() > floorBytes) {
    floorBytes = largestPeak();
    solveParts();
  }
  SiteChoice choice;
  choice.chosen.resize(sites.size());
  choice.otherPeaks.resize(sites.size());
  for (size_t part = 0; part < parts.size(); ++part) {
    judge(part, choice);
    choice.provenBest &= choices[part].provenBest && parts[part].allProven();
    choice.variants += parts[part].numScheduled();
  }
  return choice;
}

SiteChoice serenity::chooseSites(std::vector<PartVariants> &parts,
                                 ArrayRef<RewriteSite> sites,
                                 int64_t maxVariants) {
  return SiteChooser(parts, sites, maxVariants).run();
}
