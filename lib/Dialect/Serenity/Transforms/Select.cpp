//===- Select.cpp - One variant of a network for a device -----------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LatencyAttributes.h"
#include "VariantTable.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "serenity/Analysis/VariantFile.h"
#include "serenity/Dialect/Serenity/ExternalModels/ActivationMemoryModels.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"
#include "serenity/Dialect/Serenity/Transforms/Passes.h"
#include "serenity/Dialect/Serenity/Transforms/SearchStep.h"
#include "llvm/Support/Path.h"

namespace serenity {
#define GEN_PASS_DEF_SELECTPASS
#include "serenity/Dialect/Serenity/Transforms/Passes.h.inc"
} // namespace serenity

using namespace mlir;
using namespace serenity;
namespace json = llvm::json;

static constexpr StringLiteral passName = "select";

namespace {

class SelectPass : public serenity::impl::SelectPassBase<SelectPass> {
public:
  using Base::Base;

  void getDependentDialects(DialectRegistry &registry) const override {
    Base::getDependentDialects(registry);
    registerActivationMemoryModels(registry);
  }

  void runOnOperation() override {
    if (failed(checkOptions()))
      return signalPassFailure();
    FailureOr<LatencyTarget> target = readLatencyTarget(
        getOperation().getLoc(), devicePath, proxyPath, measurementsPath);
    if (failed(target))
      return signalPassFailure();
    reports.clear();
    rows.clear();
    bool allDone = true;
    for (auto function : getOperation().getOps<FunctionOpInterface>())
      if (usesTensors(function) && isSupported(function))
        allDone &= succeeded(selectFunction(function, *target));
    if (failed(writeFiles(/*withReport=*/allDone)) || !allDone)
      signalPassFailure();
  }

private:
  LogicalResult checkOptions();
  bool isSupported(FunctionOpInterface function);
  VariantSearchOptions searchOptions() const;
  llvm::Expected<VariantSet> findVariants(FunctionOpInterface function,
                                          const LatencyTarget &target);
  std::optional<size_t> choose(const VariantTable &table) const;
  LogicalResult refuseBudget(FunctionOpInterface function,
                             const VariantTable &table);
  LogicalResult selectFunction(FunctionOpInterface function,
                               const LatencyTarget &target);
  llvm::Error apply(FunctionOpInterface function, const LatencyTarget &target,
                    const VariantSet &set, const VariantTable &table,
                    size_t chosen);
  LogicalResult writeFiles(bool withReport);

  json::Array reports;
  /// Of all functions.
  std::vector<core::MeasuredVariant> rows;
};

} // namespace

LogicalResult SelectPass::checkOptions() {
  auto check = [&](StringRef name, int64_t value,
                   int64_t least) -> LogicalResult {
    if (value >= least)
      return success();
    return emitError(getOperation().getLoc(), "option '")
           << name << "' is " << value << ", expected at least " << least;
  };
  if (measure > 0 && variantsPath.empty())
    return emitError(getOperation().getLoc(),
                     "option 'measure' is of no use without 'variants'");
  return success(succeeded(check("budget", budgetBytes, 0)) &&
                 succeeded(check("max-variants", maxVariants, 1)) &&
                 succeeded(check("max-states", maxStates, 1)) &&
                 succeeded(check("measure", measure, 0)));
}

/// Whether `function` is one block of kernels. Says why if it is not.
bool SelectPass::isSupported(FunctionOpInterface function) {
  auto skip = [&](const std::string &why) {
    remark::missed(function.getLoc(),
                   remarkNamed("NotSelected", passName, function.getName()))
        << remark::reason("{0}", why);
    return false;
  };
  Region &body = function.getFunctionBody();
  if (!body.hasOneBlock())
    return skip("the function has several blocks");
  if (!getInnerTensorRegions(function).empty())
    return skip("an operation has regions of its own");
  llvm::Expected<BlockGraph> blockGraph =
      BlockGraph::build(body.front(), {concat, inPlace});
  return blockGraph || skip(llvm::toString(blockGraph.takeError()));
}

VariantSearchOptions SelectPass::searchOptions() const {
  return {{concat, inPlace}, accumulator, maxVariants, maxStates};
}

llvm::Expected<VariantSet>
SelectPass::findVariants(FunctionOpInterface function,
                         const LatencyTarget &target) {
  int64_t numSubsets = 0;
  return serenity::findVariants(function, target, searchOptions(), [&] {
    getContext().executeAction<SearchStepAction>(
        [] {}, {function.getOperation()},
        ("variants of '" + function.getName() + "': " + Twine(++numSubsets) +
         " rewritings scheduled")
            .str());
  });
}

