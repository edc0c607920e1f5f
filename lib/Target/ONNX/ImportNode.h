//===- ImportNode.h - Nodes as operations -----------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_ONNX_IMPORTNODE_H
#define SERENITY_LIB_TARGET_ONNX_IMPORTNODE_H

#include "Graph.h"

namespace serenity::onnxformat {

/// Builds the operation for `node` and makes its results values of `graph`;
/// none for a node that only undoes how the file stores images.
void importNode(mlir::OpBuilder &builder, Graph &graph, const Node &node);

} // namespace serenity::onnxformat

#endif // SERENITY_LIB_TARGET_ONNX_IMPORTNODE_H
