//===- Network.cpp - What is left of a graph before it runs ---------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Network.h"
#include "Contents.h"
#include "Integers.h"
#include "NodeReader.h"
#include "ShapeInference.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::onnxformat;
using ::onnx::NodeProto;
using ::onnx::TensorProto;

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

/// The names that the graphs inside `node` read, in order, those among them
/// that these graphs define themselves included: what is defined outside has
/// another name.
static llvm::SetVector<StringRef> findInnerReads(const NodeProto &node) {
  llvm::SetVector<StringRef> names;
  std::vector<const ::onnx::GraphProto *> stack;
  auto pushGraphs = [&](const NodeProto &outer) {
    for (const ::onnx::AttributeProto &attribute : outer.attribute()) {
      if (attribute.has_g())
        stack.push_back(&attribute.g());
      for (const ::onnx::GraphProto &graph : attribute.graphs())
        stack.push_back(&graph);
    }
  };
  pushGraphs(node);
  while (!stack.empty()) {
    const ::onnx::GraphProto &graph = *stack.back();
    stack.pop_back();
    for (const NodeProto &inner : graph.node()) {
      for (const std::string &name : inner.input())
        names.insert(name);
      pushGraphs(inner);
    }
    for (const ::onnx::ValueInfoProto &output : graph.output())
      names.insert(output.name());
  }
  return names;
}

