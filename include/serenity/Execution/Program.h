//===- Program.h - A module, compiled to run --------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_EXECUTION_PROGRAM_H
#define SERENITY_EXECUTION_PROGRAM_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "serenity/Execution/HostTensor.h"
#include "llvm/Support/Error.h"
#include <memory>

namespace mlir {
class DialectRegistry;
class ExecutionEngine;
} // namespace mlir

namespace serenity {

class CountingHeap;
class KernelClock;

struct ProgramOptions {
  /// Name of the function that is run.
  std::string entry = "main";
  /// Whether to read a clock between kernels, for `takeKernelTimes`. The code
  /// of the kernels is the same, but no optimisation can reach across two of
  /// them.
  bool timeKernels = false;
  /// Whether LLVM optimises. What runs once on little data is done sooner
  /// without.
  bool optimize = true;
  /// The processor to compile for, by LLVM's name, which the machine that this
  /// runs on must understand; empty is that machine itself.
  std::string cpu;
};

/// What goes into a function and comes out.
struct Signature {
  std::vector<TensorShape> inputs;
  std::vector<TensorShape> outputs;
};

/// What a function allocated from the moment its inputs, or its arena, were
/// handed over until it returned. These count like its own allocations.
struct HeapUse {
  /// The most bytes that were alive together.
  int64_t peakBytes = 0;
  int64_t numAllocations = 0;
  /// Bytes still alive at the end that hold no output.
  int64_t leftBytes = 0;
};

struct RunResult {
  std::vector<HostTensor> outputs;
  HeapUse heap;
};

/// Consecutive operations of one location in the function that is run.
struct Kernel {
  /// Position of the operator in the file that was imported, if it was.
  std::optional<int64_t> operatorIndex;
  /// From the location; without one there, the name of the first operation.
  std::string name;
};

/// A module compiled for the machine it runs on, by LLVM.
class Program {
public:
  /// Compiles `module`. The entry point takes and returns either tensors, and
  /// the module is lowered by `convert-serenity-to-memref` first, or memrefs:
  ///
  /// - `(inputs...) -> (outputs...)`: takes the ownership of its arguments, and
  ///   gives that of its results;
  /// - `(arena) -> (outputs...)`, if there is a function of the entry's name
  /// and
  ///   "_inputs" that takes the same `memref<Nxi8>` and returns the inputs, as
  ///   views of it.
  ///
  /// All shapes are static. Fails with a diagnostic if there is no such entry
  /// point, if weights have no contents, and if something cannot be lowered.
  static mlir::FailureOr<std::unique_ptr<Program>>
  compile(mlir::OwningOpRef<mlir::ModuleOp> module,
          const ProgramOptions &options);

  ~Program();

  const Signature &getSignature() const { return signature; }

  /// The parts of the function that are timed; none without `timeKernels`.
  llvm::ArrayRef<Kernel> getKernels() const { return kernels; }

  /// Runs the entry point on `inputs`, every time with memory of its own. Fails
  /// if their number or shapes are not those of the signature, and if the
  /// program frees what it has not allocated.
  llvm::Expected<RunResult> run(llvm::ArrayRef<HostTensor> inputs);

  /// For each kernel, the seconds that the last run spent in it.
  llvm::ArrayRef<double> getKernelSeconds() const;

private:
  /// A memref as the words that compiled code passes.
  using Descriptor = std::vector<int64_t>;

  Program();

  llvm::Error checkInputs(llvm::ArrayRef<HostTensor> inputs) const;
  /// Lowers the module to machine code.
  llvm::LogicalResult translate(mlir::ModuleOp module,
                                const ProgramOptions &options);
  /// Both call the entry point and return the descriptors of its results.
  llvm::Expected<std::vector<Descriptor>>
  call(llvm::ArrayRef<HostTensor> inputs);
  llvm::Expected<std::vector<Descriptor>>
  callPlanned(llvm::ArrayRef<HostTensor> inputs);

  std::string entry;
  Signature signature;
  /// Of the arena, if the entry point takes one.
  std::optional<int64_t> arenaBytes;
  std::vector<Kernel> kernels;
  /// The code holds the addresses of both.
  std::unique_ptr<CountingHeap> heap;
  std::unique_ptr<KernelClock> clock;
  std::unique_ptr<mlir::ExecutionEngine> engine;
};

/// Registers what `Program::compile` translates to LLVM.
void registerProgramTranslations(mlir::DialectRegistry &registry);

} // namespace serenity

#endif // SERENITY_EXECUTION_PROGRAM_H
