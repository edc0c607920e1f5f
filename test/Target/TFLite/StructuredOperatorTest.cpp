//===- StructuredOperatorTest.cpp - Operators the dialect knows -----------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NetworkBuilder.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"

#include <gmock/gmock.h>

using namespace mlir;
using namespace serenity;
using namespace serenity::tflite;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace {

class StructuredOperatorTest : public ImportTest {
protected:
  /// Imports a network of one operator; expects a structured `OpTy`, for which
  /// no warning is due.
  template <typename OpTy> OpTy importOnly(const NetworkBuilder &builder) {
    module = import(builder);
    EXPECT_THAT(messages, IsEmpty());
    return module ? only<OpTy>(*module) : OpTy();
  }
  /// Imports a network of one operator; expects a node and a warning that ends
  /// in `reason`.
  void expectNode(const NetworkBuilder &builder, const std::string &reason) {
    module = import(builder);
    ASSERT_TRUE(module);
    only<NodeOp>(*module);
    EXPECT_THAT(messages, ElementsAre(::testing::EndsWith(
                              " is imported as a node: " + reason)));
  }

  OwningOpRef<ModuleOp> module;
};

/// A convolution of 8 by 8 pixels with filters of 3 by 3.
struct Convolution : NetworkBuilder {
  explicit Convolution(std::vector<int32_t> output = {1, 4, 4, 16}) {
    input = addInput({1, 8, 8, 4});
    filter = addFloats({16, 3, 3, 4});
    bias = addFloats({16});
    result = addOutput(std::move(output));
    options.stride_w = options.stride_h = 2;
  }
  NetworkBuilder &finish() {
    addOperator(BuiltinOperator::CONV_2D, {input, filter, bias}, {result},
                options);
    return *this;
  }

  int32_t input, filter, bias, result;
  Conv2DOptionsT options;
};

} // namespace

//===----------------------------------------------------------------------===//
// Products with weights
//===----------------------------------------------------------------------===//

TEST_F(StructuredOperatorTest, Convolution) {
  Convolution builder;
  builder.options.fused_activation_function = ActivationFunctionType::RELU6;
  auto op = importOnly<Conv2DOp>(builder.finish());
  ASSERT_TRUE(op);
  EXPECT_THAT(op.getStrides(), ElementsAre(2, 2));
  // (4 - 1) * 2 + 3 - 8 = 1 row, which goes to the end.
  EXPECT_THAT(op.getPadding(), ElementsAre(0, 1, 0, 1));
  EXPECT_THAT(op.getDilations(), ElementsAre(1, 1));
  EXPECT_EQ(op.getGroups(), 1u);
  EXPECT_EQ(op.getActivation(), Activation::Relu6);
  EXPECT_TRUE(op.getBias());
  EXPECT_FALSE(op.getAccumulator());
}

TEST_F(StructuredOperatorTest, ConvolutionTellsHeightFromWidth) {
  NetworkBuilder builder;
  const int32_t input = builder.addInput({1, 20, 30, 4});
  const int32_t filter = builder.addFloats({8, 3, 5, 4});
  // Height: (20 - 2 * 2 - 1) / 1 + 1, width: (30 - 3 * 4 - 1) / 2 + 1.
  const int32_t result = builder.addOutput({1, 16, 9, 8});
  Conv2DOptionsT options;
  options.padding = Padding::VALID;
  options.stride_h = 1;
  options.stride_w = 2;
  options.dilation_h_factor = 2;
  options.dilation_w_factor = 3;
  builder.addOperator(BuiltinOperator::CONV_2D, {input, filter}, {result},
                      options);
  auto op = importOnly<Conv2DOp>(builder);
  ASSERT_TRUE(op);
  EXPECT_THAT(op.getStrides(), ElementsAre(1, 2));
  EXPECT_THAT(op.getDilations(), ElementsAre(2, 3));
  EXPECT_THAT(op.getPadding(), ElementsAre(0, 0, 0, 0));
  EXPECT_FALSE(op.getBias());
}

TEST_F(StructuredOperatorTest, ConvolutionInGroups) {
  NetworkBuilder builder;
  const int32_t input = builder.addInput({1, 4, 4, 6});
  const int32_t filter = builder.addFloats({9, 1, 1, 2});
  const int32_t result = builder.addOutput({1, 4, 4, 9});
  Conv2DOptionsT options;
  options.stride_h = options.stride_w = 1;
  builder.addOperator(BuiltinOperator::CONV_2D, {input, filter, -1}, {result},
                      options);
  auto op = importOnly<Conv2DOp>(builder);
  ASSERT_TRUE(op);
  EXPECT_EQ(op.getGroups(), 3u);
  EXPECT_FALSE(op.getBias());
}