/// All names that something in `graph` reads, or that are its outputs.
static llvm::StringSet<> findReads(const ::onnx::GraphProto &graph) {
  llvm::StringSet<> names;
  for (const NodeProto &node : graph.node()) {
    for (const std::string &name : node.input())
      names.insert(name);
    for (StringRef name : findInnerReads(node))
      names.insert(name);
  }
  for (const ::onnx::ValueInfoProto &output : graph.output())
    names.insert(output.name());
  return names;
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

namespace {
class NetworkReader {
public:
  NetworkReader(const ModelFile &file, OpenDimensions dimensions)
      : file(file), graph(file.getGraph()), dimensions(std::move(dimensions)),
        inference(file), reads(findReads(graph)) {}

  FailureOr<Network> run();

private:
  using Types = SmallVector<std::optional<SourceType>>;

  LogicalResult addInitializers();
  LogicalResult emitOpenInput(const ::onnx::ValueInfoProto &input) const;
  LogicalResult addInputs();
  LogicalResult addOutputs();
  void addDeclarations();

  LogicalResult addNode(int64_t index);
  LogicalResult addAlias(Node &node, int64_t input);
  LogicalResult addConstantNode(Node &node);
  LogicalResult addResults(Node &node);
  LogicalResult resolveInputs(Node &node);
  bool isDeclared(const NodeProto &node) const;
  FailureOr<Types> inferTypes(Node &node);
  std::optional<SourceType> choose(StringRef name,
                                   std::optional<SourceType> type);
  std::optional<Constant> computeConstant(const Node &node,
                                          const SourceType &type) const;
  std::optional<int64_t> findForwarded(const Node &node) const;

  /// Adds a tensor; `describe` says what it is in a diagnostic.
  FailureOr<int64_t> addValue(StringRef name, const SourceType &type,
                              std::optional<Constant> constant,
                              const Twine &describe);
  LogicalResult define(StringRef name, int64_t value, const Twine &describe);
  void addToInference(StringRef name, const Tensor &value);

  const ModelFile &file;
  const ::onnx::GraphProto &graph;
  OpenDimensions dimensions;
  ShapeInference inference;
  /// Names that are read somewhere.
  llvm::StringSet<> reads;
  /// What the file says of the types of results.
  llvm::StringMap<SourceType> declared;
  /// Positions of the values by name; several names may be one value.
  llvm::StringMap<int64_t> values;
  /// Tensors whose declared shape is not what was inferred, and the first.
  int64_t numContradictions = 0;
  StringRef contradiction;
  Network network;
};
} // namespace

LogicalResult NetworkReader::define(StringRef name, int64_t value,
                                    const Twine &describe) {
  if (values.try_emplace(name, value).second)
    return success();
  return file.emitError() << describe << " writes " << quote(name)
                          << ", which was written before";
}

/// Integers in the form that shape inference wants.
static TensorProto makeTensor(const SourceType &type,
                              ArrayRef<int64_t> integers) {
  TensorProto tensor;
  tensor.set_data_type(type.element);
  for (int64_t size : type.shape)
    tensor.add_dims(size);
  for (int64_t integer : integers)
    if (type.element == TensorProto::INT64)
      tensor.add_int64_data(integer);
    else
      tensor.add_int32_data(integer);
  return tensor;
}

void NetworkReader::addToInference(StringRef name, const Tensor &value) {
  const TensorProto *contents = nullptr;
  if (value.constant && value.constant->integers) {
    network.tensors.push_back(
        makeTensor(value.type, *value.constant->integers));
    contents = &network.tensors.back();
  } else if (value.constant) {
    contents = findSmallTensor(file, value);
  }
  inference.addTensor(name, value.type, contents);
}

FailureOr<int64_t> NetworkReader::addValue(StringRef name,
                                           const SourceType &type,
                                           std::optional<Constant> constant,
                                           const Twine &describe) {
  auto valid = getTensorType(type, file.getContext());
  if (!valid)
    return file.emitError() << describe << ", tensor " << quote(name) << ": "
                            << llvm::toString(valid.takeError());
  if (failed(define(name, network.values.size(), describe)))
    return failure();
  Tensor value{name, type, std::move(constant)};
  if (value.constant && !value.constant->integers)
    value.constant->integers = readFewIntegers(file, value);
  addToInference(name, value);
  network.values.push_back(std::move(value));
  return network.values.size() - 1;
}

/// What ConstantOfShape fills with if it does not say.
static const TensorProto &getZero() {
  static const TensorProto zero = [] {
    TensorProto tensor;
    tensor.set_data_type(TensorProto::FLOAT);
    tensor.add_dims(1);
    tensor.add_float_data(0);
    return tensor;
  }();
  return zero;
}

static SourceType getDeclaredType(const TensorProto &tensor) {
  return {tensor.data_type(),
          SmallVector<int64_t>(tensor.dims().begin(), tensor.dims().end())};
}

/// An initializer that is also an input is a default, which stands.
LogicalResult NetworkReader::addInitializers() {
  for (const TensorProto &tensor : graph.initializer())
    if (failed(addValue(tensor.name(), getDeclaredType(tensor),
                        Constant{&tensor}, "an initializer")))
      return failure();
  for (const ::onnx::SparseTensorProto &sparse : graph.sparse_initializer()) {
    SourceType type{
        sparse.values().data_type(),
        SmallVector<int64_t>(sparse.dims().begin(), sparse.dims().end())};
    if (failed(addValue(sparse.values().name(), type, Constant(),
                        "a sparse initializer")))
      return failure();
  }
  return success();
}

/// Reports that `input` has a dimension of unknown size.
LogicalResult
NetworkReader::emitOpenInput(const ::onnx::ValueInfoProto &input) const {
  const auto &type = input.type().tensor_type();
  if (!type.has_shape())
    return file.emitError()
           << "input " << quote(input.name()) << " has no shape";
  int dim = 0;
  while (dimensions.getSize(type.shape(), dim, /*isInput=*/true))
    ++dim;
  const std::string &name = type.shape().dim(dim).dim_param();
  InFlightDiagnostic error = file.emitError()
                             << "the size of dimension " << dim << " of input "
                             << quote(input.name()) << " is unknown";
  if (!name.empty())
    error << "; --dim=" << StringRef(quote(name)).drop_front().drop_back()
          << "=N sets it";
  return error;
}

LogicalResult NetworkReader::addInputs() {
  for (const ::onnx::ValueInfoProto &input : graph.input()) {
    if (values.contains(input.name()))
      continue;
    if (!input.type().has_tensor_type())
      return file.emitError()
             << "input " << quote(input.name()) << " is not a tensor";
    auto type = dimensions.resolve(input.type(), /*isInput=*/true);
    if (!type)
      return emitOpenInput(input);
    auto value = addValue(input.name(), *type, std::nullopt, "an input");
    if (failed(value))
      return failure();
    network.inputs.push_back(*value);
  }
  return success();
}

LogicalResult NetworkReader::addOutputs() {
  for (const ::onnx::ValueInfoProto &output : graph.output()) {
    auto value = values.find(output.name());
    if (value == values.end())
      return file.emitError()
             << "output " << quote(output.name()) << " is written by no node";
    network.outputs.push_back(value->second);
  }
  return success();
}

/// Notes what the file says of the types of results.
void NetworkReader::addDeclarations() {
  for (const auto *list : {&graph.output(), &graph.value_info()})
    for (const ::onnx::ValueInfoProto &info : *list)
      if (auto type = dimensions.resolve(info.type(), /*isInput=*/false))
        declared[info.name()] = *type;
}

FailureOr<Network> NetworkReader::run() {
  if (failed(addInitializers()) || failed(addInputs()))
    return failure();
  addDeclarations();
  for (int64_t i = 0; i < graph.node_size(); ++i)
    if (failed(addNode(i)))
      return failure();
  if (failed(addOutputs()))
    return failure();
  if (numContradictions != 0)
    file.emitWarning() << "the shapes that the file declares of "
                       << numContradictions << " tensors, "
                       << quote(contradiction)
                       << " the first, are not what their nodes give; the "
                          "declared ones are taken";
  return std::move(network);
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

LogicalResult NetworkReader::resolveInputs(Node &node) {
  for (const std::string &name : node.proto->input()) {
    auto value = values.find(name);
    if (!name.empty() && value == values.end())
      return file.emitError()
             << file.describeNode(node.index) << " reads " << quote(name)
             << ", which nothing has written before it";
    node.inputs.push_back(name.empty() ? -1 : value->second);
  }
  for (StringRef name : findInnerReads(*node.proto)) {
    auto value = values.find(name);
    if (!name.empty() && value != values.end())
      node.captured.push_back(value->second);
  }
  return success();
}

/// The input that `node` hands on as its first output, if it does nothing else
/// when a trained network runs.
std::optional<int64_t> NetworkReader::findForwarded(const Node &node) const {
  const NodeProto &proto = *node.proto;
  if (!node.hasInput(0) || proto.output_size() == 0)
    return std::nullopt;
  const int64_t input = node.inputs[0];
  if (isOperator(proto, "Identity"))
    return input;
  if (isOperator(proto, "Cast") &&
      getInteger(proto, "to", 0) == network.values[input].type.element)
    return input;
  if (!isOperator(proto, "Dropout") ||
      (proto.output_size() > 1 && reads.contains(proto.output(1))))
    return std::nullopt;
  if (!node.hasInput(2))
    return input;
  const auto &training = network.values[node.inputs[2]].constant;
  const bool isInference =
      training && training->integers &&
      llvm::all_of(*training->integers, [](int64_t flag) { return flag == 0; });
  return isInference ? std::optional(input) : std::nullopt;
}

LogicalResult NetworkReader::addAlias(Node &node, int64_t input) {
  const std::string &name = node.proto->output(0);
  if (failed(define(name, input, file.describeNode(node.index))))
    return failure();
  addToInference(name, network.values[input]);
  return success();
}

/// The contents that a node of kind Constant has in `attribute`; nothing if
/// they are not numbers.
static std::optional<TensorProto>
readConstant(const ::onnx::AttributeProto &attribute) {
  TensorProto tensor;
  const StringRef name = attribute.name();
  if (name == "value")
    return attribute.t();
  if (name == "value_float" || name == "value_floats") {
    tensor.set_data_type(TensorProto::FLOAT);
    *tensor.mutable_float_data() = attribute.floats();
    if (name == "value_float")
      tensor.add_float_data(attribute.f());
  } else if (name == "value_int" || name == "value_ints") {
    tensor.set_data_type(TensorProto::INT64);
    *tensor.mutable_int64_data() = attribute.ints();
    if (name == "value_int")
      tensor.add_int64_data(attribute.i());
  } else {
    return std::nullopt;
  }
  if (name.ends_with("s"))
    tensor.add_dims(attribute.floats_size() + attribute.ints_size());
  return tensor;
}

LogicalResult NetworkReader::addConstantNode(Node &node) {
  const NodeProto &proto = *node.proto;
  auto tensor = proto.attribute_size() == 1 && proto.output_size() == 1
                    ? readConstant(proto.attribute(0))
                    : std::nullopt;
  if (!tensor)
    return file.emitError()
           << file.describeNode(node.index) << " has no numbers for a value";
  network.tensors.push_back(std::move(*tensor));
  const TensorProto &kept = network.tensors.back();
  return addValue(proto.output(0), getDeclaredType(kept), Constant{&kept},
                  file.describeNode(node.index));
}

/// The type of the result `name`, inferred as `type` if at all. Where the file
/// says something else, that counts: some leave out attributes, but the shapes
/// are what their author measured.
std::optional<SourceType>
NetworkReader::choose(StringRef name, std::optional<SourceType> type) {
  auto known = declared.find(name);
  if (known == declared.end())
    return type;
  if (!type || known->second.shape == type->shape)
    return type ? type : known->second;
  if (numContradictions++ == 0)
    contradiction = name;
  return SourceType{type->element, known->second.shape};
}

/// Whether the file gives the shapes of all results of `node`.
bool NetworkReader::isDeclared(const NodeProto &node) const {
  return llvm::all_of(node.output(), [&](const std::string &name) {
    return name.empty() || declared.contains(name);
  });
}

FailureOr<NetworkReader::Types> NetworkReader::inferTypes(Node &node) {
  auto types = inference.infer(node.index);
  if (!types) {
    const std::string reason = llvm::toString(types.takeError());
    if (!isDeclared(*node.proto))
      return file.emitError()
             << file.describeNode(node.index) << ": " << reason;
    file.emitWarning() << file.describeNode(node.index)
                       << " is imported as a node, as the file declares its "
                          "results: "
                       << reason;
    node.breaksRules = true;
    types = Types(node.proto->output_size());
  }
  for (auto [name, type] : llvm::zip_equal(node.proto->output(), *types)) {
    type = choose(name, type);
    if (!type && reads.contains(name))
      return file.emitError()
             << file.describeNode(node.index) << ": the shape of "
             << quote(name)
             << " cannot be inferred, and the file does not give it";
  }
  return std::move(*types);
}

/// Whether the result has the elements of the first input in the same order.
static bool isReshape(const NodeProto &node) {
  return isOperator(node, "Reshape") || isOperator(node, "Flatten") ||
         isOperator(node, "Squeeze") || isOperator(node, "Unsqueeze");
}

std::optional<Constant>
NetworkReader::computeConstant(const Node &node, const SourceType &type) const {
  const NodeProto &proto = *node.proto;
  if (isOperator(proto, "ConstantOfShape")) {
    const ::onnx::AttributeProto *value = findAttribute(proto, "value");
    return Constant{value ? &value->t() : &getZero(), /*isSplat=*/true};
  }
  if (isReshape(proto) && node.hasInput(0) &&
      network.values[node.inputs[0]].constant)
    return network.values[node.inputs[0]].constant;

  std::deque<KnownInput> known;
  SmallVector<const KnownInput *> inputs;
  for (int64_t input : node.inputs) {
    inputs.push_back(nullptr);
    if (input < 0)
      continue;
    const Tensor &value = network.values[input];
    known.push_back(
        {value.type, value.constant ? value.constant->integers : std::nullopt});
    inputs.back() = &known.back();
  }
  Constant constant;
  constant.integers = computeIntegers(proto, inputs, type);
  return constant.integers ? std::optional(constant) : std::nullopt;
}

LogicalResult NetworkReader::addResults(Node &node) {
  FailureOr<Types> types = inferTypes(node);
  if (failed(types))
    return failure();
  const std::string description = file.describeNode(node.index);
  if (types->size() == 1 && types->front())
    if (auto constant = computeConstant(node, *types->front()))
      return addValue(node.proto->output(0), *types->front(), constant,
                      description);
  for (auto [name, type] : llvm::zip_equal(node.proto->output(), *types)) {
    node.outputs.push_back(-1);
    if (!type || name.empty())
      continue;
    auto value = addValue(name, *type, std::nullopt, description);
    if (failed(value))
      return failure();
    node.outputs.back() = *value;
  }
  network.nodes.push_back(std::move(node));
  return success();
}

LogicalResult NetworkReader::addNode(int64_t index) {
  Node node;
  node.proto = &graph.node(index);
  node.index = index;
  if (failed(resolveInputs(node)))
    return failure();
  if (std::optional<int64_t> input = findForwarded(node))
    return addAlias(node, *input);
  if (isOperator(*node.proto, "Constant"))
    return addConstantNode(node);
  return addResults(node);
}

FailureOr<Network> onnxformat::readNetwork(const ModelFile &file,
                                           const ONNXImportOptions &options) {
  FailureOr<OpenDimensions> dimensions = OpenDimensions::find(file, options);
  if (failed(dimensions))
    return failure();
  return NetworkReader(file, std::move(*dimensions)).run();
}

//===----------------------------------------------------------------------===//
// Batch normalisation
//===----------------------------------------------------------------------===//

std::vector<int64_t> Network::countReads() const {
  std::vector<int64_t> reads(values.size());
  auto count = [&](ArrayRef<int64_t> list) {
    for (int64_t value : list)
      if (value >= 0)
        ++reads[value];
  };
  for (const Node &node : nodes) {
    count(node.inputs);
    count(node.captured);
    count(node.normalizers);
  }
  count(outputs);
  return reads;
}

namespace {
/// Finds what can be folded, and folds it.
class NormalizationFolder {
public:
  explicit NormalizationFolder(Network &network)
      : network(network), reads(network.countReads()),
        producers(network.values.size(), -1) {}

  void run();

private:
  /// Whether input `i` is a constant that can be computed with.
  bool isRealConstant(const Node &node, size_t i) const {
    return node.hasInput(i) && network.values[node.inputs[i]].constant &&
           isReal(getType(node.inputs[i]).element);
  }
  const SourceType &getType(int64_t value) const {
    return network.values[value].type;
  }
  bool isFoldable(const Node &node) const;
  bool canTake(const Node &conv) const;
  bool fold(Node &node);

  Network &network;
  std::vector<int64_t> reads;
  /// Positions of the nodes that write the values; -1 for none.
  std::vector<int64_t> producers;
};
} // namespace

bool NormalizationFolder::isFoldable(const Node &node) const {
  if (!isNormalization(network, node))
    return false;
  for (size_t i = 1; i < 5; ++i)
    if (!isRealConstant(node, i))
      return false;
  for (size_t i = 1; i < node.outputs.size(); ++i)
    if (node.hasOutput(i) && reads[node.outputs[i]] != 0)
      return false;
  return true;
}

/// Whether `conv` is a convolution of images whose weights can change.
bool NormalizationFolder::canTake(const Node &conv) const {
  if (!isOperator(*conv.proto, "Conv") || conv.normalization >= 0 ||
      getType(conv.outputs[0]).getRank() != 4 || reads[conv.outputs[0]] != 1)
    return false;
  for (size_t i = 1; i < conv.inputs.size(); ++i)
    if (conv.hasInput(i) && !isRealConstant(conv, i))
      return false;
  return isRealConstant(conv, 1);
}

bool NormalizationFolder::fold(Node &node) {
  if (!isFoldable(node) || producers[node.inputs[0]] < 0)
    return false;
  Node &conv = network.nodes[producers[node.inputs[0]]];
  if (!canTake(conv))
    return false;
  conv.normalization = node.index;
  conv.normalizers.assign(node.inputs.begin() + 1, node.inputs.begin() + 5);
  conv.outputs[0] = node.outputs[0];
  producers[node.outputs[0]] = &conv - network.nodes.data();
  return true;
}

void NormalizationFolder::run() {
  std::vector<bool> folded(network.nodes.size());
  for (size_t i = 0; i < network.nodes.size(); ++i) {
    Node &node = network.nodes[i];
    folded[i] = fold(node);
    if (!folded[i])
      for (int64_t output : node.outputs)
        if (output >= 0)
          producers[output] = i;
  }
  size_t i = 0;
  llvm::erase_if(network.nodes, [&](const Node &) { return folded[i++]; });
}

bool onnxformat::isNormalization(const Network &network, const Node &node) {
  if (!isOperator(*node.proto, "BatchNormalization") ||
      node.inputs.size() < 5 || !node.hasInput(0) || !node.hasOutput(0) ||
      getInteger(*node.proto, "training_mode", 0) != 0)
    return false;
  const SourceType &type = network.values[node.inputs[0]].type;
  for (size_t i = 1; i < 5; ++i) {
    if (!node.hasInput(i))
      return false;
    const Tensor &number = network.values[node.inputs[i]];
    if (type.getRank() < 2 || !number.constant ||
        number.type.shape != ArrayRef<int64_t>(type.shape[1]))
      return false;
  }
  return true;
}

void onnxformat::foldNormalizations(Network &network) {
  NormalizationFolder(network).run();
}
