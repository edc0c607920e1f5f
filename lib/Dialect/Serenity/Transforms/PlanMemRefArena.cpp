//===- PlanMemRefArena.cpp - Place allocations in one arena ---------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ArenaPassOptions.h"
#include "FunctionGraphs.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "serenity/Analysis/AllocationLifetimes.h"
#include "serenity/Core/Arena/Verifier.h"
#include "serenity/Dialect/Serenity/Transforms/Passes.h"

namespace serenity {
#define GEN_PASS_DEF_PLANMEMREFARENAPASS
#include "serenity/Dialect/Serenity/Transforms/Passes.h.inc"
} // namespace serenity

using namespace mlir;
using namespace serenity;

static constexpr StringLiteral passName = "plan-memref-arena";

/// Tells of what stays as it is.
static void remarkOnUnknown(FunctionOpInterface function,
                            ArrayRef<UnknownAllocation> unknown) {
  for (const UnknownAllocation &allocation : unknown)
    remark::missed(allocation.alloc->getLoc(),
                   remarkNamed("NotPlaced", passName, function.getName()))
        << remark::reason("the allocation {0}", allocation.why);
}

/// Tells what was gained.
static void remarkOnPlan(FunctionOpInterface function,
                         const core::ArenaProblem &problem,
                         const core::ArenaPlan &plan) {
  int64_t separateBytes = 0;
  for (const core::ArenaBuffer &buffer : problem.buffers)
    separateBytes += buffer.size;
  const auto bound = remark::metric("LowerBoundBytes", plan.lowerBoundBytes);
  remark::passed(function.getLoc(),
                 remarkNamed("Placed", passName, function.getName()))
      << remark::metric("Allocations", problem.buffers.size())
      << remark::metric("ArenaBytes", plan.arenaBytes) << bound
      << remark::metric("SeparateBytes", separateBytes);
  if (!plan.isProvenOptimal())
    remark::missed(function.getLoc(),
                   remarkNamed("NotProven", passName, function.getName()))
        << remark::reason("{0}", toStringRef(core::toString(plan.stop)))
        << remark::metric("ArenaBytes", plan.arenaBytes) << bound;
}

namespace {

class PlanMemRefArenaPass
    : public serenity::impl::PlanMemRefArenaPassBase<PlanMemRefArenaPass> {
public:
  using Base::Base;

  void runOnOperation() override {
    if (failed(arenaOptions().check(getOperation().getLoc())))
      return signalPassFailure();
    SymbolTableCollection symbols;
    SmallVector<FunctionOpInterface> functions;
    getOperation().walk([&](FunctionOpInterface function) {
      if (!function.isExternal())
        functions.push_back(function);
    });
    for (FunctionOpInterface function : functions)
      // What is known of other functions changes with them.
      if (BufferUseAnalysis analysis(symbols);
          failed(planFunction(function, analysis)))
        return signalPassFailure();
  }

private:
  ArenaPassOptions arenaOptions() const;
  LogicalResult planFunction(FunctionOpInterface function,
                             BufferUseAnalysis &analysis);
  core::ArenaProblem makeProblem(const AllocationLifetimes &lifetimes) const;
  FailureOr<core::ArenaPlan> solve(FunctionOpInterface function,
                                   ArrayRef<AllocationLifetime> allocations,
                                   const core::ArenaProblem &problem);
  LogicalResult checkCapacity(FunctionOpInterface function,
                              ArrayRef<AllocationLifetime> allocations,
                              const core::ArenaPlan &plan);
  bool canBeArgument(FunctionOpInterface function);
  FailureOr<Value> makeArena(FunctionOpInterface function, bool isArgument,
                             int64_t bytes, int64_t arenaAlignment);
  void placeInArena(ArrayRef<AllocationLifetime> allocations,
                    const core::ArenaPlan &plan, Value arena);
};

} // namespace

ArenaPassOptions PlanMemRefArenaPass::arenaOptions() const {
  return {strategy, capacityBytes, alignment, maxNodes, maxSeconds};
}

core::ArenaProblem
PlanMemRefArenaPass::makeProblem(const AllocationLifetimes &lifetimes) const {
  core::ArenaProblem problem;
  for (const AllocationLifetime &allocation : lifetimes.known) {
    core::ArenaBuffer buffer;
    buffer.lower = allocation.lower;
    buffer.upper = allocation.upper;
    buffer.size = allocation.bytes;
    buffer.alignment = std::max<int64_t>(allocation.alignment, alignment);
    problem.buffers.push_back(std::move(buffer));
  }
  if (inPlace)
    for (auto [first, second] : lifetimes.inPlacePairs)
      problem.inPlacePairs.push_back({first, second});
  return problem;
}

/// A plan that was checked against the lifetimes.
FailureOr<core::ArenaPlan>
PlanMemRefArenaPass::solve(FunctionOpInterface function,
                           ArrayRef<AllocationLifetime> allocations,
                           const core::ArenaProblem &problem) {
  const absl::StatusOr<core::ArenaPlan> plan =
      core::planArena(problem, arenaOptions().toArenaOptions());
  absl::Status status = plan.status();
  if (plan.ok())
    status = core::verifyPlan(problem, *plan);
  if (!status.ok())
    return emitError(function.getLoc(), "cannot place its allocations: ")
           << toStringRef(status.message());
  if (failed(checkCapacity(function, allocations, *plan)))
    return failure();
  return *plan;
}