// For every small window, TFLite's SAME has ceil(size / stride) positions, and
// the dialect's verifier recomputes them from the explicit padding.
TEST_F(StructuredOperatorTest, SamePadding) {
  for (int32_t size = 1; size <= 9; ++size)
    for (int32_t kernel = 1; kernel <= 4; ++kernel)
      for (int32_t stride = 1; stride <= 4; ++stride) {
        SCOPED_TRACE(::testing::Message() << "size " << size << ", kernel "
                                          << kernel << ", stride " << stride);
        const int32_t positions = (size + stride - 1) / stride;
        NetworkBuilder builder;
        const int32_t input = builder.addInput({1, size, size, 1});
        const int32_t filter = builder.addFloats({1, kernel, kernel, 1});
        const int32_t result = builder.addOutput({1, positions, positions, 1});
        Conv2DOptionsT options;
        options.stride_h = options.stride_w = stride;
        builder.addOperator(BuiltinOperator::CONV_2D, {input, filter}, {result},
                            options);
        auto op = importOnly<Conv2DOp>(builder);
        ASSERT_TRUE(op);
        ArrayRef<int64_t> padding = op.getPadding();
        EXPECT_TRUE(padding[1] == padding[0] || padding[1] == padding[0] + 1);
        EXPECT_EQ(padding[0], padding[2]);
        EXPECT_EQ(padding[1], padding[3]);
      }
}

TEST_F(StructuredOperatorTest, DepthwiseConvolution) {
  NetworkBuilder builder;
  const int32_t input = builder.addInput({1, 8, 8, 4});
  const int32_t filter = builder.addFloats({1, 3, 3, 8});
  const int32_t bias = builder.addFloats({8});
  const int32_t result = builder.addOutput({1, 8, 8, 8});
  DepthwiseConv2DOptionsT options;
  options.stride_h = options.stride_w = 1;
  options.fused_activation_function = ActivationFunctionType::RELU_N1_TO_1;
  builder.addOperator(BuiltinOperator::DEPTHWISE_CONV_2D, {input, filter, bias},
                      {result}, options);
  auto op = importOnly<DepthwiseConv2DOp>(builder);
  ASSERT_TRUE(op);
  EXPECT_THAT(op.getPadding(), ElementsAre(1, 1, 1, 1));
  EXPECT_EQ(op.getActivation(), Activation::ReluN1To1);
}

TEST_F(StructuredOperatorTest, FullyConnected) {
  NetworkBuilder builder;
  const int32_t input = builder.addInput({2, 3, 4});
  const int32_t filter = builder.addFloats({5, 12});
  const int32_t result = builder.addOutput({2, 5});
  FullyConnectedOptionsT options;
  options.fused_activation_function = ActivationFunctionType::TANH;
  builder.addOperator(BuiltinOperator::FULLY_CONNECTED, {input, filter, -1},
                      {result}, options);
  auto op = importOnly<FullyConnectedOp>(builder);
  ASSERT_TRUE(op);
  EXPECT_EQ(op.getActivation(), Activation::Tanh);
  EXPECT_FALSE(op.getBias());
}

TEST_F(StructuredOperatorTest, ConvolutionThatCannotBeExpressed) {
  Convolution activation;
  activation.options.fused_activation_function =
      ActivationFunctionType::SIGN_BIT;
  expectNode(activation.finish(), "its activation 5 has no counterpart");

  Convolution padding;
  padding.options.padding = static_cast<Padding>(7);
  expectNode(padding.finish(), "its padding 7 is not known");

  Convolution stride;
  stride.options.stride_h = 0;
  expectNode(stride.finish(),
             "a window of size 3, stride 0 and dilation 1 covers nothing");

  Convolution biasType;
  biasType.options.quantized_bias_type = tflite::TensorType::INT64;
  expectNode(biasType.finish(), "its bias is to be computed in another type");

  Convolution shape({1, 5, 5, 16});
  expectNode(shape.finish(), "'serenity.conv_2d' op height of 'result' is 5, "
                             "expected 4");

  Convolution rank({4, 4, 16});
  expectNode(rank.finish(), "its output has 3 dimensions, not 4");
}

