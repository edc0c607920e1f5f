//===- LargeGraphs.h - Deep and wide graphs of any size ---------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Graphs by which the algorithms show what they do at size. They keep of a
// network what decides about memory: who reads what, and how large it is.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_TEST_CORE_LARGEGRAPHS_H
#define SERENITY_TEST_CORE_LARGEGRAPHS_H

#include "serenity/Core/Graph/Graph.h"
#include "serenity/Core/Graph/RandomSource.h"

#include <algorithm>
#include <array>

namespace serenity::core {

/// Builds graphs in which every operation has one result.
class LargeGraphBuilder {
public:
  BufferId addInput(int64_t bytes) {
    return builder.addBuffer({"", bytes, /*isInput=*/true});
  }
  BufferId addOp(std::vector<BufferId> reads, int64_t bytes) {
    const BufferId result = builder.addBuffer({"", bytes});
    builder.addOp({"", std::move(reads), {result}});
    return result;
  }
  /// An operation with nothing to show for it in activation memory.
  void addSink(std::vector<BufferId> reads) {
    builder.addOp({"", std::move(reads), {}});
  }
  /// An operation that adds to `sum`, which others may write as well.
  void accumulate(std::vector<BufferId> reads, BufferId sum) {
    builder.addOp({"", std::move(reads), {sum}});
  }
  BufferId addBuffer(int64_t bytes) { return builder.addBuffer({"", bytes}); }
  Graph build() { return *std::move(builder).build(); }

private:
  GraphBuilder builder;
};

/// `numOps` operations, each of which reads the one before.
inline Graph makeChain(int32_t numOps) {
  LargeGraphBuilder net;
  BufferId last = net.addInput(7);
  for (int32_t i = 0; i < numOps; ++i)
    last = net.addOp({last}, 1 + i % 13);
  return net.build();
}

/// Layers of `width` operations, each of which reads one to three results of
/// the two layers before its own; sizes of 1 to 64 bytes.
inline Graph makeLayered(int32_t numLayers, int32_t width, uint64_t seed) {
  RandomSource random(seed);
  LargeGraphBuilder net;
  std::vector<BufferId> beforeLast, last{net.addInput(64)};
  for (int32_t layer = 0; layer < numLayers; ++layer) {
    std::vector<BufferId> next;
    for (int32_t i = 0; i < width; ++i) {
      std::vector<BufferId> reads{last[random.below(last.size())]};
      for (int64_t extra = random.below(3); extra > 0; --extra) {
        const auto &from =
            beforeLast.empty() || random.chance(0.7) ? last : beforeLast;
        reads.push_back(from[random.below(from.size())]);
      }
      next.push_back(net.addOp(std::move(reads), 1 + random.below(64)));
    }
    beforeLast = std::exchange(last, std::move(next));
  }
  return net.build();
}

/// The cells of NASNet-A (Zoph et al., "Learning Transferable Architectures for
/// Scalable Image Recognition", CVPR 2018), normal ones with a reduction after
/// each third of them, kernel by kernel without fusion: some 60 a cell. A unit
/// of size is one channel of the smallest image.
class NasnetBuilder {
public:
  static Graph make(int32_t numCells) {
    NasnetBuilder net;
    BufferId beforeLast = net.graph.addInput(net.filters * net.area);
    BufferId last = beforeLast;
    for (int32_t cell = 0; cell < numCells; ++cell) {
      const bool isReduction =
          (cell + 1) % std::max(numCells / 3, 2) == 0 && net.area > 16;
      if (isReduction) {
        net.area /= 4;
        net.filters *= 2;
      }
      const BufferId next = isReduction ? net.reduction(beforeLast, last)
                                        : net.normal(beforeLast, last);
      beforeLast = std::exchange(last, next);
    }
    return net.graph.build();
  }

private:
  BufferId op(BufferId input) { return graph.addOp({input}, filters * area); }
  BufferId add(BufferId a, BufferId b) {
    return graph.addOp({a, b}, filters * area);
  }
  /// Activation, depthwise and pointwise convolution, twice.
  BufferId separable(BufferId input) {
    for (int i = 0; i < 6; ++i)
      input = op(input);
    return input;
  }
  BufferId adjust(BufferId input) { return op(op(input)); }
  BufferId concat(std::vector<BufferId> parts) {
    const int64_t bytes = static_cast<int64_t>(parts.size()) * filters * area;
    return graph.addOp(std::move(parts), bytes);
  }

  /// The sum of two separable convolutions, the left one first: compilers do
  /// not agree on the order in which arguments are made.
  BufferId addSeparable(BufferId left, BufferId right) {
    left = separable(left);
    return add(left, separable(right));
  }

  BufferId normal(BufferId beforeLast, BufferId last) {
    const BufferId p = adjust(beforeLast), h = adjust(last);
    const BufferId b1 = add(separable(h), h);
    const BufferId b2 = addSeparable(p, h);
    const BufferId b3 = add(op(h), p);
    const BufferId left = op(p), right = op(p);
    const BufferId b4 = add(left, right);
    const BufferId b5 = addSeparable(p, p);
    return concat({p, b1, b2, b3, b4, b5});
  }
  BufferId reduction(BufferId beforeLast, BufferId last) {
    const BufferId p = adjust(beforeLast), h = adjust(last);
    const BufferId b1 = addSeparable(p, h);
    const BufferId pooled = op(h), b2 = add(pooled, separable(p));
    const BufferId averaged = op(h), b3 = add(averaged, separable(p));
    const BufferId b4 = add(op(b1), b2);
    const BufferId deep = separable(b1), b5 = add(deep, op(h));
    return concat({b2, b3, b4, b5});
  }

