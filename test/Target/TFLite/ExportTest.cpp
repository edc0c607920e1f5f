//===- ExportTest.cpp - Files that TFLM is to obey ------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExportTestBase.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::tflite;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace {

using ExportTest = ExportTestBase;

std::vector<std::vector<int32_t>> getOutputs(const ModelT &model) {
  std::vector<std::vector<int32_t>> outputs;
  for (const auto &op : model.subgraphs[0]->operators)
    outputs.push_back(op->outputs);
  return outputs;
}

/// x feeds two RELUs, whose sum is the output; so two orders are legal.
struct Diamond : NetworkBuilder {
  Diamond() {
    input = addInput({16});
    left = addTensor({16});
    right = addTensor({16});
    sum = addOutput({16});
    addOperator(BuiltinOperator::RELU, {input}, {left});
    addOperator(BuiltinOperator::RELU6, {input}, {right});
    addOperator(BuiltinOperator::ADD, {left, right}, {sum}, AddOptionsT());
  }
  int32_t input, left, right, sum;
};

} // namespace

//===----------------------------------------------------------------------===//
// Order
//===----------------------------------------------------------------------===//

TEST_F(ExportTest, OrderOfTheModule) {
  const std::string base = Diamond().pack();
  auto exported = exportChanged(base, [](ModuleOp module) {
    getOperator(module, 1)->moveBefore(getOperator(module, 0));
  });
  ASSERT_TRUE(exported);
  EXPECT_THAT(getOutputs(unpack(exported->file)),
              ElementsAre(ElementsAre(2), ElementsAre(1), ElementsAre(3)));
  EXPECT_EQ(exported->arenaBytes, 192);
  EXPECT_EQ(exported->numDropped, 0);
  EXPECT_EQ(exported->numNew, 0);
  expectObeyed(*exported);
}

TEST_F(ExportTest, TheBaseIsInTheFile) {
  const std::string base = Diamond().pack();
  auto exported = exportSame(base);
  ASSERT_TRUE(exported);
  EXPECT_NE(exported->file.find(base), std::string::npos);
}

TEST_F(ExportTest, OperatorsThatAreGone) {
  NetworkBuilder builder;
  const int32_t input = builder.addInput({16});
  const int32_t copy = builder.addTensor({16});
  const int32_t output = builder.addOutput({16});
  builder.addOperator(BuiltinOperator::RESHAPE, {input}, {copy});
  builder.addOperator(BuiltinOperator::RELU, {copy}, {output});
  auto exported = exportChanged(builder.pack(), [](ModuleOp module) {
    Operation *reshape = getOperator(module, 0);
    reshape->replaceAllUsesWith(reshape->getOperands());
    reshape->erase();
  });
  ASSERT_TRUE(exported);
  EXPECT_EQ(exported->numDropped, 1);
  EXPECT_EQ(exported->numNew, 0);
  const ModelT model = unpack(exported->file);
  ASSERT_EQ(model.subgraphs[0]->operators.size(), 1u);
  EXPECT_THAT(model.subgraphs[0]->operators[0]->inputs, ElementsAre(input));
  EXPECT_EQ(exported->arenaBytes, 128);
  expectObeyed(*exported);
}

// What computes a result of the network writes where callers look for it.
TEST_F(ExportTest, TheLastOperatorIsGone) {
  NetworkBuilder builder;
  const int32_t input = builder.addInput({16});
  const int32_t result = builder.addTensor({16});
  const int32_t output = builder.addOutput({16});
  builder.addOperator(BuiltinOperator::RELU, {input}, {result});
  builder.addOperator(BuiltinOperator::RESHAPE, {result}, {output});
  auto exported = exportChanged(builder.pack(), [](ModuleOp module) {
    Operation *reshape = getOperator(module, 1);
    reshape->replaceAllUsesWith(reshape->getOperands());
    reshape->erase();
  });
  ASSERT_TRUE(exported);
  EXPECT_THAT(getOutputs(unpack(exported->file)),
              ElementsAre(ElementsAre(output)));
  expectObeyed(*exported);
}

