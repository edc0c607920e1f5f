//===- PlanArena.cpp - Give every activation a place in one arena ---------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ArenaPassOptions.h"
#include "FunctionGraphs.h"
#include "mlir/IR/Builders.h"
#include "serenity/Analysis/Report.h"
#include "serenity/Analysis/SourceOrder.h"
#include "serenity/Analysis/Status.h"
#include "serenity/Core/Plan/JointPlan.h"
#include "serenity/Dialect/Serenity/ExternalModels/ActivationMemoryModels.h"
#include "serenity/Dialect/Serenity/Transforms/Passes.h"

#include <chrono>

namespace serenity {
#define GEN_PASS_DEF_PLANARENAPASS
#include "serenity/Dialect/Serenity/Transforms/Passes.h.inc"
} // namespace serenity

using namespace mlir;
using namespace serenity;

static constexpr StringLiteral passName = "plan-arena";

namespace {

/// A block and the offsets found for it.
struct PlannedBlock {
  BlockGraph blockGraph;
  core::MemoryPlan plan;
  /// No order of the block has a smaller arena; only if others were tried.
  std::optional<int64_t> anyOrderBoundBytes;
  int64_t numOrders = 1;
  double milliseconds = 0;
};

/// No order of the operations of `function`, of which `graph` is made, has a
/// smaller peak than this: what `serenity-schedule` proved, if it ran and on
/// these operations, else what the graph shows at once.
int64_t getPeakBound(Operation *function, const core::Graph &graph) {
  core::ScheduleOptions options;
  options.strategy = core::Strategy::Source;
  absl::StatusOr<core::Schedule> present =
      core::computeSchedule(graph, options);
  if (!present.ok())
    return 0;
  auto peak = function->getAttrOfType<IntegerAttr>("serenity.peak_bytes");
  auto recorded =
      function->getAttrOfType<IntegerAttr>("serenity.lower_bound_bytes");
  if (peak && recorded && peak.getInt() == present->peakBytes)
    return std::max(present->lowerBoundBytes, recorded.getInt());
  return present->lowerBoundBytes;
}

/// The first byte of `value`; MemoryPlan::kNoOffset if it has none of its own.
int64_t getOffset(const PlannedBlock &planned, Value value) {
  const ValueStorage *storage = planned.blockGraph.getStorage(value);
  return storage ? planned.plan.bufferOffsets[storage->buffer.index()] +
                       storage->offset
                 : core::MemoryPlan::kNoOffset;
}

/// Puts the operations of a block into the order that was planned, and marks
/// them with the places of their results and of their scratch.
void apply(const PlannedBlock &planned, Builder &builder) {
  const BlockGraph &blockGraph = planned.blockGraph;
  if (!llvm::is_sorted(planned.plan.order)) {
    applyOrder(blockGraph, planned.plan.order);
    annotateLiveBytes(blockGraph, planned.plan.order, planned.plan.footprint);
  }
  for (core::OpId id : blockGraph.getGraph().opIds()) {
    Operation *op = blockGraph.getOperation(id);
    SmallVector<int64_t> offsets;
    for (Value result : op->getResults())
      offsets.push_back(getOffset(planned, result));
    if (!offsets.empty())
      op->setDiscardableAttr("serenity.offset",
                             builder.getDenseI64ArrayAttr(offsets));
    const int64_t scratch = planned.plan.scratchOffsets[id.index()];
    if (scratch != core::MemoryPlan::kNoOffset)
      op->setDiscardableAttr("serenity.scratch_offset",
                             builder.getI64IntegerAttr(scratch));
  }
}

/// Marks `function` with the arena and the places of its arguments.
void annotateFunction(FunctionOpInterface function, const PlannedBlock &planned,
                      int64_t peakBound, Builder &builder) {
  const core::MemoryPlan &plan = planned.plan;
  if (!llvm::is_sorted(plan.order))
    annotatePeak(function, plan.footprint.peakBytes, peakBound);
  auto set = [&](StringRef name, Attribute value) {
    function->setDiscardableAttr(name, value);
  };
  set("serenity.arena_bytes", builder.getI64IntegerAttr(plan.arenaBytes));
  set("serenity.arena_lower_bound_bytes",
      builder.getI64IntegerAttr(plan.lowerBoundBytes));
  if (plan.hitLimit())
    set("serenity.arena_stopped_by",
        builder.getStringAttr(toStringRef(core::toString(plan.stop))));
  for (BlockArgument argument : function.getArguments())
    if (const int64_t offset = getOffset(planned, argument);
        offset != core::MemoryPlan::kNoOffset)
      function.setArgAttr(argument.getArgNumber(), "serenity.offset",
                          builder.getI64IntegerAttr(offset));
}

/// Tells the user of `--remarks-filter=serenity` how large the arena is, and
/// why if it is larger than the peak.
void remarkOn(FunctionOpInterface function, const PlannedBlock &planned,
              int64_t peakBound) {
  const core::MemoryPlan &plan = planned.plan;
  const int64_t peak = plan.footprint.peakBytes;
  auto named = [&](StringRef name) {
    return remarkNamed(name, passName, function.getName());
  };
  const bool isLeast =
      plan.arenaBytes == planned.anyOrderBoundBytes.value_or(peakBound);
  const StringRef proof = isLeast ? "no order and no offsets need less"
                          : plan.isProvenOptimal()
                              ? "no offsets need less for this order"
                              : "not proven";
  if (plan.arenaBytes == peak)
    remark::passed(function.getLoc(), named("ArenaIsPeak"))
        << remark::add("{0}", proof)
        << remark::metric("ArenaBytes", plan.arenaBytes)
        << remark::metric("PeakBytes", peak);
  else
    remark::missed(function.getLoc(), named("ArenaAbovePeak"))
        << remark::reason("{0}", proof)
        << remark::metric("ArenaBytes", plan.arenaBytes)
        << remark::metric("PeakBytes", peak)
        << remark::metric("AlignmentBytes", plan.alignedPeakBytes - peak)
        << remark::metric("FragmentationBytes",
                          plan.lowerBoundBytes - plan.alignedPeakBytes)
        << remark::metric("UnprovenBytes",
                          plan.arenaBytes - plan.lowerBoundBytes);
}

/// Names, in a note, the buffers that cannot fit even alone.
void explainConflict(InFlightDiagnostic &diagnostic, Location loc,
                     ArrayRef<core::ArenaBuffer> conflict) {
  constexpr size_t maxNamed = 8;
  Diagnostic &note = diagnostic.attachNote(loc)
                     << "these " << conflict.size() << " do not fit:";
  for (const core::ArenaBuffer &buffer : conflict.take_front(maxNamed))
    note << " '" << buffer.name << "' (" << buffer.size << " bytes)";
  if (conflict.size() > maxNamed)
    note << " and " << conflict.size() - maxNamed << " others";
}

class PlanArenaPass : public serenity::impl::PlanArenaPassBase<PlanArenaPass> {
public:
  using Base::Base;

