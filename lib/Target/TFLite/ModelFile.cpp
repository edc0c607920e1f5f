//===- ModelFile.cpp - A TFLite file that was checked ---------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModelFile.h"
#include "../ImportSupport.h"
#include "mlir/IR/Location.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>

using namespace mlir;
using namespace serenity;
using namespace serenity::tflite;

/// The only version of the format that files of the last years have.
static constexpr uint32_t kFormatVersion = 3;

std::string tflite::quote(const flatbuffers::String *string) {
  return serenity::quote(string ? StringRef(string->c_str(), string->size())
                                : "");
}

//===----------------------------------------------------------------------===//
// Opening
//===----------------------------------------------------------------------===//

FailureOr<ModelFile> ModelFile::open(llvm::MemoryBufferRef buffer,
                                     MLIRContext *context) {
  ModelFile file(
      buffer, FileLineColLoc::get(context, buffer.getBufferIdentifier(), 0, 0));
  if (failed(file.readRoot()) || failed(file.checkBuffers()) ||
      failed(file.checkAmount()) || failed(file.checkOperatorCodes()))
    return failure();
  for (int64_t i = 0; i < file.getNumSubgraphs(); ++i)
    if (failed(file.checkSubgraph(i)))
      return failure();
  return file;
}

LogicalResult ModelFile::readRoot() {
  // Offset of the root, then the identifier.
  constexpr size_t headerBytes = 8;
  const void *data = buffer.getBufferStart();
  const size_t size = buffer.getBufferSize();
  if (size < headerBytes || !ModelBufferHasIdentifier(data))
    return emitError() << "not a TFLite file: the identifier "
                       << ModelIdentifier() << " is not at byte 4";

  // What lies beyond FlatBuffers' reach is constants, found by their offsets.
  flatbuffers::Verifier verifier(
      static_cast<const uint8_t *>(data),
      std::min<size_t>(size, FLATBUFFERS_MAX_BUFFER_SIZE - 1));
  if (!VerifyModelBuffer(verifier))
    return emitError() << "the file is damaged: it is not a valid FlatBuffer";
  model = GetModel(data);
  if (model->version() != kFormatVersion)
    return emitError() << "the file has version " << model->version()
                       << " of the format, only version " << kFormatVersion
                       << " can be read";
  return success();
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

/// Numbers and characters in the lists of `graph`, each as often as it is
/// reached.
uint64_t ModelFile::countEntries(const SubGraph &graph) const {
  uint64_t count =
      sizeOf(graph.inputs()) + sizeOf(graph.outputs()) + sizeOf(graph.name());
  for (int64_t i = 0; i < sizeOf(graph.operators()); ++i) {
    const Operator &op = *graph.operators()->Get(i);
    count += sizeOf(op.inputs()) + sizeOf(op.outputs());
    if (op.opcode_index() < sizeOf(model->operator_codes()))
      count += sizeOf(getCode(op).custom_code());
  }
  for (int64_t i = 0; i < sizeOf(graph.tensors()); ++i) {
    const Tensor &tensor = *graph.tensors()->Get(i);
    count += sizeOf(tensor.shape()) + sizeOf(tensor.shape_signature()) +
             sizeOf(tensor.name());
    if (tensor.quantization())
      count += sizeOf(tensor.quantization()->scale());
  }
  return count;
}

/// A FlatBuffer may refer to the same bytes again and again, so a small file
/// can describe a network of quadratic size. Honest files share next to
/// nothing.
LogicalResult ModelFile::checkAmount() const {
  constexpr uint64_t alwaysAllowed = 1 << 20;
  const uint64_t limit = alwaysAllowed + buffer.getBufferSize();
  uint64_t count = 0;
  for (int64_t i = 0; i < getNumSubgraphs(); ++i)
    count += countEntries(getSubgraph(i));
  for (int64_t i = 0; i < sizeOf(model->buffers()); ++i)
    count += getContents(*model->buffers()->Get(i)).size();
  if (count > limit)
    return emitError() << "the file has " << count
                       << " entries when written out, only " << limit
                       << " are plausible for its size";
  return success();
}

LogicalResult ModelFile::checkOperatorCodes() const {
  for (int64_t i = 0; i < sizeOf(model->operator_codes()); ++i) {
    const OperatorCode &code = *model->operator_codes()->Get(i);
    const int builtin = std::max<int>(code.deprecated_builtin_code(),
                                      static_cast<int>(code.builtin_code()));
    if (builtin < 0)
      return emitError() << "operator code " << i << " is " << builtin
                         << ", less than 0";
    const bool isCustom = builtin == static_cast<int>(BuiltinOperator::CUSTOM);
    if (isCustom && (!code.custom_code() || code.custom_code()->size() == 0))
      return emitError() << "operator code " << i << " is custom, but unnamed";
  }
  return success();
}

/// Contents outside of the FlatBuffer, as in files of more than 2 GB.
static bool isExternal(const Buffer &buffer) { return buffer.offset() > 1; }

LogicalResult ModelFile::checkBuffers() const {
  const uint64_t fileSize = buffer.getBufferSize();
  for (int64_t i = 0; i < sizeOf(model->buffers()); ++i) {
    const Buffer &contents = *model->buffers()->Get(i);
    if (!isExternal(contents))
      continue;
    if (contents.offset() > fileSize ||
        contents.size() > fileSize - contents.offset())
      return emitError() << "buffer " << i << " has " << contents.size()
                         << " bytes at offset " << contents.offset()
                         << ", but the file has only " << fileSize << " bytes";
  }
  return success();
}

LogicalResult ModelFile::checkTensor(int64_t subgraph, int64_t index) const {
  const Tensor &tensor = *getSubgraph(subgraph).tensors()->Get(index);
  const int64_t numBuffers = sizeOf(model->buffers());
  // Buffer 0 stands for none, whether or not it exists.
  if (tensor.buffer() != 0 && tensor.buffer() >= numBuffers)
    return emitError() << describeTensor(subgraph, index) << " is in buffer "
                       << tensor.buffer() << ", but the number of buffers is "
                       << numBuffers;
  return success();
}

/// Checks the entries of a list of tensors, in which -1 may stand for none.
/// `describe` names what has the list.
static LogicalResult
checkTensorIndices(const ModelFile &file, ArrayRef<int32_t> indices,
                   int64_t numTensors, bool optional,
                   llvm::function_ref<std::string()> describe) {
  for (auto [position, index] : llvm::enumerate(indices))
    if (index < (optional ? -1 : 0) || index >= numTensors)
      return file.emitError()
             << describe() << " " << position << " is tensor " << index
             << ", but the number of tensors is " << numTensors;
  return success();
}

LogicalResult ModelFile::checkOperator(int64_t subgraph, int64_t index) const {
  const SubGraph &graph = getSubgraph(subgraph);
  const Operator &op = *graph.operators()->Get(index);
  const int64_t numCodes = sizeOf(model->operator_codes());
  if (op.opcode_index() >= numCodes)
    return emitError() << "operator " << index << describeSubgraph(subgraph)
                       << " has operator code " << op.opcode_index()
                       << ", but the number of codes is " << numCodes;
  auto describeInput = [&] {
    return describeOperator(subgraph, index) + ": input";
  };
  auto describeOutput = [&] {
    return describeOperator(subgraph, index) + ": output";
  };
  const int64_t numTensors = sizeOf(graph.tensors());
  if (failed(checkTensorIndices(*this, toArrayRef(op.inputs()), numTensors,
                                /*optional=*/true, describeInput)) ||
      failed(checkTensorIndices(*this, toArrayRef(op.outputs()), numTensors,
                                /*optional=*/false, describeOutput)))
    return failure();
  const int64_t numMutating = sizeOf(op.mutating_variable_inputs());
  if (numMutating != 0 && numMutating != sizeOf(op.inputs()))
    return emitError() << describeOperator(subgraph, index) << " says which of "
                       << numMutating << " inputs it changes, but it has "
                       << sizeOf(op.inputs());
  return success();
}

LogicalResult ModelFile::checkSubgraph(int64_t subgraph) const {
  const SubGraph &graph = getSubgraph(subgraph);
  for (int64_t i = 0; i < sizeOf(graph.tensors()); ++i)
    if (failed(checkTensor(subgraph, i)))
      return failure();
  for (int64_t i = 0; i < sizeOf(graph.operators()); ++i)
    if (failed(checkOperator(subgraph, i)))
      return failure();
  auto describeInput = [&] { return "input" + describeSubgraph(subgraph); };
  auto describeOutput = [&] { return "output" + describeSubgraph(subgraph); };
  const int64_t numTensors = sizeOf(graph.tensors());
  return failure(
      failed(checkTensorIndices(*this, toArrayRef(graph.inputs()), numTensors,
                                /*optional=*/false, describeInput)) ||
      failed(checkTensorIndices(*this, toArrayRef(graph.outputs()), numTensors,
                                /*optional=*/false, describeOutput)));
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

BuiltinOperator ModelFile::getBuiltin(const Operator &op) const {
  return getBuiltin(getCode(op));
}

BuiltinOperator ModelFile::getBuiltin(const OperatorCode &code) {
  const auto former =
      static_cast<BuiltinOperator>(code.deprecated_builtin_code());
  return std::max(former, code.builtin_code());
}

std::string ModelFile::getKernelName(const Operator &op) const {
  const BuiltinOperator builtin = getBuiltin(op);
  if (builtin == BuiltinOperator::CUSTOM)
    return getCode(op).custom_code()->str();
  const std::string name = EnumNameBuiltinOperator(builtin);
  return name.empty() ? "BUILTIN_" + std::to_string(static_cast<int>(builtin))
                      : name;
}

ArrayRef<char> ModelFile::getContents(const Buffer &contents) const {
  if (isExternal(contents))
    return {buffer.getBufferStart() + contents.offset(), contents.size()};
  if (!contents.data())
    return {};
  return {reinterpret_cast<const char *>(contents.data()->data()),
          contents.data()->size()};
}

ArrayRef<char> ModelFile::getContents(const Tensor &tensor) const {
  if (tensor.buffer() == 0)
    return {};
  return getContents(*model->buffers()->Get(tensor.buffer()));
}

std::string ModelFile::describeSubgraph(int64_t subgraph) const {
  if (getNumSubgraphs() == 1)
    return "";
  return " of subgraph " + std::to_string(subgraph);
}

std::string ModelFile::describeOperator(int64_t subgraph, int64_t index) const {
  const Operator &op = *getSubgraph(subgraph).operators()->Get(index);
  const bool isCustom = getBuiltin(op) == BuiltinOperator::CUSTOM;
  return "operator " + std::to_string(index) + " (" +
         (isCustom ? quote(getCode(op).custom_code()) : getKernelName(op)) +
         ")" + describeSubgraph(subgraph);
}

std::string ModelFile::describeTensor(int64_t subgraph, int64_t index) const {
  const Tensor &tensor = *getSubgraph(subgraph).tensors()->Get(index);
  return "tensor " + std::to_string(index) + " (" + quote(tensor.name()) + ")" +
         describeSubgraph(subgraph);
}
