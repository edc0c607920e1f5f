//===- ShapeInference.h - Shapes by ONNX's own rules ------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_ONNX_SHAPEINFERENCE_H
#define SERENITY_LIB_TARGET_ONNX_SHAPEINFERENCE_H

#include "TensorTypes.h"

namespace serenity::onnxformat {

/// Infers the types of a graph's tensors by libonnx, node by node.
class ShapeInference {
public:
  /// `file` must outlive the object.
  explicit ShapeInference(const ModelFile &file);
  ~ShapeInference();

  /// Makes known the tensor `name`, and its contents if they may decide shapes
  /// and are whole. `contents` must outlive the object.
  void addTensor(llvm::StringRef name, const SourceType &type,
                 const ::onnx::TensorProto *contents);

  /// The types of the outputs of node `index`, whose inputs are known; nothing
  /// for those that cannot be inferred. Fails with the reason if the node
  /// breaks the rules of its operator.
  ///
  /// libonnx knows operators up to some version. What later versions changed is
  /// put in the words of that version where both mean the same; where they do
  /// not, nothing is inferred.
  llvm::Expected<llvm::SmallVector<std::optional<SourceType>>>
  infer(int64_t index);

private:
  struct Impl;
  std::unique_ptr<Impl> impl;
};

} // namespace serenity::onnxformat

#endif // SERENITY_LIB_TARGET_ONNX_SHAPEINFERENCE_H
