//===- PreconditionsTest.cpp - No rule of libonnx crashes -----------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every version of every operator, on inputs of up to five dimensions with
// random attributes. What is tested is that this ends: rules that read beyond a
// shape follow a wild pointer sooner or later.
//
//===----------------------------------------------------------------------===//

#include "Preconditions.h"

#include "serenity/Core/Graph/RandomSource.h"

#include "gmock/gmock.h"
#include <onnx/shape_inference/implementation.h>

#include <deque>

using ::onnx::AttributeProto;
using ::onnx::NodeProto;
using ::onnx::OpSchema;
using ::onnx::TensorProto;
using ::onnx::TypeProto;
using serenity::core::RandomSource;

namespace {

/// Numbers of which some break any rule.
int64_t drawNumber(RandomSource &random) {
  constexpr int64_t numbers[] = {-100, -3, -2, -1, 0, 0, 1, 1, 2, 2, 3, 100};
  return numbers[random.below(std::size(numbers))];
}

/// A node of one operator and what it reads.
class RandomNode {
public:
  RandomNode(const OpSchema &schema, RandomSource &random)
      : schema(schema), random(random) {
    node.set_op_type(schema.Name());
    const int64_t rank = random.below(6);
    const int numInputs =
        std::min(schema.max_input(), schema.min_input() + int(random.below(3)));
    for (int i = 0; i < numInputs; ++i)
      addInput(i, random.chance(0.5) ? rank : random.below(6));
    for (const auto &[name, attribute] : schema.attributes())
      if (attribute.required || random.chance(0.5))
        addAttribute(name, attribute.type, rank);
    const int numOutputs = std::max(1, schema.min_output());
    for (int i = 0; i < std::min(numOutputs + 1, schema.max_output()); ++i)
      node.add_output("output" + std::to_string(i));
  }

  /// Runs the rules; returns whether they were content.
  bool infer();

private:
  void addInput(int i, int64_t rank);
  void addAttribute(const std::string &name, AttributeProto::AttributeType type,
                    int64_t rank);

  const OpSchema &schema;
  RandomSource &random;
  NodeProto node;
  std::deque<TypeProto> types;
  std::deque<TensorProto> tensors;
  std::unordered_map<std::string, TypeProto *> typesByName;
  std::unordered_map<std::string, const TensorProto *> tensorsByName;
};

} // namespace

/// Most shapes are known, and the contents of small tensors of integers.
void RandomNode::addInput(int i, int64_t rank) {
  const std::string name = "input" + std::to_string(i);
  node.add_input(name);
  auto &type = *types.emplace_back().mutable_tensor_type();
  typesByName[name] = &types.back();
  type.set_elem_type(TensorProto::FLOAT);
  if (random.chance(0.1))
    return; // Of unknown shape.
  type.mutable_shape();
  for (int64_t dim = 0; dim < rank; ++dim)
    type.mutable_shape()->add_dim()->set_dim_value(random.below(4));
  if (i == 0 || rank > 1 || random.chance(0.3))
    return;
  TensorProto &tensor = tensors.emplace_back();
  tensorsByName[name] = &tensor;
  type.set_elem_type(TensorProto::INT64);
  tensor.set_data_type(TensorProto::INT64);
  const int64_t size = rank == 0 ? 1 : type.shape().dim(0).dim_value();
  if (rank == 1)
    tensor.add_dims(size);
  for (int64_t element = 0; element < size; ++element)
    tensor.add_int64_data(drawNumber(random));
}

void RandomNode::addAttribute(const std::string &name,
                              AttributeProto::AttributeType type,
                              int64_t rank) {
  AttributeProto &attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(type);
  attribute.set_i(drawNumber(random));
  attribute.set_f(1);
  attribute.set_s(name == "auto_pad" ? "SAME_UPPER" : "ij,jk->ik");
  // As many as a window has dimensions, or any other number.
  const int64_t window = std::max<int64_t>(rank - 2, 0);
  const int64_t size = random.chance(0.75)
                           ? (name == "pads" ? 2 * window : window)
                           : random.below(7);
  for (int64_t i = 0; i < size; ++i)
    attribute.add_ints(drawNumber(random));
}

bool RandomNode::infer() {
  const std::unordered_map<std::string, const ::onnx::SparseTensorProto *>
      sparse;
  try {
    schema.Verify(node);
    ::onnx::shape_inference::InferenceContextImpl context(
        node, typesByName, tensorsByName, sparse);
    serenity::onnxformat::checkPreconditions(schema, context);
    schema.GetTypeAndShapeInferenceFunction()(context);
    return true;
  } catch (const std::exception &) {
    return false;
  }
}

TEST(PreconditionsTest, NoRuleCrashes) {
  constexpr int numNodes = 300;
  RandomSource random(/*seed=*/1);
  int numContent = 0, numRefused = 0;
  for (const OpSchema &schema :
       ::onnx::OpSchemaRegistry::get_all_schemas_with_history()) {
    if (!schema.has_type_and_shape_inference_function())
      continue;
    SCOPED_TRACE(schema.Name());
    for (int i = 0; i < numNodes; ++i)
      ++(RandomNode(schema, random).infer() ? numContent : numRefused);
  }
  // Neither is the exception.
  EXPECT_GT(numContent, 10'000);
  EXPECT_GT(numRefused, 10'000);
}
