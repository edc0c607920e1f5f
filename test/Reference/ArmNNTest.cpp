//===- ArmNNTest.cpp - Real models compute what Arm NN computes -----------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ArmNNExecutor.h"
#include "CompiledNetwork.h"

#include <gtest/gtest.h>
#include <iostream>

using namespace serenity;
using namespace serenity::reference;

namespace {

class ArmNNTest : public ::testing::TestWithParam<std::string> {};

TEST_P(ArmNNTest, AgreesOnTenSeeds) {
  const std::string file =
      readFile(SERENITY_SHARED_DATA "/models/" + GetParam() + ".tflite");
  if (file.empty())
    GTEST_SKIP() << "no " << GetParam() << " in " SERENITY_SHARED_DATA;
  ArmNNExecutor executor(file);
  CompiledNetwork network = compileNetwork(file, getVariant("scheduled"));
  ASSERT_TRUE(network.program);
  Agreement agreement;
  for (uint64_t seed = 0; seed < 10; ++seed) {
    const auto inputs = drawInputs(*network.program, seed);
    agreement.add(runNetwork(network, inputs), executor.run(inputs));
  }
  std::cout << GetParam() << ": " << agreement.numIdentical << " of "
            << agreement.numElements << " elements are bit-identical\n";
}

// Arm NN 20.08 refuses person_detect, whose biases have scales along
// dimension 3. CpuRef computes quantised additions and softmax in floats, which
// rounds other than TFLite's kernels and lets kws and resnet8-int8 drift apart.
INSTANTIATE_TEST_SUITE_P(Shared, ArmNNTest,
                         ::testing::Values("swiftnet-vww-uint8", "vww96-int8",
                                           "resnet8-float"),
                         [](const auto &info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

} // namespace
