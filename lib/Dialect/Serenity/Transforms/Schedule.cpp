//===- Schedule.cpp - Order operations for least peak memory --------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FunctionGraphs.h"
#include "LatencyAttributes.h"
#include "mlir/IR/Builders.h"
#include "serenity/Analysis/Report.h"
#include "serenity/Analysis/SourceOrder.h"
#include "serenity/Dialect/Serenity/ExternalModels/ActivationMemoryModels.h"
#include "serenity/Dialect/Serenity/Transforms/Passes.h"
#include "serenity/Dialect/Serenity/Transforms/SearchStep.h"
#include "llvm/Support/FormatVariadic.h"

#include <chrono>

namespace serenity {
#define GEN_PASS_DEF_SCHEDULEPASS
#include "serenity/Dialect/Serenity/Transforms/Passes.h.inc"
} // namespace serenity

using namespace mlir;
using namespace serenity;

static constexpr StringLiteral passName = "schedule";

namespace {

/// A block, the order found for it and what that costs.
struct ScheduledBlock {
  BlockGraph blockGraph;
  FunctionReport report;
};

/// Writes what was found for a block into it.
void apply(const ScheduledBlock &scheduled) {
  const FunctionReport &report = scheduled.report;
  applyOrder(scheduled.blockGraph, report.schedule.order);
  annotateLiveBytes(scheduled.blockGraph, report.schedule.order,
                    report.footprint);
}

/// Marks `function` with what was found for its body.
void annotateFunction(Operation *function, const FunctionReport &report) {
  const core::Schedule &schedule = report.schedule;
  annotatePeak(function, schedule.peakBytes, schedule.lowerBoundBytes);
  recordMemoryModel(function, report.model);
  function->removeDiscardableAttr("serenity.stopped_by");
  function->removeDiscardableAttr("serenity.unmet_budget_bytes");
  if (schedule.hitLimit())
    function->setDiscardableAttr(
        "serenity.stopped_by",
        StringAttr::get(function->getContext(),
                        toStringRef(core::toString(schedule.stopReason))));
}

/// By how much a peak exceeds the lower bound, in percent of the bound.
std::string formatGap(int64_t peakBytes, int64_t lowerBoundBytes) {
  const double bound = static_cast<double>(lowerBoundBytes);
  return llvm::formatv("{0:f1} %", 100 * (peakBytes - bound) / bound);
}

/// What a search has found so far for the function `name`, as part of a line.
std::string describeProgress(StringRef name,
                             const core::SearchProgress &progress) {
  return llvm::formatv("order of '{0}': peak {1} bytes, at least {2} "
                       "(gap {3}), {4} states",
                       name, progress.peakBytes, progress.lowerBoundBytes,
                       formatGap(progress.peakBytes, progress.lowerBoundBytes),
                       progress.states);
}

/// Tells the user of `--remarks-filter=serenity` what was gained.
void remarkOn(Operation *function, const FunctionReport &report) {
  const core::Schedule &schedule = report.schedule;
  const Location loc = function->getLoc();
  const auto peak = remark::metric("PeakBytes", schedule.peakBytes);
  const auto source =
      remark::metric("SourcePeakBytes", report.sourceFootprint.peakBytes);
  const auto bound =
      remark::metric("LowerBoundBytes", schedule.lowerBoundBytes);
  const auto states = remark::metric("States", schedule.states);
  if (schedule.peakBytes < report.sourceFootprint.peakBytes)
    remark::passed(loc, remarkNamed("Reordered", passName, report.functionName))
        << peak << source << bound << states;
  else if (schedule.isProvenOptimal())
    remark::analysis(
        loc, remarkNamed("AlreadyOptimal", passName, report.functionName))
        << remark::add("already optimal") << peak << states;
  if (!schedule.isProvenOptimal())
    remark::missed(loc, remarkNamed("NotProven", passName, report.functionName))
        << remark::reason("{0}",
                          toStringRef(core::toString(schedule.stopReason)))
        << peak << bound
        << remark::metric(
               "Gap", formatGap(schedule.peakBytes, schedule.lowerBoundBytes))
        << states;
}

class SchedulePass : public serenity::impl::SchedulePassBase<SchedulePass> {
public:
  using Base::Base;

