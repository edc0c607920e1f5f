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

/// A program that times its kernels, and what it runs on.
struct MeasuredProgram {
  std::unique_ptr<Program> program;
  std::vector<HostTensor> inputs;
};

/// For each of `programs` the seconds of all its kernels together, the lowest
/// decile of `numTurns` runs: others that use the machine only ever make a run
/// longer, and a single run may be short by chance. The programs run in turns,
/// so that what slows the machine down for a while does so to all of them; in
/// each turn a program runs twice, and the first run, which brings code and
/// weights into the caches, does not count. `onTurn` is called before each turn
/// with its number, from one. Fails as `Program::run` does.
llvm::Expected<std::vector<double>>
measureInTurns(llvm::ArrayRef<MeasuredProgram> programs, int64_t numTurns,
               llvm::function_ref<void(int64_t)> onTurn);

} // namespace serenity

#endif // SERENITY_EXECUTION_MEASUREMENT_H
