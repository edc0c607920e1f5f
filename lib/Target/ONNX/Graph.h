//===- Graph.h - A network and the function built from it -------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_ONNX_GRAPH_H
#define SERENITY_LIB_TARGET_ONNX_GRAPH_H

#include "Network.h"
#include "mlir/IR/Builders.h"
#include <map>

namespace serenity::onnxformat {

/// How a constant is stored for one of its readers.
struct WeightLayout {
  /// Its shape, with as many elements as it has in the file.
  llvm::SmallVector<int64_t> shape;
  /// Dimension i of what is stored is dimension `order[i]` of `shape`; as they
  /// are without an order.
  llvm::SmallVector<int64_t> order;

  bool operator<(const WeightLayout &other) const {
    return std::tie(shape, order) < std::tie(other.shape, other.order);
  }
};

/// The values of a network: what they are in the file and in the function that
/// is being built from it.
class Graph {
public:
  Graph(const ModelFile &file, const Network &network, bool keepWeights);

  const ModelFile &getFile() const { return file; }
  const Network &getNetwork() const { return network; }
  const Tensor &getSource(int64_t value) const { return network.values[value]; }
  bool isConstant(int64_t value) const {
    return getSource(value).constant.has_value();
  }
  /// Whether `value` is stored as NHWC.
  bool isImage(int64_t value) const { return images[value]; }
  bool keepsWeights() const { return keepWeights; }

  /// The type of `value` in the function, a constant's as it is in the file.
  mlir::RankedTensorType getType(int64_t value) const;
  /// The value's name as a location.
  mlir::Location getNameLoc(int64_t value) const;

  /// Reads the contents of the constants that something reads, if they are to
  /// be kept. Fails with a diagnostic if they are missing.
  mlir::LogicalResult readContents();

  /// The SSA value of `value`, a constant as it is in the file.
  mlir::Value getValue(mlir::OpBuilder &builder, int64_t value);
  void setValue(int64_t value, mlir::Value ssa) { values[value] = ssa; }

  /// The constant `value` as `layout` wants it: a `serenity.weight` at the
  /// insertion point of `builder` where there is none yet.
  mlir::Value getWeight(mlir::OpBuilder &builder, int64_t value,
                        const WeightLayout &layout);

  /// The numbers of the constant `value`, of type float or double, whose
  /// contents are kept.
  std::vector<double> getReals(int64_t value) const;

  /// A new weight of `type`, named after `value`, with `bytes` for contents if
  /// contents are kept.
  mlir::Value createWeight(mlir::OpBuilder &builder, int64_t value,
                           mlir::RankedTensorType type, llvm::StringRef bytes);

private:
  const ModelFile &file;
  const Network &network;
  bool keepWeights;
  std::vector<bool> images;
  std::vector<mlir::Value> values;
  /// The bytes of constants, if they are kept.
  std::map<int64_t, std::string> contents;
  std::map<std::pair<int64_t, WeightLayout>, mlir::Value> weights;
  int64_t numResources = 0;
};

} // namespace serenity::onnxformat

#endif // SERENITY_LIB_TARGET_ONNX_GRAPH_H
