//===- NodeReader.h - The attributes of a node ------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_ONNX_NODEREADER_H
#define SERENITY_LIB_TARGET_ONNX_NODEREADER_H

#include "ModelFile.h"

namespace serenity::onnxformat {

/// The attribute `name` of `node`; null if it has none.
const ::onnx::AttributeProto *findAttribute(const ::onnx::NodeProto &node,
                                            llvm::StringRef name);

/// Attributes, with defaults if the node has none of that name or if it is of
/// another kind.
int64_t getInteger(const ::onnx::NodeProto &node, llvm::StringRef name,
                   int64_t otherwise);
double getReal(const ::onnx::NodeProto &node, llvm::StringRef name,
               double otherwise);
llvm::StringRef getString(const ::onnx::NodeProto &node, llvm::StringRef name,
                          llvm::StringRef otherwise);
llvm::ArrayRef<int64_t> getIntegers(const ::onnx::NodeProto &node,
                                    llvm::StringRef name);
/// As above, `size` times `otherwise` if the node has none.
llvm::SmallVector<int64_t> getIntegers(const ::onnx::NodeProto &node,
                                       llvm::StringRef name, size_t size,
                                       int64_t otherwise);

/// Whether `node` is of ONNX's own operator `kind`.
inline bool isOperator(const ::onnx::NodeProto &node, llvm::StringRef kind) {
  return getDomain(node.domain()).empty() && kind == node.op_type();
}

} // namespace serenity::onnxformat

#endif // SERENITY_LIB_TARGET_ONNX_NODEREADER_H
