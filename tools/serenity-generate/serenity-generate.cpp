//===- serenity-generate.cpp - Writes example networks --------------------===//
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
#include "serenity/Dialect/Serenity/IR/Serenity.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/WithColor.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::generate;
namespace cl = llvm::cl;

namespace {

constexpr int kBadInput = 2;

enum class Network {
  SwiftNet,
  SwiftNetCellA,
  SwiftNetCellB,
  SwiftNetCellC,
  DartsV2Normal,
  RandWire
};

struct CommandLine {
  cl::OptionCategory category{"serenity-generate options"};
  cl::list<Network> networks{
      "network",
      cl::desc("Networks to write, one function each:"),
      cl::values(clEnumValN(Network::SwiftNet, "swiftnet",
                            "SwiftNet for visual wake words, 8 bits"),
                 clEnumValN(Network::SwiftNetCellA, "swiftnet-cell-a",
                            "Its first cell"),
                 clEnumValN(Network::SwiftNetCellB, "swiftnet-cell-b",
                            "Its second cell"),
                 clEnumValN(Network::SwiftNetCellC, "swiftnet-cell-c",
                            "Its third cell"),
                 clEnumValN(Network::DartsV2Normal, "darts-v2-normal",
                            "The normal cell of DARTS, second order"),
                 clEnumValN(Network::RandWire, "randwire",
                            "A network wired after Watts and Strogatz")),
      cl::OneOrMore,
      cl::CommaSeparated,
      cl::cat(category)};
  cl::opt<std::string> output{"o", cl::desc("Output file"),
                              cl::value_desc("file"), cl::init("-"),
                              cl::cat(category)};

  RandWireOptions randWire;
  cl::opt<int32_t, true> nodes{"nodes", cl::desc("RandWire: nodes of a stage"),
                               cl::location(randWire.nodes), cl::cat(category)};
  cl::opt<int32_t, true> neighbours{
      "neighbours", cl::desc("RandWire: neighbours in the ring, even"),
      cl::location(randWire.neighbours), cl::cat(category)};
  cl::opt<double, true> probability{
      "probability", cl::desc("RandWire: of rewiring an edge"),
      cl::location(randWire.probability), cl::cat(category)};
  cl::opt<uint64_t, true> seed{"seed",
                               cl::desc("RandWire: stage i uses seed + i"),
                               cl::location(randWire.seed), cl::cat(category)};
  cl::opt<int32_t, true> stages{
      "stages", cl::desc("RandWire: how many in a row"),
      cl::location(randWire.stages), cl::cat(category)};
  cl::opt<int64_t, true> channels{
      "channels", cl::desc("RandWire: of the input and the first stage"),
      cl::location(randWire.channels), cl::cat(category)};
  cl::opt<std::string> size{"size",
                            cl::desc("RandWire: rows and columns of the input"),
                            cl::value_desc("HxW"), cl::cat(category)};
};

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

int fail(const Twine &message) {
  llvm::WithColor::error(llvm::errs(), "serenity-generate") << message << '\n';
  return kBadInput;
}

bool parseSize(StringRef text, RandWireOptions &options) {
  return !text.consumeInteger(10, options.height) && text.consume_front("x") &&
         !text.consumeInteger(10, options.width) && text.empty();
}

absl::Status addNetwork(ModuleOp module, Network network,
                        const RandWireOptions &randWire) {
  switch (network) {
  case Network::SwiftNet:
    addSwiftNet(module);
    break;
  case Network::SwiftNetCellA:
    addSwiftNetCell(module, SwiftNetCell::A);
    break;
  case Network::SwiftNetCellB:
    addSwiftNetCell(module, SwiftNetCell::B);
    break;
  case Network::SwiftNetCellC:
    addSwiftNetCell(module, SwiftNetCell::C);
    break;
  case Network::DartsV2Normal:
    addDartsV2NormalCell(module);
    break;
  case Network::RandWire:
    return addRandWire(module, randWire);
  }
  return absl::OkStatus();
}

/// Replaces `file` by the module's text, all or nothing.
int writeModule(ModuleOp module, StringRef file) {
  llvm::Error error =
      llvm::writeToOutput(file, [&](raw_ostream &os) -> llvm::Error {
        module.print(os, OpPrintingFlags().printNameLocAsPrefix());
        return llvm::Error::success();
      });
  return error ? fail(toString(std::move(error))) : 0;
}

} // namespace

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  CommandLine options;
  cl::HideUnrelatedOptions(options.category);
  if (!cl::ParseCommandLineOptions(
          argc, argv, "Writes example networks in the serenity dialect\n",
          &llvm::errs()))
    return kBadInput;
  if (options.size.getNumOccurrences() != 0 &&
      !parseSize(options.size, options.randWire))
    return fail("--size is '" + options.size + "', expected HxW");

  MLIRContext context;
  context
      .loadDialect<func::FuncDialect, quant::QuantDialect, SerenityDialect>();
  context.getLoadedDialect<quant::QuantDialect>()
      ->addInterfaces<QuantAliases>();
  OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(&context));
  for (Network network : options.networks) {
    const absl::Status status = addNetwork(*module, network, options.randWire);
    if (!status.ok())
      return fail(
          Twine(StringRef(status.message().data(), status.message().size())));
  }
  if (failed(verify(*module)))
    return kBadInput;
  return writeModule(*module, options.output);
}
