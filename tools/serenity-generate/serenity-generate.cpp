//===- serenity-generate.cpp - Writes networks ----------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Networks.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"
#include "serenity/Dialect/Serenity/Transforms/Passes.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/WithColor.h"

#include <deque>

using namespace mlir;
using namespace serenity;
using namespace serenity::generate;
namespace cl = llvm::cl;

namespace {

constexpr int kBadInput = 2;

enum class Format { MLIR, Graph };

/// Positions in getNetworks().
enum class NetworkIndex : unsigned {};

/// Options that were not given leave the default of the network.
struct CommandLine {
  CommandLine();

  ImageSize getSize(int64_t height, int64_t width, int64_t channels) const;
  CellOptions getCellOptions(CellPart part) const;
  NASBenchOptions getNASBenchOptions(int32_t nodes, int32_t cells,
                                     int64_t channels) const;
  TrainingOptions getTrainingOptions() const;
  RandWireOptions getRandWireOptions() const;

  cl::OptionCategory category{"serenity-generate options"};
  cl::list<NetworkIndex> networks{
      "network", cl::desc("Networks to write, one function each:"),
      cl::OneOrMore, cl::CommaSeparated, cl::cat(category)};
  cl::opt<std::string> output{"o", cl::desc("Output file"),
                              cl::value_desc("file"), cl::init("-"),
                              cl::cat(category)};
  cl::opt<Format> format{
      "format", cl::desc("What to write:"),
      cl::values(clEnumValN(Format::MLIR, "mlir", "the serenity dialect"),
                 clEnumValN(Format::Graph, "graph",
                            "the text format of graphs, of one network")),
      cl::init(Format::MLIR), cl::cat(category)};

  cl::opt<std::string> size{"size", cl::desc("Rows and columns of the input"),
                            cl::value_desc("HxW"), cl::cat(category)};
  cl::opt<int64_t> channels{
      "channels", cl::desc("Channels of the first cells, stage or layers"),
      cl::cat(category)};
  cl::opt<int32_t> cells{
      "cells", cl::desc("Cells: of the network. NAS-Bench: of each stage"),
      cl::cat(category)};
  cl::opt<bool> separateActivations{
      "separate-activations",
      cl::desc("Cells: ReLU is never part of the kernel before it"),
      cl::cat(category)};
  cl::opt<std::string> architecture{
      "architecture", cl::desc("NAS-Bench: in the benchmark's own notation"),
      cl::cat(category)};
  cl::opt<int32_t> nodes{
      "nodes", cl::desc("RandWire: of a stage. NAS-Bench: of a random cell"),
      cl::cat(category)};
  cl::opt<Wiring> wiring{
      "wiring", cl::desc("RandWire: how nodes are joined:"),
      cl::values(clEnumValN(Wiring::WS, "ws", "Watts and Strogatz"),
                 clEnumValN(Wiring::ER, "er", "Erdos and Renyi"),
                 clEnumValN(Wiring::BA, "ba", "Barabasi and Albert")),
      cl::init(Wiring::WS), cl::cat(category)};
  cl::opt<int32_t> neighbours{
      "neighbours", cl::desc("RandWire, ws: neighbours in the ring, even"),
      cl::init(4), cl::cat(category)};
  cl::opt<double> probability{
      "probability",
      cl::desc("RandWire, ws: of rewiring an edge. er: of an edge"),
      cl::cat(category)};
  cl::opt<int32_t> edges{"edges", cl::desc("RandWire, ba: of each new node"),
                         cl::init(5), cl::cat(category)};
  cl::opt<uint64_t> seed{
      "seed",
      cl::desc("NAS-Bench: of a random cell. RandWire: stage i uses seed + i"),
      cl::cat(category)};
  cl::opt<int32_t> stages{"stages", cl::desc("RandWire, training: in a row"),
                          cl::cat(category)};
  cl::opt<int32_t> layers{
      "layers", cl::desc("Training: of the chain; blocks of the residual net"),
      cl::init(16), cl::cat(category)};
};

struct Network {
  std::string name;
  std::string description;
  std::function<absl::Status(ModuleOp, const CommandLine &)> add;
};

} // namespace

//===----------------------------------------------------------------------===//
// Networks
//===----------------------------------------------------------------------===//