TEST_F(StructuredOperatorTest, FullyConnectedThatCannotBeExpressed) {
  auto build = [](auto change) {
    NetworkBuilder builder;
    const int32_t input = builder.addInput({1, 4});
    const int32_t filter = builder.addFloats({2, 4});
    const int32_t result = builder.addOutput({1, 2});
    FullyConnectedOptionsT options;
    change(options);
    builder.addOperator(BuiltinOperator::FULLY_CONNECTED, {input, filter},
                        {result}, options);
    return builder;
  };
  expectNode(build([](FullyConnectedOptionsT &options) {
               options.weights_format =
                   FullyConnectedOptionsWeightsFormat::SHUFFLED4x16INT8;
             }),
             "its weights are shuffled");
  expectNode(build([](FullyConnectedOptionsT &options) {
               options.asymmetric_quantize_inputs = true;
             }),
             "it quantises its input");
}

TEST_F(StructuredOperatorTest, WrongInputsOrOptions) {
  NetworkBuilder options;
  const int32_t input = options.addInput({1, 4});
  const int32_t result = options.addOutput({1, 4});
  options.addOperator(BuiltinOperator::SOFTMAX, {input}, {result},
                      Pool2DOptionsT());
  expectNode(options, "its options are those of another operator");

  NetworkBuilder arity;
  const int32_t x = arity.addInput({1, 4});
  const int32_t y = arity.addOutput({1, 4});
  arity.addOperator(BuiltinOperator::ADD, {x, x, x}, {y}, AddOptionsT());
  expectNode(arity, "it has 3 inputs and 1 outputs");

  arity.graph().operators.back()->inputs = {x, -1};
  expectNode(arity, "its input 1 is absent");
}

//===----------------------------------------------------------------------===//
// Pooling and elementwise operations
//===----------------------------------------------------------------------===//

TEST_F(StructuredOperatorTest, Pooling) {
  for (BuiltinOperator builtin :
       {BuiltinOperator::MAX_POOL_2D, BuiltinOperator::AVERAGE_POOL_2D}) {
    NetworkBuilder builder;
    const int32_t input = builder.addInput({1, 7, 9, 4});
    const int32_t result = builder.addOutput({1, 4, 3, 4});
    Pool2DOptionsT options;
    options.filter_height = 2;
    options.filter_width = 3;
    options.stride_h = 2;
    options.stride_w = 3;
    options.fused_activation_function = ActivationFunctionType::RELU;
    builder.addOperator(builtin, {input}, {result}, options);
    auto check = [](auto op) {
      ASSERT_TRUE(op);
      EXPECT_THAT(op.getKernel(), ElementsAre(2, 3));
      EXPECT_THAT(op.getStrides(), ElementsAre(2, 3));
      EXPECT_THAT(op.getPadding(), ElementsAre(0, 1, 0, 0));
      EXPECT_EQ(op.getActivation(), Activation::Relu);
    };
    if (builtin == BuiltinOperator::MAX_POOL_2D)
      check(importOnly<MaxPool2DOp>(builder));
    else
      check(importOnly<AvgPool2DOp>(builder));
  }
}

TEST_F(StructuredOperatorTest, Binary) {
  NetworkBuilder add;
  AddOptionsT options;
  options.fused_activation_function = ActivationFunctionType::RELU;
  const int32_t lhs = add.addInput({1, 4, 4, 8});
  const int32_t rhs = add.addInput({8});
  const int32_t sum = add.addOutput({1, 4, 4, 8});
  add.addOperator(BuiltinOperator::ADD, {lhs, rhs}, {sum}, options);
  auto op = importOnly<AddOp>(add);
  ASSERT_TRUE(op);
  EXPECT_EQ(op.getActivation(), Activation::Relu);

  // Options may be left out where the defaults will do.
  NetworkBuilder mul;
  const int32_t x = mul.addInput({4});
  const int32_t product = mul.addOutput({4});
  mul.addOperator(BuiltinOperator::MUL, {x, x}, {product});
  auto square = importOnly<MulOp>(mul);
  ASSERT_TRUE(square);
  EXPECT_EQ(square.getActivation(), Activation::None);
  EXPECT_EQ(square.getLhs(), square.getRhs());
}

