//===- NodeTest.cpp - Operators that are opaque ---------------------------===//
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

class NodeTest : public ImportTest {
protected:
  /// Imports a network that has one node; expects no message.
  NodeOp importNode(const NetworkBuilder &builder) {
    module = import(builder);
    EXPECT_THAT(messages, IsEmpty());
    return module ? only<NodeOp>(*module) : NodeOp();
  }

  /// A network of one operator with one input and one output.
  static NetworkBuilder buildUnary(BuiltinOperator builtin) {
    NetworkBuilder builder;
    const int32_t input = builder.addInput({1, 4});
    const int32_t result = builder.addOutput({1, 4});
    builder.addOperator(builtin, {input}, {result});
    return builder;
  }

  OwningOpRef<ModuleOp> module;
};

/// The functions that `node` calls.
std::vector<std::string> getCallees(NodeOp node) {
  std::vector<std::string> names;
  if (auto callees = node->getAttrOfType<ArrayAttr>("callees"))
    for (auto callee : callees.getAsRange<FlatSymbolRefAttr>())
      names.push_back(callee.getValue().str());
  return names;
}

} // namespace

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

TEST_F(NodeTest, BuiltinName) {
  auto node = importNode(buildUnary(BuiltinOperator::LOGISTIC));
  ASSERT_TRUE(node);
  EXPECT_EQ(node.getKind(), "LOGISTIC");
  EXPECT_EQ(node.getScratchBytes(), 0u);
  EXPECT_FALSE(node.getStateful());
  EXPECT_TRUE(node->getDiscardableAttrDictionary().empty());
}

// The names are positions in an enumeration; these are spread over it.
TEST_F(NodeTest, BuiltinNumbers) {
  const std::pair<int, const char *> cases[] = {
      {10, "HASHTABLE_LOOKUP"}, {40, "MEAN"},
      {72, "NOT_EQUAL"},        {97, "RESIZE_NEAREST_NEIGHBOR"},
      {114, "QUANTIZE"},        {126, "BATCH_MATMUL"},
      {132, "CONV_3D"},         {161, "RIGHT_SHIFT"},
      {196, "STABLEHLO_IOTA"},  {207, "COMPLEX"},
      {250, "BUILTIN_250"}};
  for (auto [number, name] : cases) {
    auto node = importNode(buildUnary(static_cast<BuiltinOperator>(number)));
    ASSERT_TRUE(node);
    EXPECT_EQ(node.getKind(), name);
  }
}

// Files from before the code had 32 bits have it only in a byte, and newer ones
// have a placeholder there.
TEST_F(NodeTest, DeprecatedCode) {
  NetworkBuilder old = buildUnary(BuiltinOperator::ADD);
  old.model.operator_codes[0]->deprecated_builtin_code =
      static_cast<int8_t>(BuiltinOperator::TANH);
  EXPECT_EQ(importNode(old).getKind(), "TANH");

  NetworkBuilder recent = buildUnary(BuiltinOperator::GELU);
  recent.model.operator_codes[0]->deprecated_builtin_code = 127;
  EXPECT_EQ(importNode(recent).getKind(), "GELU");
}

TEST_F(NodeTest, CustomName) {
  NetworkBuilder builder = buildUnary(BuiltinOperator::CUSTOM);
  builder.model.operator_codes[0]->custom_code = "TFLite_Detection\n\"x\"";
  EXPECT_EQ(importNode(builder).getKind(), "TFLite_Detection\n\"x\"");
}

//===----------------------------------------------------------------------===//
// Tensors that are no values
//===----------------------------------------------------------------------===//

TEST_F(NodeTest, AbsentInputs) {
  NetworkBuilder builder;
  const int32_t a = builder.addInput({1, 4});
  const int32_t b = builder.addInput({1, 4});
  const int32_t result = builder.addOutput({1, 4});
  builder.addOperator(BuiltinOperator::LSTM, {-1, a, -1, b}, {result});
  auto node = importNode(builder);
  ASSERT_TRUE(node);
  EXPECT_EQ(node.getInputs().size(), 2u);
  EXPECT_FALSE(node.getStateful());
  auto absent = node->getAttrOfType<DenseI64ArrayAttr>("absent_inputs");
  ASSERT_TRUE(absent);
  EXPECT_THAT(absent.asArrayRef(), ElementsAre(0, 2));
}

TEST_F(NodeTest, Variables) {
  NetworkBuilder builder;
  const int32_t input = builder.addInput({1, 4});
  const int32_t state = builder.addTensor({1, 8}, tflite::TensorType::INT8);
  builder.tensor(state).is_variable = true;
  const int32_t result = builder.addOutput({1, 4});
  builder.addOperator(BuiltinOperator::SVDF, {input, state}, {result});
  auto node = importNode(builder);
  ASSERT_TRUE(node);
  // State is neither an activation nor a constant.
  EXPECT_EQ(node.getInputs().size(), 1u);
  EXPECT_TRUE(node.getStateful());
  auto variables = node->getAttrOfType<ArrayAttr>("variables");
  ASSERT_TRUE(variables);
  ASSERT_EQ(variables.size(), 1u);
  auto variable = cast<DictionaryAttr>(variables[0]);
  EXPECT_EQ(variable.getAs<IntegerAttr>("input").getInt(), 1);
  EXPECT_EQ(variable.getAs<StringAttr>("name"), "t1");
  EXPECT_EQ(toString(variable.getAs<TypeAttr>("type").getValue()),
            "tensor<1x8xi8>");
}

