//===- Progress.cpp - Says what takes so long -----------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Progress.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

static constexpr llvm::StringLiteral kClearLine = "\r\x1b[K";

Progress::Progress() {
  if (llvm::errs().is_displayed())
    thread = std::thread([this] { show(); });
}

void Progress::stop() {
  {
    std::lock_guard<std::mutex> lock(mutex);
    isDone = true;
  }
  wakeUp.notify_all();
  if (thread.joinable())
    thread.join();
}

void Progress::setStep(std::string text) {
  std::lock_guard<std::mutex> lock(mutex);
  step = std::move(text);
}

void Progress::show() {
  using namespace std::chrono_literals;
  const auto start = std::chrono::steady_clock::now();
  std::unique_lock<std::mutex> lock(mutex);
  for (auto pause = 1000ms;; pause = 200ms) {
    if (wakeUp.wait_for(lock, pause, [this] { return isDone; }))
      break;
    const std::chrono::duration<double> elapsed =
        std::chrono::steady_clock::now() - start;
    llvm::errs() << kClearLine << step
                 << llvm::format(" (%.0f s)", elapsed.count());
  }
  llvm::errs() << kClearLine;
}
