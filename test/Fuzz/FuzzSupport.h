//===- FuzzSupport.h - What every fuzzer asks of its answers ----*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_TEST_FUZZ_FUZZSUPPORT_H
#define SERENITY_TEST_FUZZ_FUZZSUPPORT_H

#include "absl/strings/string_view.h"

#include <algorithm>
#include <cstdlib>

/// Ends the run, as a finding, if `condition` does not hold.
inline void require(bool condition) {
  if (!condition)
    std::abort();
}

/// Whether `message` is one line of printable text that a terminal can show.
inline bool isOneLine(absl::string_view message) {
  return !message.empty() && message.size() < 1000 &&
         std::all_of(message.begin(), message.end(),
                     [](char c) { return c >= ' ' && c <= '~'; });
}

#endif // SERENITY_TEST_FUZZ_FUZZSUPPORT_H
