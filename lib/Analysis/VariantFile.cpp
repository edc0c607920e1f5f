//===- VariantFile.cpp - Tables of variants in files ----------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Analysis/VariantFile.h"

#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace serenity;

llvm::Expected<std::vector<core::MeasuredVariant>>
serenity::readVariantFile(llvm::StringRef path) {
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> file =
      llvm::MemoryBuffer::getFile(path, /*IsText=*/true);
  if (!file)
    return llvm::createFileError(path, llvm::errorCodeToError(file.getError()));
  const llvm::StringRef text = (*file)->getBuffer();
  absl::StatusOr<std::vector<core::MeasuredVariant>> variants =
      core::readVariants({text.data(), text.size()});
  if (!variants.ok())
    return llvm::createStringError(path + ": " +
                                   std::string(variants.status().message()));
  return *std::move(variants);
}

llvm::Error
serenity::writeVariantFile(llvm::StringRef path,
                           llvm::ArrayRef<core::MeasuredVariant> variants) {
  return llvm::writeToOutput(path, [&](llvm::raw_ostream &os) {
    os << core::printVariants({variants.data(), variants.size()});
    return llvm::Error::success();
  });
}
