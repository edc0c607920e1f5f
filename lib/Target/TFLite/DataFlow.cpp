//===- DataFlow.cpp - What the tensors of a subgraph are ------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DataFlow.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::tflite;

/// Whether `tensor` needs no contents. Converters leave the buffer of such a
/// constant empty (the shape of a scalar), as they do for activations.
static bool isEmpty(const Tensor &tensor) {
  return llvm::is_contained(toArrayRef(tensor.shape()), 0) &&
         !llvm::is_contained(toArrayRef(tensor.shape_signature()), -1);
}

namespace {
/// Walks over a subgraph in execution order.
class RoleFinder {
public:
  RoleFinder(const ModelFile &file, int64_t subgraph)
      : file(file), subgraph(subgraph), graph(file.getSubgraph(subgraph)),
        roles(sizeOf(graph.tensors()), TensorRole::Unused) {}

  FailureOr<std::vector<TensorRole>> run() {
    findStatic();
    if (failed(addInputs()))
      return failure();
    for (int64_t i = 0; i < sizeOf(graph.operators()); ++i)
      if (failed(addOperator(i)))
        return failure();
    if (failed(checkOutputs()))
      return failure();
    return std::move(roles);
  }

private:
  const Tensor &getTensor(int64_t index) const {
    return *graph.tensors()->Get(index);
  }

  void findStatic() {
    for (int64_t i = 0; i < sizeOf(graph.tensors()); ++i) {
      const Tensor &tensor = getTensor(i);
      if (tensor.is_variable())
        roles[i] = TensorRole::Variable;
      else if (tensor.sparsity() || !file.getContents(tensor).empty())
        roles[i] = TensorRole::Constant;
    }
  }

  /// An input may have contents of its own, which the caller replaces.
  LogicalResult addInputs() {
    for (int32_t tensor : toArrayRef(graph.inputs())) {
      if (roles[tensor] == TensorRole::Input)
        return file.emitError()
               << file.describeTensor(subgraph, tensor) << " is an input twice";
      roles[tensor] = TensorRole::Input;
    }
    return success();
  }

  LogicalResult addOperator(int64_t index) {
    const Operator &op = *graph.operators()->Get(index);
    for (int32_t tensor : toArrayRef(op.inputs()))
      if (tensor >= 0 && !isAvailable(tensor))
        return emitOperatorError(index, tensor)
               << ", which nothing has written before it";
    for (int32_t tensor : toArrayRef(op.outputs()))
      if (failed(addResult(index, tensor)))
        return failure();
    return success();
  }

  bool isAvailable(int32_t tensor) {
    if (roles[tensor] == TensorRole::Unused && isEmpty(getTensor(tensor)))
      roles[tensor] = TensorRole::Constant;
    return roles[tensor] != TensorRole::Unused;
  }

  LogicalResult addResult(int64_t index, int32_t tensor) {
    switch (roles[tensor]) {
    case TensorRole::Unused:
      roles[tensor] = TensorRole::Result;
      return success();
    case TensorRole::Variable:
      return success();
    case TensorRole::Constant:
      return emitOperatorError(index, tensor, "writes") << ", a constant";
    case TensorRole::Input:
      return emitOperatorError(index, tensor, "writes")
             << ", an input of the network";
    case TensorRole::Result:
      return emitOperatorError(index, tensor, "writes")
             << ", which was written before";
    }
    llvm_unreachable("every role is handled");
  }

  LogicalResult checkOutputs() {
    for (int32_t tensor : toArrayRef(graph.outputs())) {
      if (!isAvailable(tensor))
        return file.emitError()
               << "output " << file.describeTensor(subgraph, tensor)
               << " is written by no operator";
      if (roles[tensor] == TensorRole::Variable)
        return file.emitError()
               << "output " << file.describeTensor(subgraph, tensor)
               << " is a variable";
    }
    return success();
  }

  InFlightDiagnostic emitOperatorError(int64_t index, int32_t tensor,
                                       StringRef verb = "reads") {
    return file.emitError()
           << file.describeOperator(subgraph, index) << " " << verb << " "
           << file.describeTensor(subgraph, tensor);
  }

  const ModelFile &file;
  int64_t subgraph;
  const SubGraph &graph;
  std::vector<TensorRole> roles;
};
} // namespace

FailureOr<std::vector<TensorRole>>
tflite::findTensorRoles(const ModelFile &file, int64_t subgraph) {
  return RoleFinder(file, subgraph).run();
}
