//===- Status.h - Errors of Core as those of LLVM ---------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_ANALYSIS_STATUS_H
#define SERENITY_ANALYSIS_STATUS_H

#include "absl/status/status.h"
#include "llvm/Support/Error.h"

namespace serenity {

/// The message of `status`, which is not OK.
inline llvm::Error toError(const absl::Status &status) {
  return llvm::createStringError(std::string(status.message()));
}

} // namespace serenity

#endif // SERENITY_ANALYSIS_STATUS_H
