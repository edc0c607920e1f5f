//===- schedule-file.cpp - Serenity inside another MLIR program -----------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "serenity/Dialect/Serenity/Transforms/Passes.h"
#include "serenity/InitAll.h"

using namespace mlir;

namespace {

/// The custom kernels of this program's back end work in a buffer of their own.
struct CustomOpModel
    : serenity::ActivationMemoryOpInterface::ExternalModel<CustomOpModel,
                                                           tosa::CustomOp> {
  int64_t getScratchBytes(Operation *) const { return 4096; }
};

} // namespace

static DialectRegistry makeRegistry() {
  DialectRegistry registry;
  registry.insert<func::FuncDialect, tosa::TosaDialect>();
  serenity::registerAllDialects(registry);
  serenity::registerAllExtensions(registry);
  registry.addExtension(+[](MLIRContext *context, tosa::TosaDialect *) {
    tosa::CustomOp::attachInterface<CustomOpModel>(*context);
  });
  return registry;
}

static LogicalResult schedule(ModuleOp module) {
  serenity::SchedulePassOptions options;
  options.concat = serenity::ConcatModel::View;
  PassManager manager(module.getContext());
  manager.addPass(serenity::createSchedulePass(options));
  return manager.run(module);
}

/// Prints the least peak of every function in the file named.
int main(int argc, char **argv) {
  MLIRContext context(makeRegistry());
  OwningOpRef<ModuleOp> module =
      argc == 2 ? parseSourceFile<ModuleOp>(argv[1], &context) : nullptr;
  if (!module || failed(schedule(*module)))
    return 1;
  for (auto function : module->getOps<func::FuncOp>())
    llvm::outs() << function.getName() << ": "
                 << function->getAttr("serenity.peak_bytes") << "\n";
}
