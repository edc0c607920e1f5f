//===- Rewrite.cpp - Rewrite a network to need less memory ----------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Selection.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "serenity/Analysis/Report.h"
#include "serenity/Dialect/Serenity/ExternalModels/ActivationMemoryModels.h"
#include "serenity/Dialect/Serenity/IR/OperatorLocation.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"
#include "serenity/Dialect/Serenity/Transforms/Passes.h"

#include <chrono>

namespace serenity {
#define GEN_PASS_DEF_REWRITEPASS
#include "serenity/Dialect/Serenity/Transforms/Passes.h.inc"
} // namespace serenity

using namespace mlir;
using namespace serenity;
namespace json = llvm::json;

namespace {

/// A kernel, by what is left of it once it was rewritten.
struct KernelName {
  Location location;
  std::string name;
  int64_t index;
};

/// A function, what was rewritten in it and what that is worth.
struct FunctionRewrite {
  SiteList list;
  SiteChoice choice;
  /// Names of all operations of the source.
  SmallVector<KernelName> names;
  Assessment before;
  Assessment after;
  /// Peak with the same sites rewritten by exact accumulators.
  int64_t exactPeakBytes = 0;
  double milliseconds = 0;

  bool isAnyChosen() const { return llvm::is_contained(choice.chosen, true); }
};

remark::RemarkOpts remarkNamed(StringRef name, StringRef functionName) {
  return remark::RemarkOpts::name(name)
      .category("serenity")
      .subCategory("rewrite")
      .function(functionName);
}

KernelName nameKernel(Operation *op, int64_t position) {
  std::string name = getLocationName(op->getLoc());
  if (name.empty())
    name = (op->getName().getStringRef() + "#" + Twine(position)).str();
  return {op->getLoc(), std::move(name),
          getOperatorIndex(op->getLoc()).value_or(position)};
}

class RewritePass : public serenity::impl::RewritePassBase<RewritePass> {
public:
  using Base::Base;

  void getDependentDialects(DialectRegistry &registry) const override {
    Base::getDependentDialects(registry);
    registerActivationMemoryModels(registry);
  }

  void runOnOperation() override {
    if (failed(checkOptions()))
      return signalPassFailure();
    json::Array reports;
    bool allDone = true;
    for (auto function : getOperation().getOps<FunctionOpInterface>())
      if (!function.isExternal())
        allDone &= succeeded(rewriteFunction(function, reports));
    if (failed(writeReport(getOperation().getLoc(), reportPath,
                           std::move(reports))) ||
        !allDone)
      signalPassFailure();
  }

private:
  LogicalResult checkOptions();
  LogicalResult parseKinds();
  AssessmentOptions assessmentOptions() const;
  bool isSupported(FunctionOpInterface function);
  void choose(Region &body, const SitePatterns &patterns,
              FunctionRewrite &rewrite);
  llvm::Expected<FunctionRewrite> rewrite(FunctionOpInterface function);
  LogicalResult rewriteFunction(FunctionOpInterface function,
                                json::Array &reports);
  llvm::Expected<int64_t> assessExactly(FunctionOpInterface function,
                                        const FunctionRewrite &rewrite);
  void remarkOn(FunctionOpInterface function, const FunctionRewrite &rewrite);
  json::Object describe(FunctionOpInterface function,
                        const FunctionRewrite &rewrite);

  /// The parsed option `kinds`.
  SmallVector<RewriteKind> wantedKinds;
};

} // namespace

LogicalResult RewritePass::checkOptions() {
  auto check = [&](StringRef name, int64_t value) -> LogicalResult {
    if (value >= 1)
      return success();
    return emitError(getOperation().getLoc(), "option '")
           << name << "' is " << value << ", expected at least 1";
  };
  return success(succeeded(parseKinds()) &&
                 succeeded(check("max-variants", maxVariants)) &&
                 succeeded(check("max-states", maxStates)));
}

LogicalResult RewritePass::parseKinds() {
  wantedKinds.clear();
  for (const std::string &name : kinds) {
    std::optional<RewriteKind> kind = parseRewriteKind(name);
    if (!kind)
      return emitError(getOperation().getLoc(), "option 'kinds' has '")
             << name
             << "', expected channelwise, kernelwise, elementwise or residual";
    wantedKinds.push_back(*kind);
  }
  return success();
}

