//===- serenity-proxy.cpp - Latency of a target from a few samples --------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace serenity;

namespace {

enum ExitCode { Done = 0, BadInput = 2 };

/// The command line. An option is known to the commands that it is added to.
struct CommandLine {
  cl::SubCommand srcc{"srcc", "Rank correlations between devices, as a matrix"};
  cl::SubCommand adapt{"adapt", "Predict a target from proxies and samples"};
  cl::SubCommand choose{"choose", "Choose the architectures to measure"};
  cl::SubCommand check{"check", "Validate device files"};

  cl::list<std::string> arch{
      "arch",
      cl::CommaSeparated,
      cl::Required,
      cl::desc("Architectures as CSV; several files side by side"),
      cl::value_desc("files"),
      cl::sub(adapt),
      cl::sub(choose)};
  cl::opt<std::string> latency{"latency",
                               cl::Required,
                               cl::desc("Latencies as CSV"),
                               cl::value_desc("file"),
                               cl::sub(srcc),
                               cl::sub(adapt),
                               cl::sub(choose)};
  cl::list<std::string> devices{"devices", cl::CommaSeparated,
                                cl::desc("Only these devices"), cl::sub(srcc)};
  cl::list<std::string> proxies{"proxy",
                                cl::CommaSeparated,
                                cl::Required,
                                cl::desc("Devices whose latencies are known"),
                                cl::value_desc("devices"),
                                cl::sub(adapt),
                                cl::sub(choose)};
  cl::list<std::string> deviceFiles{"device",
                                    cl::CommaSeparated,
                                    cl::Required,
                                    cl::desc("Device files"),
                                    cl::value_desc("files"),
                                    cl::sub(check)};
  cl::opt<std::string> target{"target", cl::Required,
                              cl::desc("The device to predict"),
                              cl::value_desc("device"), cl::sub(adapt)};
  cl::opt<std::string> samples{
      "samples", cl::Required,
      cl::desc("Ids of the architectures measured on the target"),
      cl::value_desc("file"), cl::sub(adapt)};
  cl::opt<std::string> method{
      "method", cl::init("auto"),
      cl::desc("plain, adaproxy-l1, adaproxy-l2, adaproxy-linf, ridge, gp or "
               "auto"),
      cl::sub(adapt)};
  cl::opt<bool> score{"score",
                      cl::desc("Also compare with the target's other values"),
                      cl::sub(adapt)};
  cl::opt<int64_t> k{"k", cl::Required, cl::desc("How many to choose"),
                     cl::value_desc("n"), cl::sub(choose)};
  cl::opt<uint64_t> seed{"seed", cl::desc("Of what is drawn at random"),
                         cl::value_desc("n"), cl::sub(adapt), cl::sub(choose)};
  cl::opt<std::string> output{"output",
                              cl::Required,
                              cl::desc("Where the answer goes, - for stdout"),
                              cl::value_desc("file"),
                              cl::sub(adapt),
                              cl::sub(choose)};

  proxy::Options toOptions() const {
    return {{arch.begin(), arch.end()},
            {proxies.begin(), proxies.end()},
            {devices.begin(), devices.end()},
            {deviceFiles.begin(), deviceFiles.end()},
            latency,
            target,
            samples,
            method,
            output,
            k,
            seed,
            score};
  }
};

} // namespace

static Error runCommand(const CommandLine &line) {
  if (line.srcc)
    return proxy::runSrcc(line.toOptions());
  if (line.adapt)
    return proxy::runAdapt(line.toOptions());
  if (line.choose)
    return proxy::runChoose(line.toOptions());
  if (line.check)
    return proxy::runCheck(line.toOptions());
  return createStringError("expected a command: srcc, adapt, choose or check");
}

int main(int argc, char **argv) {
  InitLLVM init(argc, argv);
  CommandLine line;
  if (!cl::ParseCommandLineOptions(
          argc, argv,
          "Predicts latencies on a target device from those on proxy devices "
          "and a few measurements.\n\n"
          "Exit status: 0 done, 2 bad input.\n",
          &errs()))
    return BadInput;
  if (Error error = runCommand(line)) {
    WithColor::error(errs(), "serenity-proxy")
        << toString(std::move(error)) << "\n";
    return BadInput;
  }
  return Done;
}
