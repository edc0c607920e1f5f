//===- Contents.cpp - The contents of constants ---------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Contents.h"
#include "Integers.h"
#include "serenity/Dialect/Serenity/IR/ActivationMemory.h"
#include "llvm/ADT/APInt.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::onnxformat;
using ::onnx::TensorProto;

/// Bytes that `type`, which can be stored, takes.
static int64_t getBytes(const ModelFile &file, const SourceType &type) {
  return *getStorageBytes(
      llvm::cantFail(getTensorType(type, file.getContext())));
}

/// `values` as elements of type `T`.
template <typename T> static std::string pack(ArrayRef<int64_t> values) {
  std::string bytes;
  for (int64_t value : values) {
    const T element = static_cast<T>(value);
    bytes.append(reinterpret_cast<const char *>(&element), sizeof(T));
  }
  return bytes;
}

/// `values`, which were computed, as elements of type `element`.
static std::string packIntegers(ArrayRef<int64_t> values, int32_t element) {
  switch (element) {
  case TensorProto::INT64:
    return pack<int64_t>(values);
  case TensorProto::INT32:
  case TensorProto::UINT32:
    return pack<int32_t>(values);
  case TensorProto::INT16:
  case TensorProto::UINT16:
    return pack<int16_t>(values);
  default:
    return pack<int8_t>(values);
  }
}

llvm::Expected<std::string> onnxformat::readBytes(const ModelFile &file,
                                                  const Tensor &value) {
  const Constant &constant = *value.constant;
  if (!constant.tensor && constant.integers)
    return packIntegers(*constant.integers, value.type.element);
  if (!constant.tensor)
    return llvm::createStringError("it is sparse");
  auto bytes = file.readContents(*constant.tensor);
  if (!bytes)
    return bytes;
  SourceType stored = value.type;
  if (constant.isSplat)
    stored.shape.clear();
  const size_t wanted = getBytes(file, stored);
  if (bytes->size() != wanted)
    return llvm::createStringError(
        "its contents have " + std::to_string(bytes->size()) +
        " bytes, but its type takes " + std::to_string(wanted));
  if (!constant.isSplat)
    return bytes;
  constexpr int64_t maxBytes = int64_t(1) << 31;
  if (getBytes(file, value.type) > maxBytes)
    return llvm::createStringError(
        "it takes " + std::to_string(getBytes(file, value.type)) +
        " bytes, more than the " + std::to_string(maxBytes) +
        " that a file can hold");
  std::string repeated;
  for (int64_t i = 0, e = *countElements(value.type.shape); i < e; ++i)
    repeated += *bytes;
  return repeated;
}

/// Whether `type` has few enough elements to look at.
static bool isSmall(const SourceType &type) {
  std::optional<int64_t> count = countElements(type.shape);
  return count && *count <= kMaxIntegers;
}

/// The integer of type `element` at `bytes`.
static int64_t readInteger(const char *bytes, int32_t element) {
  auto read = [&](auto number) -> int64_t {
    std::memcpy(&number, bytes, sizeof(number));
    return number;
  };
  switch (element) {
  case TensorProto::INT64:
    return read(int64_t());
  case TensorProto::INT32:
    return read(int32_t());
  case TensorProto::UINT32:
    return read(uint32_t());
  case TensorProto::INT16:
    return read(int16_t());
  case TensorProto::UINT16:
    return read(uint16_t());
  case TensorProto::INT8:
    return read(int8_t());
  default:
    return read(uint8_t());
  }
}

std::optional<SmallVector<int64_t>>
onnxformat::readFewIntegers(const ModelFile &file, const Tensor &value) {
  if (!isInteger(value.type.element) || !isSmall(value.type))
    return std::nullopt;
  auto bytes = readBytes(file, value);
  if (!bytes) {
    llvm::consumeError(bytes.takeError());
    return std::nullopt;
  }
  SmallVector<int64_t> integers;
  const int64_t count = *countElements(value.type.shape);
  for (int64_t i = 0; i < count; ++i)
    integers.push_back(readInteger(bytes->data() + i * (bytes->size() / count),
                                   value.type.element));
  return integers;
}

const TensorProto *onnxformat::findSmallTensor(const ModelFile &file,
                                               const Tensor &value) {
  const Constant &constant = *value.constant;
  if (!constant.tensor || constant.isSplat || !isSmall(value.type) ||
      constant.tensor->data_location() == TensorProto::EXTERNAL ||
      ArrayRef<int64_t>(constant.tensor->dims().data(),
                        constant.tensor->dims_size()) !=
          ArrayRef<int64_t>(value.type.shape))
    return nullptr;
  auto bytes = readBytes(file, value);
  if (bytes)
    return constant.tensor;
  llvm::consumeError(bytes.takeError());
  return nullptr;
}

bool onnxformat::isReal(int32_t element) {
  return element == TensorProto::FLOAT || element == TensorProto::DOUBLE;
}

llvm::Expected<std::vector<double>> onnxformat::readReals(const ModelFile &file,
                                                          const Tensor &value) {
  if (!isReal(value.type.element))
    return llvm::createStringError("it is neither float nor double");
  auto bytes = readBytes(file, value);
  if (!bytes)
    return bytes.takeError();
  return unpackReals(*bytes, value.type.element);
}

std::vector<double> onnxformat::unpackReals(StringRef bytes, int32_t element) {
  std::vector<double> reals;
  auto append = [&](auto number) {
    for (size_t i = 0; i < bytes.size(); i += sizeof(number)) {
      std::memcpy(&number, bytes.data() + i, sizeof(number));
      reals.push_back(number);
    }
  };
  if (element == TensorProto::FLOAT)
    append(float());
  else
    append(double());
  return reals;
}

std::string onnxformat::transpose(StringRef bytes, ArrayRef<int64_t> shape,
                                  int64_t elementBytes,
                                  ArrayRef<int64_t> order) {
  const int64_t rank = shape.size();
  SmallVector<int64_t> strides(rank, elementBytes);
  for (int64_t dim = rank - 2; dim >= 0; --dim)
    strides[dim] = strides[dim + 1] * shape[dim + 1];
  std::string result;
  result.reserve(bytes.size());
  // The position in the result, counted like an odometer.
  SmallVector<int64_t> position(rank);
  int64_t source = 0;
  while (result.size() < bytes.size()) {
    result += bytes.substr(source, elementBytes);
    for (int64_t dim = rank - 1; dim >= 0; --dim) {
      source += strides[order[dim]];
      if (++position[dim] < shape[order[dim]])
        break;
      source -= strides[order[dim]] * shape[order[dim]];
      position[dim] = 0;
    }
  }
  return result;
}
