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

#include "absl/status/status.h"
#include "mlir/IR/BuiltinOps.h"

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

/// `@darts_v2_normal`: the normal cell of DARTS (second order) on two inputs of
/// 28x28x48 in 32-bit floating point, with the convolutions that prepare the
/// inputs and the one that reads the cell's result.
void addDartsV2NormalCell(mlir::ModuleOp module);

/// What a RandWire network looks like.
struct RandWireOptions {
  /// Nodes of each stage.
  int32_t nodes = 32;
  /// Neighbours of each node in the ring before it is rewired.
  int32_t neighbours = 4;
  /// With which an edge is rewired.
  double probability = 0.75;
  /// Stage i is wired from seed + i.
  uint64_t seed = 0;
  int32_t stages = 1;
  /// Of the input and the first stage; each further stage doubles them.
  int64_t channels = 78;
  /// Of the input; each stage halves both, rounding up.
  int64_t height = 56;
  int64_t width = 56;
};

/// `@randwire`: a network of Xie et al., "Exploring Randomly Wired Neural
/// Networks for Image Recognition" (ICCV 2019), wired after Watts and Strogatz,
/// in 32-bit floating point. Fails with InvalidArgument on numbers out of range
/// and on what core::wattsStrogatz refuses.
absl::Status addRandWire(mlir::ModuleOp module, const RandWireOptions &options);

} // namespace serenity::generate

#endif // SERENITY_GENERATE_NETWORKS_H