TEST_F(StructuredOperatorTest, Clamp) {
  const std::tuple<BuiltinOperator, double, double> cases[] = {
      {BuiltinOperator::RELU, 0, std::numeric_limits<double>::infinity()},
      {BuiltinOperator::RELU6, 0, 6},
      {BuiltinOperator::RELU_N1_TO_1, -1, 1},
      {BuiltinOperator::RELU_0_TO_1, 0, 1}};
  for (auto [builtin, min, max] : cases) {
    NetworkBuilder builder;
    const int32_t input = builder.addInput({1, 4});
    const int32_t result = builder.addOutput({1, 4});
    builder.addOperator(builtin, {input}, {result});
    auto op = importOnly<ClampOp>(builder);
    ASSERT_TRUE(op);
    EXPECT_EQ(op.getMin().convertToDouble(), min);
    EXPECT_EQ(op.getMax().convertToDouble(), max);
  }
}

TEST_F(StructuredOperatorTest, Softmax) {
  NetworkBuilder builder;
  const int32_t input = builder.addInput({1, 4});
  const int32_t result = builder.addOutput({1, 4});
  SoftmaxOptionsT options;
  options.beta = 0.5;
  builder.addOperator(BuiltinOperator::SOFTMAX, {input}, {result}, options);
  auto op = importOnly<SoftmaxOp>(builder);
  ASSERT_TRUE(op);
  EXPECT_EQ(op.getBeta().convertToDouble(), 0.5);
}

//===----------------------------------------------------------------------===//
// Moving data
//===----------------------------------------------------------------------===//

TEST_F(StructuredOperatorTest, Concatenation) {
  auto build = [](ActivationFunctionType activation) {
    NetworkBuilder builder;
    const int32_t a = builder.addInput({1, 4, 2});
    const int32_t b = builder.addInput({1, 4, 3});
    const int32_t result = builder.addOutput({1, 4, 5});
    ConcatenationOptionsT options;
    options.axis = -1;
    options.fused_activation_function = activation;
    builder.addOperator(BuiltinOperator::CONCATENATION, {a, b}, {result},
                        options);
    return builder;
  };
  auto op = importOnly<ConcatOp>(build(ActivationFunctionType::NONE));
  ASSERT_TRUE(op);
  EXPECT_EQ(op.getAxis(), 2u);
  expectNode(build(ActivationFunctionType::RELU), "it has an activation");
}

TEST_F(StructuredOperatorTest, Split) {
  NetworkBuilder builder;
  const int32_t axis = builder.addIntegers({-2});
  builder.tensor(axis).shape = {};
  const int32_t input = builder.addInput({1, 4, 2});
  const int32_t a = builder.addOutput({1, 2, 2});
  const int32_t b = builder.addOutput({1, 2, 2});
  builder.addOperator(BuiltinOperator::SPLIT, {axis, input}, {a, b});
  auto op = importOnly<SplitOp>(builder);
  ASSERT_TRUE(op);
  EXPECT_EQ(op.getAxis(), 1u);
  EXPECT_EQ(op.getNumResults(), 2u);
  // The axis is an attribute, so no constant is left.
  EXPECT_TRUE(module->getOps<WeightOp>().empty());
}

TEST_F(StructuredOperatorTest, SplitIntoDifferentSizes) {
  NetworkBuilder builder;
  const int32_t input = builder.addInput({1, 4});
  const int32_t sizes = builder.addIntegers({1, 3});
  const int32_t axis = builder.addIntegers({1});
  const int32_t a = builder.addOutput({1, 1});
  const int32_t b = builder.addOutput({1, 3});
  builder.addOperator(BuiltinOperator::SPLIT_V, {input, sizes, axis}, {a, b});
  auto op = importOnly<SplitOp>(builder);
  ASSERT_TRUE(op);
  EXPECT_EQ(op.getAxis(), 1u);
}

TEST_F(StructuredOperatorTest, Slice) {
  NetworkBuilder builder;
  const int32_t input = builder.addInput({1, 4, 6});
  // Sixty-four bits, little-endian.
  std::vector<uint8_t> offsets(24, 0);
  offsets[8] = 1;
  offsets[16] = 2;
  const int32_t begin =
      builder.addConstant({3}, tflite::TensorType::INT64, offsets);
  const int32_t size = builder.addIntegers({-1, 3, 4});
  const int32_t result = builder.addOutput({1, 3, 4});
  builder.addOperator(BuiltinOperator::SLICE, {input, begin, size}, {result});
  auto op = importOnly<SliceOp>(builder);
  ASSERT_TRUE(op);
  EXPECT_THAT(op.getOffsets(), ElementsAre(0, 1, 2));

  builder.tensor(begin).buffer = 0;
  builder.graph().inputs.push_back(begin);
  expectNode(builder, "its input 1 is not constant");
}

