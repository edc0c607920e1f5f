//===- Layout.h - Which tensors are images ----------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_ONNX_LAYOUT_H
#define SERENITY_LIB_TARGET_ONNX_LAYOUT_H

#include "Network.h"

namespace serenity::onnxformat {

/// Which values of `network` are images: stored as NHWC where the file says
/// NCHW. Those are the tensors of four dimensions that operators on images
/// read or write, and those that are tied to them by operators that treat each
/// element, or each dimension, by itself. Operators that give dimensions a new
/// meaning, as Reshape and Transpose do, tie nothing. Constants are no images:
/// they are stored as each reader wants them.
std::vector<bool> findImages(const Network &network);

} // namespace serenity::onnxformat

#endif // SERENITY_LIB_TARGET_ONNX_LAYOUT_H
