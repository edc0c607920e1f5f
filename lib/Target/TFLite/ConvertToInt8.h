//===- ConvertToInt8.h - From unsigned to signed bytes ----------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_TFLITE_CONVERTTOINT8_H
#define SERENITY_LIB_TARGET_TFLITE_CONVERTTOINT8_H

#include "ModelFile.h"

namespace serenity::tflite {

/// Makes every uint8 tensor of `file` an int8 tensor of the same real values,
/// in place: contents and zero points go down by 128. `bytes` are those that
/// `file` was opened on.
///
/// Kernels for int8 multiply with weights as they are stored, without a zero
/// point. Filters therefore go down by their own zero point, which is the same
/// where that is 128, and must fit into int8 then.
///
/// Fails with a diagnostic on tensors without scales, on filters that do not
/// fit, on data that is shared with tensors of other types, on results that
/// kernels for int8 only write with other scales, and on kernels of which it is
/// not known that they compute the same from int8. Warns if there is no uint8
/// tensor.
mlir::LogicalResult convertToInt8(const ModelFile &file,
                                  llvm::MutableArrayRef<char> bytes);

} // namespace serenity::tflite

#endif // SERENITY_LIB_TARGET_TFLITE_CONVERTTOINT8_H
