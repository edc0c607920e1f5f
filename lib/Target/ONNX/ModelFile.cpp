//===- ModelFile.cpp - An ONNX file that was parsed -----------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModelFile.h"
#include "mlir/IR/Location.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

using namespace mlir;
using namespace serenity;
using namespace serenity::onnxformat;
using ::onnx::TensorProto;

//===----------------------------------------------------------------------===//
// Opening
//===----------------------------------------------------------------------===//

FailureOr<ModelFile> ModelFile::open(llvm::MemoryBufferRef buffer,
                                     MLIRContext *context) {
  ModelFile file(
      buffer.getBufferIdentifier(),
      FileLineColLoc::get(context, buffer.getBufferIdentifier(), 0, 0));
  if (buffer.getBufferSize() > std::numeric_limits<int>::max())
    return file.emitError() << "the file has " << buffer.getBufferSize()
                            << " bytes, protobuf reads at most "
                            << std::numeric_limits<int>::max();
  google::protobuf::io::ArrayInputStream stream(buffer.getBufferStart(),
                                                buffer.getBufferSize());
  if (!file.model->ParseFromZeroCopyStream(&stream) || !file.model->has_graph())
    return file.emitError() << "not an ONNX file: no model can be parsed";
  if (failed(file.checkFunctions()))
    return failure();
  return file;
}

/// Calls `visit` on every node of `nodes` and of the graphs inside them.
template <typename NodesT>
static void
walkNodes(const NodesT &nodes,
          llvm::function_ref<void(const ::onnx::NodeProto &)> visit) {
  std::vector<const ::onnx::NodeProto *> stack;
  auto push = [&](const auto &list) {
    for (const ::onnx::NodeProto &node : list)
      stack.push_back(&node);
  };
  push(nodes);
  while (!stack.empty()) {
    const ::onnx::NodeProto &node = *stack.back();
    stack.pop_back();
    visit(node);
    for (const ::onnx::AttributeProto &attribute : node.attribute()) {
      push(attribute.g().node());
      for (const ::onnx::GraphProto &graph : attribute.graphs())
        push(graph.node());
    }
  }
}

/// What names a function where it is called and where it is defined.
static std::string getFunctionKey(StringRef domain, StringRef name) {
  return (domain + ":" + name).str();
}

/// The number of nodes that `nodes` have if every call of a function is written
/// out, functions being as large as `sizes` says; nothing if they call one that
/// is not there yet, although it is among `names`.
static std::optional<int64_t>
countNodes(const google::protobuf::RepeatedPtrField<::onnx::NodeProto> &nodes,
           const llvm::StringSet<> &names,
           const llvm::StringMap<int64_t> &sizes) {
  std::optional<int64_t> count = 0;
  walkNodes(nodes, [&](const ::onnx::NodeProto &node) {
    const std::string key = getFunctionKey(node.domain(), node.op_type());
    if (names.contains(key) && !sizes.contains(key))
      count = std::nullopt;
    if (count)
      count = llvm::SaturatingAdd<uint64_t>(*count, 1 + sizes.lookup(key));
  });
  return count;
}

