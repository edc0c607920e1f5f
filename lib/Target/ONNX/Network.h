//===- Network.h - What is left of a graph before it runs -------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An ONNX graph with types for all tensors, without the nodes that do nothing
// or whose results are known before it runs.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_ONNX_NETWORK_H
#define SERENITY_LIB_TARGET_ONNX_NETWORK_H

#include "TensorTypes.h"
#include <deque>

namespace serenity::onnxformat {

/// Where the contents of a constant come from.
struct Constant {
  /// From the file; null if `integers` are all there is.
  const ::onnx::TensorProto *tensor = nullptr;
  /// Whether the one element of `tensor` stands for all.
  bool isSplat = false;
  /// The contents, if they are few, whole and integers.
  std::optional<llvm::SmallVector<int64_t>> integers;
};

/// A tensor of the network.
struct Tensor {
  llvm::StringRef name;
  SourceType type;
  std::optional<Constant> constant;
};

/// An operation of the network.
struct Node {
  const ::onnx::NodeProto *proto = nullptr;
  /// Its position in the file.
  int64_t index = 0;
  /// Positions among the values; -1 for one that is absent.
  llvm::SmallVector<int64_t> inputs, outputs;
  /// Whether it breaks the rules of its operator, so that only what the file
  /// declares of its results is known.
  bool breaksRules = false;
  /// What the graphs inside it read from outside.
  llvm::SmallVector<int64_t> captured;
  /// Position among the nodes of the file of the batch normalisation that is
  /// part of this convolution; -1 without one.
  int64_t normalization = -1;
  /// Scale, offset, mean and variance of that.
  llvm::SmallVector<int64_t> normalizers;

  /// Whether input or output `i` is there.
  bool hasInput(size_t i) const { return i < inputs.size() && inputs[i] >= 0; }
  bool hasOutput(size_t i) const {
    return i < outputs.size() && outputs[i] >= 0;
  }
};

struct Network {
  std::vector<Tensor> values;
  /// In the order of the file.
  std::vector<Node> nodes;
  /// Positions among the values.
  llvm::SmallVector<int64_t> inputs, outputs;
  /// Contents of constants that the file has in another form.
  std::deque<::onnx::TensorProto> tensors;

  /// How often each value is read, as an output of the network too.
  std::vector<int64_t> countReads() const;
};

/// Reads the graph of `file`, which must outlive the network. Fails with a
/// diagnostic unless its nodes can run in the order of the file, every tensor
/// has one source, and all sizes can be known.
mlir::FailureOr<Network> readNetwork(const ModelFile &file,
                                     const ONNXImportOptions &options);

/// Whether `node` is a batch normalisation by constants, one for each channel.
bool isNormalization(const Network &network, const Node &node);

/// Makes each batch normalisation part of the convolution before it, if nothing
/// else reads that and all its numbers are constants.
void foldNormalizations(Network &network);

} // namespace serenity::onnxformat

#endif // SERENITY_LIB_TARGET_ONNX_NETWORK_H
