//===- ActivationMemoryModelsTest.cpp -------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Dialect/Serenity/ExternalModels/ActivationMemoryModels.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "serenity/Analysis/ActivationMemory.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace serenity;
using ::testing::ElementsAre;

namespace {

std::string describe(const ResultMemory &memory) {
  static constexpr const char *names[] = {"fresh", "view", "gather",
                                          "accumulate", "none"};
  std::string text = names[static_cast<int>(memory.kind)];
  for (unsigned operand : memory.operands)
    text += " " + std::to_string(operand);
  return text;
}

/// The result's memory, once if the concat model makes no difference.
std::string describe(OpResult result) {
  const std::string copy = describe(getResultMemory(result, ConcatModel::Copy));
  const std::string view = describe(getResultMemory(result, ConcatModel::View));
  const std::string slice =
      describe(getResultMemory(result, ConcatModel::Slice));
  return copy == view && copy == slice ? copy
                                       : copy + " | " + view + " | " + slice;
}

/// Every answer for `op`: "name: memory, over operands".
std::string describe(Operation *op) {
  std::string text =
      op->getName().getStringRef().str() + ": " + describe(op->getResult(0));
  std::string overwritable;
  for (OpOperand &operand : op->getOpOperands())
    if (mayOverwrite(operand))
      overwritable += " " + std::to_string(operand.getOperandNumber());
  EXPECT_EQ(getScratchBytes(op), 0) << text;
  return overwritable.empty() ? text : text + ", over" + overwritable;
}

class ActivationMemoryModelsTest : public ::testing::Test {
protected:
  ActivationMemoryModelsTest() {
    DialectRegistry registry;
    registry
        .insert<arith::ArithDialect, func::FuncDialect, linalg::LinalgDialect,
                tensor::TensorDialect, tosa::TosaDialect>();
    registerActivationMemoryModels(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
  }

  /// Every answer for every operation of the one function in `source`, in
  /// order.
  std::vector<std::string> describeAll(StringRef source) {
    std::vector<std::string> all;
    module = parseSourceString<ModuleOp>(source, &context);
    if (!module)
      return all;
    auto function = *module->getOps<func::FuncOp>().begin();
    for (Operation &op : function.front().without_terminator())
      all.push_back(describe(&op));
    return all;
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
};

TEST_F(ActivationMemoryModelsTest, KnowsConstantsAndViewsOfTosa) {
  EXPECT_THAT(describeAll(R"(
        func.func @f(%x: tensor<2x6xf32>) {
          %0 = "tosa.const"() {values = dense<0.0> : tensor<1xf32>}
              : () -> tensor<1xf32>
          %1 = tosa.const_shape {values = dense<[3, 4]> : tensor<2xindex>}
              : () -> !tosa.shape<2>
          %2 = tosa.reshape %x, %1
              : (tensor<2x6xf32>, !tosa.shape<2>) -> tensor<3x4xf32>
          %3 = tosa.identity %2 : (tensor<3x4xf32>) -> tensor<3x4xf32>
          return
        })"),
              ElementsAre("tosa.const: none", "tosa.const_shape: none",
                          "tosa.reshape: view 0", "tosa.identity: view 0"));
}

TEST_F(ActivationMemoryModelsTest, StoresConcatOfTosaAsTheModelSays) {
  EXPECT_THAT(describeAll(R"(
        func.func @f(%x: tensor<1x2xf32>, %y: tensor<1x3xf32>) {
          %0 = tosa.concat %x, %y, %x {axis = 1 : i32}
              : (tensor<1x2xf32>, tensor<1x3xf32>, tensor<1x2xf32>)
              -> tensor<1x7xf32>
          return
        })"),
              ElementsAre("tosa.concat: fresh | view 0 1 2 | gather 0 1 2"));
}

TEST_F(ActivationMemoryModelsTest, OverwritesOperandsOfElementwiseTosa) {
  EXPECT_THAT(
      describeAll(R"(
        func.func @f(%x: tensor<2x4xf32>, %row: tensor<1x4xf32>,
                     %bytes: tensor<2x4xi8>, %words: tensor<1x4xi32>,
                     %shift: tensor<1xi8>, %zero: tensor<1xf32>) {
          %0 = tosa.add %x, %x
              : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
          %1 = tosa.sub %row, %x
              : (tensor<1x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
          %2 = tosa.mul %x, %row, %shift
              : (tensor<2x4xf32>, tensor<1x4xf32>, tensor<1xi8>)
              -> tensor<2x4xf32>
          %3 = tosa.clamp %x {min_val = 0.0 : f32, max_val = 6.0 : f32}
              : (tensor<2x4xf32>) -> tensor<2x4xf32>
          %4 = tosa.negate %x, %zero, %zero
              : (tensor<2x4xf32>, tensor<1xf32>, tensor<1xf32>)
              -> tensor<2x4xf32>
          %5 = tosa.cast %x : (tensor<2x4xf32>) -> tensor<2x4xi32>
          %6 = tosa.cast %bytes : (tensor<2x4xi8>) -> tensor<2x4xf32>
          %7 = tosa.equal %row, %row
              : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xi1>
          return
        })"),
      ElementsAre("tosa.add: fresh, over 0 1", "tosa.sub: fresh, over 1",
                  "tosa.mul: fresh, over 0", "tosa.clamp: fresh, over 0",
                  "tosa.negate: fresh, over 0", "tosa.cast: fresh, over 0",
                  "tosa.cast: fresh", "tosa.equal: fresh"));
}

// The broadcast operand and the result have 16 bytes each.
TEST_F(ActivationMemoryModelsTest, KeepsABroadcastOperandAsLargeAsTheResult) {
  EXPECT_THAT(describeAll(R"(
        func.func @f(%column: tensor<4x1xf32>, %x: tensor<4x4xf32>) {
          %0 = tosa.greater %column, %x
              : (tensor<4x1xf32>, tensor<4x4xf32>) -> tensor<4x4xi1>
          return
        })"),
              ElementsAre("tosa.greater: fresh"));
}

TEST_F(ActivationMemoryModelsTest, CountsQuantisedElementsByTheirStorage) {
  EXPECT_THAT(describeAll(R"(
        func.func @f(%x: tensor<4x!quant.uniform<u8:f32, 0.5:3>>) {
          %0 = tosa.cast %x : (tensor<4x!quant.uniform<u8:f32, 0.5:3>>)
              -> tensor<4xi8>
          return
        })"),
              ElementsAre("tosa.cast: fresh, over 0"));
}

TEST_F(ActivationMemoryModelsTest, LeavesOtherTosaFresh) {
  EXPECT_THAT(describeAll(R"(
        func.func @f(%x: tensor<1x4x4x1xf32>, %w: tensor<1x1x1x1xf32>,
                     %b: tensor<1xf32>, %zero: tensor<1xf32>,
                     %begin: !tosa.shape<4>, %size: !tosa.shape<4>) {
          %0 = tosa.conv2d %x, %w, %b, %zero, %zero {acc_type = f32,
              dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>,
              stride = array<i64: 1, 1>}
              : (tensor<1x4x4x1xf32>, tensor<1x1x1x1xf32>, tensor<1xf32>,
                 tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x1xf32>
          %1 = tosa.transpose %x {perms = array<i32: 0, 2, 1, 3>}
              : (tensor<1x4x4x1xf32>) -> tensor<1x4x4x1xf32>
          %2 = tosa.reverse %x {axis = 1 : i32}
              : (tensor<1x4x4x1xf32>) -> tensor<1x4x4x1xf32>
          return
        })"),
              ElementsAre("tosa.conv2d: fresh", "tosa.transpose: fresh",
                          "tosa.reverse: fresh"));
}

TEST_F(ActivationMemoryModelsTest, KnowsTensorOperations) {
  EXPECT_THAT(
      describeAll(R"(
        func.func @f(%x: tensor<2x6xf32>, %shape: tensor<1xindex>,
                     %piece: tensor<1x6xf32>) {
          %0 = tensor.empty() : tensor<2x6xf32>
          %1 = tensor.cast %x : tensor<2x6xf32> to tensor<?x6xf32>
          %2 = tensor.bitcast %x : tensor<2x6xf32> to tensor<2x6xi32>
          %3 = tensor.collapse_shape %x [[0, 1]]
              : tensor<2x6xf32> into tensor<12xf32>
          %4 = tensor.expand_shape %3 [[0, 1]] output_shape [3, 4]
              : tensor<12xf32> into tensor<3x4xf32>
          %5 = tensor.reshape %x(%shape)
              : (tensor<2x6xf32>, tensor<1xindex>) -> tensor<12xf32>
          %6 = tensor.extract_slice %x[0, 0][1, 6][1, 1]
              : tensor<2x6xf32> to tensor<1x6xf32>
          %7 = tensor.concat dim(0) %x, %piece
              : (tensor<2x6xf32>, tensor<1x6xf32>) -> tensor<3x6xf32>
          %8 = tensor.insert_slice %piece into %x[0, 0][1, 6][1, 1]
              : tensor<1x6xf32> into tensor<2x6xf32>
          return
        })"),
      ElementsAre("tensor.empty: none", "tensor.cast: view 0",
                  "tensor.bitcast: view 0", "tensor.collapse_shape: view 0",
                  "tensor.expand_shape: view 0", "tensor.reshape: view 0",
                  "tensor.extract_slice: view 0",
                  "tensor.concat: fresh | view 0 1 | gather 0 1",
                  "tensor.insert_slice: fresh, over 1"));
}

TEST_F(ActivationMemoryModelsTest, OverwritesInitsOfLinalg) {
  EXPECT_THAT(
      describeAll(R"(
        func.func @f(%x: tensor<4x4xf32>, %y: tensor<4x4xf32>,
                     %init: tensor<4x4xf32>, %value: f32) {
          %0 = linalg.fill ins(%value : f32) outs(%init : tensor<4x4xf32>)
              -> tensor<4x4xf32>
          %1 = linalg.matmul ins(%x, %y : tensor<4x4xf32>, tensor<4x4xf32>)
              outs(%init : tensor<4x4xf32>) -> tensor<4x4xf32>
          %2 = linalg.matmul ins(%x, %y : tensor<4x4xf32>, tensor<4x4xf32>)
              outs(%x : tensor<4x4xf32>) -> tensor<4x4xf32>
          %3 = linalg.transpose ins(%x : tensor<4x4xf32>)
              outs(%init : tensor<4x4xf32>) permutation = [1, 0]
          return
        })"),
      ElementsAre("linalg.fill: fresh, over 1", "linalg.matmul: fresh, over 2",
                  "linalg.matmul: fresh", "linalg.transpose: fresh, over 1"));
}

TEST_F(ActivationMemoryModelsTest, OverwritesInputsOfElementwiseLinalg) {
  EXPECT_THAT(describeAll(R"(
        #identity = affine_map<(d0, d1) -> (d0, d1)>
        #transposed = affine_map<(d0, d1) -> (d1, d0)>
        #row = affine_map<(d0, d1) -> (d1)>
        #scalar = affine_map<(d0, d1) -> ()>
        func.func @f(%x: tensor<4x4xf32>, %bytes: tensor<4x4xi8>,
                     %row: tensor<4xf32>, %init: tensor<4x4xf32>,
                     %value: f32) {
          %0 = linalg.add ins(%x, %x : tensor<4x4xf32>, tensor<4x4xf32>)
              outs(%init : tensor<4x4xf32>) -> tensor<4x4xf32>
          %1 = linalg.generic {
              indexing_maps = [#identity, #identity, #scalar, #identity],
              iterator_types = ["parallel", "parallel"]}
              ins(%x, %bytes, %value : tensor<4x4xf32>, tensor<4x4xi8>, f32)
              outs(%init : tensor<4x4xf32>) {
          ^bb0(%a: f32, %b: i8, %c: f32, %out: f32):
            %sum = arith.addf %a, %c : f32
            linalg.yield %sum : f32
          } -> tensor<4x4xf32>
          %2 = linalg.generic {indexing_maps = [#identity, #row, #identity],
              iterator_types = ["parallel", "parallel"]}
              ins(%x, %row : tensor<4x4xf32>, tensor<4xf32>)
              outs(%init : tensor<4x4xf32>) {
          ^bb0(%a: f32, %b: f32, %out: f32):
            %sum = arith.addf %a, %b : f32
            linalg.yield %sum : f32
          } -> tensor<4x4xf32>
          %3 = linalg.generic {
              indexing_maps = [#identity, #transposed, #identity],
              iterator_types = ["parallel", "parallel"]}
              ins(%x, %x : tensor<4x4xf32>, tensor<4x4xf32>)
              outs(%init : tensor<4x4xf32>) {
          ^bb0(%a: f32, %b: f32, %out: f32):
            %sum = arith.addf %a, %b : f32
            linalg.yield %sum : f32
          } -> tensor<4x4xf32>
          return
        })"),
              ElementsAre("linalg.add: fresh, over 0 1 2",
                          "linalg.generic: fresh, over 0 3",
                          "linalg.generic: fresh, over 0 2",
                          "linalg.generic: fresh, over 2"));
}

// Its body reads the input where it likes.
TEST_F(ActivationMemoryModelsTest, KeepsAnInputThatTheBodyReadsElsewhere) {
  EXPECT_THAT(describeAll(R"(
        #identity = affine_map<(d0) -> (d0)>
        func.func @f(%x: tensor<4xf32>, %init: tensor<4xf32>, %i: index) {
          %0 = linalg.generic {indexing_maps = [#identity, #identity],
              iterator_types = ["parallel"]}
              ins(%x : tensor<4xf32>) outs(%init : tensor<4xf32>) {
          ^bb0(%a: f32, %out: f32):
            %b = tensor.extract %x[%i] : tensor<4xf32>
            %sum = arith.addf %a, %b : f32
            linalg.yield %sum : f32
          } -> tensor<4xf32>
          return
        })"),
              ElementsAre("linalg.generic: fresh, over 1"));
}

TEST_F(ActivationMemoryModelsTest, KnowsArithOnTensors) {
  EXPECT_THAT(describeAll(R"(
        func.func @f(%x: tensor<4xf32>, %small: tensor<4xi8>, %s: f32) {
          %0 = arith.constant dense<1.0> : tensor<4xf32>
          %1 = arith.addf %x, %0 : tensor<4xf32>
          %2 = arith.extsi %small : tensor<4xi8> to tensor<4xi32>
          %3 = arith.addf %s, %s : f32
          return
        })"),
              ElementsAre("arith.constant: none", "arith.addf: fresh, over 0 1",
                          "arith.extsi: fresh", "arith.addf: fresh"));
}

} // namespace
