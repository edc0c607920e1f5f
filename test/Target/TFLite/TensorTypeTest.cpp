//===- TensorTypeTest.cpp - Types of TFLite tensors -----------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NetworkBuilder.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"

#include <gmock/gmock.h>

using namespace mlir;
using namespace serenity;
using namespace serenity::tflite;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace {

class TensorTypeTest : public ImportTest {
protected:
  /// The type of the only input of a network, without operators.
  std::string importInput(const NetworkBuilder &builder,
                          const TFLiteImportOptions &options = {}) {
    OwningOpRef<ModuleOp> module = import(builder, options);
    if (!module)
      return "";
    return toString(only<func::FuncOp>(*module).getArgumentTypes()[0]);
  }
  /// The same for one with these scales.
  std::string importQuantized(std::vector<int32_t> shape,
                              tflite::TensorType type,
                              std::vector<float> scales,
                              std::vector<int64_t> zeroPoints = {},
                              int32_t dimension = 0) {
    NetworkBuilder builder;
    builder.quantize(builder.addInput(std::move(shape), type),
                     std::move(scales), std::move(zeroPoints), dimension);
    return importInput(builder);
  }
  /// The same for one whose dimensions are partly open.
  std::string importOpen(std::vector<int32_t> shape,
                         std::vector<int32_t> signature,
                         std::optional<int64_t> batch = std::nullopt) {
    NetworkBuilder builder;
    const int32_t input = builder.addInput(std::move(shape));
    builder.tensor(input).shape_signature = std::move(signature);
    TFLiteImportOptions options;
    options.batch = batch;
    return importInput(builder, options);
  }
};

} // namespace

TEST_F(TensorTypeTest, Elements) {
  using Type = tflite::TensorType;
  const std::pair<Type, const char *> cases[] = {
      {Type::FLOAT32, "f32"},
      {Type::FLOAT16, "f16"},
      {Type::BFLOAT16, "bf16"},
      {Type::FLOAT64, "f64"},
      {Type::INT4, "i4"},
      {Type::INT8, "i8"},
      {Type::INT16, "i16"},
      {Type::INT32, "i32"},
      {Type::INT64, "i64"},
      {Type::UINT8, "ui8"},
      {Type::UINT16, "ui16"},
      {Type::UINT32, "ui32"},
      {Type::UINT64, "ui64"},
      {Type::BOOL, "i1"},
      {Type::COMPLEX64, "complex<f32>"},
      {Type::COMPLEX128, "complex<f64>"}};
  for (auto [type, name] : cases) {
    NetworkBuilder builder;
    builder.addInput({2, 3}, type);
    EXPECT_EQ(importInput(builder), "tensor<2x3x" + std::string(name) + ">");
    // Nodes take and give all of them.
    const int32_t result = builder.addOutput({2, 3}, type);
    builder.addOperator(BuiltinOperator::BITCAST, {0}, {result});
    EXPECT_TRUE(import(builder));
    EXPECT_THAT(messages, IsEmpty());
  }
}

TEST_F(TensorTypeTest, Shapes) {
  for (const std::vector<int32_t> &shape :
       {std::vector<int32_t>{}, {0}, {3, 0, 2}, {1, 1, 1, 1, 1, 1, 7}}) {
    NetworkBuilder builder;
    builder.addInput(shape);
    std::string expected = "tensor<";
    for (int32_t dim : shape)
      expected += std::to_string(dim) + "x";
    EXPECT_EQ(importInput(builder), expected + "f32>");
  }
}

//===----------------------------------------------------------------------===//
// Quantisation
//===----------------------------------------------------------------------===//

TEST_F(TensorTypeTest, QuantizedPerTensor) {
  using Type = tflite::TensorType;
  EXPECT_EQ(importQuantized({4}, Type::INT8, {0.5}, {-3}),
            "tensor<4x!quant.uniform<i8:f32, 5.000000e-01:-3>>");
  EXPECT_EQ(importQuantized({4}, Type::UINT8, {0.5}, {128}),
            "tensor<4x!quant.uniform<u8:f32, 5.000000e-01:128>>");
  EXPECT_EQ(importQuantized({4}, Type::INT16, {0.5}, {0}),
            "tensor<4x!quant.uniform<i16:f32, 5.000000e-01>>");
  EXPECT_EQ(importQuantized({4}, Type::INT32, {0.5}),
            "tensor<4x!quant.uniform<i32:f32, 5.000000e-01>>");
  EXPECT_EQ(importQuantized({4}, Type::INT4, {0.5}),
            "tensor<4x!quant.uniform<i4:f32, 5.000000e-01>>");
}

