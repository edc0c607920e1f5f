//===- Commands.h - What serenity-proxy can do ------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_TOOLS_SERENITYPROXY_COMMANDS_H
#define SERENITY_TOOLS_SERENITYPROXY_COMMANDS_H

#include "llvm/Support/Error.h"

#include <cstdint>
#include <string>
#include <vector>

namespace serenity::proxy {

/// The options of the commands; each uses some.
struct Options {
  std::vector<std::string> arch, proxies, devices, deviceFiles;
  std::string latency, target, samples, method, output;
  int64_t k = 0;
  uint64_t seed = 0;
  bool score = false;
};

/// Prints the rank correlations between devices as a matrix.
llvm::Error runSrcc(const Options &options);
/// Fits a method to the samples, writes its predictions, prints a summary.
llvm::Error runAdapt(const Options &options);
/// Writes which architectures to measure.
llvm::Error runChoose(const Options &options);
/// Reads device files and prints what they are.
llvm::Error runCheck(const Options &options);

} // namespace serenity::proxy

#endif // SERENITY_TOOLS_SERENITYPROXY_COMMANDS_H