  void getDependentDialects(DialectRegistry &registry) const override {
    registerActivationMemoryModels(registry);
  }

  void runOnOperation() override {
    if (failed(checkOptions()))
      return signalPassFailure();
    llvm::json::Array reports;
    bool allDone = true;
    getOperation().walk([&](FunctionOpInterface function) {
      if (usesTensors(function))
        allDone &= succeeded(scheduleFunction(function, reports));
    });
    if (failed(writeReport(getOperation().getLoc(), reportPath,
                           std::move(reports))) ||
        !allDone)
      signalPassFailure();
  }

private:
  LogicalResult checkOptions();
  core::ScheduleOptions scheduleOptions(FunctionOpInterface function,
                                        bool withBudget) const;
  LogicalResult scheduleFunction(FunctionOpInterface function,
                                 llvm::json::Array &reports);
  LogicalResult scheduleRegions(FunctionOpInterface function,
                                RegionBytes &regionPeaks, bool &supported);
  std::optional<BlockGraph> buildGraph(FunctionOpInterface function,
                                       Region &region,
                                       const RegionBytes &regionPeaks);
  FailureOr<ScheduledBlock> solve(FunctionOpInterface function,
                                  BlockGraph blockGraph, bool withBudget);
  LogicalResult checkBudget(FunctionOpInterface function,
                            const core::Schedule &schedule);
};

} // namespace

LogicalResult SchedulePass::checkOptions() {
  auto check = [&](StringRef name, auto value) -> LogicalResult {
    if (value >= 0)
      return success();
    return emitError(getOperation().getLoc(), "option '")
           << name << "' is negative: " << std::to_string(value);
  };
  return success(
      succeeded(check("budget", budgetBytes.getValue())) &&
      succeeded(check("max-states", maxStates.getValue())) &&
      succeeded(check("max-table-bytes", maxTableBytes.getValue())) &&
      succeeded(check("max-seconds", maxSeconds.getValue())));
}

core::ScheduleOptions
SchedulePass::scheduleOptions(FunctionOpInterface function,
                              bool withBudget) const {
  core::ScheduleOptions options;
  options.strategy = strategy;
  if (withBudget && budgetBytes > 0)
    options.budgetBytes = budgetBytes;
  if (maxStates > 0)
    options.maxStates = maxStates;
  options.maxTableBytes =
      maxTableBytes > 0 ? maxTableBytes : std::numeric_limits<int64_t>::max();
  if (maxSeconds > 0)
    options.maxSeconds = maxSeconds;
  options.onProgress =
      [op = function.getOperation(),
       name = function.getName()](const core::SearchProgress &progress) {
        op->getContext()->executeAction<SearchStepAction>(
            [] {}, {op}, describeProgress(name, progress));
      };
  return options;
}

/// The graph of the one block of `region`; nothing, with a remark, if its
/// memory is not understood.
std::optional<BlockGraph>
SchedulePass::buildGraph(FunctionOpInterface function, Region &region,
                         const RegionBytes &regionPeaks) {
  llvm::Expected<BlockGraph> blockGraph =
      buildRegionGraph(region, {concat, inPlace}, regionPeaks);
  if (blockGraph)
    return *std::move(blockGraph);
  remark::missed(region.getLoc(),
                 remarkNamed("NotScheduled", passName, function.getName()))
      << remark::reason("{0}", llvm::toString(blockGraph.takeError()));
  return std::nullopt;
}