// Of two operations that came from one operator, one is it and one is new.
TEST_F(ExportTest, OperatorsThatWereCopied) {
  auto exported = exportChanged(Diamond().pack(), [](ModuleOp module) {
    Operation *relu = getOperator(module, 0);
    OpBuilder builder(relu);
    Operation *copy = builder.clone(*relu);
    Operation *relu6 = getOperator(module, 1);
    relu6->replaceAllUsesWith(copy->getResults());
    relu6->erase();
  });
  ASSERT_TRUE(exported);
  EXPECT_EQ(exported->numDropped, 1);
  EXPECT_EQ(exported->numNew, 1);
  const ModelT model = unpack(exported->file);
  EXPECT_EQ(model.subgraphs[0]->operators.size(), 3u);
  EXPECT_NE(model.subgraphs[0]->operators[0]->outputs,
            model.subgraphs[0]->operators[1]->outputs);
  TFLMSimulator runtime(exported->file);
  EXPECT_THAT(runtime.findFaults(), IsEmpty());
}

// Tensors that are left over take room before the first operator, together.
TEST_F(ExportTest, LargeTensorsThatNothingUses) {
  NetworkBuilder builder;
  const int32_t input = builder.addInput({16});
  const int32_t copy = builder.addTensor({16});
  const int32_t again = builder.addTensor({16});
  const int32_t more = builder.addTensor({16});
  const int32_t output = builder.addOutput({16});
  builder.addOperator(BuiltinOperator::RESHAPE, {input}, {copy});
  builder.addOperator(BuiltinOperator::RESHAPE, {copy}, {again});
  builder.addOperator(BuiltinOperator::RESHAPE, {again}, {more});
  builder.addOperator(BuiltinOperator::RELU, {more}, {output});
  auto exported = exportChanged(builder.pack(), [](ModuleOp module) {
    for (int64_t i : {2, 1, 0}) {
      Operation *reshape = getOperator(module, i);
      reshape->replaceAllUsesWith(reshape->getOperands());
      reshape->erase();
    }
  });
  ASSERT_TRUE(exported);
  EXPECT_EQ(exported->arenaBytes, 128);
  expectObeyed(*exported);
  // Two of them fit beside each other.
  const ModelT model = unpack(exported->file);
  const auto &tensors = model.subgraphs[0]->tensors;
  EXPECT_THAT(tensors[copy]->shape, ElementsAre(0));
  EXPECT_THAT(tensors[again]->shape, ElementsAre(16));
  EXPECT_THAT(tensors[more]->shape, ElementsAre(16));
}

//===----------------------------------------------------------------------===//
// Lifetimes
//===----------------------------------------------------------------------===//

TEST_F(ExportTest, ConstantsAndVariablesAreNotPlanned) {
  NetworkBuilder builder;
  const int32_t input = builder.addInput({16});
  const int32_t state = builder.addTensor({16});
  builder.tensor(state).is_variable = true;
  const int32_t factor = builder.addFloats({16});
  const int32_t product = builder.addTensor({16});
  const int32_t output = builder.addOutput({16});
  builder.addOperator(BuiltinOperator::MUL, {input, factor}, {product},
                      MulOptionsT());
  builder.addOperator(BuiltinOperator::SVDF, {product, state}, {output});
  auto exported = exportSame(builder.pack());
  ASSERT_TRUE(exported);
  const std::vector<int32_t> plan = TFLMSimulator(exported->file).getPlan();
  EXPECT_EQ(plan[state], -1);
  EXPECT_EQ(plan[factor], -1);
  EXPECT_NE(plan[input], -1);
  EXPECT_NE(plan[product], -1);
  EXPECT_NE(plan[output], -1);
  expectObeyed(*exported);
}

// The first operator of the diamond must not write over an input that nothing
// reads, which early runtimes keep until then; nor over an early result.
TEST_F(ExportTest, UnusedInputsAndEarlyResults) {
  Diamond builder;
  const int32_t unused = builder.addInput({64});
  builder.graph().outputs.push_back(builder.left);
  auto exported = exportSame(builder.pack());
  ASSERT_TRUE(exported);
  TFLMSimulator runtime(exported->file);
  EXPECT_THAT(runtime.findFaults(), IsEmpty());
  const std::vector<int32_t> &plan = runtime.getPlan();
  EXPECT_TRUE(plan[builder.left] >= plan[unused] + 256 ||
              plan[builder.left] + 64 <= plan[unused]);
  EXPECT_EQ(runtime.getHead(), exported->arenaBytes);
}

