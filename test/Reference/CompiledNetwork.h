//===- CompiledNetwork.h - A TFLite file, compiled and run ------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_TEST_REFERENCE_COMPILEDNETWORK_H
#define SERENITY_TEST_REFERENCE_COMPILEDNETWORK_H

#include "serenity/Execution/Program.h"
#include "serenity/Target/TFLite/Import.h"

namespace serenity::reference {

/// What becomes of a network before it runs.
struct Variant {
  std::string name;
  /// Passes that run on the imported module.
  std::string pipeline;
  /// The attribute of the function that promises the bytes to be allocated;
  /// empty if nothing does.
  std::string promise;
};

/// As written; ordered under different models of memory; in one arena;
/// rewritten.
std::vector<Variant> getVariants();
/// The one of that name.
Variant getVariant(llvm::StringRef name);

/// The contents of the file at `path`; empty if there is none.
std::string readFile(const std::string &path);

/// A compiled network and what its function promises.
struct CompiledNetwork {
  std::unique_ptr<Program> program;
  std::optional<int64_t> promisedBytes;
};

/// Compiles the network in `file` with its weights; without a program, and with
/// a failure of the test, if that is not possible.
CompiledNetwork compileNetwork(const std::string &file, const Variant &variant,
                               TFLiteImportOptions options = {});

/// Inputs for `program` from `seed`.
std::vector<HostTensor> drawInputs(const Program &program, uint64_t seed);

/// What `network` computes from `inputs`. Its use of memory must be what it
/// promises, and nothing may be left.
std::vector<HostTensor> runNetwork(CompiledNetwork &network,
                                   const std::vector<HostTensor> &inputs);

/// Adds up differences of outputs.
struct Agreement {
  int64_t numIdentical = 0;
  int64_t numElements = 0;

  /// Every element of `outputs` must be within a quantisation step of the
  /// element of `expected`, or 1e-5 of the largest magnitude.
  void add(const std::vector<HostTensor> &outputs,
           const std::vector<HostTensor> &expected);
};

} // namespace serenity::reference

#endif // SERENITY_TEST_REFERENCE_COMPILEDNETWORK_H
