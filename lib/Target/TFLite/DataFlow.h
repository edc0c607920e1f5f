//===- DataFlow.h - What the tensors of a subgraph are ----------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_TFLITE_DATAFLOW_H
#define SERENITY_LIB_TARGET_TFLITE_DATAFLOW_H

#include "ModelFile.h"
#include <vector>

namespace serenity::tflite {

/// Where the contents of a tensor come from.
enum class TensorRole {
  /// From nowhere: nothing reads or writes it.
  Unused,
  /// From the file.
  Constant,
  /// From the previous inference: state, no activation.
  Variable,
  /// From the caller of the subgraph.
  Input,
  /// From an operator.
  Result
};

/// Roles of the tensors of a subgraph, one each. Fails with a diagnostic unless
/// the operators can run in the order of the file: every tensor has one source,
/// and is read after it was written.
mlir::FailureOr<std::vector<TensorRole>> findTensorRoles(const ModelFile &file,
                                                         int64_t subgraph);

} // namespace serenity::tflite

#endif // SERENITY_LIB_TARGET_TFLITE_DATAFLOW_H
