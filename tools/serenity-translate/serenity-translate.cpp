//===- serenity-translate.cpp - Reads and writes networks -----------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"
#include "serenity/InitAll.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

/// What every tool of the project returns on bad input.
static constexpr int kBadInput = 2;

/// mlir-translate's options for translations take no value, so
/// `--export-tflite=FILE` is said in two words.
static std::vector<std::string> splitExport(llvm::ArrayRef<char *> arguments) {
  std::vector<std::string> result;
  for (llvm::StringRef argument : arguments) {
    auto [option, file] = argument.split('=');
    if (option.ltrim('-') != "export-tflite" || file.empty()) {
      result.push_back(argument.str());
      continue;
    }
    result.push_back(option.str());
    result.push_back("--tflite-file=" + file.str());
  }
  return result;
}

int main(int argc, char **argv) {
  serenity::registerAllTranslations();
  std::vector<std::string> arguments = splitExport({argv, argv + argc});
  std::vector<char *> pointers;
  for (std::string &argument : arguments)
    pointers.push_back(argument.data());
  return llvm::succeeded(mlir::mlirTranslateMain(
             pointers.size(), pointers.data(), "serenity translation driver"))
             ? 0
             : kBadInput;
}