static std::vector<Network> listSwiftNets() {
  std::vector<Network> networks;
  const auto add = [&](StringRef name, StringRef description, auto addTo) {
    networks.push_back({name.str(), description.str(),
                        [addTo](ModuleOp module, const CommandLine &) {
                          addTo(module);
                          return absl::OkStatus();
                        }});
  };
  add("swiftnet", "SwiftNet for visual wake words, 8 bits", addSwiftNet);
  add("swiftnet-cell-a", "Its first cell",
      [](ModuleOp module) { addSwiftNetCell(module, SwiftNetCell::A); });
  add("swiftnet-cell-b", "Its second cell",
      [](ModuleOp module) { addSwiftNetCell(module, SwiftNetCell::B); });
  add("swiftnet-cell-c", "Its third cell",
      [](ModuleOp module) { addSwiftNetCell(module, SwiftNetCell::C); });
  return networks;
}

static std::vector<Network> listCellNetworks() {
  std::vector<Network> networks;
  const auto add = [&](const Genotype &genotype, CellPart part,
                       StringRef suffix, StringRef description) {
    networks.push_back(
        {(genotype.name + suffix).str(), description.str(),
         [&genotype, part](ModuleOp module, const CommandLine &options) {
           return addCellNetwork(module, genotype, part,
                                 options.getCellOptions(part));
         }});
  };
  for (const Genotype &genotype : getGenotypes()) {
    add(genotype, CellPart::Network, "", genotype.description);
    add(genotype, CellPart::Normal, "-normal", "Its normal cell");
    add(genotype, CellPart::Reduction, "-reduction", "Its reduction cell");
  }
  return networks;
}

static std::vector<Network> listNASBenches() {
  std::vector<Network> networks;
  for (bool isLoneCell : {false, true}) {
    const std::string suffix = isLoneCell ? "-cell" : "";
    const std::string description =
        isLoneCell ? "One of its cells" : "Cells of the benchmark";
    networks.push_back(
        {"nas-bench-101" + suffix, description,
         [isLoneCell](ModuleOp module, const CommandLine &options) {
           return addNASBench101(module, isLoneCell,
                                 options.getNASBenchOptions(7, 3, 128));
         }});
    networks.push_back(
        {"nas-bench-201" + suffix, description,
         [isLoneCell](ModuleOp module, const CommandLine &options) {
           return addNASBench201(module, isLoneCell,
                                 options.getNASBenchOptions(4, 5, 16));
         }});
  }
  return networks;
}

static std::vector<Network> listOthers() {
  return {{"randwire", "Randomly wired stages",
           [](ModuleOp module, const CommandLine &options) {
             return addRandWire(module, options.getRandWireOptions());
           }},
          {"training-chain", "One step of training a chain of layers",
           [](ModuleOp module, const CommandLine &options) {
             return addTraining(module, /*isResidual=*/false,
                                options.getTrainingOptions());
           }},
          {"training-residual", "One step of training a residual net",
           [](ModuleOp module, const CommandLine &options) {
             return addTraining(module, /*isResidual=*/true,
                                options.getTrainingOptions());
           }}};
}

static const std::vector<Network> &getNetworks() {
  static const std::vector<Network> networks = [] {
    std::vector<Network> all;
    for (auto list :
         {listSwiftNets, listCellNetworks, listNASBenches, listOthers})
      llvm::append_range(all, list());
    return all;
  }();
  return networks;
}

//===----------------------------------------------------------------------===//
// Options
//===----------------------------------------------------------------------===//

CommandLine::CommandLine() {
  for (auto [index, network] : llvm::enumerate(getNetworks()))
    networks.getParser().addLiteralOption(
        network.name, static_cast<NetworkIndex>(index), network.description);
}

/// The value of `option`, or `otherwise` if it was not given.
template <typename OptionT, typename T>
static T getOr(const OptionT &option, T otherwise) {
  return option.getNumOccurrences() != 0 ? T(option) : otherwise;
}

static bool parseSize(StringRef text, ImageSize &size) {
  return !text.consumeInteger(10, size.height) && text.consume_front("x") &&
         !text.consumeInteger(10, size.width) && text.empty();
}

ImageSize CommandLine::getSize(int64_t height, int64_t width,
                               int64_t channels) const {
  ImageSize result = {height, width, getOr(this->channels, channels)};
  // What cannot be parsed was refused before.
  (void)parseSize(size, result);
  return result;
}