// A result that nothing reads after its operator still stays to the end, also
// where kernels may write over what dies.
TEST_F(ExportTest, ResultsStayToTheEnd) {
  NetworkBuilder builder;
  const int32_t input = builder.addInput({16});
  const int32_t early = builder.addOutput({16});
  const int32_t middle = builder.addTensor({16});
  const int32_t late = builder.addOutput({16});
  builder.addOperator(BuiltinOperator::RELU, {input}, {early});
  builder.addOperator(BuiltinOperator::RELU6, {input}, {middle});
  builder.addOperator(BuiltinOperator::RELU, {middle}, {late});
  auto exported = exportSame(builder.pack());
  ASSERT_TRUE(exported);
  EXPECT_EQ(exported->arenaBytes, 192);
  expectObeyed(*exported);

  builder.graph().operators[2]->inputs = {early};
  TFLiteExportOptions inPlace;
  inPlace.inPlace = true;
  exported = exportSame(builder.pack(), inPlace);
  ASSERT_TRUE(exported);
  const std::vector<int32_t> plan = TFLMSimulator(exported->file).getPlan();
  EXPECT_NE(plan[early], plan[late]);
}

TEST_F(ExportTest, SizesAreRoundedUp) {
  NetworkBuilder builder;
  const int32_t input = builder.addInput({3});
  const int32_t output = builder.addOutput({5});
  builder.addOperator(BuiltinOperator::CUSTOM, {input}, {output});
  builder.model.operator_codes[0]->custom_code = "odd";
  auto exported = exportSame(builder.pack());
  ASSERT_TRUE(exported);
  EXPECT_EQ(exported->arenaBytes, 16 + 32);
  expectObeyed(*exported);
}

// The runtime takes the offsets of the first subgraph for all of them.
TEST_F(ExportTest, SubgraphsShareOffsets) {
  NetworkBuilder builder;
  const int32_t condition = builder.addInput({1}, tflite::TensorType::BOOL);
  const int32_t input = builder.addInput({64});
  const int32_t first = builder.addTensor({64});
  const int32_t chosen = builder.addTensor({64});
  const int32_t output = builder.addOutput({64});
  builder.addOperator(BuiltinOperator::RELU, {input}, {first});
  IfOptionsT options;
  options.then_subgraph_index = 1;
  options.else_subgraph_index = 2;
  builder.addOperator(BuiltinOperator::IF, {condition, first}, {chosen},
                      options);
  builder.addOperator(BuiltinOperator::RELU6, {chosen}, {output});
  for (BuiltinOperator builtin : {BuiltinOperator::ABS, BuiltinOperator::NEG}) {
    builder.addSubgraph();
    const int32_t x = builder.addInput({64});
    const int32_t y = builder.addOutput({64});
    builder.addOperator(builtin, {x}, {y});
  }
  auto exported = exportSame(builder.pack());
  ASSERT_TRUE(exported);
  TFLMSimulator runtime(exported->file);
  EXPECT_THAT(runtime.findFaults(), IsEmpty());
  EXPECT_EQ(runtime.getPlan().size(), 9u);
  EXPECT_EQ(runtime.getPlan()[condition], -1);
  EXPECT_EQ(runtime.getPlan()[input], -1);
  EXPECT_EQ(runtime.countOffline(), 3);
}

TEST_F(ExportTest, InPlaceIfAsked) {
  Diamond builder;
  builder.graph().operators.erase(builder.graph().operators.begin() + 1);
  builder.graph().operators[1]->inputs[1] = builder.input;
  const std::string base = builder.pack();
  auto exported = exportSame(base);
  ASSERT_TRUE(exported);
  EXPECT_EQ(exported->arenaBytes, 192);
  TFLiteExportOptions inPlace;
  inPlace.inPlace = true;
  exported = exportSame(base, inPlace);
  ASSERT_TRUE(exported);
  EXPECT_EQ(exported->arenaBytes, 128);
  EXPECT_EQ(TFLMSimulator(exported->file).getHead(), 128);
}

//===----------------------------------------------------------------------===//
// Scratch
//===----------------------------------------------------------------------===//

/// A chain in which a plan that knows nothing of scratch leaves no gap for it.
struct Chain : NetworkBuilder {
  Chain() {
    const int32_t a = addInput({64}), b = addTensor({16}), c = addTensor({64}),
                  d = addOutput({32});
    addOperator(BuiltinOperator::CUSTOM, {a}, {b});
    model.operator_codes[0]->custom_code = "kernel";
    addOperator(BuiltinOperator::CUSTOM, {b}, {c});
    model.operator_codes[1]->custom_code = "other";
    addOperator(BuiltinOperator::CUSTOM, {c}, {d});
    model.operator_codes[2]->custom_code = "other";
  }
};