  void getDependentDialects(DialectRegistry &registry) const override {
    registerActivationMemoryModels(registry);
  }

  void runOnOperation() override {
    if (failed(arenaOptions().check(getOperation().getLoc())))
      return signalPassFailure();
    llvm::json::Array reports;
    bool allDone = true;
    getOperation().walk([&](FunctionOpInterface function) {
      if (usesTensors(function))
        allDone &= succeeded(planFunction(function, reports));
    });
    if (failed(writeReport(getOperation().getLoc(), reportPath,
                           std::move(reports))) ||
        !allDone)
      signalPassFailure();
  }

private:
  ArenaPassOptions arenaOptions() const;
  core::MemoryPlanOptions planOptions(bool withCapacity) const;
  absl::StatusOr<core::JointPlan> solve(const core::Graph &graph,
                                        bool withCapacity) const;
  LogicalResult planFunction(FunctionOpInterface function,
                             llvm::json::Array &reports);
  llvm::Expected<RegionBytes> planRegions(FunctionOpInterface function);
  llvm::Expected<PlannedBlock> planRegion(Region &region,
                                          const MemoryModel &model,
                                          const RegionBytes &regionBytes,
                                          bool withCapacity) const;
  FunctionReport makeReport(FunctionOpInterface function,
                            const PlannedBlock &planned,
                            int64_t peakBound) const;
  LogicalResult checkCapacity(FunctionOpInterface function,
                              const PlannedBlock &planned);
};

} // namespace

ArenaPassOptions PlanArenaPass::arenaOptions() const {
  return {strategy, capacityBytes, alignment, maxNodes, maxSeconds};
}

core::MemoryPlanOptions PlanArenaPass::planOptions(bool withCapacity) const {
  core::MemoryPlanOptions options;
  options.alignment = alignment;
  options.arena = arenaOptions().toArenaOptions();
  if (!withCapacity)
    options.arena.capacityBytes.reset();
  return options;
}

/// Offsets for the present order of `graph`, or with `reorder` for a better
/// one.
absl::StatusOr<core::JointPlan> PlanArenaPass::solve(const core::Graph &graph,
                                                     bool withCapacity) const {
  const std::vector<core::OpId> order = core::sourceOrder(graph);
  core::JointPlanOptions options;
  options.memory = planOptions(withCapacity);
  if (reorder)
    return core::planJointly(graph, order, options);
  absl::StatusOr<core::MemoryPlan> plan =
      core::planMemory(graph, order, options.memory);
  if (!plan.ok())
    return plan.status();
  return core::JointPlan{*std::move(plan)};
}

