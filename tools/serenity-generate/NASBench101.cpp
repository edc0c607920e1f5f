//===- NASBench101.cpp - Cells whose nodes compute ------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Batch normalisation is folded into the convolution before it. What the cell's
// result does not depend on is left out.
//
//===----------------------------------------------------------------------===//

#include "NASBenchCell.h"

#include "absl/strings/str_cat.h"
#include "serenity/Core/Graph/RandomSource.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::generate;

namespace {
enum class VertexOp { Conv1x1, Conv3x3, MaxPool3x3 };

struct VertexCell {
  /// How many vertices share the channels of the result.
  int64_t countWriters() const {
    return llvm::count_if(ArrayRef(graph.edges).slice(1, ops.size()),
                          [](const auto &reads) { return reads.back() != 0; });
  }

  CellGraph graph;
  /// Of the vertices between the input and the result.
  std::vector<VertexOp> ops;
};
} // namespace

static std::optional<VertexOp> parseVertexOp(StringRef name) {
  return llvm::StringSwitch<std::optional<VertexOp>>(name)
      .Case("conv1x1-bn-relu", VertexOp::Conv1x1)
      .Case("conv3x3-bn-relu", VertexOp::Conv3x3)
      .Case("maxpool3x3", VertexOp::MaxPool3x3)
      .Default(std::nullopt);
}

/// Reads the rows of an upper triangular matrix of 0 and 1.
static absl::StatusOr<CellGraph> parseMatrix(StringRef spec,
                                             ArrayRef<StringRef> rows) {
  CellGraph graph(rows.size());
  for (auto [from, row] : llvm::enumerate(rows)) {
    if (row.size() != rows.size())
      return invalidArchitecture(spec,
                                 "row " + Twine(from) + " of the matrix has " +
                                     Twine(row.size()) + " digits, expected " +
                                     Twine(rows.size()));
    for (auto [to, digit] : llvm::enumerate(row)) {
      if (digit != '0' && (digit != '1' || to <= from))
        return invalidArchitecture(
            spec, "row " + Twine(from) + " of the matrix has a '" +
                      Twine(digit) + "' at " + Twine(to) +
                      ", expected 0, or 1 above the diagonal");
      graph.edges[from][to] = digit - '0';
    }
  }
  return graph;
}

