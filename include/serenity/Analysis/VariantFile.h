//===- VariantFile.h - Tables of variants in files --------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_ANALYSIS_VARIANTFILE_H
#define SERENITY_ANALYSIS_VARIANTFILE_H

#include "serenity/Core/Latency/Variants.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace serenity {

/// The table in the file at `path` (core::readVariants); errors are one line
/// that begins with the path.
llvm::Expected<std::vector<core::MeasuredVariant>>
readVariantFile(llvm::StringRef path);

/// Writes `variants` to `path`, by a temporary file that takes its place.
llvm::Error writeVariantFile(llvm::StringRef path,
                             llvm::ArrayRef<core::MeasuredVariant> variants);

} // namespace serenity

#endif // SERENITY_ANALYSIS_VARIANTFILE_H
