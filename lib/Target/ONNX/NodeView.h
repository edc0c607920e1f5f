//===- NodeView.h - A node and its tensors ----------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_ONNX_NODEVIEW_H
#define SERENITY_LIB_TARGET_ONNX_NODEVIEW_H

#include "Graph.h"
#include "NodeReader.h"

namespace serenity::onnxformat {

/// A node of the network that is being imported.
class NodeView {
public:
  NodeView(Graph &graph, const Node &node) : graph(graph), node(node) {}

  Graph &getGraph() const { return graph; }
  const ModelFile &getFile() const { return graph.getFile(); }
  const Node &getNode() const { return node; }
  const ::onnx::NodeProto &getProto() const { return *node.proto; }
  /// ONNX's own operator, empty for one of another domain.
  llvm::StringRef getOperator() const {
    return getDomain(getProto().domain()).empty()
               ? llvm::StringRef(getProto().op_type())
               : llvm::StringRef();
  }
  /// Its operator with the domain, unless that is ONNX's own.
  std::string getKernelName() const;
  /// Its position in the file and the name of its first output.
  mlir::Location getLoc() const;

  bool hasInput(size_t i) const { return node.hasInput(i); }
  bool isConstant(size_t i) const { return graph.isConstant(node.inputs[i]); }
  bool isImage(size_t i) const { return graph.isImage(node.inputs[i]); }
  bool isResultImage() const { return graph.isImage(node.outputs[0]); }
  /// An input as it is in the file.
  const Tensor &getInputTensor(size_t i) const {
    return graph.getSource(node.inputs[i]);
  }
  llvm::ArrayRef<int64_t> getInputShape(size_t i) const {
    return getInputTensor(i).type.shape;
  }
  llvm::ArrayRef<int64_t> getOutputShape() const {
    return graph.getSource(node.outputs[0]).type.shape;
  }
  mlir::Value getInput(mlir::OpBuilder &builder, size_t i) const {
    return graph.getValue(builder, node.inputs[i]);
  }
  mlir::RankedTensorType getResultType() const {
    return graph.getType(node.outputs[0]);
  }
  /// The types of the outputs that are there.
  llvm::SmallVector<mlir::Type> getResultTypes() const;
  /// Makes `results` the values of the outputs that are there.
  void setResults(mlir::ResultRange results) const;

  /// Dimension `axis` of the file, which may count from the end, of a tensor of
  /// `rank` dimensions, in the function; -1 if there is no such dimension.
  static int64_t getAxis(int64_t axis, int64_t rank, bool isImage);
  /// Numbers for each dimension of the file, in the order of the function.
  static llvm::SmallVector<int64_t> reorder(llvm::ArrayRef<int64_t> numbers,
                                            bool isImage);

private:
  Graph &graph;
  const Node &node;
};

} // namespace serenity::onnxformat

#endif // SERENITY_LIB_TARGET_ONNX_NODEVIEW_H
