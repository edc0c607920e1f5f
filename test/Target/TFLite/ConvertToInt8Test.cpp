//===- ConvertToInt8Test.cpp - uint8 networks as int8 ---------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExportTestBase.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::tflite;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace {

constexpr auto kByte = tflite::TensorType::UINT8;
constexpr auto kInt8 = tflite::TensorType::INT8;

/// A product of uint8 with a filter.
struct Product : NetworkBuilder {
  Product(std::vector<uint8_t> weights, int64_t zeroPoint) {
    const int32_t numWeights = weights.size();
    input = addInput({1, numWeights}, kByte);
    filter = addConstant({1, numWeights}, kByte, std::move(weights));
    output = addOutput({1, 1}, kByte);
    quantize(input, {0.5}, {0});
    quantize(filter, {0.25}, {zeroPoint});
    quantize(output, {2}, {200});
    addOperator(BuiltinOperator::FULLY_CONNECTED, {input, filter}, {output},
                FullyConnectedOptionsT());
  }
  int32_t input, filter, output;
};

/// A kernel from one or more tensors of uint8 to one, with these scales and
/// zero points.
struct Kernel : NetworkBuilder {
  Kernel(BuiltinOperator builtin,
         const std::vector<std::pair<float, int64_t>> &inputs, float scale,
         int64_t zeroPoint) {
    std::vector<int32_t> tensors;
    for (auto [inputScale, inputZeroPoint] : inputs) {
      tensors.push_back(addInput({1, 4}, kByte));
      quantize(tensors.back(), {inputScale}, {inputZeroPoint});
    }
    const int32_t size = 4 * inputs.size();
    output = addOutput({1, size}, kByte);
    quantize(output, {scale}, {zeroPoint});
    addOperator(builtin, tensors, {output});
    model.operator_codes[0]->custom_code = "custom";
  }
  int32_t output;
};

class ConvertToInt8Test : public ExportTestBase {
protected:
  std::optional<ExportedTFLite> convert(const NetworkBuilder &builder) {
    TFLiteExportOptions options;
    options.toInt8 = true;
    return exportSame(builder.pack(), options);
  }
  void expectError(const NetworkBuilder &builder, const std::string &message) {
    EXPECT_FALSE(convert(builder));
    EXPECT_THAT(messages, ElementsAre(message));
  }
};

} // namespace

TEST_F(ConvertToInt8Test, EverythingGoesDownBy128) {
  Product builder({1, 128, 255, 130}, 128);
  auto exported = convert(builder);
  ASSERT_TRUE(exported);
  EXPECT_THAT(messages, IsEmpty());
  const ModelT model = unpack(exported->file);
  const auto &tensors = model.subgraphs[0]->tensors;
  for (const auto &tensor : tensors)
    EXPECT_EQ(tensor->type, kInt8);
  EXPECT_THAT(tensors[builder.input]->quantization->zero_point,
              ElementsAre(-128));
  EXPECT_THAT(tensors[builder.filter]->quantization->zero_point,
              ElementsAre(0));
  EXPECT_THAT(tensors[builder.output]->quantization->zero_point,
              ElementsAre(72));
  EXPECT_THAT(tensors[builder.output]->quantization->scale, ElementsAre(2));
  EXPECT_THAT(model.buffers[tensors[builder.filter]->buffer]->data,
              ElementsAre(129, 0, 127, 2));
  expectObeyed(*exported);
}

// Kernels take filters as they are stored, without a zero point.
TEST_F(ConvertToInt8Test, FiltersGoDownByTheirZeroPoint) {
  Product builder({0, 100, 227}, 100);
  auto exported = convert(builder);
  ASSERT_TRUE(exported);
  const ModelT model = unpack(exported->file);
  const TensorT &filter = *model.subgraphs[0]->tensors[builder.filter];
  EXPECT_THAT(filter.quantization->zero_point, ElementsAre(0));
  EXPECT_THAT(model.buffers[filter.buffer]->data, ElementsAre(156, 0, 127));
}

TEST_F(ConvertToInt8Test, FiltersThatDoNotFit) {
  expectError(Product({0, 228}, 100),
              "tensor 1 ('t1') has weights from -100 to 128 about its zero "
              "point of 100, but int8 kernels know none and only weights from "
              "-128 to 127");
  expectError(Product({0, 228}, 129),
              "tensor 1 ('t1') has weights from -129 to 99 about its zero "
              "point of 129, but int8 kernels know none and only weights from "
              "-128 to 127");
}

