//===- OperatorView.h - An operator and its tensors -------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_TFLITE_OPERATORVIEW_H
#define SERENITY_LIB_TARGET_TFLITE_OPERATORVIEW_H

#include "Subgraph.h"

namespace serenity::tflite {

/// Operator `index` of a subgraph, whose tensors have types.
class OperatorView {
public:
  OperatorView(Subgraph &graph, int64_t index)
      : graph(graph), index(index), op(graph.getOperator(index)),
        inputs(toArrayRef(op.inputs())), outputs(toArrayRef(op.outputs())) {}

  const ModelFile &getFile() const { return graph.getFile(); }
  const Operator &getOperator() const { return op; }
  BuiltinOperator getBuiltin() const { return getFile().getBuiltin(op); }
  std::string getKernelName() const { return getFile().getKernelName(op); }
  /// What diagnostics call it.
  std::string describe() const {
    return getFile().describeOperator(graph.getIndex(), index);
  }
  /// Its position and the name of its first output.
  mlir::Location getLoc() const;

  /// The tensors read and written; -1 for an optional input that is absent.
  llvm::ArrayRef<int32_t> getInputs() const { return inputs; }
  llvm::ArrayRef<int32_t> getOutputs() const { return outputs; }
  Subgraph &getGraph() const { return graph; }

  bool hasInput(size_t i) const { return i < inputs.size() && inputs[i] >= 0; }
  const Tensor &getInputTensor(size_t i) const {
    return graph.getTensor(inputs[i]);
  }
  mlir::RankedTensorType getInputType(size_t i) const {
    return graph.getType(inputs[i]);
  }
  mlir::RankedTensorType getOutputType(size_t i) const {
    return graph.getType(outputs[i]);
  }
  /// The types of the outputs that are values.
  llvm::SmallVector<mlir::Type> getResultTypes() const;

  /// Null if the input is absent.
  mlir::Value getInput(mlir::OpBuilder &builder, size_t i) const {
    return hasInput(i) ? graph.getValue(builder, inputs[i]) : mlir::Value();
  }
  /// The inputs that are values.
  llvm::SmallVector<mlir::Value> getOperands(mlir::OpBuilder &builder) const;
  /// Makes `results` the values of the outputs that are values.
  void setResults(mlir::ResultRange results) const;

  /// Whether the operator reads, writes or changes in place something that is
  /// not a value.
  bool touchesVariables() const;

private:
  Subgraph &graph;
  int64_t index;
  const Operator &op;
  llvm::ArrayRef<int32_t> inputs;
  llvm::ArrayRef<int32_t> outputs;
};

} // namespace serenity::tflite

#endif // SERENITY_LIB_TARGET_TFLITE_OPERATORVIEW_H
