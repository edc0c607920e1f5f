//===- Subgraph.h - Tensors of a subgraph as values -------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_TFLITE_SUBGRAPH_H
#define SERENITY_LIB_TARGET_TFLITE_SUBGRAPH_H

#include "DataFlow.h"
#include "TensorTypes.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectResourceBlobManager.h"

namespace serenity::tflite {

/// Hands out the contents of constants, each buffer of the file once.
class WeightStore {
public:
  /// Without `keep`, no constant has contents.
  explicit WeightStore(bool keep) : keep(keep) {}

  bool keepsContents() const { return keep; }
  /// The contents of `tensor`, whose type is `type`; null if they are not kept
  /// or if there are none to keep.
  mlir::ElementsAttr get(const ModelFile &file, const Tensor &tensor,
                         mlir::RankedTensorType type);

private:
  bool keep;
  llvm::DenseMap<int64_t, std::optional<mlir::DenseResourceElementsHandle>>
      handles;
};

/// The tensors of a subgraph: what they are in the file and in the function
/// that is being built from it.
class Subgraph {
public:
  Subgraph(const ModelFile &file, int64_t index, std::vector<TensorRole> roles,
           WeightStore &weights);

  const ModelFile &getFile() const { return file; }
  int64_t getIndex() const { return index; }
  const SubGraph &getGraph() const { return graph; }
  const Operator &getOperator(int64_t op) const {
    return *graph.operators()->Get(op);
  }
  int64_t getNumOperators() const { return sizeOf(graph.operators()); }

  const Tensor &getTensor(int32_t tensor) const {
    return *graph.tensors()->Get(tensor);
  }
  llvm::StringRef getName(int32_t tensor) const;
  /// The tensor's name as a location.
  mlir::Location getNameLoc(int32_t tensor) const;
  TensorRole getRole(int32_t tensor) const { return roles[tensor]; }
  /// Whether `tensor` has an SSA value; absent and variable ones have none.
  bool hasValue(int32_t tensor) const {
    return tensor >= 0 && roles[tensor] != TensorRole::Variable;
  }

  /// Finds the types of `tensors`, of which some may be absent.
  mlir::LogicalResult importTypes(llvm::ArrayRef<int32_t> tensors,
                                  const BatchSize &batch);
  /// The type of `tensor`, which was among those asked for.
  mlir::RankedTensorType getType(int32_t tensor) const { return types[tensor]; }

  /// The value of `tensor`, a new `serenity.weight` at the insertion point of
  /// `builder` where a constant has none yet.
  mlir::Value getValue(mlir::OpBuilder &builder, int32_t tensor);
  void setValue(int32_t tensor, mlir::Value value) { values[tensor] = value; }
  /// The values that tensors have got, null for the others. The last call.
  std::vector<mlir::Value> takeValues() { return std::move(values); }

private:
  const ModelFile &file;
  int64_t index;
  const SubGraph &graph;
  std::vector<TensorRole> roles;
  WeightStore &weights;
  std::vector<mlir::RankedTensorType> types;
  std::vector<mlir::Value> values;
};

} // namespace serenity::tflite

#endif // SERENITY_LIB_TARGET_TFLITE_SUBGRAPH_H
