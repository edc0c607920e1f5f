//===- ExportWriter.cpp - A new file around an old one --------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExportWriter.h"
#include "OfflinePlan.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::tflite;

using flatbuffers::Offset;

/// Contents of constants begin at multiples of this, counted from the start of
/// the file.
static constexpr size_t kFileAlignment = 16;

//===----------------------------------------------------------------------===//
// What can be moved
//===----------------------------------------------------------------------===//

/// Fails if `table` has fields beyond the first `numKnown`: they might be
/// offsets, which change when the table moves, or numbers, which do not.
template <typename T>
static LogicalResult checkFields(const ModelFile &base, const T &table,
                                 int64_t numKnown, const Twine &what) {
  const auto &fields = reinterpret_cast<const flatbuffers::Table &>(table);
  const uint8_t *vtable = fields.GetVTable();
  const auto bytes = flatbuffers::ReadScalar<flatbuffers::voffset_t>(vtable);
  for (int64_t field = numKnown;; ++field) {
    const auto entry = flatbuffers::FieldIndexToOffset(field);
    if (entry >= bytes)
      return success();
    if (fields.GetOptionalFieldOffset(entry) != 0)
      return base.emitError()
             << what << " has field " << field << ", but only the first "
             << numKnown << " are known and can be moved";
  }
}

static LogicalResult checkBuffers(const ModelFile &base) {
  const auto *buffers = base.getModel().buffers();
  for (int64_t i = 0; i < sizeOf(buffers); ++i)
    if (buffers->Get(i)->offset() > 1)
      return base.emitError() << "buffer " << i << " lies at offset "
                              << buffers->Get(i)->offset()
                              << ", outside of the FlatBuffer, where no "
                                 "microcontroller finds it";
  if (sizeOf(buffers) != 0 && sizeOf(buffers->Get(0)->data()) != 0)
    return base.emitError() << "buffer 0 stands for none, but has "
                            << buffers->Get(0)->data()->size() << " bytes";
  return success();
}

static LogicalResult checkSubgraph(const ModelFile &base, int64_t subgraph) {
  constexpr int64_t numKnown = 6;
  const SubGraph &graph = base.getSubgraph(subgraph);
  for (int64_t i = 0; i < sizeOf(graph.operators()); ++i)
    if (graph.operators()->Get(i)->large_custom_options_offset() > 1)
      return base.emitError()
             << base.describeOperator(subgraph, i)
             << " has options outside of the FlatBuffer, where "
                "no microcontroller finds them";
  return checkFields(base, graph, numKnown, "subgraph " + Twine(subgraph));
}

