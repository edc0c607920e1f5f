//===- ModelsTest.cpp - Real models compute what they should --------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The shared models, compiled in every variant, against the reference
// interpreter: the same numbers, in as many bytes as were promised.
//
//===----------------------------------------------------------------------===//

#include "CompiledNetwork.h"
#include "Interpreter.h"

#include <gtest/gtest.h>
#include <iostream>

using namespace serenity;
using namespace serenity::reference;

namespace {

constexpr uint64_t kNumSeeds = 10;

struct Model {
  std::string name;
  /// Operators after which only their result is alive, and it is not yet
  /// squeezed into a few classes.
  std::vector<int64_t> waists;
};

class ModelsTest : public ::testing::TestWithParam<Model> {
protected:
  void SetUp() override {
    file =
        readFile(SERENITY_SHARED_DATA "/models/" + GetParam().name + ".tflite");
    if (file.empty())
      GTEST_SKIP() << "no " << GetParam().name << " in " SERENITY_SHARED_DATA;
  }

  void report(const std::string &what, const Agreement &agreement) const {
    std::cout << GetParam().name << ", " << what << ": "
              << agreement.numIdentical << " of " << agreement.numElements
              << " elements are bit-identical\n";
  }

  std::string file;
};

TEST_P(ModelsTest, EveryVariantAgreesWithTheInterpreter) {
  Interpreter interpreter(file);
  std::vector<std::vector<HostTensor>> expected;
  for (const Variant &variant : getVariants()) {
    SCOPED_TRACE(variant.name);
    CompiledNetwork network = compileNetwork(file, variant);
    ASSERT_TRUE(network.program);
    Agreement agreement;
    for (uint64_t seed = 0; seed < kNumSeeds; ++seed) {
      const auto inputs = drawInputs(*network.program, seed);
      if (expected.size() <= seed)
        expected.push_back(interpreter.run(inputs));
      agreement.add(runNetwork(network, inputs), expected[seed]);
    }
    report(variant.name, agreement);
    // The interpreter rounds integers as the kernels do.
    const bool isFloat = GetParam().name == "resnet8-float";
    EXPECT_TRUE(isFloat || agreement.numIdentical == agreement.numElements);
  }
}

TEST_P(ModelsTest, WhatIsInsideAgreesWithTheInterpreter) {
  const Variant variant = getVariant("rewritten everywhere in slices");
  for (int64_t last : GetParam().waists) {
    SCOPED_TRACE("operators 0 to " + std::to_string(last));
    TFLiteImportOptions options;
    options.operators = {0, last};
    CompiledNetwork network = compileNetwork(file, variant, options);
    ASSERT_TRUE(network.program);
    Interpreter interpreter(file);
    Agreement agreement;
    for (uint64_t seed = 0; seed < 3; ++seed) {
      const auto inputs = drawInputs(*network.program, seed);
      agreement.add(runNetwork(network, inputs),
                    interpreter.run(inputs, last + 1));
    }
    report("to operator " + std::to_string(last), agreement);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Shared, ModelsTest,
    ::testing::Values(Model{"swiftnet-vww-uint8", {57}},
                      Model{"vww96-int8", {9, 29}}, Model{"kws-int8", {4, 11}},
                      Model{"resnet8-int8", {3, 14}},
                      Model{"resnet8-float", {3, 14}},
                      Model{"person_detect-int8", {9, 29}}),
    [](const auto &info) {
      std::string name = info.param.name;
      std::replace(name.begin(), name.end(), '-', '_');
      return name;
    });

/// SwiftNet's cells, from its first to its last operator.
class CellsTest : public ::testing::TestWithParam<std::pair<int64_t, int64_t>> {
};

TEST_P(CellsTest, EveryVariantComputesTheSame) {
  const std::string file =
      readFile(SERENITY_SHARED_DATA "/models/swiftnet-vww-uint8.tflite");
  if (file.empty())
    GTEST_SKIP() << "no SwiftNet in " SERENITY_SHARED_DATA;
  std::vector<HostTensor> expected;
  for (const Variant &variant : getVariants()) {
    SCOPED_TRACE(variant.name);
    TFLiteImportOptions options;
    options.operators = GetParam();
    CompiledNetwork network = compileNetwork(file, variant, options);
    ASSERT_TRUE(network.program);
    auto outputs = runNetwork(network, drawInputs(*network.program, 1));
    if (expected.empty())
      expected = outputs;
    Agreement agreement;
    agreement.add(outputs, expected);
    EXPECT_EQ(agreement.numIdentical, agreement.numElements);
  }
}

INSTANTIATE_TEST_SUITE_P(SwiftNet, CellsTest,
                         ::testing::Values(std::pair(5, 32), std::pair(34, 56),
                                           std::pair(58, 81)));

} // namespace
