//===- Check.cpp - Validates device files ---------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "serenity/Analysis/DeviceFile.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace serenity::proxy {

Error runCheck(const Options &options) {
  for (const std::string &path : options.deviceFiles) {
    Expected<core::DeviceDescription> device = readDevice(path);
    if (!device)
      return device.takeError();
    outs() << json::Value(
                  json::Object{{"file", json::fixUTF8(path)},
                               {"name", device->name},
                               {"fast_memory_bytes", device->fastMemoryBytes}})
           << "\n";
  }
  return Error::success();
}

} // namespace serenity::proxy
