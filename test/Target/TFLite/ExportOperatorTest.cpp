//===- ExportOperatorTest.cpp - Operators that the base does not have -----===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExportTestBase.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/OperationSupport.h"
#include "mlir/Parser/Parser.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::tflite;
using ::testing::ElementsAre;

namespace {

/// A base of one opaque operator from `inputs` to `outputs`, all of int8 with
/// scale 0.5 and zero point 3, or of float.
struct Opaque : NetworkBuilder {
  using Shapes = std::vector<std::vector<int32_t>>;

  Opaque(const Shapes &inputs, const Shapes &outputs, bool isFloat = false) {
    const auto type =
        isFloat ? tflite::TensorType::FLOAT32 : tflite::TensorType::INT8;
    for (const std::vector<int32_t> &shape : inputs)
      addInput(shape, type);
    for (const std::vector<int32_t> &shape : outputs)
      addOutput(shape, type);
    for (size_t i = 0; i < graph().tensors.size() && !isFloat; ++i)
      quantize(i, {0.5}, {3});
    addOperator(BuiltinOperator::CUSTOM, graph().inputs, graph().outputs);
    model.operator_codes[0]->custom_code = "opaque";
  }
};

class ExportOperatorTest : public ExportTestBase {
protected:
  /// The function `main` of this text, in which `$` stands for the base's int8.
  OwningOpRef<ModuleOp> parse(std::string text) {
    context
        .loadDialect<func::FuncDialect, quant::QuantDialect, SerenityDialect>();
    for (size_t at = text.find('$'); at != std::string::npos;
         at = text.find('$'))
      text.replace(at, 1, "!quant.uniform<i8:f32, 0.5:3>");
    return parseSourceString<ModuleOp>(text, &context);
  }

  static std::vector<Operation *> getOperations(ModuleOp module) {
    std::vector<Operation *> operations;
    module.walk([&](Operation *op) {
      if (isa<SerenityDialect>(op->getDialect()) && !isa<WeightOp>(op))
        operations.push_back(op);
    });
    return operations;
  }
  static std::vector<Attribute> getWeights(ModuleOp module) {
    std::vector<Attribute> weights;
    module.walk([&](WeightOp weight) {
      auto blob = dyn_cast<DenseResourceElementsAttr>(weight.getValueAttr());
      auto dense = dyn_cast<DenseElementsAttr>(weight.getValueAttr());
      if (blob)
        dense = DenseElementsAttr::getFromRawBuffer(
            blob.getType(), blob.getRawHandle().getBlob()->getData());
      weights.push_back(dense);
    });
    return weights;
  }

  /// Exports `text` and expects that its operations and weights come back.
  std::optional<ExportedTFLite> expectRoundTrip(const NetworkBuilder &base,
                                                const std::string &text) {
    OwningOpRef<ModuleOp> module = parse(text);
    EXPECT_TRUE(module);
    auto exported = module ? exportTo(*module, base.pack()) : std::nullopt;
    if (!exported) {
      ADD_FAILURE() << ::testing::PrintToString(messages);
      return exported;
    }
    expectObeyed(*exported);
    OwningOpRef<ModuleOp> again = importWithWeights(exported->file);
    EXPECT_TRUE(again);
    expectSame(*module, *again);
    return exported;
  }

  void expectSame(ModuleOp module, ModuleOp again) {
    std::vector<Operation *> wanted = getOperations(module);
    std::vector<Operation *> found = getOperations(again);
    ASSERT_EQ(wanted.size(), found.size());
    for (size_t i = 0; i < wanted.size(); ++i)
      EXPECT_TRUE(OperationEquivalence::isEquivalentTo(
          wanted[i], found[i], OperationEquivalence::ignoreValueEquivalence,
          nullptr,
          OperationEquivalence::IgnoreLocations |
              OperationEquivalence::IgnoreDiscardableAttrs))
          << "operation " << i;
    EXPECT_EQ(getWeights(module), getWeights(again));
  }
};

} // namespace