TEST_F(ConvertToInt8Test, FiltersThatAreComputed) {
  Product builder({1}, 128);
  builder.model.buffers[1]->data.clear();
  builder.graph().inputs.push_back(builder.filter);
  EXPECT_TRUE(convert(builder));
  builder.tensor(builder.filter).quantization->zero_point = {127};
  expectError(builder,
              "tensor 1 ('t1') has weights from -127 to 128 about its zero "
              "point of 127, but int8 kernels know none and only weights from "
              "-128 to 127");
}

TEST_F(ConvertToInt8Test, SharedData) {
  Product builder({1, 2, 3, 4}, 100);
  const int32_t same = builder.addTensor({1, 4}, kByte);
  builder.quantize(same, {1}, {128});
  builder.tensor(same).buffer = builder.tensor(builder.filter).buffer;
  expectError(builder,
              "tensor 3 ('t3') shares data with a tensor that changes by 100, "
              "but itself changes by 128");
  builder.tensor(same).type = kInt8;
  expectError(builder,
              "tensor 3 ('t3') shares data with a tensor that changes by 100, "
              "but itself changes by 0");
  builder.tensor(builder.filter).quantization->zero_point = {128};
  builder.tensor(same).type = kByte;
  auto exported = convert(builder);
  ASSERT_TRUE(exported);
  const ModelT model = unpack(exported->file);
  EXPECT_THAT(model.buffers[1]->data, ElementsAre(129, 130, 131, 132));
}

TEST_F(ConvertToInt8Test, ResultsWithFixedScales) {
  const float scale = 1.0f / 256;
  EXPECT_TRUE(convert(Kernel(BuiltinOperator::SOFTMAX, {{1, 9}}, scale, 0)));
  expectError(Kernel(BuiltinOperator::SOFTMAX, {{1, 9}}, scale, 1),
              "tensor 1 ('t1') has scale 3.906250e-03 and zero point 1, but "
              "int8 kernels ask for scale 3.906250e-03 and zero point 0");
  expectError(Kernel(BuiltinOperator::LOGISTIC, {{1, 9}}, 0.5, 0),
              "tensor 1 ('t1') has scale 5.000000e-01 and zero point 0, but "
              "int8 kernels ask for scale 3.906250e-03 and zero point 0");
  EXPECT_TRUE(
      convert(Kernel(BuiltinOperator::TANH, {{1, 9}}, 1.0f / 128, 128)));
  expectError(Kernel(BuiltinOperator::TANH, {{1, 9}}, 0.5, 128),
              "tensor 1 ('t1') has scale 5.000000e-01 and zero point 128, but "
              "int8 kernels ask for scale 7.812500e-03 and zero point 128");
}

TEST_F(ConvertToInt8Test, ConcatenationsDoNotScale) {
  auto concatenate = [](float scale, int64_t zeroPoint) {
    Kernel builder(BuiltinOperator::CONCATENATION, {{1, 9}, {scale, zeroPoint}},
                   1, 9);
    ConcatenationOptionsT options;
    options.axis = 1;
    builder.graph().operators[0]->builtin_options.Set(options);
    return builder;
  };
  EXPECT_TRUE(convert(concatenate(1, 9)));
  expectError(concatenate(2, 9),
              "tensor 1 ('t1') has another scale or zero point than tensor 2 "
              "('t2'), into which int8 kernels copy it as it is");
  expectError(concatenate(1, 8),
              "tensor 1 ('t1') has another scale or zero point than tensor 2 "
              "('t2'), into which int8 kernels copy it as it is");
}

TEST_F(ConvertToInt8Test, KernelsThatAreNotKnown) {
  expectError(Kernel(BuiltinOperator::CUSTOM, {{1, 9}}, 1, 9),
              "operator 0 ('custom') works on uint8 and is not known to "
              "compute the same on int8");
  expectError(Kernel(BuiltinOperator::CAST, {{1, 9}}, 1, 9),
              "operator 0 (CAST) works on uint8 and is not known to compute "
              "the same on int8");
}

TEST_F(ConvertToInt8Test, TensorsWithoutScales) {
  Kernel builder(BuiltinOperator::RESHAPE, {{1, 9}}, 1, 9);
  builder.tensor(0).quantization.reset();
  expectError(builder, "tensor 0 ('t0') is of uint8 with 0 scales and 0 zero "
                       "points, so what it stands for in int8 is not known");
  builder.quantize(0, {1});
  expectError(builder, "tensor 0 ('t0') is of uint8 with 1 scales and 0 zero "
                       "points, so what it stands for in int8 is not known");
}

TEST_F(ConvertToInt8Test, NothingToConvert) {
  NetworkBuilder builder;
  const int32_t input = builder.addInput({4});
  const int32_t output = builder.addOutput({4});
  builder.addOperator(BuiltinOperator::RELU, {input}, {output});
  EXPECT_TRUE(convert(builder));
  EXPECT_THAT(messages, ElementsAre("has no uint8 tensor to convert to int8"));
}