/// Reads `0110,0001,0001,0000:op,op`: the adjacency matrix, and the operations
/// between input and result.
static absl::StatusOr<VertexCell> parseVertexCell(StringRef spec) {
  const auto [matrix, names] = spec.split(':');
  const auto rows = llvm::to_vector(llvm::split(matrix, ','));
  absl::StatusOr<CellGraph> graph = parseMatrix(spec, rows);
  if (!graph.ok())
    return graph.status();
  VertexCell cell = {*std::move(graph), {}};
  SmallVector<StringRef> list;
  names.split(list, ',', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (StringRef name : list) {
    const std::optional<VertexOp> op = parseVertexOp(name);
    if (!op)
      return invalidArchitecture(spec, "no operation '" + name + "'");
    cell.ops.push_back(*op);
  }
  if (cell.ops.size() + 2 != rows.size())
    return invalidArchitecture(spec,
                               Twine(cell.ops.size()) + " operations, but " +
                                   Twine(rows.size()) +
                                   " rows of the matrix; expected two less");
  if (!cell.graph.prune())
    return noPathThrough(spec);
  return cell;
}

/// Each pair of nodes an edge or not, each operation one of the three, until
/// something leads through the cell and it has at most two edges more than
/// nodes (in the benchmark 9 and 7).
static VertexCell drawVertexCell(int numNodes, uint64_t seed) {
  const int64_t numPairs = int64_t{numNodes} * (numNodes - 1) / 2;
  const int64_t maxEdges = numNodes + 2;
  core::RandomSource random(seed);
  while (true) {
    VertexCell cell = {CellGraph(numNodes), {}};
    int64_t numEdges = 0;
    for (int from = 0; from < numNodes; ++from)
      for (int to = from + 1; to < numNodes; ++to)
        numEdges += cell.graph.edges[from][to] =
            random.below(numPairs) < maxEdges;
    for (int i = 2; i < numNodes; ++i)
      cell.ops.push_back(static_cast<VertexOp>(random.below(3)));
    if (numEdges <= maxEdges && cell.graph.prune())
      return cell;
  }
}

namespace {
/// Builds one cell after `build_module` of the benchmark.
class VertexCellBuilder {
public:
  VertexCellBuilder(NetworkBuilder &net, const VertexCell &cell, Value input,
                    int64_t channels)
      : net(net), cell(cell), edges(cell.graph.edges),
        result(cell.graph.numNodes - 1),
        channels(computeChannels(channels)), values{input} {}

  Value build();

private:
  std::vector<int64_t> computeChannels(int64_t resultChannels) const;
  /// Whether nothing reads `node`.
  bool isDead(int node) const {
    return llvm::all_of(edges[node], [](int edge) { return edge == 0; });
  }
  Value project(int node) {
    return net.conv(values.front(), channels[node], {}, Activation::Relu);
  }
  Value gather(int node);
  Value apply(VertexOp op, Value input, int64_t channels);

  NetworkBuilder &net;
  const VertexCell &cell;
  const std::vector<std::vector<int>> &edges;
  int result;
  std::vector<int64_t> channels;
  SmallVector<Value> values;
};
} // namespace

/// Those that write the result share its channels, the first of them with one
/// more where that does not come out even; the others have as many as any they
/// are read by.
std::vector<int64_t>
VertexCellBuilder::computeChannels(int64_t resultChannels) const {
  std::vector<int64_t> counts(cell.graph.numNodes);
  counts[result] = resultChannels;
  const int64_t numWriters = cell.countWriters();
  int64_t rest = numWriters == 0 ? 0 : resultChannels % numWriters;
  for (int node = 1; node < result; ++node)
    if (edges[node][result] != 0)
      counts[node] = resultChannels / numWriters + (rest-- > 0 ? 1 : 0);
  for (int node = result - 1; node > 0; --node)
    for (int reader = node + 1; reader < result; ++reader)
      if (edges[node][result] == 0 && edges[node][reader] != 0)
        counts[node] = std::max(counts[node], counts[reader]);
  return counts;
}

/// The sum of what `node` reads.
Value VertexCellBuilder::gather(int node) {
  SmallVector<Value> reads;
  for (int from = 1; from < node; ++from)
    if (edges[from][node] != 0)
      reads.push_back(channels[from] == channels[node]
                          ? values[from]
                          : net.truncate(values[from], channels[node]));
  if (edges[0][node] != 0)
    reads.push_back(project(node));
  return sumUp(net, reads);
}

Value VertexCellBuilder::apply(VertexOp op, Value input, int64_t channels) {
  switch (op) {
  case VertexOp::Conv1x1:
    return net.conv(input, channels, {1}, Activation::Relu);
  case VertexOp::Conv3x3:
    return net.conv(input, channels, {3}, Activation::Relu);
  case VertexOp::MaxPool3x3:
    return net.maxPool(input, {3});
  }
  llvm_unreachable("unknown operation of a vertex");
}

Value VertexCellBuilder::build() {
  SmallVector<Value> outputs;
  for (int node = 1; node < result; ++node) {
    values.push_back(
        isDead(node) ? Value()
                     : apply(cell.ops[node - 1], gather(node), channels[node]));
    if (edges[node][result] != 0)
      outputs.push_back(values.back());
  }
  if (outputs.empty())
    return project(result);
  const Value joined =
      outputs.size() == 1 ? outputs.front() : net.concat(outputs);
  return edges[0][result] != 0 ? net.add(joined, project(result)) : joined;
}

static void addVertexNetwork(NetworkBuilder &net, const VertexCell &cell,
                             const NASBenchOptions &options) {
  constexpr int64_t numClasses = 10;
  constexpr int numStacks = 3;
  int64_t channels = options.size.channels;
  Value value = net.conv(net.input(options.size.height, options.size.width, 3),
                         channels, {3}, Activation::Relu);
  for (int stack = 0; stack < numStacks; ++stack) {
    if (stack != 0) {
      value = net.maxPool(value, {2, /*stride=*/2});
      channels *= 2;
    }
    for (int32_t i = 0; i < options.cells; ++i)
      value = VertexCellBuilder(net, cell, value, channels).build();
  }
  net.finish(net.conv(net.globalAvgPool(value), numClasses));
}

absl::Status
serenity::generate::addNASBench101(ModuleOp module, bool isLoneCell,
                                   const NASBenchOptions &options) {
  if (absl::Status status = checkOptions(options); !status.ok())
    return status;
  absl::StatusOr<VertexCell> cell =
      options.architecture.empty() ? drawVertexCell(options.nodes, options.seed)
                                   : parseVertexCell(options.architecture);
  if (!cell.ok())
    return cell.status();
  const auto [height, width, channels] = options.size;
  if (const int64_t numWriters = cell->countWriters(); numWriters > channels)
    return absl::InvalidArgumentError(
        absl::StrCat(channels, " channels asked for, but ", numWriters,
                     " nodes of the cell share them"));
  NetworkBuilder net = makeBuilder(module, "nas_bench_101", isLoneCell);
  if (isLoneCell)
    net.finish(VertexCellBuilder(net, *cell, net.input(height, width, channels),
                                 channels)
                   .build());
  else
    addVertexNetwork(net, *cell, options);
  return absl::OkStatus();
}
