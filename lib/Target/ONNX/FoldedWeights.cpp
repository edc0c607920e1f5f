//===- FoldedWeights.cpp - Weights that were computed ---------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FoldedWeights.h"
#include "Contents.h"
#include <cmath>

using namespace mlir;
using namespace serenity;
using namespace serenity::onnxformat;
using ::onnx::TensorProto;

namespace {
/// What a batch normalisation does to each channel.
struct Affine {
  std::vector<double> factors, offsets;
};
} // namespace

/// From scale, offset, mean and variance.
static Affine computeAffine(const Graph &graph, ArrayRef<int64_t> normalizers,
                            const ::onnx::NodeProto &node) {
  constexpr double defaultEpsilon = 1e-5;
  const double epsilon = getReal(node, "epsilon", defaultEpsilon);
  Affine affine{graph.getReals(normalizers[0]), graph.getReals(normalizers[1])};
  const std::vector<double> means = graph.getReals(normalizers[2]);
  const std::vector<double> variances = graph.getReals(normalizers[3]);
  for (size_t i = 0; i < means.size(); ++i) {
    affine.factors[i] /= std::sqrt(variances[i] + epsilon);
    affine.offsets[i] -= means[i] * affine.factors[i];
  }
  return affine;
}

/// `reals` as elements of type `element`, float or double.
static std::string packReals(ArrayRef<double> reals, int32_t element) {
  std::string bytes;
  auto append = [&](auto number) {
    bytes.append(reinterpret_cast<const char *>(&number), sizeof(number));
  };
  for (double real : reals)
    if (element == TensorProto::FLOAT)
      append(static_cast<float>(real));
    else
      append(real);
  return bytes;
}

/// A weight of `shape`, in the order of the file, with these numbers; without
/// them if contents are not kept.
static Value createWeight(OpBuilder &builder, Graph &graph, int64_t value,
                          ArrayRef<int64_t> shape, ArrayRef<int64_t> order,
                          ArrayRef<double> reals) {
  const int32_t element = graph.getSource(value).type.element;
  RankedTensorType type = llvm::cantFail(getTensorType(
      {element, SmallVector<int64_t>(shape)}, builder.getContext(), order));
  std::string bytes = packReals(reals, element);
  if (!order.empty() && !bytes.empty())
    bytes =
        transpose(bytes, shape, bytes.size() / type.getNumElements(), order);
  return graph.createWeight(builder, value, type, bytes);
}

/// Multiplies the filters, one for each factor, and computes a bias from
/// `bias`, empty if there was none.
static void apply(const Affine &affine, std::vector<double> &filters,
                  std::vector<double> &bias) {
  const size_t channels = affine.factors.size();
  bias.resize(channels, 0);
  for (size_t i = 0; i < filters.size(); ++i)
    filters[i] *= affine.factors[i / (filters.size() / channels)];
  for (size_t channel = 0; channel < channels; ++channel)
    bias[channel] =
        bias[channel] * affine.factors[channel] + affine.offsets[channel];
}

std::pair<Value, Value> onnxformat::getConvWeights(OpBuilder &builder,
                                                   const NodeView &node,
                                                   ArrayRef<int64_t> order) {
  Graph &graph = node.getGraph();
  const int64_t weights = node.getNode().inputs[1];
  const SmallVector<int64_t> shape(node.getInputShape(1));
  if (node.getNode().normalization < 0) {
    Value filter =
        graph.getWeight(builder, weights, {shape, SmallVector<int64_t>(order)});
    return {filter, node.hasInput(2) ? node.getInput(builder, 2) : Value()};
  }
  std::vector<double> filters, bias;
  if (graph.keepsWeights()) {
    filters = graph.getReals(weights);
    if (node.hasInput(2))
      bias = graph.getReals(node.getNode().inputs[2]);
    apply(computeAffine(
              graph, node.getNode().normalizers,
              node.getFile().getGraph().node(node.getNode().normalization)),
          filters, bias);
  }
  const int64_t offset = node.getNode().normalizers[1];
  Value filter = createWeight(builder, graph, weights, shape, order, filters);
  return {filter,
          createWeight(builder, graph, offset, shape.front(), {}, bias)};
}

std::pair<Value, Value>
onnxformat::getNormalizationWeights(OpBuilder &builder, const NodeView &node) {
  Graph &graph = node.getGraph();
  ArrayRef<int64_t> normalizers = ArrayRef(node.getNode().inputs).slice(1, 4);
  Affine affine;
  if (graph.keepsWeights())
    affine = computeAffine(graph, normalizers, node.getProto());
  const int64_t channels = node.getInputShape(0)[1];
  Value filter = createWeight(builder, graph, normalizers[0],
                              {1, 1, 1, channels}, {}, affine.factors);
  return {filter, createWeight(builder, graph, normalizers[1], channels, {},
                               affine.offsets)};
}