  LargeGraphBuilder graph;
  int64_t filters = 6, area = 1024;
};

/// One step of training a network: forward, backward and the update of its
/// weights by Adam (Kingma and Ba 2015), in the order in which frameworks write
/// it, all updates last. Weights and moments are not activations; gradients
/// are. A convolution needs its operand again for the gradient of its weights,
/// a rectifier its result; gradients of a value that is read twice add up in
/// one buffer.
class TrainingBuilder {
public:
  BufferId addInput(int64_t bytes) {
    const BufferId input = graph.addInput(bytes);
    values.push_back({input, bytes, /*needsGradient=*/false});
    return input;
  }
  BufferId convolution(BufferId input, int64_t bytes, int64_t weightBytes) {
    return record(Kind::Convolution, {input}, bytes, weightBytes);
  }
  BufferId rectifier(BufferId input, int64_t bytes) {
    return record(Kind::Rectifier, {input}, bytes, /*weightBytes=*/0);
  }
  BufferId sum(std::vector<BufferId> inputs, int64_t bytes) {
    return record(Kind::Sum, std::move(inputs), bytes, /*weightBytes=*/0);
  }

  /// Trains what ends in the value added last.
  Graph build() {
    for (Value &value : values)
      if (value.needsGradient)
        value.gradient = graph.addBuffer(value.bytes);
    graph.accumulate({values.back().buffer}, values.back().gradient);
    for (auto step = steps.rbegin(); step != steps.rend(); ++step)
      differentiate(*step);
    for (auto [gradient, bytes] : weightGradients)
      update(gradient, bytes);
    return graph.build();
  }

private:
  enum class Kind { Convolution, Rectifier, Sum };
  struct Value {
    BufferId buffer;
    int64_t bytes;
    bool needsGradient;
    BufferId gradient;
  };
  struct Step {
    Kind kind;
    std::vector<BufferId> inputs;
    BufferId result;
    int64_t weightBytes;
  };

  Value &valueOf(BufferId buffer) {
    return *std::find_if(values.rbegin(), values.rend(),
                         [&](const Value &v) { return v.buffer == buffer; });
  }

  BufferId record(Kind kind, std::vector<BufferId> inputs, int64_t bytes,
                  int64_t weightBytes) {
    const BufferId result = graph.addOp(inputs, bytes);
    values.push_back({result, bytes, /*needsGradient=*/true});
    steps.push_back({kind, std::move(inputs), result, weightBytes});
    return result;
  }

  void differentiate(const Step &step) {
    const BufferId gradient = valueOf(step.result).gradient;
    for (BufferId input : step.inputs)
      if (const Value &value = valueOf(input); value.needsGradient)
        graph.accumulate(step.kind == Kind::Rectifier
                             ? std::vector<BufferId>{gradient, step.result}
                             : std::vector<BufferId>{gradient},
                         value.gradient);
    if (step.kind == Kind::Convolution)
      weightGradients.emplace_back(
          graph.addOp({gradient, step.inputs.front()}, step.weightBytes),
          step.weightBytes);
  }

  void update(BufferId gradient, int64_t bytes) {
    const BufferId first = graph.addOp({gradient}, bytes);
    const BufferId second = graph.addOp({gradient}, bytes);
    graph.addSink({first, graph.addOp({second}, bytes)});
  }

  LargeGraphBuilder graph;
  std::vector<Value> values;
  std::vector<Step> steps;
  std::vector<std::pair<BufferId, int64_t>> weightGradients;
};

/// Trains a chain of `numLayers` convolutions with rectifiers: some nine
/// operations a layer.
inline Graph makeTrainedChain(int32_t numLayers) {
  TrainingBuilder net;
  BufferId last = net.addInput(3072);
  for (int32_t i = 0; i < numLayers; ++i) {
    const int64_t bytes = 4096 >> (2 * i / numLayers);
    last = net.convolution(last, bytes, /*weightBytes=*/500 + 97 * (i % 11));
    last = net.rectifier(last, bytes);
  }
  return net.build();
}

/// Trains a residual network of `numBlocks` bottlenecks in four stages (He et
/// al., "Deep Residual Learning for Image Recognition", CVPR 2016), without
/// normalisation: some 29 operations a block. From stage to stage the values
/// become half as large, the weights four times.
inline Graph makeTrainedResidual(int32_t numBlocks) {
  TrainingBuilder net;
  int64_t wide = 4096, narrow = 1024, weights = 256;
  BufferId last = net.convolution(net.addInput(3072), wide, weights);
  for (int32_t block = 0; block < numBlocks; ++block) {
    const bool opensStage = block > 0 && block % ((numBlocks + 3) / 4) == 0;
    if (opensStage) {
      wide /= 2;
      narrow /= 2;
      weights *= 4;
    }
    const BufferId a =
        net.rectifier(net.convolution(last, narrow, weights), narrow);
    const BufferId b =
        net.rectifier(net.convolution(a, narrow, weights * 9 / 4), narrow);
    const BufferId c = net.convolution(b, wide, weights);
    const BufferId shortcut =
        opensStage ? net.convolution(last, wide, 2 * weights) : last;
    last = net.rectifier(net.sum({c, shortcut}, wide), wide);
  }
  return net.build();
}

} // namespace serenity::core

#endif // SERENITY_TEST_CORE_LARGEGRAPHS_H