TEST_F(ExportTest, RoomForScratch) {
  const std::string base = Chain().pack();
  TFLiteExportOptions options;
  options.scratch = {{"other", 100}, {"1", 129}, {"unknown", 1000}};
  auto exported = exportSame(base, options);
  ASSERT_TRUE(exported);
  EXPECT_THAT(messages, ElementsAre("no operator of the file is 'unknown', for "
                                    "which scratch is asked"));
  // Tensors of 64 and 256 bytes, and 129 rounded up; or 256, 128 and 112.
  EXPECT_EQ(exported->arenaBytes, 256 + 128 + 112);
  TFLMSimulator runtime(exported->file, {{1, 65}, {1, 63}, {2, 100}});
  EXPECT_THAT(runtime.findFaults(), IsEmpty());
  EXPECT_EQ(runtime.getHead(), exported->arenaBytes);
}

//===----------------------------------------------------------------------===//
// Plans in the module and in the base
//===----------------------------------------------------------------------===//

static void setOffsets(ModuleOp module, int64_t input,
                       ArrayRef<int64_t> offsets) {
  OpBuilder builder(module.getContext());
  auto function = *module.getOps<func::FuncOp>().begin();
  function->setAttr("serenity.arena_bytes", builder.getI64IntegerAttr(0));
  function.setArgAttr(0, "serenity.offset", builder.getI64IntegerAttr(input));
  for (auto [index, offset] : llvm::enumerate(offsets))
    getOperator(module, index)
        ->setAttr("serenity.offset", builder.getDenseI64ArrayAttr({offset}));
}

TEST_F(ExportTest, OffsetsOfTheModule) {
  const std::string base = Diamond().pack();
  OwningOpRef<ModuleOp> module = importFile(base);
  ASSERT_TRUE(module);
  setOffsets(*module, 64, {0, 128, 64});
  auto exported = exportTo(*module, base);
  ASSERT_TRUE(exported);
  EXPECT_THAT(TFLMSimulator(exported->file).getPlan(),
              ElementsAre(64, 0, 128, 64));
  EXPECT_EQ(exported->arenaBytes, 192);
  expectObeyed(*exported);
}

TEST_F(ExportTest, OffsetsThatBreakTheRules) {
  const std::string base = Diamond().pack();
  OwningOpRef<ModuleOp> module = importFile(base);
  ASSERT_TRUE(module);
  setOffsets(*module, 64, {0, 128, 16});
  EXPECT_FALSE(exportTo(*module, base));
  EXPECT_THAT(messages,
              ElementsAre("the offsets of the module break the rules of TFLM: "
                          "buffer 'tensor 3' is fixed at offset 16, where it "
                          "overlaps with buffer 'tensor 1'"));
  setOffsets(*module, 64, {0, 128, 72});
  EXPECT_FALSE(exportTo(*module, base));
  EXPECT_THAT(messages,
              ElementsAre(HasSubstr("offset 72, which is not a multiple of its "
                                    "alignment of 16")));
}

TEST_F(ExportTest, AnOldPlanIsReplaced) {
  Diamond builder;
  for (const char *name : {"OfflineMemoryAllocation", "min_runtime_version",
                           "OfflineMemoryAllocation"}) {
    builder.model.metadata.push_back(std::make_unique<MetadataT>());
    builder.model.metadata.back()->name = name;
    builder.model.metadata.back()->buffer = builder.model.buffers.size();
    builder.model.buffers.push_back(std::make_unique<BufferT>());
    builder.model.buffers.back()->data = {1, 2, 3};
  }
  auto exported = exportSame(builder.pack());
  ASSERT_TRUE(exported);
  const ModelT model = unpack(exported->file);
  ASSERT_EQ(model.metadata.size(), 2u);
  EXPECT_EQ(model.metadata[0]->name, "min_runtime_version");
  EXPECT_EQ(model.metadata[0]->buffer, 2u);
  EXPECT_EQ(model.metadata[1]->name, "OfflineMemoryAllocation");
  EXPECT_EQ(model.metadata[1]->buffer, 3u);
  EXPECT_EQ(model.buffers.size(), 4u);
  expectObeyed(*exported);

  // What was exported is exported again, to the same plan.
  auto again = exportSame(exported->file);
  ASSERT_TRUE(again);
  EXPECT_EQ(unpack(again->file).buffers.size(), 4u);
  EXPECT_EQ(TFLMSimulator(again->file).getPlan(),
            TFLMSimulator(exported->file).getPlan());
}
