//===- ImportTest.cpp - Whole TFLite files --------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NetworkBuilder.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "serenity/Dialect/Serenity/IR/OperatorLocation.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"

#include <gmock/gmock.h>

using namespace mlir;
using namespace serenity;
using namespace serenity::tflite;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace {

/// A network that adds a constant and multiplies with another.
struct Affine : NetworkBuilder {
  Affine() {
    input = addInput({4}, tflite::TensorType::INT8);
    offset = addConstant({4}, tflite::TensorType::INT8, {1, 2, 3, 4});
    factor = addConstant({4}, tflite::TensorType::INT8, {5, 6, 7, 8});
    sum = addTensor({4}, tflite::TensorType::INT8);
    product = addOutput({4}, tflite::TensorType::INT8);
    addOperator(BuiltinOperator::ADD, {input, offset}, {sum});
    addOperator(BuiltinOperator::MUL, {sum, factor}, {product});
  }

  int32_t input, offset, factor, sum, product;
};

class WholeFileTest : public ImportTest {
protected:
  static std::vector<WeightOp> getWeights(ModuleOp module) {
    std::vector<WeightOp> weights;
    module.walk([&](WeightOp weight) { weights.push_back(weight); });
    return weights;
  }
  static ArrayRef<char> getBytes(WeightOp weight) {
    auto value =
        dyn_cast_or_null<DenseResourceElementsAttr>(weight.getValueAttr());
    return value ? value.getRawHandle().getBlob()->getData() : ArrayRef<char>();
  }
};

TFLiteImportOptions keepWeights() {
  TFLiteImportOptions options;
  options.keepWeights = true;
  return options;
}

} // namespace

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

TEST_F(WholeFileTest, WeightsAreElided) {
  OwningOpRef<ModuleOp> module = import(Affine());
  ASSERT_TRUE(module);
  ASSERT_EQ(getWeights(*module).size(), 2u);
  for (WeightOp weight : getWeights(*module))
    EXPECT_FALSE(weight.getValueAttr());
}

