//===- Quoted.h - Names in messages -----------------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_GRAPH_QUOTED_H
#define SERENITY_LIB_CORE_GRAPH_QUOTED_H

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include <string>

namespace serenity::core {

/// `text` as part of a message of one line: cut if it is long, escaped down to
/// ASCII, within single quotes.
inline std::string quoted(absl::string_view text) {
  constexpr size_t kMaxLength = 60;
  const bool isLong = text.size() > kMaxLength;
  return absl::StrCat("'", absl::CEscape(text.substr(0, kMaxLength)),
                      isLong ? "...'" : "'");
}

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_GRAPH_QUOTED_H