static LogicalResult checkBase(const ModelFile &base, size_t size) {
  constexpr int64_t numKnown = 8;
  constexpr size_t maxSize = FLATBUFFERS_MAX_BUFFER_SIZE / 4;
  if (size > maxSize)
    return base.emitError()
           << "the file has " << size << " bytes, but only files of up to "
           << maxSize << " bytes are exported";
  if (failed(checkFields(base, base.getModel(), numKnown, "the model")) ||
      failed(checkBuffers(base)))
    return failure();
  for (int64_t i = 0; i < base.getNumSubgraphs(); ++i)
    if (failed(checkSubgraph(base, i)))
      return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Changes in place
//===----------------------------------------------------------------------===//

namespace {
/// Lists of tensors that are to have other contents.
class ListChanges {
public:
  explicit ListChanges(const ModelFile &base) : base(base) {}

  /// Asks for `contents` in `list`. Fails with a diagnostic, which `describe`
  /// begins, if something else in the file needs the list to differ.
  LogicalResult add(const flatbuffers::Vector<int32_t> *list,
                    ArrayRef<int32_t> contents,
                    llvm::function_ref<std::string()> describe) {
    if (!list)
      return success();
    auto [entry, isNew] = changes.try_emplace(list, contents);
    if (isNew || entry->second == contents)
      return success();
    return base.emitError()
           << describe() << " shares a list of tensors that has to change";
  }

  /// Changes `file`, in which the base is behind `front` other bytes. The base
  /// itself stays as it is: lists may lie anywhere in it.
  void apply(ArrayRef<char> baseBytes, int64_t front, std::string &file) const {
    for (auto [list, contents] : changes) {
      const auto position =
          reinterpret_cast<const char *>(list->data()) - baseBytes.begin();
      const auto *words = reinterpret_cast<const char *>(contents.data());
      std::copy(words, words + contents.size() * sizeof(int32_t),
                file.begin() + front + position);
    }
  }

private:
  const ModelFile &base;
  llvm::DenseMap<const flatbuffers::Vector<int32_t> *, ArrayRef<int32_t>>
      changes;
};
} // namespace

/// Gives the operators that stay the inputs and outputs they have now.
static FailureOr<ListChanges> findChanges(const ModelFile &base,
                                          ArrayRef<ExportedGraph> graphs) {
  ListChanges changes(base);
  for (auto [subgraph, exported] : llvm::enumerate(graphs)) {
    const int64_t index = subgraph;
    const SubGraph &graph = base.getSubgraph(index);
    auto describeGraph = [&] { return "subgraph " + std::to_string(index); };
    if (failed(changes.add(graph.inputs(), toArrayRef(graph.inputs()),
                           describeGraph)) ||
        failed(changes.add(graph.outputs(), toArrayRef(graph.outputs()),
                           describeGraph)))
      return failure();
    for (const ExportedOperator &op : exported.operators) {
      if (op.isNew)
        continue;
      const Operator &source = *graph.operators()->Get(*op.source);
      auto describe = [&] { return base.describeOperator(index, *op.source); };
      if (failed(changes.add(source.inputs(), op.inputs, describe)) ||
          failed(changes.add(source.outputs(), op.outputs, describe)))
        return failure();
    }
  }
  return changes;
}

//===----------------------------------------------------------------------===//
// The file
//===----------------------------------------------------------------------===//

namespace {
/// Builds the front of the file.
class FileWriter {
public:
  FileWriter(const ModelFile &base, ArrayRef<char> bytes);

  void addSubgraph(const SubGraph &graph, const ExportedGraph &exported);
  /// Adds a plan for the tensors added so far instead of any there is.
  void addPlan();
  std::string finish();

private:
  /// The place of a table, list or string of the base, absent if null.
  template <typename T> Offset<T> old(const T *object) const {
    if (!object)
      return {};
    const auto position =
        reinterpret_cast<const char *>(object) - bytes.begin();
    return static_cast<flatbuffers::uoffset_t>(paddedSize - position);
  }
  template <typename T>
  std::vector<Offset<T>> oldEntries(const OffsetVector<T> *list) const {
    std::vector<Offset<T>> entries;
    for (int64_t i = 0; i < sizeOf(list); ++i)
      entries.push_back(old(list->Get(i)));
    return entries;
  }

  uint32_t addBuffer(const std::vector<uint8_t> &contents);
  Offset<tflite::Tensor> addTensor(const NewTensor &tensor);
  Offset<Operator> addOperator(const ExportedOperator &op, bool isInt8);
  uint32_t findCode(BuiltinOperator builtin, bool isInt8);
  bool isUsed(uint32_t buffer) const;

  const Model &model;
  ArrayRef<char> bytes;
  /// The size of the base with what makes its alignment last.
  size_t paddedSize;
  flatbuffers::FlatBufferBuilder builder;
  std::vector<Offset<OperatorCode>> codes;
  std::vector<BuiltinOperator> builtins;
  std::vector<Offset<SubGraph>> subgraphs;
  std::vector<Offset<Buffer>> buffers;
  std::vector<Offset<Metadata>> metadata;
  int64_t numTensors = 0;
};
} // namespace

FileWriter::FileWriter(const ModelFile &base, ArrayRef<char> bytes)
    : model(base.getModel()), bytes(bytes),
      paddedSize(llvm::alignTo(bytes.size(), kFileAlignment)),
      codes(oldEntries(model.operator_codes())),
      buffers(oldEntries(model.buffers())) {
  // A builder works from the end of a file to its beginning.
  builder.Pad(paddedSize - bytes.size());
  builder.PushBytes(reinterpret_cast<const uint8_t *>(bytes.data()),
                    bytes.size());
  for (int64_t i = 0; i < sizeOf(model.operator_codes()); ++i)
    builtins.push_back(ModelFile::getBuiltin(*model.operator_codes()->Get(i)));
  // Buffer 0 stands for none.
  if (buffers.empty())
    addBuffer({});
}

//===----------------------------------------------------------------------===//
// Buffers and tensors
//===----------------------------------------------------------------------===//

static Offset<Buffer> createBuffer(flatbuffers::FlatBufferBuilder &builder,
                                   const std::vector<uint8_t> &contents) {
  return CreateBufferDirect(builder, contents.empty() ? nullptr : &contents);
}

uint32_t FileWriter::addBuffer(const std::vector<uint8_t> &contents) {
  buffers.push_back(createBuffer(builder, contents));
  return buffers.size() - 1;
}

Offset<tflite::Tensor> FileWriter::addTensor(const NewTensor &tensor) {
  const uint32_t buffer =
      tensor.contents.empty() ? 0 : addBuffer(tensor.contents);
  TensorT description = tensor.description;
  description.buffer = buffer;
  return tflite::Tensor::Pack(builder, &description);
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

/// The version of a kernel in which it came to take what it is given.
static int32_t getVersion(BuiltinOperator builtin, bool isInt8) {
  switch (builtin) {
  case BuiltinOperator::RESHAPE:
    return 1;
  case BuiltinOperator::CONV_2D:
  case BuiltinOperator::DEPTHWISE_CONV_2D:
    return isInt8 ? 3 : 1;
  case BuiltinOperator::FULLY_CONNECTED:
    return isInt8 ? 4 : 1;
  default:
    return isInt8 ? 2 : 1;
  }
}

/// The first code for `builtin`, a new one if the file has none.
uint32_t FileWriter::findCode(BuiltinOperator builtin, bool isInt8) {
  auto known = llvm::find(builtins, builtin);
  if (known != builtins.end())
    return known - builtins.begin();
  OperatorCodeT code;
  code.builtin_code = builtin;
  code.deprecated_builtin_code =
      static_cast<int8_t>(std::min(static_cast<int>(builtin), 127));
  code.version = getVersion(builtin, isInt8);
  codes.push_back(OperatorCode::Pack(builder, &code));
  builtins.push_back(builtin);
  return codes.size() - 1;
}

Offset<Operator> FileWriter::addOperator(const ExportedOperator &op,
                                         bool isInt8) {
  OperatorT description;
  description.opcode_index = findCode(op.builtin, isInt8);
  description.inputs = op.inputs;
  description.outputs = op.outputs;
  description.builtin_options = op.options;
  return Operator::Pack(builder, &description);
}

/// Whether the first result of the new operator `op` is stored as int8.
static bool writesInt8(const SubGraph &graph, const ExportedGraph &exported,
                       const ExportedOperator &op) {
  const int64_t numOld = sizeOf(graph.tensors());
  const int32_t tensor = op.outputs.front();
  const tflite::TensorType type =
      tensor < numOld ? graph.tensors()->Get(tensor)->type()
                      : exported.newTensors[tensor - numOld].description.type;
  return type == tflite::TensorType::INT8;
}

void FileWriter::addSubgraph(const SubGraph &graph,
                             const ExportedGraph &exported) {
  std::vector<Offset<tflite::Tensor>> tensors = oldEntries(graph.tensors());
  for (const NewTensor &tensor : exported.newTensors)
    tensors.push_back(addTensor(tensor));
  numTensors += tensors.size();

  std::vector<Offset<Operator>> operators;
  for (const ExportedOperator &op : exported.operators)
    operators.push_back(op.isNew
                            ? addOperator(op, writesInt8(graph, exported, op))
                            : old(graph.operators()->Get(*op.source)));
  auto tensorList = builder.CreateVector(tensors);
  auto operatorList = builder.CreateVector(operators);
  subgraphs.push_back(CreateSubGraph(
      builder, tensorList, old(graph.inputs()), old(graph.outputs()),
      operatorList, old(graph.name()), graph.debug_metadata_index()));
}

//===----------------------------------------------------------------------===//
// The plan and the root
//===----------------------------------------------------------------------===//

/// Whether anything but a plan refers to `buffer` of the base.
bool FileWriter::isUsed(uint32_t buffer) const {
  for (int64_t i = 0; i < sizeOf(model.subgraphs()); ++i)
    for (const tflite::Tensor *tensor :
         getEntries(model.subgraphs()->Get(i)->tensors()))
      if (tensor->buffer() == buffer)
        return true;
  for (int64_t i = 0; i < sizeOf(model.metadata()); ++i)
    if (model.metadata()->Get(i)->buffer() == buffer &&
        !isOfflinePlan(*model.metadata()->Get(i)))
      return true;
  return llvm::is_contained(toArrayRef(model.metadata_buffer()),
                            static_cast<int32_t>(buffer));
}

void FileWriter::addPlan() {
  std::optional<uint32_t> place;
  for (int64_t i = 0; i < sizeOf(model.metadata()); ++i) {
    const Metadata &entry = *model.metadata()->Get(i);
    if (!isOfflinePlan(entry))
      metadata.push_back(old(&entry));
    else if (entry.buffer() < sizeOf(model.buffers()) &&
             !isUsed(entry.buffer()))
      place = entry.buffer();
  }
  std::vector<int32_t> words{0, 1, static_cast<int32_t>(numTensors)};
  words.resize(kOfflinePlanHeader + numTensors, kPlannedOnline);
  std::vector<uint8_t> contents(words.size() * sizeof(int32_t));
  std::memcpy(contents.data(), words.data(), contents.size());
  if (place)
    buffers[*place] = createBuffer(builder, contents);
  else
    place = addBuffer(contents);
  metadata.push_back(
      CreateMetadataDirect(builder, kOfflinePlanName.data(), *place));
}

std::string FileWriter::finish() {
  auto codeList = builder.CreateVector(codes);
  auto subgraphList = builder.CreateVector(subgraphs);
  auto bufferList = builder.CreateVector(buffers);
  auto metadataList = builder.CreateVector(metadata);
  FinishModelBuffer(builder,
                    CreateModel(builder, model.version(), codeList,
                                subgraphList, old(model.description()),
                                bufferList, old(model.metadata_buffer()),
                                metadataList, old(model.signature_defs())));
  return std::string(reinterpret_cast<const char *>(builder.GetBufferPointer()),
                     builder.GetSize());
}

FailureOr<std::string> tflite::writeFile(const ModelFile &base,
                                         ArrayRef<char> bytes,
                                         ArrayRef<ExportedGraph> graphs) {
  if (failed(checkBase(base, bytes.size())))
    return failure();
  FailureOr<ListChanges> changes = findChanges(base, graphs);
  if (failed(changes))
    return failure();
  FileWriter writer(base, bytes);
  for (auto [subgraph, exported] : llvm::enumerate(graphs))
    writer.addSubgraph(base.getSubgraph(subgraph), exported);
  writer.addPlan();
  std::string file = writer.finish();
  changes->apply(
      bytes, file.size() - llvm::alignTo(bytes.size(), kFileAlignment), file);
  return file;
}
