//===- BlockGraphTest.cpp -------------------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Analysis/BlockGraph.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "serenity/Dialect/Serenity/ExternalModels/ActivationMemoryModels.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace serenity;
using ::testing::ElementsAre;

namespace {

class StorageTest : public ::testing::Test {
protected:
  StorageTest() {
    DialectRegistry registry;
    registerActivationMemoryModels(registry);
    context.appendDialectRegistry(registry);
    context.loadDialect<func::FuncDialect, tensor::TensorDialect,
                        SerenityDialect>();
  }

  /// Builds the graph of the one function in `source`.
  void build(StringRef source, ConcatModel concat) {
    module = parseSourceString<ModuleOp>(source, &context);
    ASSERT_TRUE(module);
    auto function = *module->getOps<func::FuncOp>().begin();
    llvm::Expected<BlockGraph> built =
        BlockGraph::build(function.front(), {concat, /*inPlace=*/false});
    ASSERT_TRUE(bool(built)) << llvm::toString(built.takeError());
    graph.emplace(*std::move(built));
  }

  Operation *op(int32_t index) const {
    return graph->getOperation(core::OpId(index));
  }
  /// Where the first result of operation `index` is.
  const ValueStorage *storageOf(int32_t index) const {
    return graph->getStorage(op(index)->getResult(0));
  }
  Value argument(unsigned number) const {
    return op(0)->getBlock()->getArgument(number);
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  std::optional<BlockGraph> graph;
};

constexpr StringLiteral twoHalves = R"(
    func.func @f(%x: tensor<2x3xf32>) -> tensor<2x8xf32> {
      %0 = serenity.node "A"(%x) : (tensor<2x3xf32>) -> tensor<2x5xf32>
      %1 = serenity.node "B"(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
      %2 = serenity.concat %0, %1 axis 1
        : (tensor<2x5xf32>, tensor<2x3xf32>) -> tensor<2x8xf32>
      return %2 : tensor<2x8xf32>
    })";

TEST_F(StorageTest, IsAWholeBufferUnderCopy) {
  build(twoHalves, ConcatModel::Copy);
  ASSERT_TRUE(storageOf(0) && storageOf(1) && storageOf(2));
  EXPECT_EQ(graph->getValue(storageOf(1)->buffer), op(1)->getResult(0));
  EXPECT_EQ(storageOf(1)->offset, 0);
  EXPECT_THAT(storageOf(1)->strides, ElementsAre(3, 1));
  EXPECT_EQ(graph->getValue(storageOf(2)->buffer), op(2)->getResult(0));
  EXPECT_THAT(storageOf(2)->strides, ElementsAre(8, 1));
  EXPECT_THAT(graph->getStorage(argument(0))->strides, ElementsAre(3, 1));
}

TEST_F(StorageTest, IsASliceUnderSlice) {
  build(twoHalves, ConcatModel::Slice);
  for (int32_t index : {0, 1, 2}) {
    ASSERT_TRUE(storageOf(index));
    EXPECT_EQ(graph->getValue(storageOf(index)->buffer), op(2)->getResult(0));
    EXPECT_THAT(storageOf(index)->strides, ElementsAre(8, 1));
  }
  EXPECT_EQ(storageOf(0)->offset, 0);
  EXPECT_EQ(storageOf(1)->offset, 20);
  EXPECT_EQ(storageOf(2)->offset, 0);
}

TEST_F(StorageTest, IsNowhereUnderView) {
  build(twoHalves, ConcatModel::View);
  EXPECT_TRUE(storageOf(0));
  EXPECT_FALSE(storageOf(2));
}

TEST_F(StorageTest, FollowsNestedSlices) {
  build(R"(
    func.func @f(%x: tensor<2x3xi16>) -> tensor<5x4xi16> {
      %0 = serenity.node "A"(%x) : (tensor<2x3xi16>) -> tensor<2x4xi16>
      %1 = serenity.node "B"(%x) : (tensor<2x3xi16>) -> tensor<3x1xi16>
      %2 = serenity.node "C"(%x) : (tensor<2x3xi16>) -> tensor<3x3xi16>
      %3 = serenity.concat %1, %2 axis 1
        : (tensor<3x1xi16>, tensor<3x3xi16>) -> tensor<3x4xi16>
      %4 = serenity.concat %0, %3 axis 0
        : (tensor<2x4xi16>, tensor<3x4xi16>) -> tensor<5x4xi16>
      return %4 : tensor<5x4xi16>
    })",
        ConcatModel::Slice);
  ASSERT_TRUE(storageOf(1) && storageOf(2) && storageOf(3));
  EXPECT_EQ(storageOf(1)->offset, 16);
  EXPECT_EQ(storageOf(2)->offset, 18);
  EXPECT_EQ(storageOf(3)->offset, 16);
  EXPECT_THAT(storageOf(2)->strides, ElementsAre(4, 1));
  EXPECT_EQ(storageOf(2)->buffer, storageOf(4)->buffer);
}

TEST_F(StorageTest, CountsWhatIsCopiedBetweenSlices) {
  build(R"(
    func.func @f(%x: tensor<4xf32>) -> tensor<10xf32> {
      %0 = serenity.node "A"(%x) : (tensor<4xf32>) -> tensor<2xf32>
      %1 = serenity.concat %0, %x, %x, %0 axis 0
        : (tensor<2xf32>, tensor<4xf32>, tensor<4xf32>, tensor<2xf32>) -> tensor<12xf32>
      %2 = serenity.node "B"(%1) : (tensor<12xf32>) -> tensor<7xf32>
      %3 = serenity.node "C"(%2) : (tensor<7xf32>) -> tensor<6xf32>
      %4 = serenity.concat %x, %3 axis 0
        : (tensor<4xf32>, tensor<6xf32>) -> tensor<10xf32>
      return %4 : tensor<10xf32>
    })",
        ConcatModel::Slice);
  // Read twice, so it cannot be in both places.
  EXPECT_EQ(graph->getValue(storageOf(0)->buffer), op(0)->getResult(0));
  EXPECT_EQ(graph->getValue(graph->getStorage(argument(0))->buffer),
            argument(0));
  EXPECT_EQ(storageOf(3)->buffer, storageOf(4)->buffer);
  EXPECT_EQ(storageOf(3)->offset, 16);
}

