//===- Program.cpp - A module, compiled to run ----------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Execution/Program.h"
#include "Descriptor.h"
#include "EntryPoint.h"
#include "KernelClock.h"
#include "LowerToLLVM.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/ExecutionEngine/ExecutionEngine.h"
#include "mlir/ExecutionEngine/OptUtils.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "serenity/Conversion/Passes.h"
#include "serenity/Dialect/Serenity/IR/OperatorLocation.h"
#include "serenity/Execution/CountingHeap.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"

using namespace mlir;
using namespace serenity;
using llvm::Error;
using llvm::Expected;

//===----------------------------------------------------------------------===//
// Compilation
//===----------------------------------------------------------------------===//

/// Constants that were left out in printing would be zeros.
static LogicalResult checkResources(ModuleOp module) {
  const WalkResult result = module.walk([](Operation *op) -> WalkResult {
    for (NamedAttribute attribute : op->getAttrs())
      if (auto resource =
              dyn_cast<DenseResourceElementsAttr>(attribute.getValue()))
        if (!resource.getRawHandle().getBlob())
          return op->emitError()
                 << "resource '" << resource.getRawHandle().getKey()
                 << "' without contents";
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

/// Names operations without a name in their location by their kind, so that
/// kernels can be told apart when they are no more than loops.
static void nameOperations(FunctionOpInterface function) {
  for (Operation &op : function.getFunctionBody().getOps())
    if (getLocationName(op.getLoc()).empty())
      op.setLoc(NameLoc::get(op.getName().getIdentifier(), op.getLoc()));
}

/// The entry point `name`, after its function was lowered to memrefs if it is
/// on tensors, but with the signature that it had, because memrefs have lost
/// the signs of quantised types.
static FailureOr<EntryPoint> lowerEntryPoint(ModuleOp module, StringRef name) {
  FailureOr<FunctionOpInterface> function = lookupEntry(module, name);
  if (failed(function))
    return failure();
  if (!isOnTensors(*function))
    return getEntryPoint(module, name);
  FailureOr<Signature> signature = getSignature(*function);
  if (failed(signature))
    return failure();
  nameOperations(*function);
  PassManager pm(module.getContext());
  pm.addPass(createConvertSerenityToMemRefPass());
  if (failed(pm.run(module)))
    return failure();
  FailureOr<EntryPoint> entry = getEntryPoint(module, name);
  if (succeeded(entry))
    entry->signature = std::move(*signature);
  return entry;
}

/// Compiles for the machine that this runs on, or for `options.cpu`.
static Expected<std::unique_ptr<ExecutionEngine>>
createEngine(ModuleOp module, const ProgramOptions &options) {
  const auto level = options.optimize ? llvm::CodeGenOptLevel::Aggressive
                                      : llvm::CodeGenOptLevel::None;
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  auto builder = llvm::orc::JITTargetMachineBuilder::detectHost();
  if (!builder)
    return builder.takeError();
  builder->setCodeGenOptLevel(level);
  if (!options.cpu.empty()) {
    builder->setCPU(options.cpu);
    builder->getFeatures() = llvm::SubtargetFeatures();
  }
  auto machine = builder->createTargetMachine();
  if (!machine)
    return machine.takeError();
  if (!options.cpu.empty() &&
      !(*machine)->getMCSubtargetInfo()->isCPUStringValid(options.cpu))
    return llvm::createStringError("no processor is called '" + options.cpu +
                                   "'");
  ExecutionEngineOptions engineOptions;
  auto transformer = makeOptimizingTransformer(options.optimize ? 3 : 0,
                                               /*sizeLevel=*/0, machine->get());
  engineOptions.transformer = transformer;
  engineOptions.jitCodeGenOptLevel = level;
  engineOptions.enableGDBNotificationListener = false;
  engineOptions.enablePerfNotificationListener = false;
  return ExecutionEngine::create(module, engineOptions, std::move(*machine));
}

/// The name under which `requestCInterface` makes `function` callable.
static std::string getInterfaceName(StringRef function) {
  return ("_mlir_ciface_" + function).str();
}

static void requestCInterface(FunctionOpInterface function) {
  function->setAttr(LLVM::LLVMDialect::getEmitCWrapperAttrName(),
                    UnitAttr::get(function->getContext()));
}

static void *allocate(CountingHeap *heap, int64_t bytes) {
  return heap->allocate(bytes);
}

static void release(CountingHeap *heap, void *block) { heap->free(block); }

static void enterKernel(KernelClock *clock, int64_t kernel) {
  clock->enter(kernel);
}

Program::Program() : heap(std::make_unique<CountingHeap>()) {}

Program::~Program() = default;

FailureOr<std::unique_ptr<Program>>
Program::compile(OwningOpRef<ModuleOp> module, const ProgramOptions &options) {
  // What is inserted between the passes, which load what they insert.
  module->getContext()
      ->loadDialect<arith::ArithDialect, func::FuncDialect,
                    linalg::LinalgDialect>();
  if (failed(checkResources(*module)))
    return failure();
  FailureOr<EntryPoint> entry = lowerEntryPoint(*module, options.entry);
  if (failed(entry))
    return failure();
  std::unique_ptr<Program> program(new Program());
  program->entry = options.entry;
  program->signature = entry->signature;
  program->arenaBytes = entry->arenaBytes;
  if (options.timeKernels)
    program->kernels = insertClockCalls(entry->function);
  program->clock = std::make_unique<KernelClock>(program->kernels.size());
  requestCInterface(entry->function);
  if (entry->inputs)
    requestCInterface(entry->inputs);
  if (failed(program->translate(*module, options)))
    return failure();
  return program;
}

LogicalResult Program::translate(ModuleOp module,
                                 const ProgramOptions &options) {
  if (failed(lowerToLLVM(module, CountingHeap::kAlignment)))
    return failure();
  const auto define = [&](StringRef name, auto *callee, void *context) {
    defineCallback(module, name, reinterpret_cast<void *>(callee), context);
  };
  define("_mlir_memref_to_llvm_alloc", allocate, heap.get());
  define("_mlir_memref_to_llvm_free", release, heap.get());
  define(kEnterKernel, enterKernel, clock.get());
  auto compiled = createEngine(module, options);
  if (!compiled)
    return module.emitError() << llvm::toString(compiled.takeError());
  engine = std::move(*compiled);
  // Code is generated when it is first wanted, which must not be while it is
  // timed.
  auto code = engine->lookupPacked(getInterfaceName(entry));
  if (!code)
    return module.emitError() << llvm::toString(code.takeError());
  return success();
}

void serenity::registerProgramTranslations(DialectRegistry &registry) {
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
}

//===----------------------------------------------------------------------===//
// Execution
//===----------------------------------------------------------------------===//

/// Calls `function` with memrefs. Returns the descriptors of its results, which
/// have `shapes`.
static Expected<std::vector<Descriptor>>
callFunction(ExecutionEngine &engine, StringRef function,
             MutableArrayRef<Descriptor> arguments,
             ArrayRef<TensorShape> shapes) {
  size_t numWords = 0;
  for (const TensorShape &shape : shapes)
    numWords += getDescriptorSize(shape);
  std::vector<int64_t> words(numWords);
  std::vector<void *> pointers;
  if (!shapes.empty())
    pointers.push_back(words.data());
  for (Descriptor &argument : arguments)
    pointers.push_back(argument.data());
  std::vector<void *> packed;
  for (void *&pointer : pointers)
    packed.push_back(&pointer);
  if (Error error = engine.invokePacked(getInterfaceName(function), packed))
    return error;
  std::vector<Descriptor> results;
  auto next = words.begin();
  for (const TensorShape &shape : shapes) {
    results.emplace_back(next, next + getDescriptorSize(shape));
    next += getDescriptorSize(shape);
  }
  return results;
}

Error Program::checkInputs(ArrayRef<HostTensor> inputs) const {
  if (inputs.size() != signature.inputs.size())
    return llvm::createStringError(
        llvm::formatv("{0} inputs where '{1}' takes {2}", inputs.size(), entry,
                      signature.inputs.size()));
  for (auto [index, input] : llvm::enumerate(inputs))
    if (!areCompatible(input.shape, signature.inputs[index]))
      return llvm::createStringError(llvm::formatv(
          "input {0} is {1} where '{2}' takes {3}", index, input.shape.str(),
          entry, signature.inputs[index].str()));
  return Error::success();
}

Expected<std::vector<Descriptor>> Program::call(ArrayRef<HostTensor> inputs) {
  std::vector<Descriptor> arguments;
  for (const HostTensor &input : inputs) {
    arguments.push_back(
        describeMemory(heap->allocate(input.data.size()), input.shape));
    writeMemory(arguments.back(), input);
  }
  return callFunction(*engine, entry, arguments, signature.outputs);
}

Expected<std::vector<Descriptor>>
Program::callPlanned(ArrayRef<HostTensor> inputs) {
  const TensorShape shape{{ElementType::Kind::Signless, 1}, {*arenaBytes}};
  Descriptor arena = describeMemory(heap->allocate(*arenaBytes), shape);
  Expected<std::vector<Descriptor>> places =
      callFunction(*engine, entry + "_inputs", arena, signature.inputs);
  if (!places)
    return places.takeError();
  for (auto [place, input] : llvm::zip_equal(*places, inputs))
    writeMemory(place, input);
  return callFunction(*engine, entry, arena, signature.outputs);
}

/// What `heap` says of a run whose results are `descriptors`.
static HeapUse summarize(const CountingHeap &heap,
                         ArrayRef<Descriptor> descriptors) {
  HeapUse use{heap.getPeakBytes(), heap.getNumAllocations(),
              heap.getLiveBytes()};
  llvm::SmallPtrSet<const void *, 4> seen;
  for (const Descriptor &descriptor : descriptors) {
    const auto block =
        heap.findBlock(reinterpret_cast<const void *>(descriptor[0]));
    if (block && seen.insert(block->begin).second)
      use.leftBytes -= block->bytes;
  }
  return use;
}

Expected<RunResult> Program::run(ArrayRef<HostTensor> inputs) {
  if (Error error = checkInputs(inputs))
    return error;
  heap->reset();
  clock->reset();
  Expected<std::vector<Descriptor>> results =
      arenaBytes ? callPlanned(inputs) : call(inputs);
  if (!results)
    return results.takeError();
  if (heap->getNumInvalidFrees() > 0)
    return llvm::createStringError(
        llvm::formatv("'{0}' frees {1} blocks that it does not own", entry,
                      heap->getNumInvalidFrees()));
  RunResult result{{}, summarize(*heap, *results)};
  for (auto [shape, descriptor] :
       llvm::zip_equal(signature.outputs, *results)) {
    result.outputs.push_back({shape, std::vector<char>(*shape.countBytes())});
    readMemory(descriptor, result.outputs.back());
  }
  return result;
}

ArrayRef<double> Program::getKernelSeconds() const {
  return clock->getSeconds();
}
