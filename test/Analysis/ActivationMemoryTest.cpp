//===- ActivationMemoryTest.cpp -------------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Analysis/ActivationMemory.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace serenity;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace {

/// Answers that differ from every default.
struct PadModel
    : ActivationMemoryOpInterface::ExternalModel<PadModel, tensor::PadOp> {
  int64_t getScratchBytes(Operation *) const { return 7; }
  ResultMemory getResultMemory(Operation *, unsigned result,
                               ConcatModel model) const {
    return model == ConcatModel::View ? ResultMemory::viewOf({result})
                                      : ResultMemory::gather({result});
  }
  bool mayOverwrite(Operation *, unsigned operand) const {
    return operand == 0;
  }
};

class ActivationMemoryTest : public ::testing::Test {
protected:
  ActivationMemoryTest() {
    context.loadDialect<arith::ArithDialect, func::FuncDialect,
                        linalg::LinalgDialect, memref::MemRefDialect,
                        tensor::TensorDialect>();
  }

  /// The operation of `source` that has the attribute `this`.
  Operation *parse(StringRef source) {
    module = parseSourceString<ModuleOp>(source, &context);
    Operation *marked = nullptr;
    if (module)
      module->walk([&](Operation *op) {
        if (op->hasAttr("this"))
          marked = op;
      });
    return marked;
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
};

TEST_F(ActivationMemoryTest, GivesAnUnknownOperationFreshResults) {
  Operation *op = parse(R"(
    func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
      %0 = func.call @f(%x) {this} : (tensor<4xf32>) -> tensor<4xf32>
      return %0 : tensor<4xf32>
    })");
  ASSERT_TRUE(op);
  for (ConcatModel model :
       {ConcatModel::Copy, ConcatModel::View, ConcatModel::Slice}) {
    const ResultMemory memory = getResultMemory(op->getResult(0), model);
    EXPECT_EQ(memory.kind, ResultMemory::Kind::Fresh);
    EXPECT_THAT(memory.operands, IsEmpty());
  }
  EXPECT_FALSE(mayOverwrite(op->getOpOperand(0)));
  EXPECT_EQ(getScratchBytes(op), 0);
}

TEST_F(ActivationMemoryTest, GivesAConstantNoMemory) {
  Operation *op = parse(R"(
    func.func @f() {
      %0 = arith.constant {this} dense<0.0> : tensor<4xf32>
      return
    })");
  ASSERT_TRUE(op);
  EXPECT_EQ(getResultMemory(op->getResult(0), ConcatModel::Copy).kind,
            ResultMemory::Kind::None);
}

TEST_F(ActivationMemoryTest, TakesAViewForItsSource) {
  Operation *op = parse(R"(
    func.func @f(%shift: index, %bytes: memref<64xi8>) {
      %0 = memref.view %bytes[%shift][] {this} : memref<64xi8> to memref<4xf32>
      return
    })");
  ASSERT_TRUE(op);
  const ResultMemory memory =
      getResultMemory(op->getResult(0), ConcatModel::Copy);
  EXPECT_EQ(memory.kind, ResultMemory::Kind::View);
  EXPECT_THAT(memory.operands, ElementsAre(0));
}

TEST_F(ActivationMemoryTest, LetsADestinationBeOverwritten) {
  Operation *op = parse(R"(
    func.func @f(%x: tensor<4x4xf32>, %init: tensor<4x4xf32>) {
      %0 = linalg.softmax {this} dimension(1)
          ins(%x : tensor<4x4xf32>) outs(%init : tensor<4x4xf32>)
          -> tensor<4x4xf32>
      return
    })");
  ASSERT_TRUE(op);
  EXPECT_EQ(getResultMemory(op->getResult(0), ConcatModel::Copy).kind,
            ResultMemory::Kind::Fresh);
  EXPECT_FALSE(mayOverwrite(op->getOpOperand(0)));
  EXPECT_TRUE(mayOverwrite(op->getOpOperand(1)));
}

