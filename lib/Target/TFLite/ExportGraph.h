//===- ExportGraph.h - A function as a subgraph -----------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which operators and tensors of a base file the operations and values of a
// function are, and what has to be added to the file for those that are new.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_TFLITE_EXPORTGRAPH_H
#define SERENITY_LIB_TARGET_TFLITE_EXPORTGRAPH_H

#include "ExportTensors.h"

namespace serenity::tflite {

/// An operator of the file to be written.
struct ExportedOperator {
  /// Its position in the base file. A new operator has that of the one it came
  /// from, if it is known.
  std::optional<int64_t> source;
  /// The tensors that it reads and writes.
  std::vector<int32_t> inputs, outputs;
  /// Whether the base does not have it.
  bool isNew = false;
  /// What a new operator runs, and with which options.
  BuiltinOperator builtin = BuiltinOperator::ADD;
  BuiltinOptionsUnion options;
};

/// A subgraph of the file to be written. Tensors of the base keep their
/// positions; new ones follow.
struct ExportedGraph {
  std::vector<ExportedOperator> operators;
  std::vector<NewTensor> newTensors;
  /// Offsets that the module has for tensors, by their positions.
  llvm::DenseMap<int32_t, int64_t> offsets;
  /// Inputs, each with the output that its kernel may write over it.
  std::vector<std::pair<int32_t, int32_t>> inPlacePairs;
};

/// Finds what `function` is in the file from which `original`, subgraph
/// `subgraph`, was imported with its weights. Fails with a diagnostic if there
/// is something that no TFLite file can say, or that contradicts the base.
mlir::FailureOr<ExportedGraph>
findExportedGraph(const ModelFile &base, int64_t subgraph,
                  const ImportedSubgraph &original,
                  mlir::func::FuncOp function);

} // namespace serenity::tflite

#endif // SERENITY_LIB_TARGET_TFLITE_EXPORTGRAPH_H
