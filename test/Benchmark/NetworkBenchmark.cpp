//===- NetworkBenchmark.cpp - Proving orders of published networks --------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The exact search, without reading the file, on the networks of the shared
// data: as they are, with activations fused, and in place. Registers nothing
// where the data is absent. Counters as in ScheduleBenchmark.
//
//===----------------------------------------------------------------------===//

#include "ScheduleCounters.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/PassManager.h"
#include "serenity/Analysis/BlockGraph.h"
#include "serenity/Dialect/Serenity/Transforms/Passes.h"
#include "serenity/Target/ONNX/Import.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace serenity;

namespace {

struct Variant {
  const char *name;
  bool isFused;
  bool isInPlace;
};

constexpr Variant kVariants[] = {
    {"", false, false}, {"Fused", true, false}, {"InPlace", false, true}};

/// The graph of the network in `file`.
core::Graph readGraph(llvm::MemoryBufferRef file, const Variant &variant) {
  MLIRContext context;
  // What the file leaves out is not measured here.
  ScopedDiagnosticHandler quiet(&context, [](Diagnostic &) {});
  OwningOpRef<ModuleOp> module = importONNX(file, {}, &context);
  PassManager passes(&context);
  if (variant.isFused)
    passes.addPass(createFuseActivationsPass());
  if (!module || failed(passes.run(*module)))
    llvm::report_fatal_error(file.getBufferIdentifier());
  auto function = *module->getOps<func::FuncOp>().begin();
  const MemoryModel model{ConcatModel::Copy, variant.isInPlace};
  return llvm::cantFail(BlockGraph::build(function.front(), model)).getGraph();
}

const bool kRegistered = [] {
  for (llvm::StringRef name :
       {"darts-cifar", "nasnet-cifar", "randwire-s0", "randwire-s1",
        "googlenet", "inception_v3", "shufflenet_v2_x1_0"}) {
    auto file = llvm::MemoryBuffer::getFile(
        llvm::Twine(SERENITY_SHARED_DATA "/networks/") + name + ".onnx");
    if (!file)
      continue;
    for (const Variant &variant : kVariants)
      benchmark::RegisterBenchmark(
          (llvm::Twine("BM_Exact") + variant.name + "_" + name).str().c_str(),
          [graph = readGraph(**file, variant)](benchmark::State &state) {
            core::measureSchedule(state, graph, core::ScheduleOptions());
          })
          ->Unit(benchmark::kMillisecond);
  }
  return true;
}();

} // namespace
