//===- Ranges.h - How large generated networks may be -----------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_GENERATE_RANGES_H
#define SERENITY_GENERATE_RANGES_H

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include <cstdint>

namespace serenity::generate {

/// What a network reads: rows, columns and channels.
struct ImageSize {
  int64_t height = 0;
  int64_t width = 0;
  int64_t channels = 0;
};

/// Fails with InvalidArgument unless `value` is 1 to `high`; `what` names it in
/// the plural.
absl::Status checkRange(absl::string_view what, int64_t value, int64_t high);

/// Keeps every tensor of a network far below 2^63 bytes: rows and columns are 1
/// to 65536, channels 1 to 4096.
absl::Status checkSize(const ImageSize &size);

} // namespace serenity::generate

#endif // SERENITY_GENERATE_RANGES_H
