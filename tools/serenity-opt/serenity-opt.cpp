//===- serenity-opt.cpp - Runs passes on a module -------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// mlir-opt with the dialect and passes of the project, and exit codes that tell
// a request that cannot be met from input that is wrong.
//
//===----------------------------------------------------------------------===//

#include "Progress.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Pass/PassInstrumentation.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "serenity/Dialect/Serenity/Transforms/SearchStep.h"
#include "serenity/InitAll.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/ToolOutputFile.h"

#include <atomic>

using namespace mlir;

namespace {

enum ExitCode { Done = 0, RequestUnmet = 1, BadInput = 2, LimitHit = 3 };

/// What the passes said of the functions they worked on.
struct Outcome {
  std::atomic<bool> unmetRequest{false};
  std::atomic<bool> limitHit{false};
};

/// Shows the steps of long searches, unless the user looks at actions himself.
/// The line goes before anything is reported.
class SearchObserver {
public:
  void observe(MLIRContext &context) {
    if (context.hasActionHandler())
      return;
    context.registerActionHandler(
        [this](function_ref<void()> run, const tracing::Action &action) {
          if (auto *step = dyn_cast<serenity::SearchStepAction>(&action))
            show(step->getText());
          run();
        });
    context.getDiagEngine().registerHandler([this](Diagnostic &) {
      stop();
      return failure();
    });
  }

  /// Takes the line away.
  void stop() { progress.reset(); }

private:
  void show(const std::string &text) {
    if (!progress)
      progress.emplace();
    progress->setStep(text);
  }

  std::optional<Progress> progress;
};

/// Reads the outcome off the functions after every pass.
class OutcomeObserver : public PassInstrumentation {
public:
  OutcomeObserver(Outcome &outcome, SearchObserver &searches)
      : outcome(outcome), searches(searches) {}

  void runAfterPass(Pass *, Operation *op) override { observe(op); }
  void runAfterPassFailed(Pass *, Operation *op) override { observe(op); }

private:
  void observe(Operation *op) {
    if (isa<ModuleOp>(op))
      searches.stop();
    op->walk([&](FunctionOpInterface function) {
      if (function->hasAttr("serenity.unmet_budget_bytes") ||
          function->hasAttr("serenity.unmet_capacity_bytes"))
        outcome.unmetRequest = true;
      if (function->hasAttr("serenity.stopped_by") ||
          function->hasAttr("serenity.arena_stopped_by"))
        outcome.limitHit = true;
    });
  }

  Outcome &outcome;
  SearchObserver &searches;
};

/// Runs the pipeline of the command line on `inputFile`.
LogicalResult run(StringRef inputFile, StringRef outputFile,
                  DialectRegistry &registry, const MlirOptMainConfig &config) {
  std::string error;
  std::unique_ptr<llvm::MemoryBuffer> input = openInputFile(inputFile, &error);
  std::unique_ptr<llvm::ToolOutputFile> output =
      input ? openOutputFile(outputFile, &error) : nullptr;
  if (!output) {
    llvm::errs() << error << "\n";
    return failure();
  }
  if (failed(MlirOptMain(output->os(), std::move(input), registry, config)))
    return failure();
  output->keep();
  return success();
}

} // namespace

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  mlir::registerAllPasses();
  serenity::registerAllDialects(registry);
  serenity::registerAllExtensions(registry);
  serenity::registerAllPasses();
  auto [inputFile, outputFile] = registerAndParseCLIOptions(
      argc, argv, "serenity optimiser driver\n", registry);

  Outcome outcome;
  SearchObserver searches;
  const MlirOptMainConfig commandLine =
      MlirOptMainConfig::createFromCLOptions();
  MlirOptMainConfig config = commandLine;
  config.setPassPipelineSetupFn([&](PassManager &pm) {
    pm.addInstrumentation(std::make_unique<OutcomeObserver>(outcome, searches));
    searches.observe(*pm.getContext());
    return commandLine.setupPassPipeline(pm);
  });
  if (failed(run(inputFile, outputFile, registry, config)))
    return outcome.unmetRequest ? RequestUnmet : BadInput;
  return outcome.unmetRequest || outcome.limitHit ? LimitHit : Done;
}
