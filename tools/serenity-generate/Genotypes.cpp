//===- Genotypes.cpp - Cells found by architecture search -----------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Genotypes.h"

using namespace serenity::generate;

// Two edges a line make a state, whose number is behind them.
// clang-format off

namespace {
using Edges = std::vector<CellEdge>;

constexpr CellOp kSkip = CellOp::Skip;
constexpr CellOp kAvg = CellOp::AvgPool3x3;
constexpr CellOp kMax = CellOp::MaxPool3x3;
constexpr CellOp kSep3 = CellOp::SepConv3x3;
constexpr CellOp kSep5 = CellOp::SepConv5x5;
constexpr CellOp kSep7 = CellOp::SepConv7x7;
constexpr CellOp kDil3 = CellOp::DilConv3x3;
constexpr CellOp k1x7 = CellOp::Conv1x7And7x1;
} // namespace

/// Real et al., "Regularized Evolution for Image Classifier Architecture
/// Search" (AAAI 2019), figure 5.
static Genotype getAmoebaNetA() {
  return {"amoebanet-a",
          "AmoebaNet-A, found by evolution",
          {Edges{{kAvg, 1}, {kMax, 1}, // 2
                 {kSep3, 0}, {kSkip, 0}, // 3
                 {kSkip, 1}, {kAvg, 0}, // 4
                 {kSep3, 1}, {kSep5, 2}, // 5
                 {kAvg, 5}, {kSep3, 1}}, // 6
           {0, 3, 4, 6}},
          {Edges{{kSep3, 0}, {kAvg, 1}, // 2
                 {kMax, 1}, {kSep7, 2}, // 3
                 {kMax, 0}, {kMax, 1}, // 4
                 {kSep3, 4}, {k1x7, 1}, // 5
                 {kAvg, 0}, {kSep7, 1}}, // 6
           {2, 3, 4, 5, 6}}};
}

/// Liu, Simonyan and Yang, "DARTS: Differentiable Architecture Search" (ICLR
/// 2019), found with the first-order approximation.
static Genotype getDartsV1() {
  return {"darts-v1",
          "DARTS, first order",
          {Edges{{kSep3, 1}, {kSep3, 0}, // 2
                 {kSkip, 0}, {kSep3, 1}, // 3
                 {kSkip, 0}, {kSep3, 1}, // 4
                 {kSep3, 0}, {kSkip, 2}}, // 5
           {2, 3, 4, 5}},
          {Edges{{kMax, 0}, {kMax, 1}, // 2
                 {kSkip, 2}, {kMax, 0}, // 3
                 {kMax, 0}, {kSkip, 2}, // 4
                 {kSkip, 2}, {kAvg, 0}}, // 5
           {2, 3, 4, 5}}};
}

/// The same, found with the second-order approximation.
static Genotype getDartsV2() {
  return {"darts-v2",
          "DARTS, second order",
          {Edges{{kSep3, 0}, {kSep3, 1}, // 2
                 {kSep3, 0}, {kSep3, 1}, // 3
                 {kSep3, 1}, {kSkip, 0}, // 4
                 {kSkip, 0}, {kDil3, 2}}, // 5
           {2, 3, 4, 5}},
          {Edges{{kMax, 0}, {kMax, 1}, // 2
                 {kSkip, 2}, {kMax, 1}, // 3
                 {kMax, 0}, {kSkip, 2}, // 4
                 {kSkip, 2}, {kMax, 1}}, // 5
           {2, 3, 4, 5}}};
}

/// Zoph et al., "Learning Transferable Architectures for Scalable Image
/// Recognition" (CVPR 2018), figure 4.
static Genotype getNASNetA() {
  return {"nasnet-a",
          "NASNet-A, found by reinforcement learning",
          {Edges{{kSep5, 1}, {kSep3, 0}, // 2
                 {kSep5, 0}, {kSep3, 0}, // 3
                 {kAvg, 1}, {kSkip, 0}, // 4
                 {kAvg, 0}, {kAvg, 0}, // 5
                 {kSep3, 1}, {kSkip, 1}}, // 6
           {0, 2, 3, 4, 5, 6}},
          {Edges{{kSep5, 1}, {kSep7, 0}, // 2
                 {kMax, 1}, {kSep7, 0}, // 3
                 {kAvg, 1}, {kSep5, 0}, // 4
                 {kSkip, 3}, {kAvg, 2}, // 5
                 {kSep3, 2}, {kMax, 1}}, // 6
           {3, 4, 5, 6}}};
}

/// Liu et al., "Progressive Neural Architecture Search" (ECCV 2018), figure 1.
/// One cell serves both purposes.
static Genotype getPNASNet5() {
  const Cell cell = {Edges{{kSep5, 0}, {kMax, 0}, // 2
                           {kSep7, 1}, {kMax, 1}, // 3
                           {kSep5, 1}, {kSep3, 1}, // 4
                           {kSep3, 4}, {kMax, 1}, // 5
                           {kSep3, 0}, {kSkip, 1}}, // 6
                     {2, 3, 4, 5, 6}};
  return {"pnasnet-5", "PNASNet-5, found progressively", cell, cell};
}

// clang-format on

llvm::ArrayRef<Genotype> serenity::generate::getGenotypes() {
  static const Genotype genotypes[] = {
      getAmoebaNetA(), getDartsV1(), getDartsV2(), getNASNetA(), getPNASNet5()};
  return genotypes;
}
