//===- ReportPage.h - The page that draws a report --------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_ANALYSIS_REPORTPAGE_H
#define SERENITY_LIB_ANALYSIS_REPORTPAGE_H

#include "llvm/ADT/StringRef.h"

namespace serenity {

/// A self-contained page of HTML, assembled by CMake from the files of
/// lib/Analysis/ReportPage. The report goes in the place of
/// `reportPlaceholder`, as JSON without a '<'.
extern const llvm::StringLiteral reportPage;
inline constexpr llvm::StringLiteral reportPlaceholder = "SERENITY_REPORT";

} // namespace serenity

#endif // SERENITY_LIB_ANALYSIS_REPORTPAGE_H
