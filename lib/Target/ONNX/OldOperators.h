//===- OldOperators.h - Newer operators as libonnx knows them ---*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_ONNX_OLDOPERATORS_H
#define SERENITY_LIB_TARGET_ONNX_OLDOPERATORS_H

#include "NodeReader.h"

namespace serenity::onnxformat {

/// Rewrites `node`, of a version later than what libonnx knows, so that the old
/// rules give the same shapes, where its attributes and the integers that
/// `getIntegers` finds in an input allow.
void useOldOperator(
    ::onnx::NodeProto &node,
    llvm::function_ref<std::optional<llvm::SmallVector<int64_t>>(int input)>
        getIntegers);

} // namespace serenity::onnxformat

#endif // SERENITY_LIB_TARGET_ONNX_OLDOPERATORS_H
