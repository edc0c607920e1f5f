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

/// The smallest of `values` that one `parts`-th of them, rounded down, comes
/// before; zero of none.
static double takeQuantile(std::vector<double> values, int parts) {
  if (values.empty())
    return 0;
  const auto quantile = values.begin() + values.size() / parts;
  std::nth_element(values.begin(), quantile, values.end());
  return *quantile;
}

static double takeMedian(std::vector<double> values) {
  return takeQuantile(std::move(values), 2);
}

/// Seconds that the last run spent in all kernels together.
static double getTotalSeconds(const Program &program) {
  const llvm::ArrayRef<double> seconds = program.getKernelSeconds();
  return std::accumulate(seconds.begin(), seconds.end(), 0.0);
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
    totals.push_back(getTotalSeconds(program));
  }
  for (std::vector<double> &kernelSamples : samples)
    measurement.kernelSeconds.push_back(takeMedian(std::move(kernelSamples)));
  measurement.totalSeconds = takeMedian(std::move(totals));
  return measurement;
}

/// Runs `subject` twice, and returns the seconds of the second time.
static llvm::Expected<double> takeTurn(const MeasuredProgram &subject) {
  for (int run = 0; run < 2; ++run)
    if (llvm::Error error = subject.program->run(subject.inputs).takeError())
      return error;
  return getTotalSeconds(*subject.program);
}

llvm::Expected<std::vector<double>>
serenity::measureInTurns(llvm::ArrayRef<MeasuredProgram> programs,
                         int64_t numTurns,
                         llvm::function_ref<void(int64_t)> onTurn) {
  std::vector<std::vector<double>> samples(programs.size());
  for (int64_t turn = 1; turn <= numTurns; ++turn) {
    onTurn(turn);
    for (auto [subject, subjectSamples] : llvm::zip_equal(programs, samples)) {
      llvm::Expected<double> seconds = takeTurn(subject);
      if (!seconds)
        return seconds.takeError();
      subjectSamples.push_back(*seconds);
    }
  }
  std::vector<double> deciles;
  for (std::vector<double> &subjectSamples : samples)
    deciles.push_back(takeQuantile(std::move(subjectSamples), 10));
  return deciles;
}