CellOptions CommandLine::getCellOptions(CellPart part) const {
  CellOptions options;
  options.cells = getOr(cells, options.cells);
  options.size =
      part == CellPart::Network ? getSize(32, 32, 36) : getSize(28, 28, 48);
  options.fusesActivations = !separateActivations;
  return options;
}

NASBenchOptions CommandLine::getNASBenchOptions(int32_t nodes, int32_t cells,
                                                int64_t channels) const {
  return {architecture, getOr(this->nodes, nodes), seed,
          getOr(this->cells, cells), getSize(32, 32, channels)};
}

TrainingOptions CommandLine::getTrainingOptions() const {
  return {layers, getOr(stages, 3), getSize(32, 32, 16)};
}

RandWireOptions CommandLine::getRandWireOptions() const {
  RandWireOptions options;
  options.wiring = wiring;
  options.nodes = getOr(nodes, options.nodes);
  options.neighbours = neighbours;
  options.probability =
      getOr(probability, wiring == Wiring::ER ? 0.2 : options.probability);
  options.edges = edges;
  options.seed = seed;
  options.stages = getOr(stages, options.stages);
  options.size = getSize(56, 56, 78);
  return options;
}

//===----------------------------------------------------------------------===//
// Output
//===----------------------------------------------------------------------===//

namespace {
/// Lets the printer write `!qu8` for the one type of all quantised tensors.
struct QuantAliases : OpAsmDialectInterface {
  using OpAsmDialectInterface::OpAsmDialectInterface;

  AliasResult getAlias(Type type, raw_ostream &os) const override {
    const auto quantised = dyn_cast<quant::UniformQuantizedType>(type);
    if (!quantised)
      return AliasResult::NoAlias;
    os << (quantised.isSigned() ? "q" : "qu")
       << quantised.getStorageTypeIntegralWidth();
    return AliasResult::FinalAlias;
  }
};
} // namespace

static int fail(const Twine &message) {
  llvm::WithColor::error(llvm::errs(), "serenity-generate") << message << '\n';
  return kBadInput;
}

/// Replaces `file` by the module's text, all or nothing.
static int writeModule(ModuleOp module, StringRef file) {
  llvm::Error error =
      llvm::writeToOutput(file, [&](raw_ostream &os) -> llvm::Error {
        module.print(os, OpPrintingFlags().printNameLocAsPrefix());
        return llvm::Error::success();
      });
  return error ? fail(toString(std::move(error))) : 0;
}

/// Replaces `file` by the graph of the module's only function, all or nothing.
static int writeGraph(ModuleOp module, StringRef file) {
  PassManager passes(module.getContext());
  DumpGraphPassOptions options;
  options.outputPath = file.str();
  passes.addPass(createDumpGraphPass(options));
  return succeeded(passes.run(module)) ? 0 : kBadInput;
}

static int write(ModuleOp module, const CommandLine &options) {
  if (options.format == Format::MLIR)
    return writeModule(module, options.output);
  if (options.networks.size() != 1)
    return fail("the text format holds one graph, but " +
                Twine(options.networks.size()) + " networks are asked for");
  return writeGraph(module, options.output);
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  CommandLine options;
  cl::HideUnrelatedOptions(options.category);
  if (!cl::ParseCommandLineOptions(argc, argv, "Writes networks\n",
                                   &llvm::errs()))
    return kBadInput;
  ImageSize unused;
  if (options.size.getNumOccurrences() != 0 && !parseSize(options.size, unused))
    return fail("--size is '" + options.size + "', expected HxW");

  DialectRegistry registry;
  registry.insert<func::FuncDialect, quant::QuantDialect, SerenityDialect>();
  MLIRContext context(registry);
  context.loadAllAvailableDialects();
  context.getLoadedDialect<quant::QuantDialect>()
      ->addInterfaces<QuantAliases>();
  OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(&context));
  for (NetworkIndex index : options.networks) {
    const Network &network = getNetworks()[static_cast<unsigned>(index)];
    const absl::Status status = network.add(*module, options);
    if (!status.ok())
      return fail(
          Twine(StringRef(status.message().data(), status.message().size())));
  }
  if (failed(verify(*module)))
    return kBadInput;
  return write(*module, options);
}
