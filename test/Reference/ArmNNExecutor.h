//===- ArmNNExecutor.h - Runs TFLite files by Arm NN's CpuRef ---*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_TEST_REFERENCE_ARMNNEXECUTOR_H
#define SERENITY_TEST_REFERENCE_ARMNNEXECUTOR_H

#include "serenity/Execution/HostTensor.h"

#include <memory>

namespace serenity::reference {

/// A network that was parsed and is run by Arm NN, an executor that shares
/// nothing with this project.
class ArmNNExecutor {
public:
  /// `file` holds a TFLite file. Throws what Arm NN throws if it cannot run it.
  explicit ArmNNExecutor(const std::string &file);
  ~ArmNNExecutor();

  /// What the network computes from `inputs`, which have the right shapes.
  std::vector<HostTensor> run(const std::vector<HostTensor> &inputs);

private:
  struct State;
  std::unique_ptr<State> state;
};

} // namespace serenity::reference

#endif // SERENITY_TEST_REFERENCE_ARMNNEXECUTOR_H
