//===- Inputs.h - The files of serenity-proxy -------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_TOOLS_SERENITYPROXY_INPUTS_H
#define SERENITY_TOOLS_SERENITYPROXY_INPUTS_H

#include "serenity/Core/Latency/Adaptation.h"
#include "serenity/Core/Latency/Tables.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

namespace serenity::proxy {

/// A file, mapped into memory if it is large.
class InputFile {
public:
  static llvm::Expected<InputFile> open(const std::string &path);

  absl::string_view text() const {
    return {buffer->getBufferStart(), buffer->getBufferSize()};
  }
  /// `status` as an error that names the file.
  llvm::Error error(const absl::Status &status) const;

private:
  std::string path;
  std::unique_ptr<llvm::MemoryBuffer> buffer;
};

/// The same text for LLVM's streams.
inline llvm::StringRef toRef(absl::string_view text) {
  return {text.data(), text.size()};
}

/// Some architectures in the order of their file.
struct ArchitectureRows {
  std::vector<absl::string_view> ids;
  core::Architectures table;
};

/// The architectures and what the proxies take for them. Architectures are read
/// anew in every pass and never kept, so that there may be any number of them.
class ProxyInputs {
public:
  /// Opens the files and reads the proxies' latencies. An architecture without
  /// a row of latencies has none on any proxy.
  static llvm::Expected<ProxyInputs>
  open(const std::vector<std::string> &archPaths,
       const std::string &latencyPath, const std::vector<std::string> &proxies);

  const InputFile &latencyFile() const { return latency; }
  const std::vector<std::string> &featureNames() const { return names; }

  /// Calls `consume` with the architectures in their order, at most
  /// `batchSize` at a time.
  llvm::Error forEachBatch(
      size_t batchSize,
      llvm::function_ref<llvm::Error(const ArchitectureRows &)> consume) const;

  /// Those of `ids`, in that order; an error if one is not there.
  llvm::Expected<ArchitectureRows>
  select(const std::vector<absl::string_view> &ids) const;

  /// All of them, or if there are more than a few thousand a random sample,
  /// which depends on nothing but their number.
  llvm::Expected<ArchitectureRows> samplePopulation() const;

private:
  /// Calls `consume` with the reader after each row.
  llvm::Error forEachRow(
      llvm::function_ref<llvm::Error(const core::ArchitectureReader &)> consume)
      const;
  Eigen::RowVectorXd proxyLatencies(absl::string_view id) const;
  llvm::Error archError(const absl::Status &status) const;

  std::vector<InputFile> arch;
  std::string archPaths;
  InputFile latency;
  std::vector<std::string> names;
  core::LatencyTable latencies;
};

} // namespace serenity::proxy

#endif // SERENITY_TOOLS_SERENITYPROXY_INPUTS_H
