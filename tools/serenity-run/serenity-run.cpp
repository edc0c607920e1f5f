//===- serenity-run.cpp - Compiles a module and runs it -------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Progress.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Parser/Parser.h"
#include "serenity/Analysis/VariantFile.h"
#include "serenity/Execution/Measurement.h"
#include "serenity/Execution/Npy.h"
#include "serenity/Execution/Program.h"
#include "serenity/InitAll.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/WithColor.h"

#include <chrono>
#include <cmath>

using namespace llvm;
using namespace serenity;

namespace {

enum ExitCode { Done = 0, TooDifferent = 1, BadInput = 2 };

struct Options {
  cl::OptionCategory category{"serenity-run options"};
  cl::opt<std::string> module{cl::Positional, cl::desc("<module, - for stdin>"),
                              cl::cat(category)};
  cl::opt<std::string> entry{"entry", cl::desc("Function to run"),
                             cl::value_desc("name"), cl::init("main"),
                             cl::cat(category)};
  cl::opt<uint64_t> seed{"seed", cl::desc("Draw the inputs from this seed"),
                         cl::value_desc("n"), cl::init(0), cl::cat(category)};
  cl::list<std::string> inputs{
      "input",
      cl::desc("Input as .npy, once for each argument; "
               "without any they are drawn"),
      cl::value_desc("file"), cl::cat(category)};
  cl::list<std::string> savedInputs{
      "save-input",
      cl::desc("Write the inputs as .npy, once for each argument"),
      cl::value_desc("file"), cl::cat(category)};
  cl::list<std::string> outputs{
      "output", cl::desc("Write the outputs as .npy, once for each result"),
      cl::value_desc("file"), cl::cat(category)};
  cl::opt<std::string> compared{
      "compare", cl::desc("Run this module, too, on the same inputs"),
      cl::value_desc("module"), cl::cat(category)};
  cl::opt<double> tolerance{
      "tolerance",
      cl::desc("Largest difference that is allowed: of integers as it is, of "
               "floats relative to the largest magnitude; 0: none, not even in "
               "a bit"),
      cl::value_desc("d"), cl::init(0), cl::cat(category)};
  cl::opt<unsigned> measured{
      "measure", cl::desc("Time every operation in this many runs"),
      cl::value_desc("runs"), cl::init(0), cl::cat(category)};
  cl::opt<std::string> cpu{
      "cpu", cl::desc("Compile for this processor instead of the one at hand"),
      cl::value_desc("name"), cl::cat(category)};
  cl::opt<std::string> measurements{
      "measurements",
      cl::desc("Instead of a module: measure the variants of this table that "
               "have a file and no latency, and fill them in"),
      cl::value_desc("table"), cl::cat(category)};
};

/// Keeps the first error, as one line.
class FirstError {
public:
  explicit FirstError(mlir::MLIRContext &context)
      : handler(&context, [this](mlir::Diagnostic &diagnostic) {
          if (diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error &&
              text.empty())
            text = print(diagnostic);
        }) {}

  Error take() const {
    return createStringError(text.empty() ? "cannot be compiled" : text);
  }

private:
  static std::string print(mlir::Diagnostic &diagnostic) {
    std::string line;
    raw_string_ostream os(line);
    if (auto loc =
            diagnostic.getLocation()->findInstanceOf<mlir::FileLineColLoc>())
      os << loc.getFilename().getValue() << ":" << loc.getLine() << ":"
         << loc.getColumn() << ": ";
    os << diagnostic;
    std::replace(line.begin(), line.end(), '\n', ' ');
    return line;
  }

  std::string text;
  mlir::ScopedDiagnosticHandler handler;
};

/// A program and what its runs said.
struct Session {
  std::string path;
  std::unique_ptr<Program> program;
  double compileSeconds = 0;
  Measurement measurement;

  ArrayRef<HostTensor> getOutputs() const { return measurement.result.outputs; }
};

/// Compiles and runs what the command line asks for.
class Runner {
public:
  Runner(const Options &options, mlir::MLIRContext &context)
      : options(options), context(context), firstError(context) {}

