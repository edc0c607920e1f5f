//===- CompiledNetwork.cpp - A TFLite file, compiled and run --------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CompiledNetwork.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "serenity/InitAll.h"
#include "llvm/Support/MemoryBuffer.h"

#include <gtest/gtest.h>

using namespace mlir;
using namespace serenity;
using namespace serenity::reference;

std::vector<Variant> reference::getVariants() {
  const std::string slices = "{concat=slice inplace=true}";
  const std::string rewrittenInSlices =
      "canonicalize,serenity-rewrite{select=all concat=slice inplace=true},"
      "serenity-schedule" +
      slices + ",serenity-form-accumulations";
  return {
      {"as written", "", ""},
      {"scheduled", "canonicalize,serenity-schedule", "serenity.peak_bytes"},
      {"planned in slices",
       "canonicalize,serenity-schedule" + slices + ",serenity-plan-arena",
       "serenity.arena_bytes"},
      {"rewritten by cost",
       "canonicalize,serenity-rewrite,serenity-schedule,"
       "serenity-form-accumulations",
       "serenity.peak_bytes"},
      {"rewritten everywhere in slices", rewrittenInSlices,
       "serenity.peak_bytes"},
      {"rewritten everywhere and planned in slices",
       rewrittenInSlices + ",serenity-plan-arena", "serenity.arena_bytes"}};
}

Variant reference::getVariant(StringRef name) {
  const std::vector<Variant> variants = getVariants();
  return *llvm::find_if(
      variants, [&](const Variant &variant) { return variant.name == name; });
}

std::string reference::readFile(const std::string &path) {
  auto file = llvm::MemoryBuffer::getFile(path);
  return file ? (*file)->getBuffer().str() : "";
}

/// Passes can be registered once only.
static void registerPasses() {
  static const bool isDone = [] {
    serenity::registerAllPasses();
    registerTransformsPasses();
    return true;
  }();
  (void)isDone;
}

static DialectRegistry createRegistry() {
  DialectRegistry registry;
  serenity::registerAllDialects(registry);
  serenity::registerAllExtensions(registry);
  registerProgramTranslations(registry);
  return registry;
}

CompiledNetwork reference::compileNetwork(const std::string &file,
                                          const Variant &variant,
                                          TFLiteImportOptions options) {
  registerPasses();
  MLIRContext context(createRegistry());
  std::string error;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    error += diagnostic.str() + "\n";
  });
  CompiledNetwork network;
  const auto compile = [&]() -> LogicalResult {
    options.keepWeights = true;
    OwningOpRef<ModuleOp> module =
        importTFLite({file, "network.tflite"}, options, &context);
    PassManager pm(&context);
    if (!module || failed(parsePassPipeline(variant.pipeline, pm)) ||
        failed(pm.run(*module)))
      return failure();
    Operation *function = module->lookupSymbol("main");
    if (auto bytes = function->getAttrOfType<IntegerAttr>(variant.promise))
      network.promisedBytes = bytes.getInt();
    auto program = Program::compile(std::move(module), {});
    if (failed(program))
      return failure();
    network.program = std::move(*program);
    return success();
  };
  EXPECT_TRUE(succeeded(compile())) << variant.name << ": " << error;
  EXPECT_EQ(network.promisedBytes.has_value(), !variant.promise.empty());
  return network;
}

std::vector<HostTensor> reference::drawInputs(const Program &program,
                                              uint64_t seed) {
  core::RandomSource random(seed);
  std::vector<HostTensor> inputs;
  for (const TensorShape &shape : program.getSignature().inputs)
    inputs.push_back(drawTensor(shape, random));
  return inputs;
}

std::vector<HostTensor>
reference::runNetwork(CompiledNetwork &network,
                      const std::vector<HostTensor> &inputs) {
  llvm::Expected<RunResult> result = network.program->run(inputs);
  if (!result) {
    ADD_FAILURE() << llvm::toString(result.takeError());
    return {};
  }
  EXPECT_EQ(result->heap.peakBytes,
            network.promisedBytes.value_or(result->heap.peakBytes));
  EXPECT_EQ(result->heap.leftBytes, 0);
  return std::move(result->outputs);
}

void Agreement::add(const std::vector<HostTensor> &outputs,
                    const std::vector<HostTensor> &expected) {
  ASSERT_EQ(outputs.size(), expected.size());
  for (size_t i = 0; i < outputs.size(); ++i) {
    ASSERT_TRUE(areCompatible(outputs[i].shape, expected[i].shape))
        << outputs[i].shape.str() << " and " << expected[i].shape.str();
    const bool isFloat =
        outputs[i].shape.element.kind == ElementType::Kind::Float;
    const TensorDifference difference = compareTensors(outputs[i], expected[i]);
    EXPECT_LE(difference.largest, isFloat ? 1e-5 : 1) << "output " << i;
    numIdentical += difference.numIdentical;
    numElements += difference.numElements;
  }
}
