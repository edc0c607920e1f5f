//===- Choose.cpp - Which architectures to measure ------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Inputs.h"

#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace serenity::core;

namespace serenity::proxy {

Error runChoose(const Options &options) {
  Expected<ProxyInputs> inputs =
      ProxyInputs::open(options.arch, options.latency, options.proxies);
  if (!inputs)
    return inputs.takeError();
  Expected<ArchitectureRows> rows = inputs->samplePopulation();
  if (!rows)
    return rows.takeError();
  const absl::StatusOr<std::vector<Eigen::Index>> chosen = chooseSamples(
      inputs->featureNames(), rows->table, options.k, options.seed);
  if (!chosen.ok())
    return createStringError(std::string(chosen.status().message()));
  if (Error error = writeToOutput(options.output, [&](raw_ostream &os) {
        for (Eigen::Index row : *chosen)
          os << toRef(rows->ids[row]) << "\n";
        return Error::success();
      }))
    return error;
  json::OStream json(outs());
  json.object([&] { json.attribute("k", options.k); });
  outs() << "\n";
  return Error::success();
}

} // namespace serenity::proxy