/// Finds the sizes of functions, those first that call no others. Shapes are
/// inferred by running through every call, so that a few functions calling each
/// other twice each could keep that busy for ever.
LogicalResult ModelFile::checkFunctions() const {
  constexpr int64_t maxNodes = 1'000'000;
  llvm::StringSet<> names;
  for (const ::onnx::FunctionProto &function : model->functions())
    names.insert(getFunctionKey(function.domain(), function.name()));
  llvm::StringMap<int64_t> sizes;
  for (size_t before = 0; sizes.size() < names.size(); before = sizes.size()) {
    for (const ::onnx::FunctionProto &function : model->functions())
      if (auto size = countNodes(function.node(), names, sizes))
        sizes[getFunctionKey(function.domain(), function.name())] =
            std::min(*size, maxNodes);
    if (sizes.size() == before)
      return emitError() << "functions of the file call each other in a circle";
  }
  const int64_t total = *countNodes(getGraph().node(), names, sizes);
  if (total > maxNodes)
    return emitError() << "the network has over " << maxNodes
                       << " nodes if its functions are written out";
  return success();
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

int64_t ModelFile::getOpset(StringRef domain) const {
  // The first versions of the format import nothing and mean that.
  int64_t version =
      model->opset_import().empty() && getDomain(domain).empty() ? 1 : 0;
  for (const ::onnx::OperatorSetIdProto &opset : model->opset_import())
    if (getDomain(opset.domain()) == getDomain(domain))
      version = std::max<int64_t>(version, opset.version());
  return version;
}

std::string ModelFile::describeNode(int64_t index) const {
  const ::onnx::NodeProto &node = getGraph().node(index);
  const StringRef domain = getDomain(node.domain());
  const std::string kind = quote(
      domain.empty() ? node.op_type() : (domain + "." + node.op_type()).str());
  std::string result = "node " + std::to_string(index) + " (" +
                       kind.substr(1, kind.size() - 2) + ")";
  return node.name().empty() ? result : result + " " + quote(node.name());
}

/// The numbers of a protobuf field, each cut to an element of type `T`.
template <typename T, typename FieldT>
static std::string packField(const FieldT &field) {
  std::string bytes;
  bytes.reserve(field.size() * sizeof(T));
  for (auto number : field) {
    const T element = static_cast<T>(number);
    bytes.append(reinterpret_cast<const char *>(&element), sizeof(T));
  }
  return bytes;
}

/// The numbers of `tensor` where they are in the field of their type.
static std::string packTypedField(const TensorProto &tensor) {
  static_assert(llvm::endianness::native == llvm::endianness::little,
                "contents are little-endian");
  switch (tensor.data_type()) {
  case TensorProto::FLOAT:
  case TensorProto::COMPLEX64:
    return packField<float>(tensor.float_data());
  case TensorProto::DOUBLE:
  case TensorProto::COMPLEX128:
    return packField<double>(tensor.double_data());
  case TensorProto::INT64:
    return packField<int64_t>(tensor.int64_data());
  case TensorProto::INT32:
    return packField<int32_t>(tensor.int32_data());
  case TensorProto::UINT32:
    return packField<uint32_t>(tensor.uint64_data());
  case TensorProto::UINT64:
    return packField<uint64_t>(tensor.uint64_data());
  case TensorProto::FLOAT16:
  case TensorProto::BFLOAT16:
  case TensorProto::INT16:
  case TensorProto::UINT16:
    return packField<uint16_t>(tensor.int32_data());
  default:
    return packField<uint8_t>(tensor.int32_data());
  }
}

llvm::Expected<std::string>
ModelFile::readContents(const TensorProto &tensor) const {
  if (tensor.data_location() == TensorProto::EXTERNAL)
    return readExternal(tensor);
  return tensor.has_raw_data() ? tensor.raw_data() : packTypedField(tensor);
}

/// The value of `key` among what says where `tensor` is.
static StringRef getExternalEntry(const TensorProto &tensor, StringRef key) {
  for (const ::onnx::StringStringEntryProto &entry : tensor.external_data())
    if (StringRef(entry.key()) == key)
      return entry.value();
  return "";
}

/// Whether `location` names a file below the folder it is relative to.
static bool staysBelow(StringRef location) {
  return !location.empty() && !llvm::sys::path::is_absolute(location) &&
         !location.contains('\0') &&
         llvm::find(llvm::make_range(llvm::sys::path::begin(location),
                                     llvm::sys::path::end(location)),
                    "..") == llvm::sys::path::end(location);
}

llvm::Expected<std::string>
ModelFile::readExternal(const TensorProto &tensor) const {
  const StringRef location = getExternalEntry(tensor, "location");
  if (!staysBelow(location))
    return llvm::createStringError("its contents are in " + quote(location) +
                                   ", which is not below the model's folder");
  llvm::SmallString<128> path(llvm::sys::path::parent_path(name));
  llvm::sys::path::append(path, location);
  uint64_t offset = 0;
  uint64_t length = 0;
  getExternalEntry(tensor, "offset").getAsInteger(10, offset);
  const bool isWhole =
      getExternalEntry(tensor, "length").getAsInteger(10, length);
  auto contents = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                              /*RequiresNullTerminator=*/false);
  if (!contents)
    return llvm::createStringError("its contents cannot be read from " +
                                   quote(path) + ": " +
                                   contents.getError().message());
  const StringRef bytes = (*contents)->getBuffer();
  if (isWhole)
    length = bytes.size() - std::min<uint64_t>(offset, bytes.size());
  if (offset > bytes.size() || length > bytes.size() - offset)
    return llvm::createStringError(
        "its contents are the " + std::to_string(length) + " bytes at " +
        std::to_string(offset) + " of " + quote(path) + ", which has " +
        std::to_string(bytes.size()));
  return bytes.substr(offset, length).str();
}
