//===- Measurement.h - The time that each operation takes -------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_EXECUTION_MEASUREMENT_H
#define SERENITY_EXECUTION_MEASUREMENT_H

#include "serenity/Execution/Program.h"

namespace serenity {

/// Medians over some runs, in seconds; zero over none.
struct Measurement {
  /// For each of the program's kernels.
  std::vector<double> kernelSeconds;
  /// Of all kernels together.
  double totalSeconds = 0;
  /// What the last run returned.
  RunResult result;
};

/// Runs `program` on `inputs` once, and then another `numRuns` times, which are
/// measured if it times its kernels. `onRun` is called before each run with its
/// number, from zero. Fails as `Program::run` does.
llvm::Expected<Measurement> measure(Program &program,
                                    llvm::ArrayRef<HostTensor> inputs,
                                    int64_t numRuns,
                                    llvm::function_ref<void(int64_t)> onRun);

} // namespace serenity

#endif // SERENITY_EXECUTION_MEASUREMENT_H