TEST_F(TensorTypeTest, QuantizedPerChannel) {
  EXPECT_EQ(
      importQuantized({2, 3}, tflite::TensorType::INT8, {0.5, 0.25}, {0, 1}),
      "tensor<2x3x!quant.uniform<i8:f32:0, {5.000000e-01,2.500000e-01:1}>>");
  EXPECT_EQ(
      importQuantized({3, 2}, tflite::TensorType::INT8, {0.5, 0.25}, {},
                      /*dimension=*/1),
      "tensor<3x2x!quant.uniform<i8:f32:1, {5.000000e-01,2.500000e-01}>>");
  // A bias whose converter gave it the dimension of its filter.
  EXPECT_EQ(importQuantized({2}, tflite::TensorType::INT32, {0.5, 0.25}, {},
                            /*dimension=*/3),
            "tensor<2x!quant.uniform<i32:f32:0, {5.000000e-01,2.500000e-01}>>");
  EXPECT_THAT(messages, IsEmpty());
}

TEST_F(TensorTypeTest, ScalesWithoutMeaning) {
  using Type = tflite::TensorType;
  EXPECT_EQ(importQuantized({4}, Type::FLOAT32, {0.5}), "tensor<4xf32>");
  EXPECT_EQ(importQuantized({4}, Type::INT64, {0.5}), "tensor<4xi64>");
  EXPECT_EQ(importQuantized({4}, Type::BOOL, {0.5}), "tensor<4xi1>");
  EXPECT_EQ(importQuantized({4}, Type::INT8, {}), "tensor<4xi8>");
  EXPECT_THAT(messages, IsEmpty());

  NetworkBuilder builder;
  builder.quantize(builder.addInput({4}, Type::INT8), {0.5});
  builder.tensor(0).quantization->details.Set(CustomQuantizationT());
  EXPECT_EQ(importInput(builder), "tensor<4xi8>");
}

TEST_F(TensorTypeTest, IllegalScales) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  const std::pair<float, int64_t> cases[] = {{0, 0},   {-1, 0},  {infinity, 0},
                                             {nan, 0}, {1, 128}, {1, -129}};
  for (auto [scale, zeroPoint] : cases) {
    EXPECT_EQ(
        importQuantized({4}, tflite::TensorType::INT8, {scale}, {zeroPoint}),
        "tensor<4xi8>");
    EXPECT_THAT(messages,
                ElementsAre(::testing::StartsWith(
                    "tensor 0 ('t0') is imported without quantisation: ")));
  }
}

//===----------------------------------------------------------------------===//
// Open dimensions
//===----------------------------------------------------------------------===//

TEST_F(TensorTypeTest, Batch) {
  EXPECT_EQ(importOpen({1, 4}, {-1, 4}), "tensor<1x4xf32>");
  EXPECT_EQ(importOpen({1, 4}, {-1, 4}, 8), "tensor<8x4xf32>");
  EXPECT_EQ(importOpen({-1, 4}, {}, 8), "tensor<8x4xf32>");
  EXPECT_EQ(importOpen({0, 4}, {-1, 4}, 8), "tensor<8x4xf32>");
  EXPECT_EQ(importOpen({0, 4}, {-1, 4}), "");
  EXPECT_THAT(messages, ElementsAre("tensor 0 ('t0'): the batch is unknown; "
                                    "--batch=N sets it"));
}

TEST_F(TensorTypeTest, BatchThatCannotBe) {
  EXPECT_EQ(importOpen({1, 4}, {}, 8), "");
  EXPECT_THAT(messages, ElementsAre("a batch of 8 is asked for, but no input "
                                    "leaves it open"));
  EXPECT_EQ(importOpen({1, 4}, {-1, 4}, 0), "");
  EXPECT_THAT(messages,
              ElementsAre("the batch must be from 1 to 2147483647, not 0"));
}

// The batch goes through the network; constants have a size of their own.
TEST_F(TensorTypeTest, BatchOfNetwork) {
  NetworkBuilder builder;
  const int32_t input = builder.addInput({1, 4});
  const int32_t constant = builder.addFloats({1, 4});
  const int32_t result = builder.addOutput({1, 4});
  for (int32_t tensor : {input, constant, result})
    builder.tensor(tensor).shape_signature = {-1, 4};
  builder.addOperator(BuiltinOperator::ADD, {input, constant}, {result});
  TFLiteImportOptions options;
  options.batch = 3;
  OwningOpRef<ModuleOp> module = import(builder, options);
  ASSERT_TRUE(module);
  EXPECT_THAT(messages, IsEmpty());
  auto op = only<AddOp>(*module);
  EXPECT_EQ(toString(op.getLhs().getType()), "tensor<3x4xf32>");
  EXPECT_EQ(toString(op.getRhs().getType()), "tensor<1x4xf32>");
  EXPECT_EQ(toString(op.getType()), "tensor<3x4xf32>");
}
