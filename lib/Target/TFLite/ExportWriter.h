//===- ExportWriter.h - A new file around an old one ------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_TFLITE_EXPORTWRITER_H
#define SERENITY_LIB_TARGET_TFLITE_EXPORTWRITER_H

#include "ExportGraph.h"

namespace serenity::tflite {

/// Writes the file with the subgraphs `graphs` instead of those of `base`, and
/// with a plan of offsets that are all -1, for the tensors of all subgraphs.
///
/// Offsets in a FlatBuffer point forward, so a new root stands in front of the
/// bytes of the base, which stay where they are relative to each other: what is
/// not rebuilt keeps its fields, also those that no schema here names. Rebuilt
/// are the root, the subgraphs and their lists; lists of inputs and outputs
/// that change are changed in place. `bytes` are those that `base` was opened
/// on.
///
/// Fails with a diagnostic if the base has something that cannot be moved.
mlir::FailureOr<std::string> writeFile(const ModelFile &base,
                                       llvm::ArrayRef<char> bytes,
                                       llvm::ArrayRef<ExportedGraph> graphs);

} // namespace serenity::tflite

#endif // SERENITY_LIB_TARGET_TFLITE_EXPORTWRITER_H
