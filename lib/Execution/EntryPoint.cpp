//===- EntryPoint.cpp - The function that is run --------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EntryPoint.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"

using namespace mlir;
using namespace serenity;

FailureOr<FunctionOpInterface> serenity::lookupEntry(ModuleOp module,
                                                     StringRef name) {
  auto function = module.lookupSymbol<FunctionOpInterface>(name);
  if (!function || function.isExternal())
    return module.emitError() << "no function '" << name << "' with a body";
  return function;
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

static ElementType::Kind getKind(Type type) {
  if (type.isFloat())
    return ElementType::Kind::Float;
  if (type.isUnsignedInteger())
    return ElementType::Kind::Unsigned;
  return type.isSignedInteger() ? ElementType::Kind::Signed
                                : ElementType::Kind::Signless;
}

static std::optional<ElementType> getElementType(Type type) {
  if (auto quantized = dyn_cast<quant::QuantizedType>(type)) {
    std::optional<ElementType> storage =
        getElementType(quantized.getStorageType());
    if (storage)
      storage->kind = quantized.isSigned() ? ElementType::Kind::Signed
                                           : ElementType::Kind::Unsigned;
    return storage;
  }
  if (!isa<Float16Type, Float32Type, Float64Type, IntegerType>(type))
    return std::nullopt;
  const int64_t bits = type.getIntOrFloatBitWidth();
  if (bits != 8 && bits != 16 && bits != 32 && bits != 64)
    return std::nullopt;
  return ElementType{getKind(type), bits / 8};
}

/// Nothing if a host cannot hold values of `type`.
static std::optional<TensorShape> getShape(Type type) {
  auto shaped = dyn_cast<ShapedType>(type);
  if (!isa<RankedTensorType, MemRefType>(type) || !shaped.hasStaticShape())
    return std::nullopt;
  const std::optional<ElementType> element =
      getElementType(shaped.getElementType());
  if (!element)
    return std::nullopt;
  TensorShape shape{*element, shaped.getShape()};
  if (!shape.countBytes())
    return std::nullopt;
  return shape;
}

static FailureOr<std::vector<TensorShape>>
getShapes(FunctionOpInterface function, TypeRange types, StringRef role) {
  std::vector<TensorShape> shapes;
  for (auto [index, type] : llvm::enumerate(types)) {
    std::optional<TensorShape> shape = getShape(type);
    if (!shape)
      return function.emitError()
             << role << " " << index << " of '" << function.getName()
             << "' has type " << type
             << ", which is neither a tensor nor a memref of static shape of "
                "integers or floats of 8 to 64 bits";
    shapes.push_back(std::move(*shape));
  }
  return shapes;
}

FailureOr<Signature> serenity::getSignature(FunctionOpInterface function) {
  auto inputs = getShapes(function, function.getArgumentTypes(), "argument");
  if (failed(inputs))
    return failure();
  auto outputs = getShapes(function, function.getResultTypes(), "result");
  if (failed(outputs))
    return failure();
  return Signature{std::move(*inputs), std::move(*outputs)};
}

bool serenity::isOnTensors(FunctionOpInterface function) {
  const auto isTensor = [](Type type) { return isa<TensorType>(type); };
  return llvm::any_of(function.getArgumentTypes(), isTensor) ||
         llvm::any_of(function.getResultTypes(), isTensor);
}

//===----------------------------------------------------------------------===//
// Memrefs
//===----------------------------------------------------------------------===//

static LogicalResult checkLayouts(FunctionOpInterface function) {
  for (auto [index, type] : llvm::enumerate(function.getArgumentTypes()))
    if (!cast<MemRefType>(type).getLayout().isIdentity())
      return function.emitError()
             << "argument " << index << " of '" << function.getName()
             << "' has type " << type << ", which is not contiguous";
  return success();
}

/// The size of the arena that `function` takes as its only argument.
static std::optional<int64_t> getArenaBytes(FunctionOpInterface function) {
  if (function.getNumArguments() != 1)
    return std::nullopt;
  auto type = dyn_cast<MemRefType>(function.getArgumentTypes().front());
  if (!type || !type.hasStaticShape() || type.getRank() != 1 ||
      !type.getElementType().isInteger(8))
    return std::nullopt;
  return type.getNumElements();
}

FailureOr<EntryPoint> serenity::getEntryPoint(ModuleOp module, StringRef name) {
  FailureOr<FunctionOpInterface> function = lookupEntry(module, name);
  if (failed(function))
    return failure();
  FailureOr<Signature> signature = getSignature(*function);
  if (failed(signature) || failed(checkLayouts(*function)))
    return failure();
  EntryPoint entry{*function, nullptr, std::nullopt, std::move(*signature)};
  auto inputs =
      module.lookupSymbol<FunctionOpInterface>((name + "_inputs").str());
  if (!inputs)
    return entry;
  entry.arenaBytes = getArenaBytes(*function);
  if (!entry.arenaBytes || getArenaBytes(inputs) != entry.arenaBytes)
    return inputs.emitError() << "'" << inputs.getName() << "' and '" << name
                              << "' do not take the same arena";
  FailureOr<Signature> inputSignature = getSignature(inputs);
  if (failed(inputSignature))
    return failure();
  entry.inputs = inputs;
  entry.signature.inputs = inputSignature->outputs;
  return entry;
}
