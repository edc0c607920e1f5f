//===- KernelClock.h - The time that kernels take ---------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_EXECUTION_KERNELCLOCK_H
#define SERENITY_LIB_EXECUTION_KERNELCLOCK_H

#include "mlir/Interfaces/FunctionInterfaces.h"
#include "serenity/Execution/Program.h"
#include <chrono>

namespace serenity {

/// Adds up the time between the calls that `insertClockCalls` makes.
class KernelClock {
public:
  explicit KernelClock(size_t numKernels) : seconds(numKernels, 0.0) {}

  /// Ends the kernel that runs, if one does, and begins `kernel`; none if it is
  /// negative.
  void enter(int64_t kernel);

  /// Sets all times to zero.
  void reset() { seconds.assign(seconds.size(), 0.0); }

  llvm::ArrayRef<double> getSeconds() const { return seconds; }

private:
  using Clock = std::chrono::steady_clock;

  std::vector<double> seconds;
  int64_t current = -1;
  Clock::time_point start;
};

/// Name of the function that the calls call, with the index of a kernel.
inline constexpr llvm::StringLiteral kEnterKernel = "serenity_enter_kernel";

/// Divides the body of `function` into kernels, and calls `kEnterKernel` where
/// each begins, and with -1 before the function returns. A kernel is a run of
/// consecutive operations with one location; operations without an effect
/// belong to none.
std::vector<Kernel> insertClockCalls(mlir::FunctionOpInterface function);

} // namespace serenity

#endif // SERENITY_LIB_EXECUTION_KERNELCLOCK_H