std::optional<size_t> SelectPass::choose(const VariantTable &table) const {
  return core::choosePoint(table.getPoints(), objective,
                           budgetBytes > 0
                               ? static_cast<double>(budgetBytes)
                               : std::numeric_limits<double>::infinity());
}

LogicalResult SelectPass::refuseBudget(FunctionOpInterface function,
                                       const VariantTable &table) {
  int64_t smallest = std::numeric_limits<int64_t>::max();
  for (const core::MeasuredVariant &row : table.rows)
    smallest = std::min(smallest, row.peakBytes);
  function->setDiscardableAttr(
      "serenity.unmet_budget_bytes",
      Builder(&getContext()).getI64IntegerAttr(budgetBytes));
  return emitError(function.getLoc(), "budget of ")
         << budgetBytes.getValue() << " bytes is below the smallest peak of "
         << smallest << " bytes among " << table.rows.size() << " variants";
}

/// Says what was taken, and of how many.
static void remarkOn(FunctionOpInterface function, const VariantSet &set,
                     const VariantTable &table, size_t chosen) {
  remark::passed(function.getLoc(),
                 remarkNamed("Selected", passName, function.getName()))
      << remark::metric("Variant", table.rows[chosen].id)
      << remark::metric("Variants", static_cast<int64_t>(table.rows.size()))
      << remark::metric("OnFront", static_cast<int64_t>(
                                       llvm::count(table.isOnFront, true)))
      << remark::metric("PrunedSubsets", set.numPruned)
      << remark::metric("UnchangedPeakBytes", table.rows.front().peakBytes)
      << remark::metric("PeakBytes", table.rows[chosen].peakBytes)
      << remark::metric("UnchangedLatencyUs",
                        table.latencies.front().microseconds)
      << remark::metric("LatencyUs", table.latencies[chosen].microseconds)
      << remark::metric("StddevUs", table.latencies[chosen].stddev);
}

llvm::Error SelectPass::apply(FunctionOpInterface function,
                              const LatencyTarget &target,
                              const VariantSet &set, const VariantTable &table,
                              size_t chosen) {
  llvm::Expected<AppliedVariant> applied = applyVariant(
      function, set, set.variants[chosen], target, searchOptions());
  if (!applied)
    return applied.takeError();
  annotateLatency(function, applied->blockGraph, applied->latency,
                  table.latencies[chosen], target.getDevice());
  remarkOn(function, set, table, chosen);
  json::Object report = toJSON(applied->report, applied->blockGraph);
  report["selection"] =
      describeSelection(set, table, chosen, target.getDevice());
  reports.push_back(std::move(report));
  return llvm::Error::success();
}

LogicalResult SelectPass::selectFunction(FunctionOpInterface function,
                                         const LatencyTarget &target) {
  auto fail = [&](llvm::Error error) {
    return emitError(function.getLoc(), "no variant can be selected: ")
           << llvm::toString(std::move(error));
  };
  llvm::Expected<VariantSet> set = findVariants(function, target);
  if (!set)
    return fail(set.takeError());
  llvm::Expected<VariantTable> table =
      makeTable(function, *set, target.getMeasurements());
  if (!table)
    return fail(table.takeError());
  if (!variantsPath.empty())
    if (llvm::Error error =
            writeVariants(getOperation(), function.getName(), *set, target,
                          searchOptions(), variantsPath, measure, *table))
      return fail(std::move(error));
  llvm::append_range(rows, table->rows);
  const std::optional<size_t> chosen = choose(*table);
  if (!chosen)
    return refuseBudget(function, *table);
  if (llvm::Error error = apply(function, target, *set, *table, *chosen))
    return fail(std::move(error));
  return success();
}

/// Writes the table of variants, which can be measured whatever was selected,
/// and the report.
LogicalResult SelectPass::writeFiles(bool withReport) {
  const Location loc = getOperation().getLoc();
  if (withReport && failed(writeReport(loc, reportPath, std::move(reports))))
    return failure();
  if (variantsPath.empty())
    return success();
  SmallString<128> path(variantsPath.getValue());
  llvm::sys::path::append(path, "variants.csv");
  if (llvm::Error error = writeVariantFile(path, rows))
    return emitError(loc, "cannot write '")
           << path << "': " << llvm::toString(std::move(error));
  return success();
}
