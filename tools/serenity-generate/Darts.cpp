//===- Darts.cpp - The normal cell of DARTS -------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Liu, Simonyan and Yang, "DARTS: Differentiable Architecture Search" (ICLR
// 2019), the cell found with the second-order approximation, for ImageNet.
//
// Batch normalisation is folded into the convolution before it. Every block
// begins with a ReLU. It is fused into the kernel before it where all readers
// of that kernel begin with one: in the middle of a separable convolution, in
// the nodes (read by blocks, here and in the next cells), and in the cells that
// made the inputs. The two prepared inputs are read by skip connections too, so
// each block that reads them has a ReLU of its own.
//
//===----------------------------------------------------------------------===//

#include "NetworkBuilder.h"
#include "Networks.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::generate;

namespace {

constexpr int64_t kSize = 28;
constexpr int64_t kChannels = 48;

Value separableConv3x3(NetworkBuilder &net, Value input) {
  const Value first = net.conv(net.depthwise(net.relu(input), {3}), kChannels,
                               /*window=*/{}, Activation::Relu);
  return net.conv(net.depthwise(first, {3}), kChannels);
}

Value dilatedConv3x3(NetworkBuilder &net, Value rectified) {
  const Window window = {/*size=*/3, /*stride=*/1, /*dilation=*/2};
  return net.conv(net.depthwise(rectified, window), kChannels);
}

} // namespace

void serenity::generate::addDartsV2NormalCell(ModuleOp module) {
  NetworkBuilder net(module, "darts_v2_normal",
                     ElementTypes::float32(module.getContext()));
  const Value beforeLast = net.input(kSize, kSize, kChannels);
  const Value last = net.input(kSize, kSize, kChannels);
  const Value s0 = net.conv(beforeLast, kChannels);
  const Value s1 = net.conv(last, kChannels);

  const auto node = [&](Value lhs, Value rhs) {
    return net.add(lhs, rhs, Activation::Relu);
  };
  const auto twoConvs = [&] {
    const Value lhs = separableConv3x3(net, s0);
    return node(lhs, separableConv3x3(net, s1));
  };
  const Value node2 = twoConvs();
  const Value node3 = twoConvs();
  const Value node4 = node(separableConv3x3(net, s1), s0);
  const Value node5 = node(s0, dilatedConv3x3(net, node2));
  net.finish(net.conv(net.concat({node2, node3, node4, node5}), kChannels));
}