LogicalResult
PlanMemRefArenaPass::checkCapacity(FunctionOpInterface function,
                                   ArrayRef<AllocationLifetime> allocations,
                                   const core::ArenaPlan &plan) {
  const int64_t capacity = capacityBytes;
  if (capacity == 0 || plan.arenaBytes <= capacity)
    return success();
  function->setDiscardableAttr(
      "serenity.unmet_capacity_bytes",
      Builder(&getContext()).getI64IntegerAttr(capacity));
  if (plan.stop != core::ArenaStop::Infeasible) {
    emitWarning(function.getLoc(), "capacity of ")
        << capacity << " bytes is not met: the best arena found needs "
        << plan.arenaBytes << " bytes, the proven minimum is at least "
        << plan.lowerBoundBytes;
    return success();
  }
  InFlightDiagnostic error = emitError(function.getLoc(), "capacity of ")
                             << capacity
                             << " bytes is below the proven minimum of "
                             << plan.lowerBoundBytes << " bytes";
  for (int32_t index : plan.conflict)
    error.attachNote(allocations[index].alloc->getLoc())
        << "does not fit together with the others: " << allocations[index].bytes
        << " bytes";
  return error;
}

/// Whether the arena of `function` can be an argument, if that is asked for.
bool PlanMemRefArenaPass::canBeArgument(FunctionOpInterface function) {
  if (!argument)
    return false;
  if (SymbolTable::symbolKnownUseEmpty(function, getOperation()))
    return true;
  remark::missed(function.getLoc(),
                 remarkNamed("NotAnArgument", passName, function.getName()))
      << remark::reason("the module refers to the function");
  return false;
}

/// Adds the arena to `function`: as its last argument, or as an allocation that
/// is freed where it returns.
FailureOr<Value> PlanMemRefArenaPass::makeArena(FunctionOpInterface function,
                                                bool isArgument, int64_t bytes,
                                                int64_t arenaAlignment) {
  OpBuilder builder(&getContext());
  const Location loc = function.getLoc();
  const auto type = MemRefType::get({bytes}, builder.getI8Type());
  if (isArgument) {
    const unsigned last = function.getNumArguments();
    if (failed(function.insertArgument(last, type, {}, loc)))
      return emitError(loc, "cannot take the arena as an argument");
    return Value(function.getArgument(last));
  }
  builder.setInsertionPointToStart(&function.getFunctionBody().front());
  Value arena = memref::AllocOp::create(
      builder, loc, type, builder.getI64IntegerAttr(arenaAlignment));
  for (Block &block : function.getFunctionBody())
    if (Operation *end = block.getTerminator();
        end->hasTrait<OpTrait::ReturnLike>()) {
      builder.setInsertionPoint(end);
      memref::DeallocOp::create(builder, loc, arena);
    }
  return arena;
}

/// Turns allocations into views of `arena`.
void PlanMemRefArenaPass::placeInArena(ArrayRef<AllocationLifetime> allocations,
                                       const core::ArenaPlan &plan,
                                       Value arena) {
  llvm::SetVector<Operation *> dead;
  for (auto [allocation, offset] : llvm::zip_equal(allocations, plan.offsets)) {
    memref::AllocOp alloc = allocation.alloc;
    OpBuilder builder(alloc);
    Value shift =
        arith::ConstantIndexOp::create(builder, alloc.getLoc(), offset);
    Value view =
        memref::ViewOp::create(builder, alloc.getLoc(), alloc.getType(), arena,
                               shift, /*sizes=*/ValueRange());
    alloc.getResult().replaceAllUsesWith(view);
    dead.insert(alloc);
    dead.insert_range(allocation.deallocs);
  }
  for (Operation *op : dead)
    op->erase();
}

LogicalResult PlanMemRefArenaPass::planFunction(FunctionOpInterface function,
                                                BufferUseAnalysis &analysis) {
  const AllocationLifetimes lifetimes = computeLifetimes(function, analysis);
  remarkOnUnknown(function, lifetimes.unknown);
  if (lifetimes.known.empty())
    return success();
  const core::ArenaProblem problem = makeProblem(lifetimes);
  FailureOr<core::ArenaPlan> plan = solve(function, lifetimes.known, problem);
  if (failed(plan))
    return failure();
  const bool isArgument = canBeArgument(function);
  // A single allocation is an arena already.
  if (!isArgument && lifetimes.known.size() == 1)
    return success();
  int64_t arenaAlignment = 1;
  for (const core::ArenaBuffer &buffer : problem.buffers)
    arenaAlignment = std::max(arenaAlignment, buffer.alignment);
  FailureOr<Value> arena =
      makeArena(function, isArgument, plan->arenaBytes, arenaAlignment);
  if (failed(arena))
    return failure();
  placeInArena(lifetimes.known, *plan, *arena);
  remarkOnPlan(function, problem, *plan);
  return success();
}
