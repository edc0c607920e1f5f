//===- NASBenchCell.h - What cells of the benchmarks share ------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_GENERATE_NASBENCHCELL_H
#define SERENITY_GENERATE_NASBENCHCELL_H

#include "NetworkBuilder.h"
#include "Networks.h"

#include "absl/status/statusor.h"

#include <vector>

namespace serenity::generate {

/// A cell as a graph: node 0 is its input and the last node its result.
struct CellGraph {
  explicit CellGraph(int numNodes)
      : numNodes(numNodes), edges(numNodes, std::vector<int>(numNodes)) {}

  /// Leaves only what lies on a path from the input to the result. Returns
  /// whether there is one.
  bool prune();

  int numNodes;
  /// What goes from node i to node j > i; 0 for nothing.
  std::vector<std::vector<int>> edges;
};

/// The error that `spec` is no architecture, and why.
absl::Status invalidArchitecture(llvm::StringRef spec, const llvm::Twine &why);

/// The same, because its input does not reach its result.
absl::Status noPathThrough(llvm::StringRef spec);

/// Fails with InvalidArgument on numbers out of range.
absl::Status checkOptions(const NASBenchOptions &options);

/// The sum of `values`, of which there is at least one.
mlir::Value sumUp(NetworkBuilder &net, llvm::ArrayRef<mlir::Value> values);

/// Builds the function `name`, or that of its cell.
NetworkBuilder makeBuilder(mlir::ModuleOp module, llvm::StringRef name,
                           bool isLoneCell);

} // namespace serenity::generate

#endif // SERENITY_GENERATE_NASBENCHCELL_H
