//===- Integers.h - Arithmetic before the network runs ----------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Exporters write what they do to shapes into the network: the sizes of a
// tensor, arithmetic on them, and what takes them. All of it is known here.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_ONNX_INTEGERS_H
#define SERENITY_LIB_TARGET_ONNX_INTEGERS_H

#include "TensorTypes.h"

namespace serenity::onnxformat {

/// Tensors of more elements are not computed with.
inline constexpr int64_t kMaxIntegers = 4096;

/// What is known of an input of a node.
struct KnownInput {
  SourceType type;
  std::optional<llvm::SmallVector<int64_t>> integers;
};

/// The integers that `node` computes, whose single result is of type `result`;
/// nothing if they are not integers or depend on what is not known, or if this
/// is none of the operators that exporters use on shapes. A null input is
/// absent.
std::optional<llvm::SmallVector<int64_t>>
computeIntegers(const ::onnx::NodeProto &node,
                llvm::ArrayRef<const KnownInput *> inputs,
                const SourceType &result);

/// Whether `element` is an integer or a boolean that 64 bits hold.
bool isInteger(int32_t element);

} // namespace serenity::onnxformat

#endif // SERENITY_LIB_TARGET_ONNX_INTEGERS_H
