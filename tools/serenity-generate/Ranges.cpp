//===- Ranges.cpp - How large generated networks may be -------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Ranges.h"

#include "absl/strings/str_cat.h"

using namespace serenity::generate;

absl::Status serenity::generate::checkRange(absl::string_view what,
                                            int64_t value, int64_t high) {
  if (value >= 1 && value <= high)
    return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(value, " ", what, " asked for, allowed are 1 to ", high));
}

absl::Status serenity::generate::checkSize(const ImageSize &size) {
  absl::Status status = checkRange("rows", size.height, 65536);
  status.Update(checkRange("columns", size.width, 65536));
  status.Update(checkRange("channels", size.channels, 4096));
  return status;
}