  Expected<ExitCode> run();
  /// Measures the variants of a table instead of a module.
  Expected<ExitCode> runTable();

private:
  Expected<Session> compile(StringRef path, StringRef entry);
  Expected<MeasuredProgram>
  compileVariant(const core::MeasuredVariant &variant);
  /// The latencies of `variants`, in seconds.
  Expected<std::vector<double>>
  measureVariants(ArrayRef<core::MeasuredVariant *> variants);
  Error execute(Session &session);
  Error readOrDrawInputs(const Signature &signature);
  Error saveTensors(const Session &session) const;
  /// Prints the summary.
  ExitCode report(const Session &session, const std::optional<Session> &other);

  const Options &options;
  mlir::MLIRContext &context;
  FirstError firstError;
  Progress progress;
  std::vector<HostTensor> inputs;
};

} // namespace

//===----------------------------------------------------------------------===//
// Compiling and running
//===----------------------------------------------------------------------===//

using Clock = std::chrono::steady_clock;

static double getSecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

Expected<Session> Runner::compile(StringRef path, StringRef entry) {
  progress.setStep("compiling " + path.str());
  const auto start = Clock::now();
  mlir::OwningOpRef<mlir::ModuleOp> module =
      mlir::parseSourceFile<mlir::ModuleOp>(path, &context);
  if (!module)
    return firstError.take();
  mlir::FailureOr<std::unique_ptr<Program>> program =
      Program::compile(std::move(module), {entry.str(), options.measured > 0,
                                           /*optimize=*/true, options.cpu});
  if (failed(program))
    return firstError.take();
  return Session{path.str(), std::move(*program), getSecondsSince(start), {}};
}

Error Runner::execute(Session &session) {
  Expected<Measurement> measurement =
      measure(*session.program, inputs, options.measured, [&](int64_t run) {
        progress.setStep("running " + session.path + ", " +
                         std::to_string(run) + " of " +
                         std::to_string(options.measured));
      });
  if (!measurement)
    return createFileError(session.path, measurement.takeError());
  session.measurement = std::move(*measurement);
  return Error::success();
}

Error Runner::readOrDrawInputs(const Signature &signature) {
  if (options.inputs.empty()) {
    core::RandomSource random(options.seed);
    for (const TensorShape &shape : signature.inputs)
      inputs.push_back(drawTensor(shape, random));
    return Error::success();
  }
  for (const std::string &path : options.inputs) {
    Expected<HostTensor> input = readNpy(path);
    if (!input)
      return input.takeError();
    inputs.push_back(std::move(*input));
  }
  return Error::success();
}

static Error writeTensors(ArrayRef<std::string> paths,
                          ArrayRef<HostTensor> tensors, StringRef option) {
  if (!paths.empty() && paths.size() != tensors.size())
    return createStringError(formatv("--{0} is given {1} times for {2} tensors",
                                     option, paths.size(), tensors.size()));
  for (auto [path, tensor] : zip(paths, tensors))
    if (Error error = writeNpy(path, tensor))
      return error;
  return Error::success();
}

Error Runner::saveTensors(const Session &session) const {
  if (Error error = writeTensors(options.savedInputs, inputs, "save-input"))
    return error;
  return writeTensors(options.outputs, session.getOutputs(), "output");
}

//===----------------------------------------------------------------------===//
// Comparison
//===----------------------------------------------------------------------===//

static Error checkShapes(ArrayRef<TensorShape> shapes,
                         ArrayRef<TensorShape> others, StringRef role) {
  if (shapes.size() != others.size())
    return createStringError(formatv("cannot compare {0} {1}s with {2}",
                                     shapes.size(), role, others.size()));
  for (auto [index, shape] : enumerate(shapes))
    if (!areCompatible(shape, others[index]))
      return createStringError(
          formatv("cannot compare {0} {1} of {2} with one of {3}", role, index,
                  shape.str(), others[index].str()));
  return Error::success();
}

static Error checkSignatures(const Session &session, const Session &other) {
  const Signature &mine = session.program->getSignature();
  const Signature &theirs = other.program->getSignature();
  if (Error error = checkShapes(mine.inputs, theirs.inputs, "input"))
    return error;
  return checkShapes(mine.outputs, theirs.outputs, "output");
}