llvm::Expected<PlannedBlock>
PlanArenaPass::planRegion(Region &region, const MemoryModel &model,
                          const RegionBytes &regionBytes,
                          bool withCapacity) const {
  llvm::Expected<BlockGraph> blockGraph =
      buildRegionGraph(region, model, regionBytes);
  if (!blockGraph)
    return blockGraph.takeError();
  const auto start = std::chrono::steady_clock::now();
  absl::StatusOr<core::JointPlan> joint =
      solve(blockGraph->getGraph(), withCapacity);
  const std::chrono::duration<double, std::milli> elapsed =
      std::chrono::steady_clock::now() - start;
  if (!joint.ok())
    return toError(joint.status());
  PlannedBlock planned{*std::move(blockGraph), std::move(joint->plan)};
  if (reorder)
    planned.anyOrderBoundBytes = joint->lowerBoundBytes;
  planned.numOrders = joint->numOrders;
  planned.milliseconds = elapsed.count();
  return planned;
}

/// Plans the regions of operations in `function`, innermost first, and returns
/// the arenas they need as scratch of their operations.
llvm::Expected<RegionBytes>
PlanArenaPass::planRegions(FunctionOpInterface function) {
  RegionBytes regionBytes;
  Builder builder(&getContext());
  for (Region *region : getInnerTensorRegions(function)) {
    llvm::Expected<PlannedBlock> planned =
        planRegion(*region, getRecordedMemoryModel(function), regionBytes,
                   /*withCapacity=*/false);
    if (!planned)
      return planned.takeError();
    apply(*planned, builder);
    int64_t &bytes = regionBytes[region->getParentOp()];
    bytes = std::max(bytes, planned->plan.arenaBytes);
  }
  return regionBytes;
}

FunctionReport PlanArenaPass::makeReport(FunctionOpInterface function,
                                         const PlannedBlock &planned,
                                         int64_t peakBound) const {
  const core::Graph &graph = planned.blockGraph.getGraph();
  core::Schedule schedule;
  schedule.order = planned.plan.order;
  schedule.peakBytes = planned.plan.footprint.peakBytes;
  schedule.lowerBoundBytes = peakBound;
  return {function.getName().str(),
          getRecordedMemoryModel(function),
          *core::computeFootprint(graph, getSourceOrder(planned.blockGraph)),
          std::move(schedule),
          planned.plan.footprint,
          /*scheduleRun=*/std::nullopt,
          ArenaRun{planned.plan, planned.anyOrderBoundBytes, planned.numOrders,
                   strategy, alignment, planned.milliseconds}};
}

LogicalResult PlanArenaPass::checkCapacity(FunctionOpInterface function,
                                           const PlannedBlock &planned) {
  const core::MemoryPlan &plan = planned.plan;
  const int64_t capacity = capacityBytes;
  if (capacity == 0 || plan.arenaBytes <= capacity)
    return success();
  function->setDiscardableAttr(
      "serenity.unmet_capacity_bytes",
      Builder(&getContext()).getI64IntegerAttr(capacity));
  const int64_t bound =
      planned.anyOrderBoundBytes.value_or(plan.lowerBoundBytes);
  if (bound > capacity) {
    InFlightDiagnostic error = emitError(function.getLoc(), "capacity of ");
    error << capacity << " bytes is below the proven minimum of " << bound
          << " bytes for " << (reorder ? "any order" : "this order");
    if (!reorder)
      explainConflict(error, function.getLoc(), plan.conflict);
    return error;
  }
  emitWarning(function.getLoc(), "capacity of ")
      << capacity << " bytes is not met: the best arena found needs "
      << plan.arenaBytes << " bytes, the proven minimum is at least " << bound;
  return success();
}

LogicalResult PlanArenaPass::planFunction(FunctionOpInterface function,
                                          llvm::json::Array &reports) {
  clearArenaPlan(function);
  auto skip = [&](llvm::Error error) {
    clearArenaPlan(function);
    remark::missed(function.getLoc(),
                   remarkNamed("NotPlanned", passName, function.getName()))
        << remark::reason("{0}", llvm::toString(std::move(error)));
    return success();
  };
  llvm::Expected<RegionBytes> regionBytes = planRegions(function);
  if (!regionBytes)
    return skip(regionBytes.takeError());
  llvm::Expected<PlannedBlock> planned =
      planRegion(function.getFunctionBody(), getRecordedMemoryModel(function),
                 *regionBytes, /*withCapacity=*/true);
  if (!planned)
    return skip(planned.takeError());
  const int64_t peakBound =
      getPeakBound(function, planned->blockGraph.getGraph());
  Builder builder(&getContext());
  apply(*planned, builder);
  annotateFunction(function, *planned, peakBound, builder);
  remarkOn(function, *planned, peakBound);
  reports.push_back(
      toJSON(makeReport(function, *planned, peakBound), planned->blockGraph));
  return checkCapacity(function, *planned);
}