FailureOr<ScheduledBlock> SchedulePass::solve(FunctionOpInterface function,
                                              BlockGraph blockGraph,
                                              bool withBudget) {
  const core::Graph &graph = blockGraph.getGraph();
  auto fail = [&](const absl::Status &status) {
    return emitError(function.getLoc(), "cannot be scheduled: ")
           << toStringRef(status.message());
  };
  absl::StatusOr<core::Footprint> source =
      core::computeFootprint(graph, core::sourceOrder(graph));
  if (!source.ok())
    return fail(source.status());
  const auto start = std::chrono::steady_clock::now();
  absl::StatusOr<core::Schedule> schedule =
      core::computeSchedule(graph, scheduleOptions(function, withBudget));
  const std::chrono::duration<double, std::milli> elapsed =
      std::chrono::steady_clock::now() - start;
  if (!schedule.ok())
    return fail(schedule.status());
  absl::StatusOr<core::Footprint> footprint =
      core::computeFootprint(graph, schedule->order);
  if (!footprint.ok() || footprint->peakBytes != schedule->peakBytes)
    return fail(absl::InternalError("the schedule is not what it claims"));
  return ScheduledBlock{std::move(blockGraph),
                        {function.getName().str(),
                         {concat, inPlace},
                         *std::move(source),
                         *std::move(schedule),
                         *std::move(footprint),
                         ScheduleRun{strategy, elapsed.count()},
                         /*arenaRun=*/std::nullopt}};
}

/// Schedules the regions of operations in `function`, innermost first, and
/// notes their peaks. Clears `supported` if the memory of one of them is not
/// understood.
LogicalResult SchedulePass::scheduleRegions(FunctionOpInterface function,
                                            RegionBytes &regionPeaks,
                                            bool &supported) {
  for (Region *region : getInnerTensorRegions(function)) {
    std::optional<BlockGraph> blockGraph =
        buildGraph(function, *region, regionPeaks);
    if (!blockGraph) {
      supported = false;
      return success();
    }
    FailureOr<ScheduledBlock> scheduled =
        solve(function, *std::move(blockGraph), /*withBudget=*/false);
    if (failed(scheduled))
      return failure();
    apply(*scheduled);
    int64_t &peak = regionPeaks[region->getParentOp()];
    peak = std::max(peak, scheduled->report.schedule.peakBytes);
  }
  return success();
}

LogicalResult SchedulePass::checkBudget(FunctionOpInterface function,
                                        const core::Schedule &schedule) {
  const int64_t budget = budgetBytes;
  if (budget == 0 || schedule.peakBytes <= budget)
    return success();
  function->setDiscardableAttr(
      "serenity.unmet_budget_bytes",
      Builder(&getContext()).getI64IntegerAttr(budget));
  if (schedule.lowerBoundBytes > budget)
    return emitError(function.getLoc(), "budget of ")
           << budget << " bytes is below the proven minimum of "
           << schedule.lowerBoundBytes << " bytes";
  emitWarning(function.getLoc(), "budget of ")
      << budget << " bytes is not met: the best order found needs "
      << schedule.peakBytes << " bytes, the proven minimum is at least "
      << schedule.lowerBoundBytes;
  return success();
}

LogicalResult SchedulePass::scheduleFunction(FunctionOpInterface function,
                                             llvm::json::Array &reports) {
  RegionBytes regionPeaks;
  bool supported = true;
  if (failed(scheduleRegions(function, regionPeaks, supported)))
    return failure();
  if (!supported)
    return success();
  std::optional<BlockGraph> blockGraph =
      buildGraph(function, function.getFunctionBody(), regionPeaks);
  if (!blockGraph)
    return success();
  FailureOr<ScheduledBlock> scheduled =
      solve(function, *std::move(blockGraph), /*withBudget=*/true);
  if (failed(scheduled))
    return failure();

  clearArenaPlan(function);
  clearLatency(function);
  apply(*scheduled);
  annotateFunction(function, scheduled->report);
  remarkOn(function, scheduled->report);
  reports.push_back(toJSON(scheduled->report, scheduled->blockGraph));
  return checkBudget(function, scheduled->report.schedule);
}