static std::vector<TensorDifference> compareOutputs(const Session &session,
                                                    const Session &other) {
  std::vector<TensorDifference> differences;
  for (auto [output, otherOutput] :
       zip_equal(session.getOutputs(), other.getOutputs()))
    differences.push_back(compareTensors(output, otherOutput));
  return differences;
}

static bool isWithin(const TensorDifference &difference, double tolerance) {
  return tolerance > 0 ? difference.largest <= tolerance
                       : difference.numIdentical == difference.numElements;
}

//===----------------------------------------------------------------------===//
// The summary
//===----------------------------------------------------------------------===//

static void printKernels(const Session &session, json::OStream &json) {
  json.attributeArray("operations", [&] {
    for (auto [kernel, seconds] : zip_equal(session.program->getKernels(),
                                            session.measurement.kernelSeconds))
      json.object([&, &kernel = kernel, seconds = seconds] {
        if (kernel.operatorIndex)
          json.attribute("index", *kernel.operatorIndex);
        json.attribute("name", kernel.name);
        json.attribute("median_us", seconds * 1e6);
      });
  });
}

static void printSession(const Session &session, bool isMeasured,
                         json::OStream &json) {
  const HeapUse &heap = session.measurement.result.heap;
  json.attribute("module", session.path);
  json.attribute("peak_bytes", heap.peakBytes);
  json.attribute("allocations", heap.numAllocations);
  json.attribute("left_bytes", heap.leftBytes);
  json.attribute("compile_seconds", session.compileSeconds);
  if (!isMeasured)
    return;
  json.attribute("median_us", session.measurement.totalSeconds * 1e6);
  printKernels(session, json);
}

/// What no JSON number can say becomes null.
static json::Value toNumber(double value) {
  return std::isfinite(value) ? json::Value(value) : json::Value(nullptr);
}

static void printComparison(const Session &other,
                            ArrayRef<TensorDifference> differences,
                            bool isMeasured, json::OStream &json) {
  json.attributeObject("compared",
                       [&] { printSession(other, isMeasured, json); });
  json.attributeArray("differences", [&] {
    for (const TensorDifference &difference : differences)
      json.object([&] {
        json.attribute("largest", toNumber(difference.largest));
        json.attribute("identical_elements", difference.numIdentical);
        json.attribute("elements", difference.numElements);
      });
  });
}

/// Explains the first difference beyond the tolerance.
static ExitCode judge(ArrayRef<TensorDifference> differences,
                      double tolerance) {
  for (auto [index, difference] : enumerate(differences))
    if (!isWithin(difference, tolerance)) {
      WithColor::error(errs(), "serenity-run")
          << "output " << index << " differs by "
          << format("%g", difference.largest) << ", in "
          << difference.numElements - difference.numIdentical << " of "
          << difference.numElements << " elements, beyond the tolerance of "
          << format("%g", tolerance) << "\n";
      return TooDifferent;
    }
  return Done;
}

ExitCode Runner::report(const Session &session,
                        const std::optional<Session> &other) {
  std::vector<TensorDifference> differences;
  if (other)
    differences = compareOutputs(session, *other);
  const bool isMeasured = options.measured > 0;
  json::OStream json(outs());
  json.object([&] {
    printSession(session, isMeasured, json);
    if (other)
      printComparison(*other, differences, isMeasured, json);
  });
  outs() << "\n";
  return judge(differences, options.tolerance);
}

//===----------------------------------------------------------------------===//
// Tables of variants
//===----------------------------------------------------------------------===//

/// Compiles the function that the name of `variant` begins with, or the one
/// that the command line names.
Expected<MeasuredProgram>
Runner::compileVariant(const core::MeasuredVariant &variant) {
  SmallString<128> path = sys::path::parent_path(options.measurements);
  sys::path::append(path, variant.file);
  const StringRef entry = options.entry.getNumOccurrences() > 0
                              ? StringRef(options.entry)
                              : StringRef(variant.id).rsplit('-').first;
  Expected<Session> session = compile(path, entry);
  if (!session)
    return createStringError(path + ": " + toString(session.takeError()));
  inputs.clear();
  if (Error error = readOrDrawInputs(session->program->getSignature()))
    return error;
  return MeasuredProgram{std::move(session->program), std::move(inputs)};
}

