//===- Contents.h - The contents of constants -------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_ONNX_CONTENTS_H
#define SERENITY_LIB_TARGET_ONNX_CONTENTS_H

#include "Network.h"

namespace serenity::onnxformat {

/// The integers in the constant `value`; nothing if it has other elements, too
/// many for `computeIntegers`, or contents that are missing.
std::optional<llvm::SmallVector<int64_t>> readFewIntegers(const ModelFile &file,
                                                          const Tensor &value);

/// The contents of the constant `value` in the file, if they are few, whole,
/// and as `value` has them.
const ::onnx::TensorProto *findSmallTensor(const ModelFile &file,
                                           const Tensor &value);

/// The bytes of the constant `value`, little-endian. Fails with the reason if
/// they are missing.
llvm::Expected<std::string> readBytes(const ModelFile &file,
                                      const Tensor &value);

/// Whether `readReals` can read elements of this type: float and double.
bool isReal(int32_t element);

/// The numbers of the constant `value`. Fails with the reason if they are
/// missing or of another type.
llvm::Expected<std::vector<double>> readReals(const ModelFile &file,
                                              const Tensor &value);

/// The numbers in `bytes`, elements of type float or double.
std::vector<double> unpackReals(llvm::StringRef bytes, int32_t element);

/// `bytes`, the elements of `shape` with `elementBytes` each, with the
/// dimensions in another order: dimension i of the result is dimension
/// `order[i]`.
std::string transpose(llvm::StringRef bytes, llvm::ArrayRef<int64_t> shape,
                      int64_t elementBytes, llvm::ArrayRef<int64_t> order);

} // namespace serenity::onnxformat

#endif // SERENITY_LIB_TARGET_ONNX_CONTENTS_H
