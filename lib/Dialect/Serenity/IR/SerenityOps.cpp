//===- SerenityOps.cpp - Operations of the serenity dialect ---------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Assembly, side effects and use of memory.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/Builders.h"
#include "mlir/IR/PatternMatch.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"

using namespace mlir;
using namespace serenity;

//===----------------------------------------------------------------------===//
// Assembly
//===----------------------------------------------------------------------===//

/// Parses the keyword of an activation, if there is one.
static OptionalParseResult parseActivation(OpAsmParser &parser,
                                           ActivationAttr &activation) {
  SMLoc loc = parser.getCurrentLocation();
  StringRef keyword;
  if (failed(parser.parseOptionalKeyword(&keyword)))
    return std::nullopt;
  std::optional<Activation> function = symbolizeActivation(keyword);
  if (!function)
    return parser.emitError(loc, "unknown activation '") << keyword << "'";
  activation = ActivationAttr::get(parser.getContext(), *function);
  return success();
}

static void printActivation(OpAsmPrinter &printer, Operation *,
                            ActivationAttr activation) {
  printer << stringifyActivation(activation.getValue());
}

/// Parses `[payload] : type [as type]`. The second type is there if the payload
/// is the storage of a quantised tensor.
static ParseResult parsePayload(OpAsmParser &parser, ElementsAttr &payload,
                                Type &type) {
  Attribute attribute;
  SMLoc loc = parser.getCurrentLocation();
  OptionalParseResult parsed = parser.parseOptionalAttribute(attribute);
  if (!parsed.has_value())
    return parser.parseColonType(type);
  if (failed(*parsed))
    return failure();
  payload = dyn_cast<ElementsAttr>(attribute);
  if (!payload)
    return parser.emitError(loc, "expected the elements of a tensor");
  type = payload.getType();
  return succeeded(parser.parseOptionalKeyword("as")) ? parser.parseType(type)
                                                      : success();
}

static void printPayload(OpAsmPrinter &printer, Operation *,
                         ElementsAttr payload, Type type) {
  if (!payload) {
    printer << ": " << type;
    return;
  }
  printer << payload;
  if (payload.getType() != type)
    printer << " as " << type;
}

#define GET_OP_CLASSES
#include "serenity/Dialect/Serenity/IR/SerenityOps.cpp.inc"

//===----------------------------------------------------------------------===//
// Side effects
//===----------------------------------------------------------------------===//

void WeightOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  // Contents that nobody knows are not equal to any others.
  if (!getValue())
    effects.emplace_back(MemoryEffects::Allocate::get(),
                         getOperation()->getOpResult(0));
}

void NodeOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  if (!getStateful())
    return;
  effects.emplace_back(MemoryEffects::Read::get());
  effects.emplace_back(MemoryEffects::Write::get());
}

//===----------------------------------------------------------------------===//
// Accumulation
//===----------------------------------------------------------------------===//

std::optional<ActivationLimits>
serenity::getActivationLimits(Activation activation) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  switch (activation) {
  case Activation::None:
    return ActivationLimits{-infinity, infinity};
  case Activation::Relu:
    return ActivationLimits{0, infinity};
  case Activation::ReluN1To1:
    return ActivationLimits{-1, 1};
  case Activation::Relu6:
    return ActivationLimits{0, 6};
  case Activation::Tanh:
    return std::nullopt;
  }
  llvm_unreachable("unknown activation");
}

ProductOpInterface serenity::getFreeProduct(Value value) {
  auto product = value.getDefiningOp<ProductOpInterface>();
  if (!product || !value.hasOneUse() || product.getAccumulator() ||
      product.getActivation() != Activation::None ||
      value.getUsers().begin()->getBlock() != product->getBlock())
    return {};
  return product;
}

bool SumOp::isAccumulation() {
  return getAccumulates() && llvm::all_of(getInputs(), getFreeProduct);
}

//===----------------------------------------------------------------------===//
// Use of memory
//===----------------------------------------------------------------------===//

/// The numbers of all operands of `op`.
static SmallVector<unsigned> getAllOperands(Operation *op) {
  return llvm::to_vector(llvm::seq<unsigned>(0, op->getNumOperands()));
}

/// The result of a product takes over its accumulator, the last operand, if
/// there is one.
template <typename ProductOp>
static ResultMemory getProductMemory(ProductOp op) {
  return op.getAccumulator()
             ? ResultMemory::accumulateInto({op->getNumOperands() - 1})
             : ResultMemory::fresh();
}

/// Whether the result of `op` has exactly the bytes of operand `operand`. With
/// equal numbers of elements none of the operand is read twice.
static bool hasBytesOfResult(Operation *op, unsigned operand) {
  auto input = cast<ShapedType>(op->getOperand(operand).getType());
  auto result = cast<ShapedType>(op->getResult(0).getType());
  return input.getNumElements() == result.getNumElements() &&
         getStorageBytes(input) == getStorageBytes(result);
}

ResultMemory WeightOp::getResultMemory(unsigned, ConcatModel) {
  return ResultMemory::none();
}

ResultMemory Conv2DOp::getResultMemory(unsigned, ConcatModel) {
  return getProductMemory(*this);
}

ResultMemory DepthwiseConv2DOp::getResultMemory(unsigned, ConcatModel) {
  return getProductMemory(*this);
}

ResultMemory FullyConnectedOp::getResultMemory(unsigned, ConcatModel) {
  return getProductMemory(*this);
}

ResultMemory ConcatOp::getResultMemory(unsigned, ConcatModel model) {
  switch (model) {
  case ConcatModel::Copy:
    return ResultMemory::fresh();
  case ConcatModel::View:
    return ResultMemory::viewOf(getAllOperands(*this));
  case ConcatModel::Slice:
    return ResultMemory::gather(getAllOperands(*this));
  }
  llvm_unreachable("unknown concat model");
}

bool AddOp::mayOverwrite(unsigned operand) {
  return hasBytesOfResult(*this, operand);
}

bool MulOp::mayOverwrite(unsigned operand) {
  return hasBytesOfResult(*this, operand);
}

ResultMemory SumOp::getResultMemory(unsigned, ConcatModel) {
  return isAccumulation() ? ResultMemory::accumulateInto(getAllOperands(*this))
                          : ResultMemory::fresh();
}

bool SumOp::mayOverwrite(unsigned operand) {
  return hasBytesOfResult(*this, operand);
}

bool ClampOp::mayOverwrite(unsigned operand) {
  return hasBytesOfResult(*this, operand);
}

bool ReshapeOp::mayOverwrite(unsigned operand) {
  return hasBytesOfResult(*this, operand);
}
