//===- Genotypes.h - Cells found by architecture search ---------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_GENERATE_GENOTYPES_H
#define SERENITY_GENERATE_GENOTYPES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <vector>

namespace serenity::generate {

/// What an edge of a cell computes. In the first row nothing begins with ReLU;
/// all others do.
enum class CellOp {
  Skip,
  AvgPool3x3,
  MaxPool3x3,
  /// Depthwise and pointwise, twice; the first depthwise has the stride.
  SepConv3x3,
  SepConv5x5,
  SepConv7x7,
  /// Depthwise of dilation two and pointwise.
  DilConv3x3,
  /// One row of seven, then one column.
  Conv1x7And7x1
};

/// `op`, of state `input` of the cell.
struct CellEdge {
  CellOp op;
  int input;
};

/// State 0 is the result of the cell before the last, 1 that of the last cell,
/// and each further state i is the sum of edges 2(i-2) and 2(i-2)+1.
struct Cell {
  std::vector<CellEdge> edges;
  /// States that are concatenated to the result.
  std::vector<int> outputs;

  int numStates() const { return 2 + static_cast<int>(edges.size()) / 2; }
};

/// In a reduction cell, edges from states 0 and 1 have a stride of two.
struct Genotype {
  llvm::StringLiteral name;
  llvm::StringLiteral description;
  Cell normal;
  Cell reduction;
};

/// All that are known, by name.
llvm::ArrayRef<Genotype> getGenotypes();

} // namespace serenity::generate

#endif // SERENITY_GENERATE_GENOTYPES_H
