//===- ActivationMemoryModels.cpp - Memory of upstream's operations -------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Dialect/Serenity/ExternalModels/ActivationMemoryModels.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/DialectRegistry.h"
#include "serenity/Dialect/Serenity/IR/ActivationMemory.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"

using namespace mlir;
using namespace serenity;

namespace {

/// The models hold for many kinds of operation, so they are not bound to one.
template <typename Model>
using ModelBase = ActivationMemoryOpInterface::ExternalModel<Model, Operation>;

/// Whether the single result of `op` fills exactly the bytes of `operand`,
/// element over element. Equal bytes alone would not do: a broadcast operand of
/// a wide type can be as large as a result of a narrow one.
bool hasShapeAndSizeOfResult(Operation *op, Value operand) {
  if (op->getNumResults() != 1)
    return false;
  auto from = dyn_cast<RankedTensorType>(operand.getType());
  auto to = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  if (!from || !to || from.getShape() != to.getShape())
    return false;
  const std::optional<int64_t> bytes = getStorageBytes(from);
  return bytes && bytes == getStorageBytes(to);
}

struct NoMemoryModel : ModelBase<NoMemoryModel> {
  ResultMemory getResultMemory(Operation *, unsigned, ConcatModel) const {
    return ResultMemory::none();
  }
};

struct ViewModel : ModelBase<ViewModel> {
  ResultMemory getResultMemory(Operation *, unsigned, ConcatModel) const {
    return ResultMemory::viewOf({0});
  }
};

struct ConcatOpModel : ModelBase<ConcatOpModel> {
  ResultMemory getResultMemory(Operation *op, unsigned,
                               ConcatModel model) const {
    const auto all = llvm::to_vector(llvm::seq(op->getNumOperands()));
    switch (model) {
    case ConcatModel::Copy:
      return ResultMemory::fresh();
    case ConcatModel::View:
      return ResultMemory::viewOf(all);
    case ConcatModel::Slice:
      return ResultMemory::gather(all);
    }
    llvm_unreachable("unknown concat model");
  }
};

struct ElementwiseModel : ModelBase<ElementwiseModel> {
  bool mayOverwrite(Operation *op, unsigned operand) const {
    return hasShapeAndSizeOfResult(op, op->getOperand(operand));
  }
};

/// Whether the body of `op` reads `value` as a whole.
bool isCaptured(linalg::LinalgOp op, Value value) {
  const auto stopAtReader = [&](Operation *inner) {
    return llvm::is_contained(inner->getOperands(), value)
               ? WalkResult::interrupt()
               : WalkResult::advance();
  };
  return op->getRegion(0).walk(stopAtReader).wasInterrupted();
}

/// Whether `op` reads each element of `operand` only to compute the element at
/// the same place of its result.
bool isReadElementwise(linalg::LinalgOp op, Value operand) {
  return linalg::isElementwise(op) &&
         llvm::all_of(op->getOpOperands(), [&](OpOperand &other) {
           const bool matters = other.get() == operand || op.isDpsInit(&other);
           return !matters || op.getMatchingIndexingMap(&other).isIdentity();
         });
}

struct LinalgModel : ModelBase<LinalgModel> {
  bool mayOverwrite(Operation *op, unsigned operand) const {
    auto linalgOp = cast<linalg::LinalgOp>(op);
    OpOperand &use = op->getOpOperand(operand);
    if (!hasShapeAndSizeOfResult(op, use.get()) ||
        isCaptured(linalgOp, use.get()))
      return false;
    const bool isOnlyInit = linalgOp.isDpsInit(&use) &&
                            llvm::count(op->getOperands(), use.get()) == 1;
    return isOnlyInit || isReadElementwise(linalgOp, use.get());
  }
};

/// Attaches `Model` to every operation of `dialect` of which `holds` is true.
template <typename Model, typename Predicate>
void attachWhere(Dialect &dialect, Predicate holds) {
  // MLIR 22's getRegisteredOperationsByDialect searches with a broken order and
  // finds nothing in most dialects.
  for (RegisteredOperationName name :
       dialect.getContext()->getRegisteredOperations())
    if (&name.getDialect() == &dialect && holds(name))
      name.attachInterface<Model>();
}

/// Attaches `Model` to each of `Ops`.
template <typename Model, typename... Ops> void attachTo(MLIRContext *context) {
  (RegisteredOperationName::lookup(TypeID::get<Ops>(), context)
       ->template attachInterface<Model>(),
   ...);
}

void extendArith(MLIRContext *context, arith::ArithDialect *dialect) {
  attachWhere<ElementwiseModel>(*dialect, [](RegisteredOperationName name) {
    return name.hasTrait<OpTrait::Elementwise>();
  });
}

void extendLinalg(MLIRContext *context, linalg::LinalgDialect *dialect) {
  attachWhere<LinalgModel>(*dialect, [](RegisteredOperationName name) {
    return name.hasInterface<linalg::LinalgOp>();
  });
}

void extendTensor(MLIRContext *context, tensor::TensorDialect *) {
  attachTo<NoMemoryModel, tensor::EmptyOp>(context);
  attachTo<ViewModel, tensor::BitcastOp, tensor::CastOp,
           tensor::CollapseShapeOp, tensor::ExpandShapeOp,
           tensor::ExtractSliceOp, tensor::ReshapeOp>(context);
  attachTo<ConcatOpModel, tensor::ConcatOp>(context);
}

void extendTosa(MLIRContext *context, tosa::TosaDialect *dialect) {
  attachTo<ViewModel, tosa::IdentityOp, tosa::ReshapeOp>(context);
  attachTo<ConcatOpModel, tosa::ConcatOp>(context);
  attachWhere<ElementwiseModel>(*dialect, [](RegisteredOperationName name) {
    return name.hasTrait<OpTrait::tosa::TosaElementwiseOperator>();
  });
  // Elementwise too, but upstream does not mark them.
  attachTo<ElementwiseModel, tosa::CastOp, tosa::MulOp, tosa::NegateOp,
           tosa::RescaleOp>(context);
}

} // namespace

void serenity::registerActivationMemoryModels(DialectRegistry &registry) {
  registry.addExtension(extendArith);
  registry.addExtension(extendLinalg);
  registry.addExtension(extendTensor);
  registry.addExtension(extendTosa);
}