Expected<std::vector<double>>
Runner::measureVariants(ArrayRef<core::MeasuredVariant *> variants) {
  std::vector<MeasuredProgram> programs;
  for (const core::MeasuredVariant *variant : variants) {
    Expected<MeasuredProgram> program = compileVariant(*variant);
    if (!program)
      return program.takeError();
    programs.push_back(std::move(*program));
  }
  return measureInTurns(programs, options.measured, [&](int64_t turn) {
    progress.setStep("running " + std::to_string(programs.size()) +
                     " variants, turn " + std::to_string(turn) + " of " +
                     std::to_string(options.measured));
  });
}

Expected<ExitCode> Runner::runTable() {
  Expected<std::vector<core::MeasuredVariant>> variants =
      readVariantFile(options.measurements);
  if (!variants)
    return variants.takeError();
  std::vector<core::MeasuredVariant *> missing;
  for (core::MeasuredVariant &variant : *variants)
    if (!variant.measuredLatency && !variant.file.empty())
      missing.push_back(&variant);
  Expected<std::vector<double>> latencies = measureVariants(missing);
  if (!latencies)
    return latencies.takeError();
  for (auto [variant, seconds] : zip_equal(missing, *latencies))
    variant->measuredLatency = seconds * 1e6;
  if (Error error = writeVariantFile(options.measurements, *variants))
    return createFileError(options.measurements, std::move(error));
  progress.stop();
  outs() << json::Value(json::Object{
                {"measurements", options.measurements},
                {"measured", static_cast<int64_t>(missing.size())}})
         << "\n";
  return Done;
}

//===----------------------------------------------------------------------===//
// The tool
//===----------------------------------------------------------------------===//

Expected<ExitCode> Runner::run() {
  Expected<Session> session = compile(options.module, options.entry);
  if (!session)
    return session.takeError();
  std::optional<Session> other;
  if (!options.compared.empty()) {
    Expected<Session> compiled = compile(options.compared, options.entry);
    if (!compiled)
      return compiled.takeError();
    other = std::move(*compiled);
    if (Error error = checkSignatures(*session, *other))
      return error;
  }
  if (Error error = readOrDrawInputs(session->program->getSignature()))
    return error;
  if (Error error = execute(*session))
    return error;
  if (other)
    if (Error error = execute(*other))
      return error;
  if (Error error = saveTensors(*session))
    return error;
  progress.stop();
  return report(*session, other);
}

static mlir::DialectRegistry createRegistry() {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  serenity::registerAllDialects(registry);
  serenity::registerAllExtensions(registry);
  registerProgramTranslations(registry);
  return registry;
}

static Error checkOptions(const Options &options) {
  if (options.module.empty() == options.measurements.empty())
    return createStringError("expected is either a module or --measurements");
  if (!options.measurements.empty() && options.measured == 0)
    return createStringError("--measurements needs --measure, the number of "
                             "runs");
  return Error::success();
}

int main(int argc, char **argv) {
  InitLLVM init(argc, argv);
  Options options;
  cl::HideUnrelatedOptions(options.category);
  if (!cl::ParseCommandLineOptions(
          argc, argv,
          "Compiles a module and runs it.\n\n"
          "Exit status: 0 done, 1 outputs differ beyond the tolerance, 2 bad "
          "input.\n",
          &errs()))
    return BadInput;
  if (Error error = checkOptions(options)) {
    WithColor::error(errs(), "serenity-run")
        << toString(std::move(error)) << "\n";
    return BadInput;
  }
  mlir::MLIRContext context(createRegistry());
  Runner runner(options, context);
  Expected<ExitCode> code =
      options.measurements.empty() ? runner.run() : runner.runTable();
  if (code)
    return *code;
  WithColor::error(errs(), "serenity-run")
      << toString(code.takeError()) << "\n";
  return BadInput;
}
