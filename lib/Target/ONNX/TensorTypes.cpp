//===- TensorTypes.cpp - Types of ONNX tensors ----------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TensorTypes.h"
#include "mlir/IR/Builders.h"
#include "serenity/Dialect/Serenity/IR/ActivationMemory.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::onnxformat;
using ::onnx::TensorProto;
using ::onnx::TensorShapeProto;

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

Type onnxformat::getElementType(int32_t element, MLIRContext *context) {
  // Later than the headers: ONNX 1.16.
  constexpr int32_t uint4 = 21;
  constexpr int32_t int4 = 22;
  Builder builder(context);
  auto getUnsigned = [&](unsigned width) {
    return IntegerType::get(context, width, IntegerType::Unsigned);
  };
  switch (element) {
  case TensorProto::FLOAT:
    return builder.getF32Type();
  case TensorProto::DOUBLE:
    return builder.getF64Type();
  case TensorProto::FLOAT16:
    return builder.getF16Type();
  case TensorProto::BFLOAT16:
    return builder.getBF16Type();
  case TensorProto::COMPLEX64:
    return ComplexType::get(builder.getF32Type());
  case TensorProto::COMPLEX128:
    return ComplexType::get(builder.getF64Type());
  case TensorProto::BOOL:
    return builder.getI1Type();
  case int4:
    return builder.getIntegerType(4);
  case TensorProto::INT8:
    return builder.getI8Type();
  case TensorProto::INT16:
    return builder.getI16Type();
  case TensorProto::INT32:
    return builder.getI32Type();
  case TensorProto::INT64:
    return builder.getI64Type();
  case uint4:
    return getUnsigned(4);
  case TensorProto::UINT8:
    return getUnsigned(8);
  case TensorProto::UINT16:
    return getUnsigned(16);
  case TensorProto::UINT32:
    return getUnsigned(32);
  case TensorProto::UINT64:
    return getUnsigned(64);
  default:
    return {};
  }
}

/// What messages call `element`.
static std::string describeElement(int32_t element) {
  return TensorProto::DataType_IsValid(element)
             ? TensorProto::DataType_Name(
                   static_cast<TensorProto::DataType>(element))
             : std::to_string(element);
}

llvm::Expected<RankedTensorType>
onnxformat::getTensorType(const SourceType &type, MLIRContext *context,
                          ArrayRef<int64_t> order) {
  Type element = getElementType(type.element, context);
  if (!element)
    return llvm::createStringError("elements of type " +
                                   describeElement(type.element) +
                                   " have no fixed size");
  for (int64_t size : type.shape)
    if (size < 0)
      return llvm::createStringError("it has a dimension of size " +
                                     std::to_string(size));
  SmallVector<int64_t> shape(type.shape);
  for (auto [dim, source] : llvm::enumerate(order))
    shape[dim] = type.shape[source];
  auto result = RankedTensorType::get(shape, element);
  if (!getStorageBytes(result))
    return llvm::createStringError(
        "its size exceeds " +
        std::to_string(std::numeric_limits<int64_t>::max()) + " bytes");
  return result;
}

std::optional<int64_t> onnxformat::countElements(ArrayRef<int64_t> shape) {
  int64_t count = 1;
  for (int64_t size : shape)
    if (llvm::MulOverflow(count, size, count))
      return std::nullopt;
  return count;
}

//===----------------------------------------------------------------------===//
// Open dimensions
//===----------------------------------------------------------------------===//

/// Converters write -1 for what the format leaves out.
static bool isOpen(const TensorShapeProto::Dimension &dim) {
  return !dim.has_dim_value() || dim.dim_value() < 0;
}

std::optional<int64_t> OpenDimensions::getSize(const TensorShapeProto &shape,
                                               int dim, bool isInput) const {
  const TensorShapeProto::Dimension &declared = shape.dim(dim);
  if (!isOpen(declared))
    return declared.dim_value();
  auto named = sizes.find(declared.dim_param());
  if (named != sizes.end())
    return named->second;
  return isInput && dim == 0 ? std::optional(batch) : std::nullopt;
}

std::optional<SourceType> OpenDimensions::resolve(const ::onnx::TypeProto &type,
                                                  bool isInput) const {
  if (!type.has_tensor_type() || !type.tensor_type().has_shape())
    return std::nullopt;
  SourceType result;
  result.element = type.tensor_type().elem_type();
  const TensorShapeProto &shape = type.tensor_type().shape();
  for (int dim = 0; dim < shape.dim_size(); ++dim) {
    std::optional<int64_t> size = getSize(shape, dim, isInput);
    if (!size)
      return std::nullopt;
    result.shape.push_back(*size);
  }
  return result;
}

namespace {
/// What the inputs of a network leave open.
struct OpenInputs {
  /// Whether some dimension 0 is open and not among the sizes given.
  bool hasBatch = false;
  /// All names of open dimensions, and those of an open dimension 0.
  llvm::StringSet<> names, batchNames;
};
} // namespace

/// What the inputs leave open, constants that are listed among them left out.
static OpenInputs findOpenInputs(const ModelFile &file,
                                 const llvm::StringMap<int64_t> &given) {
  OpenInputs open;
  llvm::StringSet<> constants;
  for (const TensorProto &tensor : file.getGraph().initializer())
    constants.insert(tensor.name());
  for (const ::onnx::ValueInfoProto &input : file.getGraph().input()) {
    const TensorShapeProto &shape = input.type().tensor_type().shape();
    for (int dim = 0; dim < shape.dim_size(); ++dim) {
      const std::string &name = shape.dim(dim).dim_param();
      if (constants.contains(input.name()) || !isOpen(shape.dim(dim)))
        continue;
      if (!name.empty())
        open.names.insert(name);
      if (dim != 0 || given.contains(name))
        continue;
      open.hasBatch = true;
      if (!name.empty())
        open.batchNames.insert(name);
    }
  }
  return open;
}

FailureOr<OpenDimensions>
OpenDimensions::find(const ModelFile &file, const ONNXImportOptions &options) {
  OpenDimensions result;
  for (const auto &[name, size] : options.dimensions) {
    if (size < 0)
      return file.emitError() << "the size of dimension " << quote(name)
                              << " is " << size << ", less than 0";
    result.sizes[name] = size;
  }
  const OpenInputs open = findOpenInputs(file, result.sizes);
  for (const auto &[name, size] : options.dimensions)
    if (!open.names.contains(name))
      return file.emitError() << "a size is given for dimension " << quote(name)
                              << ", but no input has it";
  if (options.batch && !open.hasBatch)
    return file.emitError() << "a batch of " << *options.batch
                            << " is asked for, but the file leaves none open";
  result.batch = options.batch.value_or(1);
  if (result.batch < 1)
    return file.emitError()
           << "the batch is " << result.batch << ", less than 1";
  for (const auto &name : open.batchNames)
    result.sizes[name.getKey()] = result.batch;
  return result;
}
