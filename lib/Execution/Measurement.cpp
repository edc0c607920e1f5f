//===- Measurement.cpp - The time that each operation takes ---------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Execution/Measurement.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <numeric>

using namespace serenity;

/// The upper one of both in the middle of an even number; zero of none.
static double takeMedian(std::vector<double> values) {
  if (values.empty())
    return 0;
  const auto middle = values.begin() + values.size() / 2;
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

llvm::Expected<Measurement>
serenity::measure(Program &program, llvm::ArrayRef<HostTensor> inputs,
                  int64_t numRuns, llvm::function_ref<void(int64_t)> onRun) {
  Measurement measurement;
  std::vector<std::vector<double>> samples(program.getKernels().size());
  std::vector<double> totals;
  for (int64_t run = 0; run <= numRuns; ++run) {
    onRun(run);
    llvm::Expected<RunResult> result = program.run(inputs);
    if (!result)
      return result.takeError();
    measurement.result = std::move(*result);
    if (run == 0)
      continue;
    const llvm::ArrayRef<double> seconds = program.getKernelSeconds();
    for (auto [kernelSamples, sample] : llvm::zip_equal(samples, seconds))
      kernelSamples.push_back(sample);
    totals.push_back(std::accumulate(seconds.begin(), seconds.end(), 0.0));
  }
  for (std::vector<double> &kernelSamples : samples)
    measurement.kernelSeconds.push_back(takeMedian(std::move(kernelSamples)));
  measurement.totalSeconds = takeMedian(std::move(totals));
  return measurement;
}
