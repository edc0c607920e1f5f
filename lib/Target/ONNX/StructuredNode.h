//===- StructuredNode.h - Nodes the dialect knows ---------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_ONNX_STRUCTUREDNODE_H
#define SERENITY_LIB_TARGET_ONNX_STRUCTUREDNODE_H

#include "NodeView.h"

namespace serenity::onnxformat {

/// Builds the structured operation that means the same as `node`. Fails without
/// a diagnostic if there is none; `reason` is then why not, empty for operators
/// that the dialect does not know at all.
mlir::FailureOr<mlir::Operation *> importStructured(mlir::OpBuilder &builder,
                                                    const NodeView &node,
                                                    std::string &reason);

} // namespace serenity::onnxformat

#endif // SERENITY_LIB_TARGET_ONNX_STRUCTUREDNODE_H