TEST_F(ExportOperatorTest, Conv2D) {
  auto exported = expectRoundTrip(Opaque({{1, 8, 8, 1}}, {{1, 4, 4, 2}}), R"(
    func.func @main(%x: tensor<1x8x8x1x$>) -> tensor<1x4x4x2x$> {
      %w = serenity.weight dense<[[[[1]], [[-2]]], [[[3]], [[4]]]]> : tensor<2x2x1x1xi8>
        as tensor<2x2x1x1x!quant.uniform<i8:f32:0, {0.25, 0.125}>>
      %b = serenity.weight dense<[-1, 70000]> : tensor<2xi32>
        as tensor<2x!quant.uniform<i32:f32:0, {0.125, 0.0625}>>
      %0 = serenity.conv_2d %x, %w bias %b stride [2, 2] pad [0, 1, 0, 0] dilation [2, 1] relu6
        : (tensor<1x8x8x1x$>, tensor<2x2x1x1x!quant.uniform<i8:f32:0, {0.25, 0.125}>>,
           tensor<2x!quant.uniform<i32:f32:0, {0.125, 0.0625}>>) -> tensor<1x4x4x2x$>
      return %0 : tensor<1x4x4x2x$>
    })");
  ASSERT_TRUE(exported);
  EXPECT_EQ(exported->numNew, 1);
  EXPECT_EQ(exported->numDropped, 1);
  const ModelT model = unpack(exported->file);
  ASSERT_EQ(model.operator_codes.size(), 2u);
  EXPECT_EQ(model.operator_codes[1]->builtin_code, BuiltinOperator::CONV_2D);
  EXPECT_EQ(model.operator_codes[1]->deprecated_builtin_code, 3);
  EXPECT_EQ(model.operator_codes[1]->version, 3);
  EXPECT_THAT(model.subgraphs[0]->operators[0]->outputs, ElementsAre(1));
  const TensorT &filter = *model.subgraphs[0]->tensors[2];
  EXPECT_THAT(model.buffers[filter.buffer]->data, ElementsAre(1, 254, 3, 4));
  EXPECT_EQ(filter.quantization->quantized_dimension, 0);
}

TEST_F(ExportOperatorTest, DepthwiseConv2D) {
  auto exported = expectRoundTrip(Opaque({{1, 3, 3, 2}}, {{1, 3, 3, 4}}), R"(
    func.func @main(%x: tensor<1x3x3x2x$>) -> tensor<1x3x3x4x$> {
      %w = serenity.weight dense<7> : tensor<1x3x3x4xi8> as tensor<1x3x3x4x$>
      %0 = serenity.depthwise_conv_2d %x, %w pad [1, 1, 1, 1] relu
        : (tensor<1x3x3x2x$>, tensor<1x3x3x4x$>) -> tensor<1x3x3x4x$>
      return %0 : tensor<1x3x3x4x$>
    })");
  ASSERT_TRUE(exported);
  const ModelT model = unpack(exported->file);
  EXPECT_EQ(model.subgraphs[0]
                ->operators[0]
                ->builtin_options.AsDepthwiseConv2DOptions()
                ->depth_multiplier,
            2);
}

TEST_F(ExportOperatorTest, FullyConnected) {
  expectRoundTrip(Opaque({{1, 2}}, {{1, 3}}, /*isFloat=*/true), R"(
    func.func @main(%x: tensor<1x2xf32>) -> tensor<1x3xf32> {
      %w = serenity.weight dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
      %0 = serenity.fully_connected %x, %w relu_n1_to_1
        : (tensor<1x2xf32>, tensor<3x2xf32>) -> tensor<1x3xf32>
      return %0 : tensor<1x3xf32>
    })");
}

