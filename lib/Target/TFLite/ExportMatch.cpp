//===- ExportMatch.cpp - Operations that a base file has ------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExportMatch.h"
#include "ExportTensors.h"
#include "mlir/IR/OperationSupport.h"
#include "serenity/Dialect/Serenity/IR/OperatorLocation.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::tflite;

static constexpr auto kIgnoredParts =
    OperationEquivalence::IgnoreLocations |
    OperationEquivalence::IgnoreDiscardableAttrs;

/// Whether `op` computes what `source` does, whatever its operands are called.
/// Reshapes do not care for the shape of what they read.
static bool computesSame(Operation *op, Operation *source) {
  const bool isReshape = isa<ReshapeOp>(op);
  auto mayAgree = [&](Value value, Value other) {
    auto weight = value.getDefiningOp<WeightOp>();
    auto constant = other.getDefiningOp<WeightOp>();
    if (weight && constant)
      return success(mayStandFor(weight, constant));
    auto type = cast<ShapedType>(value.getType());
    auto wanted = cast<ShapedType>(other.getType());
    return success(!weight && !constant &&
                   (isReshape ? type.getElementType() == wanted.getElementType()
                              : type == wanted));
  };
  return OperationEquivalence::isEquivalentTo(
      op, source, mayAgree, /*markEquivalent=*/nullptr, kIgnoredParts);
}

static auto getKernels(func::FuncOp function) {
  return llvm::make_filter_range(
      function.front().without_terminator(),
      [](Operation &op) { return !isa<WeightOp>(op); });
}

//===----------------------------------------------------------------------===//
// By locations
//===----------------------------------------------------------------------===//

static OperationMatch matchByLocation(func::FuncOp function,
                                      func::FuncOp original) {
  llvm::DenseMap<int64_t, Operation *> unmatched;
  for (Operation &op : getKernels(original))
    unmatched[*getOperatorIndex(op.getLoc())] = &op;
  OperationMatch match;
  for (Operation &op : getKernels(function)) {
    const std::optional<int64_t> index = getOperatorIndex(op.getLoc());
    auto source = index ? unmatched.find(*index) : unmatched.end();
    if (source == unmatched.end() || !computesSame(&op, source->second))
      continue;
    match[&op] = source->second;
    unmatched.erase(source);
  }
  return match;
}

//===----------------------------------------------------------------------===//
// By structure
//===----------------------------------------------------------------------===//

/// Whether `op` has one result, which is its operand.
static bool isIdentity(Operation *op) {
  return isa<SplitOp, SliceOp, ReshapeOp>(op) && op->getNumResults() == 1 &&
         op->getResult(0).getType() == op->getOperand(0).getType();
}

/// What an operand reads if operations that do nothing are left out, as
/// canonicalisation does: identities, and before a reshape other reshapes.
static Value findSource(OpOperand &operand) {
  const bool isReshape = isa<ReshapeOp>(operand.getOwner());
  Value value = operand.get();
  while (Operation *op = value.getDefiningOp()) {
    if (!isIdentity(op) && !(isReshape && isa<ReshapeOp>(op)))
      break;
    value = op->getOperand(0);
  }
  return value;
}

namespace {
/// A number for each operation of a function that says what it computes, from
/// what, and for whom. Operations that are the same in two functions have the
/// same number, and hardly any others have.
class Fingerprints {
public:
  explicit Fingerprints(func::FuncOp function) : function(function) {
    // The second round knows of the users of operands, and so on.
    constexpr int numRounds = 3;
    for (int round = 0; round < numRounds; ++round) {
      lookBack();
      lookAhead();
    }
  }

  llvm::hash_code get(Operation *op) const { return numbers.lookup(op); }

private:
  llvm::hash_code describe(Value value) const {
    if (auto argument = dyn_cast<BlockArgument>(value))
      return llvm::hash_combine(argument.getArgNumber());
    Operation *op = value.getDefiningOp();
    if (isa<WeightOp>(op))
      return llvm::hash_combine(value.getType());
    return llvm::hash_combine(get(op), cast<OpResult>(value).getResultNumber());
  }

