//===- RandomNetworksTest.cpp - Random networks compute what they should --===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CompiledNetwork.h"
#include "Interpreter.h"
#include "RandomNetwork.h"

#include <gtest/gtest.h>

using namespace serenity;
using namespace serenity::reference;

namespace {

TEST(RandomNetworksTest, AgreeWithTheInterpreter) {
  const std::vector<Variant> variants = getVariants();
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const Variant &variant = variants[seed % variants.size()];
    SCOPED_TRACE("seed " + std::to_string(seed) + ", " + variant.name);
    const std::string file = RandomNetwork(seed).pack();
    CompiledNetwork network = compileNetwork(file, variant);
    ASSERT_TRUE(network.program);
    const auto inputs = drawInputs(*network.program, seed);
    Agreement agreement;
    agreement.add(runNetwork(network, inputs), Interpreter(file).run(inputs));
    const bool isFloat =
        inputs[0].shape.element.kind == ElementType::Kind::Float;
    // Integers are exact.
    EXPECT_TRUE(isFloat || agreement.numIdentical == agreement.numElements);
    if (HasFailure())
      return;
  }
}

using Outputs = std::vector<HostTensor>;

bool areDifferent(const Outputs &outputs, const Outputs &expected) {
  for (size_t i = 0; i < outputs.size(); ++i)
    if (compareTensors(outputs[i], expected[i]).largest > 1e-5)
      return true;
  return false;
}

TEST(RandomNetworksTest, OneWrongWeightIsCaught) {
  int numCaught = 0;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomNetwork network(seed);
    if (network.filterBuffers.empty())
      continue;
    const std::string original = network.pack();
    // The highest byte of a float has most of its exponent.
    network.builder.model.buffers[network.filterBuffers.back()]->data[3] ^=
        0x40;
    const std::string wrong = network.pack();
    CompiledNetwork compiled = compileNetwork(wrong, getVariant("scheduled"));
    ASSERT_TRUE(compiled.program);
    const auto inputs = drawInputs(*compiled.program, seed);
    const Outputs expected = Interpreter(original).run(inputs);
    // Some weights only meet padding, or what an activation clamps.
    const bool isCaught = areDifferent(runNetwork(compiled, inputs), expected);
    EXPECT_EQ(isCaught, areDifferent(Interpreter(wrong).run(inputs), expected));
    numCaught += isCaught;
  }
  EXPECT_GE(numCaught, 5);
}

} // namespace
