//===- Windows.h - How windows move over images -----------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_TFLITE_WINDOWS_H
#define SERENITY_LIB_TARGET_TFLITE_WINDOWS_H

#include "llvm/Support/MathExtras.h"
#include <algorithm>
#include <cstdint>
#include <utility>

namespace serenity::tflite {

/// The rows that SAME padding adds before and after `input` rows, so that a
/// window of `kernel` rows begins at every multiple of `stride`. The odd one
/// goes to the end.
inline std::pair<int64_t, int64_t> padSame(int64_t input, int64_t kernel,
                                           int64_t stride, int64_t dilation) {
  const int64_t last = (llvm::divideCeilSigned(input, stride) - 1) * stride;
  const int64_t extent = (kernel - 1) * dilation + 1;
  const int64_t total = std::max<int64_t>(last + extent - input, 0);
  return {total / 2, total - total / 2};
}

} // namespace serenity::tflite

#endif // SERENITY_LIB_TARGET_TFLITE_WINDOWS_H
