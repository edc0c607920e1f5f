//===- RunBenchmark.cpp - Generated code against textbook kernels ---------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// SwiftNet without its softmax, scheduled and compiled, and as a sequence of
// plain C kernels at -O3, in turns on the same input. `ratio` is the time of
// the generated code over that of the plain one; it includes the copies of the
// input and of the output, and the memory that is filled with patterns.
//
//===----------------------------------------------------------------------===//

#include "CompiledNetwork.h"
#include "TextbookNetwork.h"

#include <benchmark/benchmark.h>
#include <chrono>

using namespace serenity;
using namespace serenity::reference;

/// Without the softmax, which is the last one.
static constexpr int64_t kNumOperators = 84;

template <typename Body> static double measureSeconds(Body body) {
  const auto start = std::chrono::steady_clock::now();
  body();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
      .count();
}

static void BM_Run_SwiftNet(benchmark::State &state) {
  const std::string file =
      readFile(SERENITY_SHARED_DATA "/models/swiftnet-vww-uint8.tflite");
  if (file.empty())
    return state.SkipWithError("no SwiftNet in " SERENITY_SHARED_DATA);
  TFLiteImportOptions options;
  options.operators = {0, kNumOperators - 1};
  CompiledNetwork network =
      compileNetwork(file, getVariant("scheduled"), options);
  const auto inputs = drawInputs(*network.program, /*seed=*/1);
  TextbookNetwork textbook(file, kNumOperators);
  textbook.getInput().assign(inputs[0].data.begin(), inputs[0].data.end());
  double generatedSeconds = 0, textbookSeconds = 0;
  std::vector<HostTensor> outputs = runNetwork(network, inputs);
  for (auto _ : state) {
    const double seconds =
        measureSeconds([&] { outputs = runNetwork(network, inputs); });
    state.SetIterationTime(seconds);
    generatedSeconds += seconds;
    textbookSeconds += measureSeconds([&] { textbook.run(); });
  }
  const std::vector<uint8_t> &expected = textbook.getOutput();
  if (!std::equal(expected.begin(), expected.end(), outputs[0].data.begin(),
                  [](uint8_t a, char b) { return a == uint8_t(b); }))
    return state.SkipWithError("the outputs differ");
  state.counters["textbook_ms"] = textbookSeconds * 1e3 / state.iterations();
  state.counters["ratio"] = generatedSeconds / textbookSeconds;
}
BENCHMARK(BM_Run_SwiftNet)->UseManualTime()->Unit(benchmark::kMillisecond);
