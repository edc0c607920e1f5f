//===- NASBenchCell.cpp - What cells of the benchmarks share --------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NASBenchCell.h"

#include "absl/strings/str_cat.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::generate;

bool CellGraph::prune() {
  std::vector<bool> isReached(numNodes), isNeeded(numNodes);
  isReached.front() = isNeeded.back() = true;
  for (int to = 0; to < numNodes; ++to)
    for (int from = 0; from < to; ++from)
      if (edges[from][to] != 0 && isReached[from])
        isReached[to] = true;
  for (int from = numNodes - 1; from >= 0; --from)
    for (int to = from + 1; to < numNodes; ++to)
      if (edges[from][to] != 0 && isNeeded[to])
        isNeeded[from] = true;
  for (int from = 0; from < numNodes; ++from)
    for (int to = from + 1; to < numNodes; ++to)
      if (!isReached[from] || !isNeeded[to])
        edges[from][to] = 0;
  return isReached.back();
}

absl::Status serenity::generate::invalidArchitecture(StringRef spec,
                                                     const Twine &why) {
  // An error is one line, whatever is in the text.
  std::string message;
  llvm::raw_string_ostream os(message);
  llvm::printEscapedString(("architecture '" + spec + "': " + why).str(), os);
  return absl::InvalidArgumentError(message);
}

absl::Status serenity::generate::noPathThrough(StringRef spec) {
  return invalidArchitecture(
      spec, "nothing leads from the cell's input to its result");
}

absl::Status serenity::generate::checkOptions(const NASBenchOptions &options) {
  absl::Status status = checkSize(options.size);
  status.Update(checkRange("cells", options.cells, 10'000));
  if (options.nodes < 2 || options.nodes > 1000)
    status.Update(absl::InvalidArgumentError(absl::StrCat(
        options.nodes, " nodes of a cell asked for, allowed are 2 to 1000")));
  return status;
}

Value serenity::generate::sumUp(NetworkBuilder &net, ArrayRef<Value> values) {
  return values.size() == 1 ? values.front() : net.sum(values);
}

NetworkBuilder serenity::generate::makeBuilder(ModuleOp module, StringRef name,
                                               bool isLoneCell) {
  return {module, (name + (isLoneCell ? "_cell" : "")).str(),
          ElementTypes::float32(module.getContext())};
}
