//===- ModelFile.h - A TFLite file that was checked -------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_TFLITE_MODELFILE_H
#define SERENITY_LIB_TARGET_TFLITE_MODELFILE_H

#include "TFLiteSchema_generated.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/Support/MemoryBuffer.h"

namespace serenity::tflite {

template <typename T>
using OffsetVector = flatbuffers::Vector<flatbuffers::Offset<T>>;

/// The number of entries of `vector`, which is absent if it has none.
template <typename T> int64_t sizeOf(const flatbuffers::Vector<T> *vector) {
  return vector ? vector->size() : 0;
}

/// The tables in `list`, which is absent if it has none.
template <typename T> auto getEntries(const OffsetVector<T> *list) {
  return llvm::map_range(llvm::seq<int64_t>(0, sizeOf(list)),
                         [=](int64_t i) { return list->Get(i); });
}

/// The numbers in `vector`, which is absent if it has none.
inline llvm::ArrayRef<int32_t>
toArrayRef(const flatbuffers::Vector<int32_t> *vector) {
  static_assert(FLATBUFFERS_LITTLEENDIAN, "the format is little-endian");
  if (!vector)
    return {};
  return llvm::ArrayRef<int32_t>(vector->data(), vector->size());
}

/// `object`, which lies in `bytes`, where those may be written.
template <typename T>
T *getWritable(llvm::MutableArrayRef<char> bytes, const T *object) {
  const char *place = reinterpret_cast<const char *>(object);
  return reinterpret_cast<T *>(bytes.begin() + (place - bytes.begin()));
}

/// `string` as it may appear in a diagnostic: quoted, on one line, no longer
/// than is useful.
std::string quote(const flatbuffers::String *string);

/// A TFLite file in memory. One that was opened is intact, and every index in
/// it points to something.
class ModelFile {
public:
  /// Takes the file in `buffer`, which must outlive the object. Fails with a
  /// diagnostic if it is not a TFLite file or if an index is out of range.
  static mlir::FailureOr<ModelFile> open(llvm::MemoryBufferRef buffer,
                                         mlir::MLIRContext *context);

  mlir::Location getLoc() const { return loc; }
  mlir::MLIRContext *getContext() const { return loc.getContext(); }
  mlir::InFlightDiagnostic emitError() const { return mlir::emitError(loc); }
  mlir::InFlightDiagnostic emitWarning() const {
    return mlir::emitWarning(loc);
  }

  const Model &getModel() const { return *model; }
  int64_t getNumSubgraphs() const { return sizeOf(model->subgraphs()); }
  const SubGraph &getSubgraph(int64_t index) const {
    return *model->subgraphs()->Get(index);
  }

  /// The kernel that `op` runs; may be one that is not known by name.
  BuiltinOperator getBuiltin(const Operator &op) const;
  static BuiltinOperator getBuiltin(const OperatorCode &code);
  /// The public name of the kernel that `op` runs, that of a custom one as it
  /// is in the file.
  std::string getKernelName(const Operator &op) const;
  /// The contents of a constant; empty for any other tensor.
  llvm::ArrayRef<char> getContents(const Tensor &tensor) const;

  /// What diagnostics call operator `index` of a subgraph.
  std::string describeOperator(int64_t subgraph, int64_t index) const;
  /// What diagnostics call tensor `index` of a subgraph.
  std::string describeTensor(int64_t subgraph, int64_t index) const;
  /// What diagnostics add to the name of something in a subgraph; empty if
  /// there is only one.
  std::string describeSubgraph(int64_t subgraph) const;

private:
  ModelFile(llvm::MemoryBufferRef buffer, mlir::Location loc)
      : buffer(buffer), loc(loc) {}

  mlir::LogicalResult readRoot();
  mlir::LogicalResult checkAmount() const;
  mlir::LogicalResult checkOperatorCodes() const;
  mlir::LogicalResult checkBuffers() const;
  mlir::LogicalResult checkSubgraph(int64_t subgraph) const;
  mlir::LogicalResult checkTensor(int64_t subgraph, int64_t index) const;
  mlir::LogicalResult checkOperator(int64_t subgraph, int64_t index) const;
  uint64_t countEntries(const SubGraph &graph) const;
  llvm::ArrayRef<char> getContents(const Buffer &contents) const;
  const OperatorCode &getCode(const Operator &op) const {
    return *model->operator_codes()->Get(op.opcode_index());
  }

  llvm::MemoryBufferRef buffer;
  mlir::Location loc;
  const Model *model = nullptr;
};

} // namespace serenity::tflite

#endif // SERENITY_LIB_TARGET_TFLITE_MODELFILE_H