  /// Adds to each number those of the operands.
  void lookBack() {
    for (Operation &op : getKernels(function)) {
      llvm::hash_code number = llvm::hash_combine(
          get(&op), OperationEquivalence::computeHash(
                        &op, OperationEquivalence::ignoreHashValue,
                        OperationEquivalence::ignoreHashValue, kIgnoredParts));
      for (OpOperand &operand : op.getOpOperands())
        number = llvm::hash_combine(number, describe(findSource(operand)));
      numbers[&op] = number;
    }
  }

  /// Adds to each number those of the operations that read the results, in any
  /// order.
  void lookAhead() {
    llvm::DenseMap<Operation *, size_t> sums;
    for (Operation &op : llvm::reverse(function.front()))
      if (!isa<WeightOp>(op)) {
        const llvm::hash_code number =
            llvm::hash_combine(get(&op), sums.lookup(&op));
        numbers[&op] = number;
        for (OpOperand &operand : op.getOpOperands())
          if (Operation *source = findSource(operand).getDefiningOp())
            sums[source] += llvm::hash_combine(
                number, operand.getOperandNumber(),
                cast<OpResult>(findSource(operand)).getResultNumber());
      }
  }

  func::FuncOp function;
  llvm::DenseMap<Operation *, llvm::hash_code> numbers;
};

/// Matches functions without locations.
class StructureMatcher {
public:
  StructureMatcher(func::FuncOp function, func::FuncOp original)
      : function(function), original(original), wanted(function),
        present(original) {
    for (Operation &op : getKernels(original))
      unmatched.push_back(&op);
  }

  /// Without the contents of weights, only fingerprints can tell one product
  /// from another; with them, whatever computes the same is the same.
  OperationMatch run(bool hasContents) {
    for (Operation &op : getKernels(function)) {
      auto source = llvm::find_if(unmatched, [&](Operation *candidate) {
        return wanted.get(&op) == present.get(candidate) &&
               isSame(&op, candidate);
      });
      if (source == unmatched.end() && hasContents)
        source = llvm::find_if(unmatched, [&](Operation *candidate) {
          return isSame(&op, candidate);
        });
      if (source == unmatched.end())
        continue;
      match[&op] = *source;
      unmatched.erase(source);
    }
    return std::move(match);
  }

private:
  bool isSame(Operation *op, Operation *source) {
    return computesSame(op, source) && readsSame(op, source);
  }

  /// Whether the operands of `op` are what those of `source` are.
  bool readsSame(Operation *op, Operation *source) {
    return llvm::all_of_zip(
        op->getOpOperands(), source->getOpOperands(),
        [&](OpOperand &operand, OpOperand &other) {
          Value value = findSource(operand), sourceValue = findSource(other);
          if (auto argument = dyn_cast<BlockArgument>(value))
            return sourceValue == original.getArgument(argument.getArgNumber());
          Operation *producer = value.getDefiningOp();
          if (isa<WeightOp>(producer))
            return true;
          Operation *matched = match.lookup(producer);
          return matched &&
                 sourceValue == matched->getResult(
                                    cast<OpResult>(value).getResultNumber());
        });
  }

  func::FuncOp function, original;
  Fingerprints wanted, present;
  std::vector<Operation *> unmatched;
  OperationMatch match;
};
} // namespace

static bool hasContents(func::FuncOp function) {
  return llvm::all_of(function.front().getOps<WeightOp>(), [](WeightOp weight) {
    return static_cast<bool>(weight.getValueAttr());
  });
}

/// Matches by structure. Fails if a new operation may be an operator of the
/// base that was mistaken for another, because nothing tells their weights
/// apart.
static FailureOr<OperationMatch> matchByStructure(func::FuncOp function,
                                                  func::FuncOp original) {
  const bool isCertain = hasContents(function);
  OperationMatch match = StructureMatcher(function, original).run(isCertain);
  for (Operation &op : getKernels(function))
    if (!isCertain && !match.contains(&op))
      return op.emitOpError(
          "is not in the base file, as far as can be told without locations "
          "(--mlir-print-debuginfo) or weights (--weights=keep)");
  return match;
}

FailureOr<OperationMatch> tflite::matchOperations(func::FuncOp function,
                                                  func::FuncOp original) {
  const bool hasLocations =
      llvm::any_of(getKernels(function), [](Operation &op) {
        return getOperatorIndex(op.getLoc()).has_value();
      });
  if (hasLocations)
    return matchByLocation(function, original);
  return matchByStructure(function, original);
}
