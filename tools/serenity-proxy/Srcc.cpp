//===- Srcc.cpp - How alike devices rank ----------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Inputs.h"

#include "serenity/Core/Latency/RankStatistics.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace serenity::core;

namespace serenity::proxy {

static void printMatrix(const std::vector<std::string> &devices,
                        const Eigen::MatrixXd &milliseconds) {
  auto column = [&](size_t i) {
    return absl::MakeConstSpan(milliseconds.col(i).data(), milliseconds.rows());
  };
  outs() << "device";
  for (const std::string &device : devices)
    outs() << "," << device;
  outs() << "\n";
  for (size_t i = 0; i < devices.size(); ++i) {
    outs() << devices[i];
    for (size_t j = 0; j < devices.size(); ++j) {
      outs() << ",";
      if (const auto value = spearman(column(i), column(j)))
        outs() << format("%.6f", *value);
    }
    outs() << "\n";
  }
}

Error runSrcc(const Options &options) {
  Expected<InputFile> file = InputFile::open(options.latency);
  if (!file)
    return file.takeError();
  std::vector<std::string> devices = options.devices;
  if (devices.empty()) {
    absl::StatusOr<std::vector<std::string>> names =
        readDeviceNames(file->text());
    if (!names.ok())
      return file->error(names.status());
    devices = *std::move(names);
  }
  const absl::StatusOr<LatencyTable> table =
      readLatencies(file->text(), devices);
  if (!table.ok())
    return file->error(table.status());
  printMatrix(devices, table->milliseconds);
  return Error::success();
}

} // namespace serenity::proxy
