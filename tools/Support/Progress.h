//===- Progress.h - Says what takes so long ---------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_TOOLS_SERENITY_RUN_PROGRESS_H
#define SERENITY_TOOLS_SERENITY_RUN_PROGRESS_H

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

/// Shows the step that the tool is at, and for how long, on the last line of
/// the terminal that is standard error, once a second has passed. Does nothing
/// if standard error is no terminal. The line is gone at the end.
class Progress {
public:
  Progress();
  ~Progress() { stop(); }

  void setStep(std::string text);
  /// Removes the line for good.
  void stop();

private:
  void show();

  std::mutex mutex;
  std::condition_variable wakeUp;
  std::string step;
  bool isDone = false;
  std::thread thread;
};

#endif // SERENITY_TOOLS_SERENITY_RUN_PROGRESS_H
