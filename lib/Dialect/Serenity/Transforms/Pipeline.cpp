//===- Pipeline.cpp - From a network to a plan for a device ---------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Dialect/Serenity/Transforms/Pipeline.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"

using namespace mlir;
using namespace serenity;

/// Rewrites and orders for least memory.
static void addMemoryPasses(OpPassManager &pm,
                            const MemoryPipelineOptions &options) {
  RewritePassOptions rewrite;
  rewrite.concat = options.concat;
  rewrite.inPlace = options.inPlace;
  pm.addPass(createRewritePass(rewrite));
  SchedulePassOptions schedule;
  schedule.budgetBytes = options.budget;
  schedule.concat = options.concat;
  schedule.inPlace = options.inPlace;
  pm.addPass(createSchedulePass(schedule));
}

/// Rewrites and orders for memory and latency.
static void addSelection(OpPassManager &pm,
                         const MemoryPipelineOptions &options) {
  SelectPassOptions select;
  select.devicePath = options.device;
  select.proxyPath = options.proxy;
  select.measurementsPath = options.measurements;
  select.budgetBytes = options.budget;
  select.objective = options.objective;
  select.concat = options.concat;
  select.inPlace = options.inPlace;
  select.reportPath = options.front;
  pm.addPass(createSelectPass(select));
}

void serenity::buildMemoryPipeline(OpPassManager &pm,
                                   const MemoryPipelineOptions &options) {
  const bool hasDevice = !options.device.empty();
  if (hasDevice)
    addSelection(pm, options);
  else
    addMemoryPasses(pm, options);
  pm.addPass(createFormAccumulationsPass());
  PlanArenaPassOptions arena;
  arena.alignment = options.alignment;
  arena.reportPath = options.report;
  pm.addPass(createPlanArenaPass(arena));
  if (!hasDevice)
    return;
  AnnotateLatencyPassOptions latency;
  latency.devicePath = options.device;
  latency.proxyPath = options.proxy;
  latency.measurementsPath = options.measurements;
  pm.addPass(createAnnotateLatencyPass(latency));
}

void serenity::registerMemoryPipeline() {
  PassPipelineRegistration<MemoryPipelineOptions>(
      "serenity-pipeline",
      "Rewrite, order and place a network for least memory, or for a device "
      "by memory and latency",
      buildMemoryPipeline);
}
