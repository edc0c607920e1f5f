//===- ActivationMemoryTest.cpp -------------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Dialect/Serenity/IR/ActivationMemory.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Parser/Parser.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace serenity;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Kind = ResultMemory::Kind;

namespace {

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

class StorageBytesTest : public ::testing::Test {
protected:
  StorageBytesTest() { context.loadDialect<quant::QuantDialect>(); }

  std::optional<int64_t> bytes(StringRef type) {
    return getStorageBytes(parseType(type, &context));
  }

  MLIRContext context;
};

TEST_F(StorageBytesTest, CountsWholeBytes) {
  EXPECT_EQ(bytes("tensor<2x3xf32>"), 24);
  EXPECT_EQ(bytes("tensor<5xbf16>"), 10);
  EXPECT_EQ(bytes("tensor<3xui64>"), 24);
  EXPECT_EQ(bytes("tensor<2xcomplex<f32>>"), 16);
  EXPECT_EQ(bytes("tensor<2xindex>"), 16);
  EXPECT_EQ(bytes("tensor<f64>"), 8);
  EXPECT_EQ(bytes("tensor<4x0xf32>"), 0);
  EXPECT_EQ(bytes("memref<3xi16>"), 6);
}

TEST_F(StorageBytesTest, PacksWhatIsNarrow) {
  EXPECT_EQ(bytes("tensor<8xi1>"), 8) << "a byte for each bool";
  EXPECT_EQ(bytes("tensor<8xi4>"), 4);
  EXPECT_EQ(bytes("tensor<9xi4>"), 5);
  EXPECT_EQ(bytes("tensor<9xi3>"), 4) << "27 bits";
}

TEST_F(StorageBytesTest, QuantisedElementsAreStoredAsIntegers) {
  EXPECT_EQ(bytes("tensor<3x!quant.uniform<u8:f32, 0.5:128>>"), 3);
  EXPECT_EQ(bytes("tensor<3x!quant.uniform<i4:f32, 0.5>>"), 2);
  EXPECT_EQ(bytes("tensor<4x!quant.any<i8:f32>>"), 4);
  EXPECT_EQ(bytes("tensor<2x!quant.uniform<i32:f32:0, {1.0, 2.0}>>"), 8);
}

TEST_F(StorageBytesTest, HasNoAnswerWithoutSize) {
  EXPECT_EQ(bytes("tensor<?x3xf32>"), std::nullopt);
  EXPECT_EQ(bytes("tensor<*xf32>"), std::nullopt);
  EXPECT_EQ(bytes("f32"), std::nullopt);
  EXPECT_EQ(bytes("memref<4xmemref<4xi8>>"), std::nullopt);
}

TEST_F(StorageBytesTest, DoesNotOverflow) {
  EXPECT_EQ(bytes("tensor<9223372036854775807xi8>"), INT64_MAX);
  EXPECT_EQ(bytes("tensor<9223372036854775807xi4>"), INT64_MAX / 2 + 1);
  EXPECT_EQ(bytes("tensor<4611686018427387904xi16>"), std::nullopt);
  EXPECT_EQ(bytes("tensor<4294967296x4294967296xi8>"), std::nullopt);
  EXPECT_EQ(bytes("tensor<0x4294967296x4294967296xi8>"), std::nullopt);
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

class ActivationMemoryTest : public ::testing::Test {
protected:
  ActivationMemoryTest() { context.loadDialect<SerenityDialect>(); }

  /// The last operation of `source`, whose operands are nodes before it.
  ActivationMemoryOpInterface parse(StringRef source) {
    module = parseSourceString<ModuleOp>(source, &context);
    return cast<ActivationMemoryOpInterface>(module->getBody()->back());
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
};

TEST_F(ActivationMemoryTest, WeightsTakeNone) {
  auto op = parse("%0 = serenity.weight : tensor<4xf32>");
  EXPECT_EQ(op.getResultMemory(0, ConcatModel::Copy).kind, Kind::None);
  EXPECT_EQ(op.getScratchBytes(), 0);
}

TEST_F(ActivationMemoryTest, NodesAreFreshAndHaveScratch) {
  auto op = parse(R"(
    %x = serenity.node "X"() : () -> tensor<4xf32>
    %0:2 = serenity.node "A"(%x) scratch 128 : (tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>)
  )");
  EXPECT_EQ(op.getScratchBytes(), 128);
  EXPECT_EQ(op.getResultMemory(1, ConcatModel::View).kind, Kind::Fresh);
  EXPECT_FALSE(op.mayOverwrite(0)) << "an opaque kernel promises nothing";
}

TEST_F(ActivationMemoryTest, ConcatDependsOnTheModel) {
  auto op = parse(R"(
    %x = serenity.node "X"() : () -> tensor<4xf32>
    %y = serenity.node "Y"() : () -> tensor<3xf32>
    %0 = serenity.concat %x, %y, %x axis 0 : (tensor<4xf32>, tensor<3xf32>, tensor<4xf32>) -> tensor<11xf32>
  )");
  ResultMemory copy = op.getResultMemory(0, ConcatModel::Copy);
  EXPECT_EQ(copy.kind, Kind::Fresh);
  EXPECT_THAT(copy.operands, IsEmpty());
  ResultMemory view = op.getResultMemory(0, ConcatModel::View);
  EXPECT_EQ(view.kind, Kind::View);
  EXPECT_THAT(view.operands, ElementsAre(0, 1, 2));
  ResultMemory slice = op.getResultMemory(0, ConcatModel::Slice);
  EXPECT_EQ(slice.kind, Kind::Gather);
  EXPECT_THAT(slice.operands, ElementsAre(0, 1, 2));
}

TEST_F(ActivationMemoryTest, ProductsTakeOverTheirAccumulator) {
  constexpr StringLiteral nodes = R"(
    %x = serenity.node "X"() : () -> tensor<1x4x4x2xf32>
    %w = serenity.weight : tensor<2x1x1x2xf32>
    %d = serenity.weight : tensor<1x1x1x2xf32>
    %b = serenity.weight : tensor<2xf32>
    %r = serenity.node "R"() : () -> tensor<16x2xf32>
    %m = serenity.weight : tensor<2x2xf32>
  )";
  struct Case {
    StringLiteral op;
    unsigned accumulator;
  };
  for (const Case &c : {
           Case{"serenity.conv_2d %x, %w accumulate %x : (tensor<1x4x4x2xf32>, "
                "tensor<2x1x1x2xf32>, tensor<1x4x4x2xf32>) -> "
                "tensor<1x4x4x2xf32>",
                2},
           Case{"serenity.conv_2d %x, %w bias %b accumulate %x : "
                "(tensor<1x4x4x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, "
                "tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>",
                3},
           Case{"serenity.depthwise_conv_2d %x, %d accumulate %x : "
                "(tensor<1x4x4x2xf32>, tensor<1x1x1x2xf32>, "
                "tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>",
                2},
           Case{"serenity.fully_connected %x, %m bias %b accumulate %r : "
                "(tensor<1x4x4x2xf32>, tensor<2x2xf32>, tensor<2xf32>, "
                "tensor<16x2xf32>) -> tensor<16x2xf32>",
                3},
       }) {
    SCOPED_TRACE(c.op.str());
    ResultMemory memory =
        parse((nodes + "%0 = " + c.op).str()).getResultMemory(0, {});
    EXPECT_EQ(memory.kind, Kind::Accumulate);
    EXPECT_THAT(memory.operands, ElementsAre(c.accumulator));
  }
}

TEST_F(ActivationMemoryTest, ProductsWithoutAccumulatorAreFresh) {
  auto op = parse(R"(
    %x = serenity.node "X"() : () -> tensor<1x4x4x2xf32>
    %w = serenity.weight : tensor<2x1x1x2xf32>
    %b = serenity.weight : tensor<2xf32>
    %0 = serenity.conv_2d %x, %w bias %b : (tensor<1x4x4x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  )");
  EXPECT_EQ(op.getResultMemory(0, {}).kind, Kind::Fresh);
  EXPECT_FALSE(op.mayOverwrite(0));
}

TEST_F(ActivationMemoryTest, BroadcastOperandsAreNotOverwritten) {
  for (StringRef name : {"add", "mul"}) {
    auto op =
        parse(R"(
      %x = serenity.node "X"() : () -> tensor<2x4xf32>
      %y = serenity.node "Y"() : () -> tensor<4xf32>
      %0 = serenity.)" +
              name.str() +
              R"( %x, %y : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
    )");
    EXPECT_EQ(op.getResultMemory(0, {}).kind, Kind::Fresh);
    EXPECT_TRUE(op.mayOverwrite(0));
    EXPECT_FALSE(op.mayOverwrite(1));
  }
}

TEST_F(ActivationMemoryTest, WiderResultsOverwriteNothing) {
  auto op = parse(R"(
    %x = serenity.node "X"() : () -> tensor<4xi8>
    %0 = serenity.sum %x, %x : (tensor<4xi8>, tensor<4xi8>) -> tensor<4xi32>
  )");
  EXPECT_FALSE(op.mayOverwrite(0));
  EXPECT_FALSE(op.mayOverwrite(1));
}

TEST_F(ActivationMemoryTest, ElementwiseOperationsAndReshapesMayOverwrite) {
  for (StringRef source : {
           "serenity.sum %x, %x : (tensor<4xf32>, tensor<4xf32>) -> "
           "tensor<4xf32>",
           "serenity.clamp %x min 0.0 : (tensor<4xf32>) -> tensor<4xf32>",
           "serenity.reshape %x : (tensor<4xf32>) -> tensor<2x2xf32>",
       }) {
    SCOPED_TRACE(source.str());
    auto op = parse("%x = serenity.node \"X\"() : () -> tensor<4xf32>\n%0 = " +
                    source.str());
    EXPECT_EQ(op.getResultMemory(0, ConcatModel::View).kind, Kind::Fresh);
    EXPECT_TRUE(op.mayOverwrite(op->getNumOperands() - 1));
  }
}

TEST_F(ActivationMemoryTest, OthersAreFreshAndOverwriteNothing) {
  for (StringRef source : {
           "serenity.softmax %x : (tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32>",
           "serenity.max_pool_2d %x kernel [1, 1] : (tensor<1x2x2x1xf32>) -> "
           "tensor<1x2x2x1xf32>",
           "serenity.avg_pool_2d %x kernel [1, 1] : (tensor<1x2x2x1xf32>) -> "
           "tensor<1x2x2x1xf32>",
           "serenity.slice %x at [0, 0, 0, 0] : (tensor<1x2x2x1xf32>) -> "
           "tensor<1x2x2x1xf32>",
           "serenity.split %x axis 0 : (tensor<1x2x2x1xf32>) -> "
           "tensor<1x2x2x1xf32>",
           "serenity.pad %x low [0, 0, 0, 0] high [0, 0, 0, 0] : "
           "(tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32>",
       }) {
    SCOPED_TRACE(source.str());
    auto op =
        parse("%x = serenity.node \"X\"() : () -> tensor<1x2x2x1xf32>\n%0 = " +
              source.str());
    EXPECT_EQ(op.getResultMemory(0, ConcatModel::View).kind, Kind::Fresh);
    EXPECT_FALSE(op.mayOverwrite(0));
    EXPECT_EQ(op.getScratchBytes(), 0);
  }
}

} // namespace
