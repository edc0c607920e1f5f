//===- Networks.h - The networks that can be generated ----------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every function here appends one function to a module.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_GENERATE_NETWORKS_H
#define SERENITY_GENERATE_NETWORKS_H

#include "Genotypes.h"
#include "Ranges.h"
#include "mlir/IR/BuiltinOps.h"

#include <string>

namespace serenity::generate {

/// The cells of SwiftNet, in the order of the network.
enum class SwiftNetCell { A, B, C };

/// `@main`: SwiftNet for visual wake words, 224x224x3 to 2 classes, unsigned 8
/// bits. 85 kernels, in the order and with the wiring and the shapes of the
/// TFLite file in which the network was published.
void addSwiftNet(mlir::ModuleOp module);

/// `@swiftnet_cell_a` (or b, c): one cell of that network, from the tensor that
/// it reads to the one that it returns.
void addSwiftNetCell(mlir::ModuleOp module, SwiftNetCell cell);

/// What to make of a genotype.
enum class CellPart { Network, Normal, Reduction };

struct CellOptions {
  /// Of the network.
  int32_t cells = 20;
  /// What the network reads, but for its channels, which are three, and the
  /// channels of its first cells; both inputs of a cell alone.
  ImageSize size;
  /// Whether ReLU is part of the kernel before it where that is possible.
  bool fusesActivations = true;
};

/// A network of cells, `@darts_v2` for example: a convolution, `cells` cells of
/// which those at a third and at two thirds are reductions that double the
/// channels (none if there are fewer than three), and a classifier with 100
/// classes. Or one cell, `@darts_v2_normal` for example, with the convolutions
/// that prepare its two inputs and the one that reads its result. In 32-bit
/// floating point. Fails with InvalidArgument on numbers out of range.
absl::Status addCellNetwork(mlir::ModuleOp module, const Genotype &genotype,
                            CellPart part, const CellOptions &options);

struct NASBenchOptions {
  /// In the benchmark's own notation (docs/Generator.md); a random one if it is
  /// empty, with `nodes` nodes, its input and its result among them.
  std::string architecture;
  int32_t nodes = 0;
  uint64_t seed = 0;
  /// Of each of the three stages.
  int32_t cells = 0;
  /// As in CellOptions.
  ImageSize size;
};

/// `@nas_bench_201`, or `@nas_bench_201_cell` of one input: Dong and Yang,
/// "NAS-Bench-201: Extending the Scope of Reproducible Neural Architecture
/// Search" (ICLR 2020). Fails with InvalidArgument on numbers out of range and
/// on what is no architecture.
absl::Status addNASBench201(mlir::ModuleOp module, bool isLoneCell,
                            const NASBenchOptions &options);

/// `@nas_bench_101`, or `@nas_bench_101_cell` of one input: Ying et al.,
/// "NAS-Bench-101: Towards Reproducible Neural Architecture Search" (ICML
/// 2019). Fails as above, and on fewer channels than nodes that share them.
absl::Status addNASBench101(mlir::ModuleOp module, bool isLoneCell,
                            const NASBenchOptions &options);

struct TrainingOptions {
  /// Of a chain; of a residual net, its blocks of two layers.
  int32_t layers = 0;
  /// Each after the first halves rows and columns and doubles the channels.
  int32_t stages = 0;
  /// What the network reads, but for its channels, which are three, and the
  /// channels of the first stage.
  ImageSize size;
};

/// `@training_chain` or `@training_residual`: forward pass, backward pass and
/// update of all filters, in 32-bit floating point. Fails with InvalidArgument
/// on numbers out of range.
absl::Status addTraining(mlir::ModuleOp module, bool isResidual,
                         const TrainingOptions &options);

/// How the nodes of a stage are wired: after Watts and Strogatz, Erdos and
/// Renyi, or Barabasi and Albert.
enum class Wiring { WS, ER, BA };

/// What a RandWire network looks like.
struct RandWireOptions {
  Wiring wiring = Wiring::WS;
  /// Nodes of each stage.
  int32_t nodes = 32;
  /// WS: neighbours of each node in the ring before it is rewired.
  int32_t neighbours = 4;
  /// WS: with which an edge is rewired. ER: with which it is there.
  double probability = 0.75;
  /// BA: with which each new node comes.
  int32_t edges = 5;
  /// Stage i is wired from seed + i.
  uint64_t seed = 0;
  int32_t stages = 1;
  /// What the first stage reads; its channels are those of that stage. Each
  /// stage halves rows and columns, rounding up; each after the first doubles
  /// the channels.
  ImageSize size;
};

/// `@randwire`: a network of Xie et al., "Exploring Randomly Wired Neural
/// Networks for Image Recognition" (ICCV 2019), in 32-bit floating point. Fails
/// with InvalidArgument on numbers out of range and on what
/// core::wattsStrogatz, core::erdosRenyi or core::barabasiAlbert refuse.
absl::Status addRandWire(mlir::ModuleOp module, const RandWireOptions &options);

} // namespace serenity::generate

#endif // SERENITY_GENERATE_NETWORKS_H
