//===- ShapeInference.cpp - Shapes by ONNX's own rules --------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// libonnx throws exceptions, which end here.
//
//===----------------------------------------------------------------------===//

#include "ShapeInference.h"
#include "OldOperators.h"
#include "Preconditions.h"
#include <deque>
#include <map>
#include <onnx/shape_inference/implementation.h>
#include <utility>

using namespace mlir;
using namespace serenity;
using namespace serenity::onnxformat;
using ::onnx::NodeProto;
using ::onnx::OpSchema;
using ::onnx::TensorProto;
using ::onnx::TypeProto;

using InferredTypes = SmallVector<std::optional<SourceType>>;

namespace {
/// libonnx's operators, whose rules check first what they take for granted.
/// This reaches the nodes of functions and of graphs inside nodes too.
class CheckedRegistry : public ::onnx::ISchemaRegistry {
public:
  const OpSchema *GetSchema(const std::string &kind, const int version,
                            const std::string &domain) const override;

  /// What the first rule said that failed since then. libonnx keeps silent on
  /// some, and follows others with an error that they caused.
  std::string takeProblem() const { return std::exchange(problem, {}); }

private:
  void applyRules(const OpSchema &schema,
                  ::onnx::InferenceContext &context) const;

  mutable std::map<const OpSchema *, OpSchema> checked;
  mutable std::string problem;
};
} // namespace

void CheckedRegistry::applyRules(const OpSchema &schema,
                                 ::onnx::InferenceContext &context) const {
  try {
    checkPreconditions(schema, context);
    schema.GetTypeAndShapeInferenceFunction()(context);
  } catch (const std::exception &error) {
    if (problem.empty())
      problem = error.what();
    throw;
  }
}

const OpSchema *CheckedRegistry::GetSchema(const std::string &kind,
                                           const int version,
                                           const std::string &domain) const {
  const OpSchema *schema =
      ::onnx::OpSchemaRegistry::Schema(kind, version, getDomain(domain).str());
  if (!schema || !schema->has_type_and_shape_inference_function())
    return schema;
  auto [entry, isNew] = checked.try_emplace(schema, *schema);
  if (isNew)
    entry->second.TypeAndShapeInferenceFunction(
        [this, schema](::onnx::InferenceContext &context) {
          applyRules(*schema, context);
        });
  return &entry->second;
}

struct ShapeInference::Impl {
  explicit Impl(const ModelFile &file) : file(file) {
    for (const ::onnx::OperatorSetIdProto &opset :
         file.getModel().opset_import())
      opsets[getDomain(opset.domain()).str()] = file.getOpset(opset.domain());
    opsets[""] = file.getOpset("");
    for (const ::onnx::FunctionProto &function : file.getModel().functions())
      functions[function.domain() + ":" + function.name()] = &function;
  }

  /// The function of the file that `node` calls; null if it calls none.
  const ::onnx::FunctionProto *findFunction(const NodeProto &node) const {
    auto found = functions.find(node.domain() + ":" + node.op_type());
    return found == functions.end() ? nullptr : found->second;
  }
  /// The integers in the tensor `name`, if they are known.
  std::optional<SmallVector<int64_t>> findIntegers(const std::string &name);
  /// Runs the rules of `node`; throws what libonnx throws.
  InferredTypes infer(NodeProto &node);

  const ModelFile &file;
  CheckedRegistry registry;
  std::unordered_map<std::string, int> opsets;
  ::onnx::shape_inference::ModelLocalFunctionsMap functions;
  std::deque<TypeProto> storage;
  std::unordered_map<std::string, TypeProto *> types;
  std::unordered_map<std::string, const TensorProto *> contents;
};

ShapeInference::ShapeInference(const ModelFile &file)
    : impl(std::make_unique<Impl>(file)) {}

ShapeInference::~ShapeInference() = default;

void ShapeInference::addTensor(StringRef name, const SourceType &type,
                               const TensorProto *contents) {
  TypeProto::Tensor &tensor =
      *impl->storage.emplace_back().mutable_tensor_type();
  tensor.set_elem_type(type.element);
  // Even a scalar has a shape.
  ::onnx::TensorShapeProto &shape = *tensor.mutable_shape();
  for (int64_t size : type.shape)
    shape.add_dim()->set_dim_value(size);
  impl->types[name.str()] = &impl->storage.back();
  if (contents)
    impl->contents[name.str()] = contents;
}