TEST_F(NodeTest, VariableOutput) {
  NetworkBuilder builder;
  const int32_t input = builder.addInput({1, 4});
  const int32_t state = builder.addTensor({1, 4});
  builder.tensor(state).is_variable = true;
  builder.addOperator(BuiltinOperator::LOGISTIC, {input}, {state});
  auto node = importNode(builder);
  ASSERT_TRUE(node);
  EXPECT_EQ(node.getNumResults(), 0u);
  EXPECT_TRUE(node.getStateful());
  auto variable =
      cast<DictionaryAttr>(node->getAttrOfType<ArrayAttr>("variables")[0]);
  EXPECT_EQ(variable.getAs<IntegerAttr>("output").getInt(), 0);
}

TEST_F(NodeTest, ChangedInput) {
  NetworkBuilder builder = buildUnary(BuiltinOperator::LOGISTIC);
  builder.graph().operators[0]->mutating_variable_inputs = {true};
  auto node = importNode(builder);
  ASSERT_TRUE(node);
  EXPECT_EQ(node.getInputs().size(), 1u);
  EXPECT_TRUE(node.getStateful());
}

TEST_F(NodeTest, StructuredOperatorOnVariable) {
  NetworkBuilder builder;
  const int32_t input = builder.addInput({1, 4});
  const int32_t state = builder.addTensor({1, 4});
  builder.tensor(state).is_variable = true;
  const int32_t result = builder.addOutput({1, 8});
  ConcatenationOptionsT options;
  options.axis = 1;
  builder.addOperator(BuiltinOperator::CONCATENATION, {state, input}, {result},
                      options);
  module = import(builder);
  ASSERT_TRUE(module);
  EXPECT_TRUE(only<NodeOp>(*module).getStateful());
  EXPECT_THAT(messages, ElementsAre("operator 0 (CONCATENATION) is imported as "
                                    "a node: it works on variables"));
}

TEST_F(NodeTest, EffectsWithoutTensors) {
  NetworkBuilder random = buildUnary(BuiltinOperator::RANDOM_UNIFORM);
  EXPECT_TRUE(importNode(random).getStateful());

  NetworkBuilder sink;
  const int32_t input = sink.addInput({1, 4});
  sink.addOperator(BuiltinOperator::ASSIGN_VARIABLE, {input}, {});
  EXPECT_TRUE(importNode(sink).getStateful());
}

//===----------------------------------------------------------------------===//
// Subgraphs
//===----------------------------------------------------------------------===//

TEST_F(NodeTest, CalledSubgraphs) {
  NetworkBuilder builder;
  builder.graph().name = "net";
  const int32_t input = builder.addInput({1, 4});
  const int32_t result = builder.addOutput({1, 4});
  IfOptionsT options;
  options.then_subgraph_index = 2;
  options.else_subgraph_index = 1;
  builder.addOperator(BuiltinOperator::IF, {input}, {result}, options);
  for (const char *name : {"net", ""}) {
    builder.addSubgraph(name);
    const int32_t x = builder.addInput({1, 4});
    const int32_t y = builder.addOutput({1, 4});
    builder.addOperator(BuiltinOperator::RELU, {x}, {y});
  }
  auto node = importNode(builder);
  ASSERT_TRUE(node);
  EXPECT_TRUE(node.getStateful());
  EXPECT_THAT(getCallees(node), ElementsAre("subgraph_2", "net_1"));
  std::vector<std::string> names;
  for (auto function : module->getOps<func::FuncOp>())
    names.push_back(function.getSymName().str());
  EXPECT_THAT(names, ElementsAre("net", "net_1", "subgraph_2"));
}

TEST_F(NodeTest, EveryOperatorThatCalls) {
  auto expectCallees = [&](auto setOptions, std::vector<std::string> expected) {
    NetworkBuilder builder;
    const int32_t input = builder.addInput({1, 4});
    const int32_t result = builder.addOutput({1, 4});
    setOptions(
        builder.addOperator(BuiltinOperator::LOGISTIC, {input}, {result}));
    builder.addSubgraph("one");
    builder.addSubgraph("two");
    auto node = importNode(builder);
    ASSERT_TRUE(node);
    EXPECT_EQ(getCallees(node), expected);
  };
  auto first = [](auto options) {
    return [options](OperatorT &op) mutable {
      op.builtin_options.Set(std::move(options));
    };
  };
  auto second = [](auto options) {
    return [options](OperatorT &op) mutable {
      op.builtin_options_2.Set(std::move(options));
    };
  };
  CallOptionsT call;
  call.subgraph = 1;
  expectCallees(first(call), {"one"});
  CallOnceOptionsT once;
  once.init_subgraph_index = 2;
  expectCallees(first(once), {"two"});
  WhileOptionsT loop;
  loop.cond_subgraph_index = 1;
  loop.body_subgraph_index = 2;
  expectCallees(first(loop), {"one", "two"});
  StablehloCustomCallOptionsT custom;
  custom.called_computations = {2, 1};
  expectCallees(second(custom), {"two", "one"});
  StablehloReduceOptionsT reduce;
  reduce.body_subgraph_index = 1;
  expectCallees(second(reduce), {"one"});
  StablehloScatterOptionsT scatter;
  scatter.update_computation_subgraph_index = 2;
  expectCallees(second(scatter), {"two"});
  StablehloReduceWindowOptionsT window;
  window.body_subgraph_index = 1;
  expectCallees(second(window), {"one"});
  StablehloSortOptionsT sort;
  sort.comparator_subgraph_index = 1;
  expectCallees(second(sort), {"one"});
  StablehloWhileOptionsT repeat;
  repeat.cond_subgraph_index = 2;
  repeat.body_subgraph_index = 1;
  expectCallees(second(repeat), {"two", "one"});
  StableHLOCompositeOptionsT composite;
  composite.decomposition_subgraph_index = 1;
  expectCallees(second(composite), {"one"});
}