AssessmentOptions RewritePass::assessmentOptions() const {
  return {{concat, inPlace}, maxStates};
}

/// Whether `function` is one block of kernels whose memory is understood. Says
/// why if it is not.
bool RewritePass::isSupported(FunctionOpInterface function) {
  auto skip = [&](const std::string &why) {
    remark::missed(function.getLoc(),
                   remarkNamed("NotRewritten", function.getName()))
        << remark::reason("{0}", why);
    return false;
  };
  Region &body = function.getFunctionBody();
  if (!body.hasOneBlock())
    return skip("the function has several blocks");
  for (Operation &op : body.front())
    if (op.getNumRegions() != 0)
      return skip("an operation has regions of its own");
  llvm::Expected<BlockGraph> blockGraph =
      BlockGraph::build(body.front(), {concat, inPlace});
  return blockGraph || skip(llvm::toString(blockGraph.takeError()));
}

/// Chooses the sites in `body`.
void RewritePass::choose(Region &body, const SitePatterns &patterns,
                         FunctionRewrite &rewrite) {
  ArrayRef<RewriteSite> sites = rewrite.list.sites;
  rewrite.choice.chosen.assign(sites.size(), true);
  rewrite.choice.otherPeaks.assign(sites.size(), 0);
  if (select == SiteSelection::All || sites.empty())
    return;
  const SitePatterns boundPatterns(&getContext(), wantedKinds,
                                   Accumulator::Result);
  const std::vector<Part> parts = cutIntoParts(body, sites);
  std::vector<PartVariants> variants;
  for (const Part &part : parts)
    variants.emplace_back(part, patterns, boundPatterns, assessmentOptions());
  rewrite.choice = chooseSites(variants, sites, maxVariants);
}

/// The peak of `function`, if what was chosen were rewritten by exact
/// accumulators.
llvm::Expected<int64_t>
RewritePass::assessExactly(FunctionOpInterface function,
                           const FunctionRewrite &rewrite) {
  const SitePatterns patterns(&getContext(), wantedKinds, Accumulator::Exact);
  OwningOpRef<Operation *> copy = cloneWithoutPayloads(function);
  Block &block = copy->getRegion(0).front();
  applySites(block, rewrite.list.sites, rewrite.choice.chosen, patterns);
  llvm::Expected<Assessment> exact = assess(block, assessmentOptions());
  if (!exact)
    return exact.takeError();
  return exact->peakBytes;
}

/// Rewrites what is worth it in `function`.
llvm::Expected<FunctionRewrite>
RewritePass::rewrite(FunctionOpInterface function) {
  Region &body = function.getFunctionBody();
  const SitePatterns patterns(&getContext(), wantedKinds, accumulator);
  FunctionRewrite rewrite;
  for (auto [position, op] : llvm::enumerate(body.front()))
    rewrite.names.push_back(nameKernel(&op, position));
  OwningOpRef<Operation *> copy = cloneWithoutPayloads(function);
  rewrite.list = rewriteSites(copy->getRegion(0).front(), patterns);
  if (llvm::Error error =
          assess(body.front(), assessmentOptions()).moveInto(rewrite.before))
    return error;
  choose(body, patterns, rewrite);
  if (llvm::Error error =
          assessExactly(function, rewrite).moveInto(rewrite.exactPeakBytes))
    return error;
  applySites(body.front(), rewrite.list.sites, rewrite.choice.chosen, patterns);
  if (llvm::Error error =
          assess(body.front(), assessmentOptions()).moveInto(rewrite.after))
    return error;
  return rewrite;
}

LogicalResult RewritePass::rewriteFunction(FunctionOpInterface function,
                                           json::Array &reports) {
  if (!isSupported(function))
    return success();
  const auto start = std::chrono::steady_clock::now();
  llvm::Expected<FunctionRewrite> result = rewrite(function);
  if (!result)
    return emitError(function.getLoc(), "cannot be rewritten: ")
           << llvm::toString(result.takeError());
  const std::chrono::duration<double, std::milli> elapsed =
      std::chrono::steady_clock::now() - start;
  result->milliseconds = elapsed.count();
  if (result->isAnyChosen())
    function->setDiscardableAttr(
        "serenity.accumulator",
        StringAttr::get(&getContext(), toString(accumulator)));
  remarkOn(function, *result);
  reports.push_back(describe(function, *result));
  return success();
}