TEST_F(StructuredOperatorTest, Pad) {
  NetworkBuilder builder;
  const int32_t input = builder.addInput({1, 4});
  const int32_t amounts = builder.addIntegers({0, 0, 1, 2});
  const int32_t result = builder.addOutput({1, 7});
  builder.addOperator(BuiltinOperator::PAD, {input, amounts}, {result});
  auto op = importOnly<PadOp>(builder);
  ASSERT_TRUE(op);
  EXPECT_THAT(op.getLow(), ElementsAre(0, 1));
  EXPECT_THAT(op.getHigh(), ElementsAre(0, 2));
  EXPECT_EQ(op.getValue().convertToDouble(), 0);

  builder.tensor(amounts).shape = {2};
  builder.model.buffers.back()->data.resize(8);
  expectNode(builder, "its input 1 does not hold 4 integers of 32 or 64 bits");
}

TEST_F(StructuredOperatorTest, PadWithValue) {
  auto build = [](tflite::TensorType type, std::vector<uint8_t> value) {
    NetworkBuilder builder;
    const int32_t input = builder.addInput({4}, type);
    const int32_t amounts = builder.addIntegers({1, 0});
    const int32_t constant = builder.addConstant({}, type, std::move(value));
    const int32_t result = builder.addOutput({5}, type);
    builder.addOperator(BuiltinOperator::PADV2, {input, amounts, constant},
                        {result});
    if (type != tflite::TensorType::FLOAT32)
      for (int32_t tensor : {input, constant, result})
        builder.quantize(tensor, {0.5}, {-3});
    return builder;
  };
  auto real = importOnly<PadOp>(
      build(tflite::TensorType::FLOAT32, {0x00, 0x00, 0xC0, 0xBF}));
  ASSERT_TRUE(real);
  EXPECT_EQ(real.getValue().convertToDouble(), -1.5);
  auto quantized = importOnly<PadOp>(build(tflite::TensorType::INT8, {0xFF}));
  ASSERT_TRUE(quantized);
  // (-1 - -3) * 0.5
  EXPECT_EQ(quantized.getValue().convertToDouble(), 1);
  expectNode(build(tflite::TensorType::INT16, {1, 0}),
             "its input 2 is not one float or quantised byte");
}

TEST_F(StructuredOperatorTest, Reshape) {
  const std::tuple<BuiltinOperator, bool, std::vector<int32_t>> cases[] = {
      {BuiltinOperator::RESHAPE, true, {4, 2}},
      {BuiltinOperator::RESHAPE, false, {8}},
      {BuiltinOperator::SQUEEZE, false, {2, 4}},
      {BuiltinOperator::EXPAND_DIMS, true, {1, 2, 1, 4}}};
  for (const auto &[builtin, hasShape, shape] : cases) {
    NetworkBuilder builder;
    const int32_t input = builder.addInput({1, 2, 4});
    const int32_t result = builder.addOutput(shape);
    std::vector<int32_t> inputs = {input};
    if (hasShape)
      inputs.push_back(builder.addIntegers({2}));
    builder.addOperator(builtin, inputs, {result});
    auto op = importOnly<ReshapeOp>(builder);
    ASSERT_TRUE(op);
    EXPECT_EQ(op.getType().getShape(), ArrayRef<int64_t>(SmallVector<int64_t>(
                                           shape.begin(), shape.end())));
  }
}

// Converters leave the buffer of a constant without elements empty.
TEST_F(StructuredOperatorTest, ReshapeToScalar) {
  NetworkBuilder builder;
  const int32_t input = builder.addInput({1, 1});
  const int32_t shape = builder.addTensor({0}, tflite::TensorType::INT32);
  const int32_t result = builder.addOutput({});
  builder.addOperator(BuiltinOperator::RESHAPE, {input, shape}, {result});
  auto op = importOnly<ReshapeOp>(builder);
  ASSERT_TRUE(op);
  EXPECT_EQ(op.getType().getRank(), 0);
}

TEST_F(StructuredOperatorTest, ReshapeToComputedShape) {
  NetworkBuilder builder;
  const int32_t input = builder.addInput({1, 4});
  const int32_t shape = builder.addInput({1}, tflite::TensorType::INT32);
  const int32_t result = builder.addOutput({4});
  builder.addOperator(BuiltinOperator::RESHAPE, {input, shape}, {result});
  expectNode(builder, "its input 1 is not constant");
  EXPECT_EQ(only<NodeOp>(*module).getInputs().size(), 2u);
}