/// What was inferred as `type`; nothing if that is not a tensor of known size.
static std::optional<SourceType> readType(const TypeProto &type) {
  if (!type.has_tensor_type() || !type.tensor_type().has_shape())
    return std::nullopt;
  SourceType result{type.tensor_type().elem_type(), {}};
  for (const auto &dim : type.tensor_type().shape().dim()) {
    if (!dim.has_dim_value() || dim.dim_value() < 0)
      return std::nullopt;
    result.shape.push_back(dim.dim_value());
  }
  return result;
}

std::optional<SmallVector<int64_t>>
ShapeInference::Impl::findIntegers(const std::string &name) {
  auto tensor = contents.find(name);
  if (tensor == contents.end() ||
      tensor->second->data_type() != TensorProto::INT64)
    return std::nullopt;
  return SmallVector<int64_t>(tensor->second->int64_data().begin(),
                              tensor->second->int64_data().end());
}

/// Takes out of `call` the inputs that it leaves out, and out of `function`
/// what would have taken them: libonnx wants a type for each.
static void dropAbsentInputs(NodeProto &call, ::onnx::FunctionProto &function) {
  for (int i = function.input_size() - 1; i >= 0; --i) {
    if (i < call.input_size() && !call.input(i).empty())
      continue;
    function.mutable_input()->DeleteSubrange(i, 1);
    if (i < call.input_size())
      call.mutable_input()->DeleteSubrange(i, 1);
  }
}

InferredTypes ShapeInference::Impl::infer(NodeProto &node) {
  ::onnx::FunctionProto function;
  const ::onnx::FunctionProto *callee = findFunction(node);
  if (callee) {
    function = *callee;
    dropAbsentInputs(node, function);
  }
  ::onnx::shape_inference::SymbolTableImpl symbols;
  const std::unordered_map<std::string, const ::onnx::SparseTensorProto *>
      sparse;
  // Inside functions and subgraphs shapes can be computed from shapes too.
  std::unordered_map<std::string, ::onnx::TensorShapeProto> shapeData;
  ::onnx::shape_inference::GraphInferenceContext outer(
      types, opsets, &symbols, functions, &registry, &shapeData);
  ::onnx::shape_inference::InferenceContextImpl context(
      node, types, contents, sparse, nullptr, &outer);

  if (callee) {
    ::onnx::shape_inference::InferShapeForFunctionNode(
        function, &registry, context,
        {/*check_type=*/false, /*strict_mode=*/1, /*data_prop=*/true},
        functions, &symbols, &shapeData);
  } else if (const OpSchema *schema = registry.GetSchema(
                 node.op_type(), file.getOpset(node.domain()), node.domain())) {
    schema->Verify(node);
    if (schema->has_type_and_shape_inference_function())
      schema->GetTypeAndShapeInferenceFunction()(context);
  }
  InferredTypes result;
  for (const TypeProto &type : context.allOutputTypes_)
    result.push_back(readType(type));
  return result;
}

/// The first line of what libonnx says, without its own decoration.
static std::string simplify(StringRef message) {
  message = message.ltrim();
  for (StringRef prefix : {"[TypeInferenceError] ", "[ShapeInferenceError] "})
    message.consume_front(prefix);
  const std::string quoted =
      quote(message.take_until([](char c) { return c == '\n'; }));
  return quoted.substr(1, quoted.size() - 2);
}

/// Whether `node` follows a version of its operators that is later than what
/// libonnx knows.
static bool isNewerThanLibrary(const ModelFile &file, const NodeProto &node) {
  const auto &versions =
      ::onnx::OpSchemaRegistry::DomainToVersionRange::Instance().Map();
  auto known = versions.find(getDomain(node.domain()).str());
  return known == versions.end() ||
         file.getOpset(node.domain()) > known->second.second;
}

llvm::Expected<InferredTypes> ShapeInference::infer(int64_t index) {
  NodeProto node = impl->file.getGraph().node(index);
  InferredTypes types(node.output_size());
  const bool isNewer =
      !impl->findFunction(node) && isNewerThanLibrary(impl->file, node);
  if (isNewer)
    useOldOperator(node,
                   [&](int i) { return impl->findIntegers(node.input(i)); });
  std::string problem;
  try {
    types = impl->infer(node);
  } catch (const std::exception &error) {
    problem = error.what();
  }
  const std::string firstProblem = impl->registry.takeProblem();
  if (!firstProblem.empty() &&
      !llvm::all_of(types, [](const auto &type) { return type.has_value(); }))
    problem = firstProblem;
  if (isNewer || problem.empty())
    return types;
  return llvm::createStringError(simplify(problem));
}