TEST_F(WholeFileTest, WeightsAreKept) {
  Affine builder;
  builder.quantize(builder.factor, {0.5});
  OwningOpRef<ModuleOp> module = import(builder, keepWeights());
  ASSERT_TRUE(module);
  std::vector<WeightOp> weights = getWeights(*module);
  ASSERT_EQ(weights.size(), 2u);
  EXPECT_THAT(getBytes(weights[0]), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(getBytes(weights[1]), ElementsAre(5, 6, 7, 8));
  // The payload of a quantised tensor is what is stored.
  EXPECT_EQ(toString(weights[1].getType()),
            "tensor<4x!quant.uniform<i8:f32, 5.000000e-01>>");
  EXPECT_EQ(toString(weights[1].getValueAttr().getShapedType()),
            "tensor<4xi8>");
}

TEST_F(WholeFileTest, SharedWeightsAreKeptOnce) {
  Affine builder;
  builder.tensor(builder.factor).buffer = builder.tensor(builder.offset).buffer;
  OwningOpRef<ModuleOp> module = import(builder, keepWeights());
  ASSERT_TRUE(module);
  std::vector<WeightOp> weights = getWeights(*module);
  ASSERT_EQ(weights.size(), 2u);
  EXPECT_EQ(weights[0].getValueAttr(), weights[1].getValueAttr());
}

// In files of more than 2 GB, constants lie behind the FlatBuffer.
TEST_F(WholeFileTest, WeightsOutsideTheFlatBuffer) {
  Affine builder;
  BufferT &buffer =
      *builder.model.buffers[builder.tensor(builder.offset).buffer];
  buffer.data.clear();
  buffer.size = 4;
  buffer.offset = 2;
  buffer.offset = builder.pack().size();
  OwningOpRef<ModuleOp> module =
      importFile(builder.pack() + "\x09\x08\x07\x06", keepWeights());
  ASSERT_TRUE(module);
  EXPECT_THAT(getBytes(getWeights(*module)[0]), ElementsAre(9, 8, 7, 6));

  EXPECT_FALSE(importFile(builder.pack() + "\x09\x08\x07", keepWeights()));
  EXPECT_THAT(messages, ElementsAre(::testing::StartsWith("buffer 1 has 4 bytes"
                                                          " at offset ")));
}

TEST_F(WholeFileTest, SparseWeights) {
  Affine builder;
  builder.tensor(builder.offset).sparsity =
      std::make_unique<SparsityParametersT>();
  builder.model.buffers[1]->data.resize(1);
  EXPECT_TRUE(import(builder));
  EXPECT_FALSE(import(builder, keepWeights()));
  EXPECT_THAT(messages, ElementsAre("tensor 1 ('t1') is sparse, its contents "
                                    "cannot be kept"));
}

TEST_F(WholeFileTest, EmptyWeights) {
  NetworkBuilder builder;
  const int32_t input = builder.addInput({4});
  const int32_t axes = builder.addTensor({0}, tflite::TensorType::INT32);
  const int32_t result = builder.addOutput({4});
  builder.addOperator(BuiltinOperator::MEAN, {input, axes}, {result});
  OwningOpRef<ModuleOp> module = import(builder, keepWeights());
  ASSERT_TRUE(module);
  EXPECT_EQ(toString(only<WeightOp>(*module).getType()), "tensor<0xi32>");
}

//===----------------------------------------------------------------------===//
// Graphs
//===----------------------------------------------------------------------===//

TEST_F(WholeFileTest, Names) {
  Affine builder;
  OwningOpRef<ModuleOp> module = import(builder);
  ASSERT_TRUE(module);
  auto function = only<func::FuncOp>(*module);
  EXPECT_EQ(function.getSymName(), "main");
  EXPECT_EQ(getLocationName(function.getArgument(0).getLoc()), "t0");
  auto add = only<AddOp>(*module);
  EXPECT_EQ(getOperatorIndex(add.getLoc()), 0);
  EXPECT_EQ(getLocationName(add.getLoc()), "t3");
  EXPECT_EQ(getOperatorIndex(only<MulOp>(*module).getLoc()), 1);
  auto weight = add.getRhs().getDefiningOp<WeightOp>();
  EXPECT_EQ(getOperatorIndex(weight.getLoc()), std::nullopt);
  EXPECT_EQ(getLocationName(weight.getLoc()), "t1");
}

TEST_F(WholeFileTest, NoOperators) {
  NetworkBuilder builder;
  const int32_t input = builder.addInput({4});
  const int32_t constant = builder.addFloats({2});
  builder.graph().outputs = {constant, input, input};
  OwningOpRef<ModuleOp> module = import(builder);
  ASSERT_TRUE(module);
  auto result = only<func::ReturnOp>(*module);
  ASSERT_EQ(result.getNumOperands(), 3u);
  EXPECT_TRUE(result.getOperand(0).getDefiningOp<WeightOp>());
  EXPECT_TRUE(isa<BlockArgument>(result.getOperand(1)));
  EXPECT_EQ(result.getOperand(1), result.getOperand(2));

  EXPECT_TRUE(import(NetworkBuilder()));
}

// What nobody uses need not make sense.
TEST_F(WholeFileTest, UnusedTensors) {
  Affine builder;
  builder.addTensor({-5}, tflite::TensorType::STRING);
  EXPECT_TRUE(import(builder));
  EXPECT_THAT(messages, IsEmpty());
}

// An input that has contents too: the caller replaces them.
TEST_F(WholeFileTest, InputWithContents) {
  Affine builder;
  builder.graph().inputs.push_back(builder.offset);
  OwningOpRef<ModuleOp> module = import(builder);
  ASSERT_TRUE(module);
  EXPECT_EQ(only<func::FuncOp>(*module).getNumArguments(), 2u);
  EXPECT_TRUE(isa<BlockArgument>(only<AddOp>(*module).getRhs()));
}

TEST_F(WholeFileTest, SomeOperators) {
  TFLiteImportOptions options;
  options.operators = {1, 1};
  OwningOpRef<ModuleOp> module = import(Affine(), options);
  ASSERT_TRUE(module);
  auto function = only<func::FuncOp>(*module);
  EXPECT_EQ(function.getNumArguments(), 1u);
  EXPECT_EQ(getLocationName(function.getArgument(0).getLoc()), "t3");
  EXPECT_EQ(function.getNumResults(), 1u);
  EXPECT_EQ(getOperatorIndex(only<MulOp>(*module).getLoc()), 1);
  EXPECT_EQ(getWeights(*module).size(), 1u);

  options.operators = {0, 2};
  EXPECT_FALSE(import(Affine(), options));
  EXPECT_THAT(messages, ElementsAre("operators 0 to 2 are asked for, but the "
                                    "network has 2"));
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

TEST_F(WholeFileTest, AnyAlignment) {
  const std::string file = Affine().pack();
  std::vector<char> memory(file.size() + 16);
  for (size_t offset = 0; offset < 16; ++offset) {
    std::memcpy(memory.data() + offset, file.data(), file.size());
    const StringRef copy(memory.data() + offset, file.size());
    EXPECT_TRUE(importTFLite(llvm::MemoryBufferRef(copy, "test.tflite"),
                             TFLiteImportOptions(), &context));
  }
}

// Every beginning of a file, but for the padding at its end, is damaged.
TEST_F(WholeFileTest, Truncated) {
  const std::string file = Affine().pack();
  for (size_t size = 0; size < file.size(); ++size) {
    OwningOpRef<ModuleOp> module = importFile(file.substr(0, size));
    EXPECT_EQ(messages.size(), module ? 0u : 1u) << "after " << size;
    EXPECT_TRUE(!module || size + 4 > file.size()) << "after " << size;
  }
}

TEST_F(WholeFileTest, ErrorsAreAtTheFile) {
  std::string text;
  llvm::raw_string_ostream os(text);
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    os << diagnostic.getLocation() << ": " << diagnostic;
    return success();
  });
  EXPECT_FALSE(
      importTFLite(llvm::MemoryBufferRef("", "empty.tflite"), {}, &context));
  EXPECT_EQ(text, "loc(\"empty.tflite\":0:0): not a TFLite file: the "
                  "identifier TFL3 is not at byte 4");
}