TEST_F(ActivationMemoryTest, KeepsADestinationThatIsAlsoAnInput) {
  Operation *op = parse(R"(
    func.func @f(%x: tensor<4x4xf32>) {
      %0 = linalg.softmax {this} dimension(1)
          ins(%x : tensor<4x4xf32>) outs(%x : tensor<4x4xf32>)
          -> tensor<4x4xf32>
      return
    })");
  ASSERT_TRUE(op);
  EXPECT_FALSE(mayOverwrite(op->getOpOperand(1)));
}

TEST_F(ActivationMemoryTest, OverwritesNothingWithSeveralResults) {
  Operation *op = parse(R"(
    #map = affine_map<(d0) -> (d0)>
    func.func @f(%x: tensor<4xf32>, %y: tensor<4xf32>) {
      %0:2 = linalg.generic {indexing_maps = [#map, #map],
                             iterator_types = ["parallel"]}
          outs(%x, %y : tensor<4xf32>, tensor<4xf32>) attrs = {this} {
      ^bb0(%a: f32, %b: f32):
        linalg.yield %b, %a : f32, f32
      } -> (tensor<4xf32>, tensor<4xf32>)
      return
    })");
  ASSERT_TRUE(op);
  EXPECT_FALSE(mayOverwrite(op->getOpOperand(0)));
  EXPECT_FALSE(mayOverwrite(op->getOpOperand(1)));
}

TEST_F(ActivationMemoryTest, OverwritesNothingWithoutAResult) {
  Operation *op = parse(R"(
    func.func @f(%value: f32, %init: memref<4xf32>) {
      linalg.fill {this} ins(%value : f32) outs(%init : memref<4xf32>)
      return
    })");
  ASSERT_TRUE(op);
  EXPECT_FALSE(mayOverwrite(op->getOpOperand(0)));
  EXPECT_FALSE(mayOverwrite(op->getOpOperand(1)));
}

TEST_F(ActivationMemoryTest, AsksTheInterfaceFirst) {
  tensor::PadOp::attachInterface<PadModel>(context);
  Operation *op = parse(R"(
    func.func @f(%x: tensor<4xf32>, %padding: index, %value: f32) {
      %0 = tensor.pad %x low[%padding] high[0] {
      ^bb0(%i: index):
        tensor.yield %value : f32
      } {this} : tensor<4xf32> to tensor<?xf32>
      return
    })");
  ASSERT_TRUE(op);
  const ResultMemory gathered =
      getResultMemory(op->getResult(0), ConcatModel::Slice);
  EXPECT_EQ(gathered.kind, ResultMemory::Kind::Gather);
  EXPECT_THAT(gathered.operands, ElementsAre(0));
  EXPECT_EQ(getResultMemory(op->getResult(0), ConcatModel::View).kind,
            ResultMemory::Kind::View);
  EXPECT_TRUE(mayOverwrite(op->getOpOperand(0)));
  EXPECT_FALSE(mayOverwrite(op->getOpOperand(1)));
  EXPECT_EQ(getScratchBytes(op), 7);
}

TEST_F(ActivationMemoryTest, AllocationOfResultsHasNoPlace) {
  context.loadDialect<scf::SCFDialect, SerenityDialect>();
  for (StringRef free : {
           "%0 = serenity.weight {this} : tensor<4xf32>",
           "%0 = serenity.weight {this} dense<1.0> : tensor<4xf32>",
           "%0 = serenity.node \"A\"() {this} : () -> tensor<4xf32>",
           "%c = arith.constant true\n%0 = scf.if %c -> tensor<4xf32> {"
           " %1 = serenity.weight : tensor<4xf32> scf.yield %1 : tensor<4xf32>"
           "} else {"
           " %1 = serenity.weight : tensor<4xf32> scf.yield %1 : tensor<4xf32>"
           "} {this}",
       })
    EXPECT_FALSE(hasOrderedEffects(parse(free))) << free.str();
  for (StringRef ordered : {
           "%0 = serenity.node \"A\"() stateful {this} : () -> tensor<4xf32>",
           "func.func @f() { func.call @f() {this} : () -> () return }",
       })
    EXPECT_TRUE(hasOrderedEffects(parse(ordered))) << ordered.str();
}

} // namespace
