//===- ExportTensors.h - Values as tensors ----------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_TFLITE_EXPORTTENSORS_H
#define SERENITY_LIB_TARGET_TFLITE_EXPORTTENSORS_H

#include "ImportModel.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"

namespace serenity::tflite {

/// A tensor that the base file does not have.
struct NewTensor {
  TensorT description;
  /// Empty for an activation.
  std::vector<uint8_t> contents;
};

/// Whether `weight` may stand for `original`, which has the contents of a file:
/// it has the same type and the same contents, or none.
bool mayStandFor(WeightOp weight, WeightOp original);

/// The tensors of a subgraph that is being written: those of the base file at
/// their positions, then new ones.
class ExportTensors {
public:
  /// `original` was imported, with weights, from subgraph `subgraph` of `base`.
  ExportTensors(const ModelFile &base, int64_t subgraph,
                const ImportedSubgraph &original);

  /// The tensor of the base that became `value`.
  int32_t getBaseTensor(mlir::Value value) const {
    return baseTensors.lookup(value);
  }
  /// Whether a value was put into a tensor of the base.
  bool isTaken(int32_t tensor) const { return taken[tensor]; }

  /// Puts `value` into `tensor`. Fails with a diagnostic if the tensor has
  /// another value.
  mlir::LogicalResult assign(mlir::Value value, int32_t tensor);
  /// Puts `value` into a new tensor. Fails with a diagnostic if files have no
  /// such elements.
  mlir::LogicalResult assignNew(mlir::Value value);
  /// Where `value` is, if it was put anywhere.
  std::optional<int32_t> find(mlir::Value value) const;

  /// The tensor of an operand of a new operator: where it was put, or the
  /// constant, perhaps a new one, that holds a weight. Fails with a diagnostic
  /// if a weight has no contents.
  mlir::FailureOr<int32_t> getTensor(mlir::Value value);
  /// Adds a constant of 32-bit integers.
  int32_t addIntegers(llvm::ArrayRef<int32_t> shape,
                      llvm::ArrayRef<int32_t> values);
  /// Adds a constant, or an activation if it has no contents, with the name
  /// that `loc` has. Fails with a diagnostic if files have no such elements.
  mlir::FailureOr<int32_t> add(mlir::Location loc, mlir::RankedTensorType type,
                               std::vector<uint8_t> contents);

  std::vector<NewTensor> takeNewTensors() { return std::move(newTensors); }

private:
  mlir::FailureOr<int32_t> getWeight(WeightOp weight);
  int32_t add(NewTensor tensor);

  const ModelFile &base;
  int64_t subgraph;
  const ImportedSubgraph &original;
  llvm::DenseMap<mlir::Value, int32_t> baseTensors, tensors;
  std::vector<bool> taken;
  std::vector<NewTensor> newTensors;
};

} // namespace serenity::tflite

#endif // SERENITY_LIB_TARGET_TFLITE_EXPORTTENSORS_H
