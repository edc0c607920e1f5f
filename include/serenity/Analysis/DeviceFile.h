//===- DeviceFile.h - Devices as JSON ---------------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The format is published as lib/Analysis/Devices/device.schema.json, installed
// beside the devices that come with the project; docs/Latency.md describes it.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_ANALYSIS_DEVICEFILE_H
#define SERENITY_ANALYSIS_DEVICEFILE_H

#include "serenity/Core/Latency/Device.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace serenity {

/// The device that `text` describes, which passed core::checkDevice. Fails with
/// one line that names the field, its value and what is expected: on a syntax
/// error, a field that is missing, unknown or of another type, a source of a
/// figure that is not there, and values out of range.
llvm::Expected<core::DeviceDescription> parseDevice(llvm::StringRef text);

/// The device that the file at `path` describes; errors begin with the path.
llvm::Expected<core::DeviceDescription> readDevice(llvm::StringRef path);

} // namespace serenity

#endif // SERENITY_ANALYSIS_DEVICEFILE_H
