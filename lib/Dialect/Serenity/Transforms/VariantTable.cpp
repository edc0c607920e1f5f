//===- VariantTable.cpp - Variants to measure and to report ---------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "VariantTable.h"

#include "mlir/Pass/PassManager.h"
#include "serenity/Analysis/Status.h"
#include "serenity/Dialect/Serenity/Transforms/Passes.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace serenity;
namespace json = llvm::json;

std::vector<core::PeakAndLatency> VariantTable::getPoints() const {
  std::vector<core::PeakAndLatency> points;
  for (auto [row, latency] : llvm::zip_equal(rows, latencies))
    points.push_back(
        {static_cast<double>(row.peakBytes), latency.microseconds});
  return points;
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

/// The name of variant `number`: of characters that any file system and table
/// has.
static std::string makeId(StringRef functionName, size_t number) {
  std::string id = functionName.take_front(100).str();
  for (char &c : id)
    if (!llvm::isAlnum(c))
      c = '_';
  return id + "-" + std::to_string(number);
}

static core::MeasuredVariant makeRow(std::string id,
                                     const NetworkVariant &variant) {
  core::MeasuredVariant row;
  row.id = std::move(id);
  row.peakBytes = variant.peakBytes;
  row.costs = variant.costs;
  row.predictedLatency = variant.predicted.microseconds;
  return row;
}

/// Takes over what was measured of the variant `row`.
static llvm::Error addMeasurement(const core::MeasuredVariant &measured,
                                  core::MeasuredVariant &row) {
  if (measured.peakBytes != row.peakBytes)
    return llvm::createStringError(llvm::formatv(
        "the measurement of '{0}' is of a variant of {1} bytes, but that one "
        "has {2} bytes",
        row.id, measured.peakBytes, row.peakBytes));
  row.measuredLatency = measured.measuredLatency;
  row.file = measured.file;
  return llvm::Error::success();
}

static void findFront(VariantTable &table) {
  std::vector<core::ParetoPoint> points;
  for (const core::PeakAndLatency &point : table.getPoints())
    points.push_back({point.peakBytes, point.latency});
  table.isOnFront.assign(points.size(), false);
  for (size_t i : core::paretoFront(points))
    table.isOnFront[i] = true;
}

llvm::Expected<VariantTable>
serenity::makeTable(FunctionOpInterface function, const VariantSet &set,
                    ArrayRef<core::MeasuredVariant> measurements) {
  llvm::StringMap<const core::MeasuredVariant *> measuredById;
  for (const core::MeasuredVariant &measured : measurements)
    if (measured.measuredLatency)
      measuredById[measured.id] = &measured;
  VariantTable table;
  for (auto [number, variant] : llvm::enumerate(set.variants)) {
    table.rows.push_back(makeRow(makeId(function.getName(), number), variant));
    table.latencies.push_back(variant.predicted);
    if (const auto *measured = measuredById.lookup(table.rows.back().id))
      if (llvm::Error error = addMeasurement(*measured, table.rows.back()))
        return error;
  }
  if (!measurements.empty()) {
    absl::StatusOr<std::vector<core::OperationEstimate>> adapted =
        core::adaptToMeasurements(table.rows);
    if (!adapted.ok())
      return toError(adapted.status());
    table.latencies = *std::move(adapted);
  }
  findFront(table);
  return table;
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

/// Makes `variant` of the function `functionName` of a copy of `module` and
/// plans its arena.
static llvm::Expected<OwningOpRef<ModuleOp>>
buildVariant(ModuleOp module, StringRef functionName, const VariantSet &set,
             const NetworkVariant &variant, const LatencyTarget &target,
             const VariantSearchOptions &options) {
  OwningOpRef<ModuleOp> copy = module.clone();
  auto function = cast<FunctionOpInterface>(
      SymbolTable::lookupSymbolIn(*copy, functionName));
  llvm::Expected<AppliedVariant> applied =
      applyVariant(function, set, variant, target, options);
  if (!applied)
    return applied.takeError();
  PassManager pm(module.getContext());
  pm.addPass(createFormAccumulationsPass());
  pm.addPass(createPlanArenaPass());
  if (failed(pm.run(*copy)))
    return llvm::createStringError("the arena cannot be planned");
  return copy;
}

/// Writes `module` to `path`, by a temporary file.
static llvm::Error writeModule(ModuleOp module, StringRef path) {
  return llvm::writeToOutput(path, [&](llvm::raw_ostream &os) {
    module.print(os, OpPrintingFlags().enableDebugInfo());
    return llvm::Error::success();
  });
}

llvm::Error serenity::writeVariants(ModuleOp module, StringRef functionName,
                                    const VariantSet &set,
                                    const LatencyTarget &target,
                                    const VariantSearchOptions &options,
                                    StringRef directory, size_t count,
                                    VariantTable &table) {
  if (std::error_code error = llvm::sys::fs::create_directories(directory))
    return llvm::createFileError(directory, error);
  absl::StatusOr<std::vector<size_t>> chosen =
      core::chooseToMeasure(table.rows, table.isOnFront, count);
  if (!chosen.ok())
    return toError(chosen.status());
  for (size_t number : *chosen) {
    core::MeasuredVariant &row = table.rows[number];
    llvm::Expected<OwningOpRef<ModuleOp>> variant = buildVariant(
        module, functionName, set, set.variants[number], target, options);
    if (!variant)
      return variant.takeError();
    row.file = row.id + ".mlir";
    SmallString<128> path(directory);
    llvm::sys::path::append(path, row.file);
    if (llvm::Error error = writeModule(variant->get(), path))
      return llvm::createFileError(path, std::move(error));
  }
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// The report
//===----------------------------------------------------------------------===//

static json::Object describeVariant(const NetworkVariant &variant,
                                    const core::MeasuredVariant &row,
                                    const core::OperationEstimate &latency,
                                    bool isOnFront) {
  json::Array sites;
  for (auto [number, isChosen] : llvm::enumerate(variant.sites))
    if (isChosen)
      sites.push_back(static_cast<int64_t>(number));
  const absl::string_view strategy = core::toString(variant.strategy);
  return json::Object{{"id", row.id},
                      {"sites", std::move(sites)},
                      {"strategy", StringRef(strategy.data(), strategy.size())},
                      {"inplace", variant.inPlace},
                      {"peak_bytes", variant.peakBytes},
                      {"latency_us", latency.microseconds},
                      {"latency_stddev_us", latency.stddev},
                      {"predicted_us", variant.predicted.microseconds},
                      {"measured_us", row.measuredLatency
                                          ? json::Value(*row.measuredLatency)
                                          : json::Value(nullptr)},
                      {"work_us", variant.workMicroseconds},
                      {"traffic_us", variant.trafficMicroseconds},
                      {"traffic_bytes", variant.costs.trafficBytes},
                      {"launches", variant.costs.launches},
                      {"on_front", isOnFront}};
}

json::Object
serenity::describeSelection(const VariantSet &set, const VariantTable &table,
                            size_t chosen,
                            const core::DeviceDescription &device) {
  json::Array sites, variants;
  for (auto [site, name] : llvm::zip_equal(set.list.sites, set.siteNames))
    sites.push_back(json::Object{{"name", json::fixUTF8(name)},
                                 {"kind", toString(site.kind)}});
  for (size_t i = 0; i < set.variants.size(); ++i)
    variants.push_back(describeVariant(set.variants[i], table.rows[i],
                                       table.latencies[i], table.isOnFront[i]));
  return json::Object{{"device", json::fixUTF8(device.name)},
                      {"fast_memory_bytes", device.fastMemoryBytes},
                      {"sites", std::move(sites)},
                      {"pruned_subsets", set.numPruned},
                      {"chosen", static_cast<int64_t>(chosen)},
                      {"variants", std::move(variants)}};
}