TEST_F(ExportOperatorTest, PoolsAndSoftmax) {
  expectRoundTrip(Opaque({{1, 8, 8, 4}}, {{1, 3, 2, 4}}), R"(
    func.func @main(%x: tensor<1x8x8x4x$>) -> tensor<1x3x2x4x$> {
      %0 = serenity.max_pool_2d %x kernel [1, 3] stride [1, 2] pad [0, 0, 0, 1]
        : (tensor<1x8x8x4x$>) -> tensor<1x8x4x4x$>
      %1 = serenity.avg_pool_2d %0 kernel [3, 2] stride [2, 2] relu
        : (tensor<1x8x4x4x$>) -> tensor<1x3x2x4x$>
      %2 = serenity.softmax %1 beta 2.0 : (tensor<1x3x2x4x$>) -> tensor<1x3x2x4x$>
      return %2 : tensor<1x3x2x4x$>
    })");
}

TEST_F(ExportOperatorTest, Elementwise) {
  expectRoundTrip(Opaque({{1, 4}}, {{1, 4}}), R"(
    func.func @main(%x: tensor<1x4x$>) -> tensor<1x4x$> {
      %w = serenity.weight dense<[1, 2, 3, 4]> : tensor<4xi8> as tensor<4x$>
      %0 = serenity.add %x, %w relu : (tensor<1x4x$>, tensor<4x$>) -> tensor<1x4x$>
      %1 = serenity.mul %0, %x : (tensor<1x4x$>, tensor<1x4x$>) -> tensor<1x4x$>
      %2 = serenity.clamp %1 min 0.0 : (tensor<1x4x$>) -> tensor<1x4x$>
      %3 = serenity.clamp %2 min 0.0 max 6.0 : (tensor<1x4x$>) -> tensor<1x4x$>
      %4 = serenity.clamp %3 min -1.0 max 1.0 : (tensor<1x4x$>) -> tensor<1x4x$>
      %5 = serenity.clamp %4 min 0.0 max 1.0 : (tensor<1x4x$>) -> tensor<1x4x$>
      return %5 : tensor<1x4x$>
    })");
}

TEST_F(ExportOperatorTest, MovingData) {
  expectRoundTrip(Opaque({{1, 4, 4, 6}}, {{1, 60}}), R"(
    func.func @main(%x: tensor<1x4x4x6x$>) -> tensor<1x60x$> {
      %0:2 = serenity.split %x axis 3
        : (tensor<1x4x4x6x$>) -> (tensor<1x4x4x3x$>, tensor<1x4x4x3x$>)
      %1:2 = serenity.split %0#1 axis 3
        : (tensor<1x4x4x3x$>) -> (tensor<1x4x4x1x$>, tensor<1x4x4x2x$>)
      %2 = serenity.slice %0#0 at [0, 0, 0, 1] : (tensor<1x4x4x3x$>) -> tensor<1x4x4x2x$>
      %3 = serenity.concat %2, %1#0, %1#0 axis 3
        : (tensor<1x4x4x2x$>, tensor<1x4x4x1x$>, tensor<1x4x4x1x$>) -> tensor<1x4x4x4x$>
      %4 = serenity.pad %3 low [0, 1, 0, 0] high [0, 0, 0, 0]
        : (tensor<1x4x4x4x$>) -> tensor<1x5x4x4x$>
      %5 = serenity.slice %4 at [0, 0, 1, 0] : (tensor<1x5x4x4x$>) -> tensor<1x5x3x4x$>
      %6 = serenity.reshape %5 : (tensor<1x5x3x4x$>) -> tensor<1x60x$>
      return %6 : tensor<1x60x$>
    })");
}

