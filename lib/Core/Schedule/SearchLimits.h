//===- SearchLimits.h - When a search must stop -----------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_SCHEDULE_SEARCHLIMITS_H
#define SERENITY_LIB_CORE_SCHEDULE_SEARCHLIMITS_H

#include "serenity/Core/Schedule/Schedule.h"

#include <algorithm>
#include <chrono>

namespace serenity::core {

/// Counts what a search spends against the limits of its options, and reports
/// how far it has come. One object serves all parts of a graph; its clock
/// starts when it is made. Once a limit has struck it stays struck.
class SearchLimits {
public:
  explicit SearchLimits(const ScheduleOptions &options)
      : maxStates(options.maxStates), maxTableBytes(options.maxTableBytes),
        maxSeconds(options.maxSeconds), onProgress(options.onProgress) {}

  /// Counts one expanded state. Returns false, and does not count it, if it
  /// would be one too many or if any limit has struck before.
  bool addState() {
    constexpr int64_t kWorkPerState = 64;
    if (numStates >= maxStates)
      strike(StopReason::StateLimit);
    if (!addWork(kWorkPerState))
      return false;
    ++numStates;
    return true;
  }

  /// Counts work that is done at a state, in operations looked at, and reads
  /// the clock at the first one and after every so many. Returns false if any
  /// limit has struck.
  bool addWork(int64_t operations) {
    constexpr int64_t kWorkPerClock = int64_t{1} << 14;
    totalWork += operations;
    if (totalWork >= nextClock) {
      nextClock = totalWork + kWorkPerClock;
      checkClock();
      if (totalWork >= nextReport)
        report();
    }
    return !struck;
  }

  /// Counts bytes by which the tables of the search are about to grow; a
  /// negative number gives bytes back. Returns false if any limit has struck.
  bool addTableBytes(int64_t bytes) {
    tableBytes += bytes;
    if (tableBytes > maxTableBytes)
      strike(StopReason::TableLimit);
    if (!struck)
      mostTableBytes = std::max(mostTableBytes, tableBytes);
    return !struck;
  }

  /// Reads the clock, for loops that are long between two states. Returns
  /// false if any limit has struck.
  bool checkClock() {
    const std::chrono::duration<double> elapsed = Clock::now() - start;
    if (elapsed.count() >= maxSeconds)
      strike(StopReason::TimeLimit);
    return !struck;
  }

  /// Reports the peak of the best order and the best bound so far if they are
  /// news. Until the first call nothing is reported.
  void setBest(int64_t peakBytes, int64_t lowerBoundBytes) {
    if (peakBytes == best.peakBytes && lowerBoundBytes == best.lowerBoundBytes)
      return;
    best = {peakBytes, lowerBoundBytes};
    report();
  }

  /// States counted so far.
  int64_t states() const { return numStates; }

  /// The most bytes that the tables have taken at one time.
  int64_t peakTableBytes() const { return mostTableBytes; }

  /// Work counted so far, states included.
  int64_t work() const { return totalWork; }

  /// The limit that struck first, if any has.
  std::optional<StopReason> stopReason() const { return struck; }

private:
  using Clock = std::chrono::steady_clock;

  void report() {
    constexpr int64_t kWorkPerReport = int64_t{1} << 24;
    nextReport = totalWork + kWorkPerReport;
    best.states = numStates;
    if (onProgress)
      onProgress(best);
  }

  void strike(StopReason reason) {
    if (!struck)
      struck = reason;
  }

  int64_t maxStates, maxTableBytes;
  double maxSeconds;
  int64_t numStates = 0, totalWork = 0, nextClock = 0;
  int64_t tableBytes = 0, mostTableBytes = 0;
  int64_t nextReport = std::numeric_limits<int64_t>::max();
  SearchProgress best;
  std::function<void(const SearchProgress &)> onProgress;
  Clock::time_point start = Clock::now();
  std::optional<StopReason> struck;
};

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_SCHEDULE_SEARCHLIMITS_H
