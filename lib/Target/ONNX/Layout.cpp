//===- Layout.cpp - Which tensors are images ------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Layout.h"
#include "NodeReader.h"
#include "llvm/ADT/IntEqClasses.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::onnxformat;

/// Whether the first input and the outputs of an operator are images if they
/// have four dimensions.
static bool isImageOperator(StringRef kind) {
  return llvm::StringSwitch<bool>(kind)
      .Cases({"Conv", "ConvInteger", "ConvTranspose", "QLinearConv"}, true)
      .Cases({"AveragePool", "MaxPool", "LpPool"}, true)
      .Cases({"GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"}, true)
      .Cases({"BatchNormalization", "InstanceNormalization"}, true)
      .Cases({"GroupNormalization", "LRN", "Resize", "Upsample"}, true)
      .Cases({"DepthToSpace", "SpaceToDepth"}, true)
      .Default(false);
}

/// Whether an operator gives the dimensions of its result another meaning than
/// those of its inputs have.
static bool changesDimensions(StringRef kind) {
  return llvm::StringSwitch<bool>(kind)
      .Cases({"Reshape", "Flatten", "Squeeze", "Unsqueeze"}, true)
      .Cases({"Transpose", "MatMul", "MatMulInteger", "QLinearMatMul"}, true)
      .Cases({"Gemm", "Einsum", "Attention", "RotaryEmbedding"}, true)
      .Cases({"Gather", "GatherElements", "GatherND", "Compress"}, true)
      .Cases({"ScatterND", "TopK", "OneHot", "NonZero", "GridSample"}, true)
      .Cases({"If", "Loop", "Scan", "SplitToSequence"}, true)
      .Default(false);
}

namespace {
class ImageFinder {
public:
  explicit ImageFinder(const Network &network)
      : network(network), classes(network.values.size()),
        roots(network.values.size()) {}

  std::vector<bool> run();

private:
  bool canBeImage(int64_t value) const {
    return value >= 0 && !network.values[value].constant &&
           network.values[value].type.getRank() == 4;
  }
  void addNode(const Node &node);

  const Network &network;
  llvm::IntEqClasses classes;
  /// Which values some operator takes for images.
  std::vector<bool> roots;
};
} // namespace

void ImageFinder::addNode(const Node &node) {
  const StringRef kind = node.proto->op_type();
  if (!getDomain(node.proto->domain()).empty() || changesDimensions(kind))
    return;
  SmallVector<int64_t> tied(node.outputs);
  if (isImageOperator(kind))
    tied.push_back(node.inputs.empty() ? -1 : node.inputs.front());
  else
    llvm::append_range(tied, node.inputs);
  llvm::erase_if(tied, [&](int64_t value) { return !canBeImage(value); });
  for (int64_t value : tied) {
    classes.join(tied.front(), value);
    if (isImageOperator(kind))
      roots[value] = true;
  }
}

std::vector<bool> ImageFinder::run() {
  for (const Node &node : network.nodes)
    addNode(node);
  std::vector<bool> isImageClass(network.values.size());
  for (size_t value = 0; value < roots.size(); ++value)
    if (roots[value])
      isImageClass[classes.findLeader(value)] = true;
  std::vector<bool> images(network.values.size());
  for (size_t value = 0; value < images.size(); ++value)
    images[value] = isImageClass[classes.findLeader(value)];
  return images;
}

std::vector<bool> onnxformat::findImages(const Network &network) {
  return ImageFinder(network).run();
}