TEST_F(StorageTest, IsTheAccumulatorOfAProduct) {
  build(R"(
    func.func @f(%x: tensor<1x4xf32>, %y: tensor<1x3xf32>) -> tensor<1x5xf32> {
      %v = serenity.weight : tensor<2x4xf32>
      %0 = serenity.fully_connected %x, %v : (tensor<1x4xf32>, tensor<2x4xf32>) -> tensor<1x2xf32>
      %1 = serenity.fully_connected %x, %v accumulate %0
        : (tensor<1x4xf32>, tensor<2x4xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
      %2 = serenity.node "A"(%y) : (tensor<1x3xf32>) -> tensor<1x3xf32>
      %3 = serenity.concat %2, %1 axis 1 : (tensor<1x3xf32>, tensor<1x2xf32>) -> tensor<1x5xf32>
      return %3 : tensor<1x5xf32>
    })",
        ConcatModel::Slice);
  ASSERT_TRUE(storageOf(0) && storageOf(1));
  EXPECT_EQ(storageOf(0)->buffer, storageOf(3)->buffer);
  EXPECT_EQ(storageOf(0)->offset, 12);
  EXPECT_EQ(storageOf(1)->offset, 12);
  EXPECT_FALSE(graph->getStorage(op(0)->getOperand(1))) << "a weight";
}

TEST_F(StorageTest, IsNothingForViewsAndEmptyTensors) {
  build(R"(
    func.func @f(%x: tensor<4xf32>) -> (tensor<2x2xf32>, tensor<0xf32>) {
      %0 = serenity.node "A"(%x) : (tensor<4xf32>) -> tensor<4xf32>
      %1 = tensor.expand_shape %0 [[0, 1]] output_shape [2, 2]
        : tensor<4xf32> into tensor<2x2xf32>
      %2 = serenity.node "B"(%x) : (tensor<4xf32>) -> tensor<0xf32>
      return %1, %2 : tensor<2x2xf32>, tensor<0xf32>
    })",
        ConcatModel::Copy);
  EXPECT_TRUE(storageOf(0));
  EXPECT_FALSE(storageOf(1));
  EXPECT_FALSE(storageOf(2));
}

TEST_F(StorageTest, ModelIsRecordedOnFunctions) {
  build(twoHalves, ConcatModel::Copy);
  Operation *function = op(0)->getParentOp();
  EXPECT_EQ(getRecordedMemoryModel(function).concat, ConcatModel::Copy);
  EXPECT_FALSE(getRecordedMemoryModel(function).inPlace);
  for (ConcatModel concat :
       {ConcatModel::Copy, ConcatModel::View, ConcatModel::Slice})
    for (bool inPlace : {false, true}) {
      recordMemoryModel(function, {concat, inPlace});
      EXPECT_EQ(getRecordedMemoryModel(function).concat, concat);
      EXPECT_EQ(getRecordedMemoryModel(function).inPlace, inPlace);
    }
}

} // namespace