/// Says what became of the site called `number`.
static void remarkOnSite(StringRef function, const FunctionRewrite &rewrite,
                         size_t number) {
  const RewriteSite &site = rewrite.list.sites[number];
  const KernelName &kernel = rewrite.names[site.position];
  const auto kind = remark::metric("Kind", toString(site.kind));
  const auto name = remark::metric("Kernel", kernel.name);
  if (rewrite.choice.chosen[number])
    remark::passed(kernel.location, remarkNamed("Rewritten", function))
        << kind << name;
  else
    remark::missed(kernel.location, remarkNamed("NotWorthwhile", function))
        << remark::reason("neither the peak nor the number of kernels falls")
        << kind << name
        << remark::metric("OtherPeakBytes", rewrite.choice.otherPeaks[number]);
}

/// Tells the user of `--remarks-filter=serenity` what was gained, and why
/// kernels were left alone.
void RewritePass::remarkOn(FunctionOpInterface function,
                           const FunctionRewrite &rewrite) {
  const StringRef functionName = function.getName();
  for (size_t number = 0; number < rewrite.list.sites.size(); ++number)
    remarkOnSite(functionName, rewrite, number);
  for (const MissedSite &missed : rewrite.list.missed)
    remark::missed(rewrite.names[missed.position].location,
                   remarkNamed("NotRewritten", functionName))
        << remark::reason("{0}", missed.reason)
        << remark::metric("Kernel", rewrite.names[missed.position].name);
  remark::analysis(function.getLoc(), remarkNamed("Peak", functionName))
      << remark::metric("UnrewrittenPeakBytes", rewrite.before.peakBytes)
      << remark::metric("PeakBytes", rewrite.after.peakBytes)
      << remark::metric("ExactAccumulatorPeakBytes", rewrite.exactPeakBytes)
      << remark::metric("Accumulator", toString(accumulator));
}

/// What a report says of a site, or of a kernel that is none.
static json::Object describeKernel(const KernelName &kernel, json::Value kind,
                                   bool isRewritten, json::Value otherPeak,
                                   json::Value reason) {
  return json::Object{{"index", kernel.index},
                      {"name", json::fixUTF8(kernel.name)},
                      {"kind", std::move(kind)},
                      {"rewritten", isRewritten},
                      {"other_peak_bytes", std::move(otherPeak)},
                      {"reason", std::move(reason)}};
}

static json::Array describeSites(const FunctionRewrite &rewrite,
                                 bool withOtherPeaks) {
  json::Array sites;
  for (auto [number, site] : llvm::enumerate(rewrite.list.sites))
    sites.push_back(describeKernel(
        rewrite.names[site.position], toString(site.kind),
        rewrite.choice.chosen[number],
        withOtherPeaks ? json::Value(rewrite.choice.otherPeaks[number])
                       : json::Value(nullptr),
        nullptr));
  for (const MissedSite &missed : rewrite.list.missed)
    sites.push_back(describeKernel(rewrite.names[missed.position], nullptr,
                                   /*isRewritten=*/false, nullptr,
                                   json::fixUTF8(missed.reason)));
  return sites;
}

json::Object RewritePass::describe(FunctionOpInterface function,
                                   const FunctionRewrite &rewrite) {
  const bool byCost = select == SiteSelection::Cost;
  return json::Object{{"function", json::fixUTF8(function.getName())},
                      {"concat_model", serenity::toString(concat.getValue())},
                      {"inplace", inPlace.getValue()},
                      {"accumulator", toString(accumulator)},
                      {"select", byCost ? "cost" : "all"},
                      {"unrewritten_peak_bytes", rewrite.before.peakBytes},
                      {"peak_bytes", rewrite.after.peakBytes},
                      {"lower_bound_bytes", rewrite.after.lowerBoundBytes},
                      {"proven_optimal", rewrite.after.isProven()},
                      {"exact_accumulator_peak_bytes", rewrite.exactPeakBytes},
                      {"unrewritten_kernels", rewrite.before.kernels},
                      {"kernels", rewrite.after.kernels},
                      {"choice_proven", byCost && rewrite.choice.provenBest},
                      {"variants", rewrite.choice.variants},
                      {"states", rewrite.after.states},
                      {"solve_ms", rewrite.milliseconds},
                      {"sites", describeSites(rewrite, byCost)}};
}