// A convolution that reads a concatenation becomes convolutions of its parts:
// exact in int8, because the channels do not meet.
TEST_F(ExportOperatorTest, PartsOfADepthwiseConvolution) {
  NetworkBuilder builder;
  const int32_t x = builder.addInput({1, 4, 4, 2}, tflite::TensorType::INT8);
  const int32_t y = builder.addInput({1, 4, 4, 2}, tflite::TensorType::INT8);
  const int32_t both =
      builder.addTensor({1, 4, 4, 4}, tflite::TensorType::INT8);
  const int32_t filter = builder.addConstant(
      {1, 1, 1, 4}, tflite::TensorType::INT8, {10, 15, 20, 30});
  const int32_t result =
      builder.addTensor({1, 4, 4, 4}, tflite::TensorType::INT8);
  const int32_t output =
      builder.addOutput({1, 4, 4, 4}, tflite::TensorType::INT8);
  for (int32_t tensor : {x, y, both, result, output})
    builder.quantize(tensor, {0.5}, {3});
  builder.quantize(filter, {0.5, 1, 0.25, 0.125}, {0, 0, 0, 0}, 3);
  ConcatenationOptionsT concat;
  concat.axis = 3;
  builder.addOperator(BuiltinOperator::CONCATENATION, {x, y}, {both}, concat);
  DepthwiseConv2DOptionsT conv;
  conv.padding = Padding::VALID;
  conv.stride_h = conv.stride_w = conv.depth_multiplier = 1;
  builder.addOperator(BuiltinOperator::DEPTHWISE_CONV_2D, {both, filter},
                      {result}, conv);
  builder.addOperator(BuiltinOperator::RELU, {result}, {output});

  const std::string text = R"(
    !w = tensor<1x1x1x2x!quant.uniform<i8:f32:3, {0.5, 1.0}>>
    !v = tensor<1x1x1x2x!quant.uniform<i8:f32:3, {0.25, 0.125}>>
    func.func @main(%x: tensor<1x4x4x2x$>, %y: tensor<1x4x4x2x$>) -> tensor<1x4x4x4x$> {
      %v = serenity.weight dense<[[[[20, 30]]]]> : tensor<1x1x1x2xi8> as !v
      %1 = serenity.depthwise_conv_2d %y, %v : (tensor<1x4x4x2x$>, !v) -> tensor<1x4x4x2x$>
        loc(fused<#serenity.operator<1>>["conv"])
      %w = serenity.weight dense<[[[[10, 15]]]]> : tensor<1x1x1x2xi8> as !w
      %0 = serenity.depthwise_conv_2d %x, %w : (tensor<1x4x4x2x$>, !w) -> tensor<1x4x4x2x$>
        loc(fused<#serenity.operator<1>>["conv"])
      %2 = serenity.concat %0, %1 axis 3
        : (tensor<1x4x4x2x$>, tensor<1x4x4x2x$>) -> tensor<1x4x4x4x$>
        loc(fused<#serenity.operator<1>>["conv"])
      %3 = serenity.clamp %2 min 0.0 : (tensor<1x4x4x4x$>) -> tensor<1x4x4x4x$>
        loc(fused<#serenity.operator<2>>["relu"])
      return %3 : tensor<1x4x4x4x$>
    })";
  auto exported = expectRoundTrip(builder, text);
  ASSERT_TRUE(exported);
  EXPECT_EQ(exported->numNew, 3);
  EXPECT_EQ(exported->numDropped, 2);
  // The new concatenation has the tensor of what it replaces, and no kernel is
  // listed twice.
  const ModelT model = unpack(exported->file);
  EXPECT_EQ(model.operator_codes.size(), 3u);
  EXPECT_THAT(model.subgraphs[0]->operators[2]->outputs, ElementsAre(result));
  EXPECT_EQ(model.subgraphs[0]->tensors.size(), 6u + 4u);
  // Room for a kernel counts for all operators that came from it.
  TFLiteExportOptions options;
  options.scratch = {{"1", 160}};
  OwningOpRef<ModuleOp> module = parse(text);
  auto roomy = exportTo(*module, builder.pack(), options);
  ASSERT_TRUE(roomy);
  TFLMSimulator runtime(roomy->file, {{0, 160}, {1, 160}, {2, 160}});
  EXPECT_EQ(runtime.getHead(), roomy->arenaBytes);
}

// Weights that the base has are not written again.
TEST_F(ExportOperatorTest, WeightsOfTheBase) {
  Opaque builder({{1, 4}}, {{1, 4}});
  const int32_t weight =
      builder.addConstant({4}, tflite::TensorType::INT8, {1, 2, 3, 4});
  builder.quantize(weight, {0.5}, {3});
  builder.graph().operators[0]->inputs.push_back(weight);
  auto exported = expectRoundTrip(builder, R"(
    func.func @main(%x: tensor<1x4x$>) -> tensor<1x4x$> {
      %w = serenity.weight dense<[1, 2, 3, 4]> : tensor<4xi8> as tensor<4x$>
      %0 = serenity.add %x, %w : (tensor<1x4x$>, tensor<4x$>) -> tensor<1x4x$>
      return %0 : tensor<1x4x$>
    })");
  ASSERT_TRUE(exported);
  EXPECT_THAT(unpack(exported->file).subgraphs[0]->operators[0]->inputs,
              ElementsAre(0, weight));
}

TEST_F(ExportOperatorTest, NoKernel) {
  const std::string base =
      Opaque({{1, 4, 4, 2}}, {{1, 4, 4, 2}}, /*isFloat=*/true).pack();
  auto expectError = [&](const std::string &body, const std::string &message) {
    OwningOpRef<ModuleOp> module =
        parse("!t = tensor<1x4x4x2xf32>\nfunc.func @main(%x: !t) -> !t {\n"
              "%w = serenity.weight dense<1.0> : tensor<2x1x1x2xf32>\n" +
              body + "\nreturn %0 : !t }");
    ASSERT_TRUE(module);
    EXPECT_FALSE(exportTo(*module, base));
    EXPECT_THAT(messages, ElementsAre(message));
  };
  expectError("%0 = serenity.conv_2d %x, %w accumulate %x"
              " : (!t, tensor<2x1x1x2xf32>, !t) -> !t",
              "'serenity.conv_2d' op has no TFLite kernel: it adds to an "
              "accumulator");
  expectError("%p = serenity.max_pool_2d %x kernel [2, 2] pad [1, 1, 1, 1]"
              " : (!t) -> tensor<1x5x5x2xf32>\n"
              "%0 = serenity.slice %p at [0, 0, 0, 0]"
              " : (tensor<1x5x5x2xf32>) -> !t",
              "'serenity.max_pool_2d' op has no TFLite kernel: its padding is "
              "neither SAME nor VALID");
  expectError(
      "%p = serenity.slice %x at [0, 0, 0, 0]"
      " : (!t) -> tensor<1x4x3x2xf32>\n"
      "%0 = serenity.pad %p low [0, 0, 1, 0] high [0, 0, 0, 0] value 1.0"
      " : (tensor<1x4x3x2xf32>) -> !t",
      "'serenity.pad' op has no TFLite kernel: its value is not zero");
}

TEST_F(ExportOperatorTest, PartialResultsInWideIntegers) {
  const std::string base = Opaque({{1, 2}}, {{1, 2}}).pack();
  OwningOpRef<ModuleOp> module = parse(R"(
    func.func @main(%x: tensor<1x2x$>) -> tensor<1x2x$> {
      %w = serenity.weight dense<1> : tensor<2x2xi8> as tensor<2x2x$>
      %0 = serenity.fully_connected %x, %w
        : (tensor<1x2x$>, tensor<2x2x$>) -> tensor<1x2x!quant.uniform<i32:f32, 0.25>>
      %1 = serenity.clamp %0 min 0.0
        : (tensor<1x2x!quant.uniform<i32:f32, 0.25>>) -> tensor<1x2x$>
      return %1 : tensor<1x2x$>
    })");
  ASSERT_TRUE(module);
  EXPECT_FALSE(exportTo(*module, base));
  EXPECT_THAT(messages,
              ElementsAre("'serenity.fully_connected' op has no TFLite kernel: "
                          "it computes 'i32' from 'i8'"));
}
