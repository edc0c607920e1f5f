//===- Preconditions.h - What libonnx takes for granted ---------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_ONNX_PRECONDITIONS_H
#define SERENITY_LIB_TARGET_ONNX_PRECONDITIONS_H

#include <onnx/defs/schema.h>

namespace serenity::onnxformat {

/// Throws an InferenceError if the rules of `schema` would read beyond a shape
/// or divide by zero for the node in `context`.
void checkPreconditions(const ::onnx::OpSchema &schema,
                        ::onnx::InferenceContext &context);

} // namespace serenity::onnxformat

#endif // SERENITY_LIB_TARGET_ONNX_PRECONDITIONS_H