// Names end up in diagnostics, which have one line all the same.
TEST_F(WholeFileTest, StrangeNames) {
  Affine builder;
  builder.tensor(builder.input).name = "a\nb\"" + std::string(200, 'x');
  builder.tensor(builder.input).type = tflite::TensorType::STRING;
  EXPECT_FALSE(import(builder));
  EXPECT_THAT(messages,
              ElementsAre("tensor 0 ('a\\0Ab\\22" + std::string(76, 'x') +
                          "...'): elements of type STRING have no fixed size"));
}

// A file of 200 KB that describes 20,000 operators with 20,000 inputs each.
TEST_F(WholeFileTest, SharedLists) {
  constexpr int count = 20000;
  flatbuffers::FlatBufferBuilder builder;
  auto shape = builder.CreateVector(std::vector<int32_t>{1});
  auto tensor = CreateTensor(builder, shape);
  auto tensors = builder.CreateVector(&tensor, 1);
  auto list = builder.CreateVector(std::vector<int32_t>(count, 0));
  auto op = CreateOperator(builder, 0, list);
  auto operators = builder.CreateVector(
      std::vector<flatbuffers::Offset<Operator>>(count, op));
  auto graph = CreateSubGraph(builder, tensors, list, 0, operators);
  auto code = CreateOperatorCode(builder);
  FinishModelBuffer(builder,
                    CreateModel(builder, 3, builder.CreateVector(&code, 1),
                                builder.CreateVector(&graph, 1)));
  const std::string file(
      reinterpret_cast<const char *>(builder.GetBufferPointer()),
      builder.GetSize());
  EXPECT_FALSE(importFile(file));
  EXPECT_THAT(messages,
              ElementsAre(::testing::StartsWith(
                  "the file has 400020001 entries when written out, only ")));
}

// Two thousand buffers that are all the same kilobytes of the file.
TEST_F(WholeFileTest, SharedContents) {
  Affine builder;
  for (int i = 0; i < 2000; ++i) {
    builder.model.buffers.push_back(std::make_unique<BufferT>());
    builder.model.buffers.back()->offset = 2;
    builder.model.buffers.back()->size = 10000;
  }
  EXPECT_FALSE(import(builder));
  EXPECT_THAT(messages, ElementsAre(::testing::StartsWith(
                            "the file has 20000031 entries when written out")));
}
