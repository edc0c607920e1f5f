//===- TensorTypes.cpp - Types of TFLite tensors --------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TensorTypes.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "serenity/Dialect/Serenity/IR/ActivationMemory.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

#include <cmath>

using namespace mlir;
using namespace serenity;
using namespace serenity::tflite;

//===----------------------------------------------------------------------===//
// Batch
//===----------------------------------------------------------------------===//

/// Whether the size of dimension `dim` is left open.
static bool isOpen(const Tensor &tensor, int64_t dim) {
  ArrayRef<int32_t> signature = toArrayRef(tensor.shape_signature());
  return tensor.shape()->Get(dim) == -1 ||
         (!signature.empty() && signature[dim] == -1);
}

FailureOr<BatchSize> tflite::findBatchSize(const ModelFile &file,
                                           std::optional<int64_t> size) {
  constexpr int64_t maxSize = std::numeric_limits<int32_t>::max();
  if (size && (*size < 1 || *size > maxSize))
    return file.emitError()
           << "the batch must be from 1 to " << maxSize << ", not " << *size;
  BatchSize batch;
  batch.size = size;
  if (file.getNumSubgraphs() != 0) {
    const SubGraph &network = file.getSubgraph(0);
    batch.isOpen =
        llvm::any_of(toArrayRef(network.inputs()), [&](int32_t index) {
          const Tensor &tensor = *network.tensors()->Get(index);
          return sizeOf(tensor.shape()) != 0 && isOpen(tensor, 0);
        });
  }
  if (size && !batch.isOpen)
    return file.emitError() << "a batch of " << *size
                            << " is asked for, but no input leaves it open";
  return batch;
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

/// The type of the stored elements, null if they have no fixed size.
static Type getStoredType(tflite::TensorType type, MLIRContext *context) {
  auto getUnsigned = [&](unsigned width) {
    return IntegerType::get(context, width, IntegerType::Unsigned);
  };
  switch (type) {
  case tflite::TensorType::FLOAT32:
    return Float32Type::get(context);
  case tflite::TensorType::FLOAT16:
    return Float16Type::get(context);
  case tflite::TensorType::BFLOAT16:
    return BFloat16Type::get(context);
  case tflite::TensorType::FLOAT64:
    return Float64Type::get(context);
  case tflite::TensorType::COMPLEX64:
    return ComplexType::get(Float32Type::get(context));
  case tflite::TensorType::COMPLEX128:
    return ComplexType::get(Float64Type::get(context));
  case tflite::TensorType::BOOL:
    return IntegerType::get(context, 1);
  case tflite::TensorType::INT4:
    return IntegerType::get(context, 4);
  case tflite::TensorType::INT8:
    return IntegerType::get(context, 8);
  case tflite::TensorType::INT16:
    return IntegerType::get(context, 16);
  case tflite::TensorType::INT32:
    return IntegerType::get(context, 32);
  case tflite::TensorType::INT64:
    return IntegerType::get(context, 64);
  case tflite::TensorType::UINT8:
    return getUnsigned(8);
  case tflite::TensorType::UINT16:
    return getUnsigned(16);
  case tflite::TensorType::UINT32:
    return getUnsigned(32);
  case tflite::TensorType::UINT64:
    return getUnsigned(64);
  case tflite::TensorType::STRING:
  case tflite::TensorType::RESOURCE:
  case tflite::TensorType::VARIANT:
    break;
  }
  return {};
}

/// The name of `type`, its number where that has none.
static std::string describe(tflite::TensorType type) {
  const std::string name = EnumNameTensorType(type);
  return name.empty() ? std::to_string(static_cast<int>(type)) : name;
}

namespace {
/// Builds the type of one tensor.
class TypeImporter {
public:
  TypeImporter(const ModelFile &file, int64_t subgraph, int64_t index,
               bool isConstant, const BatchSize &batch)
      : file(file), subgraph(subgraph), index(index),
        tensor(*file.getSubgraph(subgraph).tensors()->Get(index)),
        isConstant(isConstant), batch(batch) {}

  FailureOr<RankedTensorType> run();

private:
  InFlightDiagnostic emitError() const {
    return file.emitError() << file.describeTensor(subgraph, index) << ": ";
  }

  FailureOr<SmallVector<int64_t>> importShape() const;
  FailureOr<int64_t> importDimension(int64_t dim) const;
  FailureOr<Type> quantize(Type stored, ArrayRef<int64_t> shape) const;
  LogicalResult checkQuantization(const QuantizationParameters &parameters,
                                  ArrayRef<int64_t> shape) const;
  Type getQuantizedType(IntegerType stored, ArrayRef<double> scales,
                        ArrayRef<int64_t> zeroPoints, int32_t dim) const;
  LogicalResult checkContents(RankedTensorType type) const;

  const ModelFile &file;
  int64_t subgraph;
  int64_t index;
  const Tensor &tensor;
  bool isConstant;
  const BatchSize &batch;
};
} // namespace

FailureOr<RankedTensorType> TypeImporter::run() {
  Type stored = getStoredType(tensor.type(), file.getContext());
  if (!stored)
    return emitError() << "elements of type " << describe(tensor.type())
                       << " have no fixed size";
  FailureOr<SmallVector<int64_t>> shape = importShape();
  if (failed(shape))
    return failure();
  FailureOr<Type> element = quantize(stored, *shape);
  if (failed(element))
    return failure();
  auto type = RankedTensorType::get(*shape, *element);
  if (!getStorageBytes(type))
    return emitError() << "its size exceeds "
                       << std::numeric_limits<int64_t>::max() << " bytes";
  if (isConstant && failed(checkContents(type)))
    return failure();
  return type;
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

FailureOr<SmallVector<int64_t>> TypeImporter::importShape() const {
  const int64_t rank = sizeOf(tensor.shape());
  const int64_t signatureRank = sizeOf(tensor.shape_signature());
  if (signatureRank != 0 && signatureRank != rank)
    return emitError() << "its shape has " << rank
                       << " dimensions, but its shape signature "
                       << signatureRank;
  SmallVector<int64_t> shape;
  for (int64_t dim = 0; dim < rank; ++dim) {
    FailureOr<int64_t> size = importDimension(dim);
    if (failed(size))
      return failure();
    shape.push_back(*size);
  }
  return shape;
}

FailureOr<int64_t> TypeImporter::importDimension(int64_t dim) const {
  const int64_t size = tensor.shape()->Get(dim);
  if (!isConstant && isOpen(tensor, dim)) {
    if (dim != 0 || !batch.isOpen)
      return emitError() << "the size of dimension " << dim
                         << " is unknown until run time";
    if (batch.size)
      return *batch.size;
    if (size < 1)
      return emitError() << "the batch is unknown; --batch=N sets it";
  }
  if (size < 0)
    return emitError() << "the size of dimension " << dim << " is " << size
                       << ", less than 0";
  return size;
}

//===----------------------------------------------------------------------===//
// Quantisation
//===----------------------------------------------------------------------===//

/// The dimension that has a scale for each index. Converters used to give a
/// bias that of its filter.
static int64_t getQuantizedDimension(const QuantizationParameters &parameters,
                                     int64_t rank) {
  return rank == 1 ? 0 : parameters.quantized_dimension();
}

LogicalResult
TypeImporter::checkQuantization(const QuantizationParameters &parameters,
                                ArrayRef<int64_t> shape) const {
  const int64_t numScales = sizeOf(parameters.scale());
  const int64_t numZeroPoints = sizeOf(parameters.zero_point());
  if (numZeroPoints != 0 && numZeroPoints != numScales)
    return emitError() << "it has " << numScales << " scales, but "
                       << numZeroPoints << " zero points";
  if (numScales == 1)
    return success();
  const int64_t rank = shape.size();
  const int64_t dim = getQuantizedDimension(parameters, rank);
  if (dim < 0 || dim >= rank)
    return emitError() << "its quantised dimension is " << dim
                       << ", but it has " << rank << " dimensions";
  if (shape[dim] != numScales)
    return emitError() << "it has " << numScales
                       << " scales, but the size of dimension " << dim << " is "
                       << shape[dim];
  return success();
}

/// FlatBuffers' verifier does not look at the alignment of these.
static SmallVector<int64_t>
readZeroPoints(const QuantizationParameters &parameters) {
  SmallVector<int64_t> values;
  for (int64_t i = 0; i < sizeOf(parameters.zero_point()); ++i)
    values.push_back(llvm::support::endian::read64le(
        parameters.zero_point()->Data() + sizeof(int64_t) * i));
  return values;
}

/// The element type with the scales of the tensor, if it has any and they mean
/// something for `stored`.
FailureOr<Type> TypeImporter::quantize(Type stored,
                                       ArrayRef<int64_t> shape) const {
  const QuantizationParameters *parameters = tensor.quantization();
  auto integer = dyn_cast<IntegerType>(stored);
  if (!parameters || sizeOf(parameters->scale()) == 0 || !integer ||
      integer.getWidth() == 1 ||
      integer.getWidth() > quant::QuantizedType::MaxStorageBits ||
      parameters->details_type() != QuantizationDetails::NONE)
    return stored;
  if (failed(checkQuantization(*parameters, shape)))
    return failure();

  SmallVector<double> scales(parameters->scale()->begin(),
                             parameters->scale()->end());
  SmallVector<int64_t> zeroPoints = readZeroPoints(*parameters);
  zeroPoints.resize(scales.size(), 0);
  return getQuantizedType(integer, scales, zeroPoints,
                          getQuantizedDimension(*parameters, shape.size()));
}

/// The type of integers of type `stored` with these scales. Runtimes do not
/// look at scales before they use them, so those that mean nothing only earn a
/// warning.
Type TypeImporter::getQuantizedType(IntegerType stored, ArrayRef<double> scales,
                                    ArrayRef<int64_t> zeroPoints,
                                    int32_t dim) const {
  auto emitWarning = [&] {
    return file.emitWarning() << file.describeTensor(subgraph, index)
                              << " is imported without quantisation: ";
  };
  const bool isSigned = !stored.isUnsigned();
  const unsigned flags = isSigned ? quant::QuantizationFlags::Signed : 0;
  const unsigned width = stored.getWidth();
  const int64_t min =
      quant::QuantizedType::getDefaultMinimumForInteger(isSigned, width);
  const int64_t max =
      quant::QuantizedType::getDefaultMaximumForInteger(isSigned, width);
  for (auto [scale, zeroPoint] : llvm::zip_equal(scales, zeroPoints))
    if (!std::isfinite(scale) || zeroPoint < min || zeroPoint > max) {
      emitWarning() << "scale " << scale << " with zero point " << zeroPoint
                    << " means nothing from " << min << " to " << max;
      return stored;
    }

  auto storage = IntegerType::get(file.getContext(), width);
  auto real = Float32Type::get(file.getContext());
  Type type;
  if (scales.size() == 1)
    type = quant::UniformQuantizedType::getChecked(
        emitWarning, flags, storage, real, scales[0], zeroPoints[0], min, max);
  else
    type = quant::UniformQuantizedPerAxisType::getChecked(
        emitWarning, flags, storage, real, scales, zeroPoints, dim, min, max);
  return type ? type : stored;
}

//===----------------------------------------------------------------------===//
// Contents
//===----------------------------------------------------------------------===//

LogicalResult TypeImporter::checkContents(RankedTensorType type) const {
  // Sparse constants hold what is not zero.
  if (tensor.sparsity())
    return success();
  const int64_t numBytes = file.getContents(tensor).size();
  const int64_t wanted = *getStorageBytes(type);
  if (numBytes != wanted)
    return emitError() << "its contents have " << numBytes
                       << " bytes, but its type takes " << wanted;
  return success();
}

FailureOr<RankedTensorType>
tflite::importTensorType(const ModelFile &file, int64_t subgraph, int64_t index,
                         bool isConstant, const BatchSize &batch) {
  return TypeImporter(file, subgraph, index, isConstant, batch).run();
}

//===----------------------------------------------------------------------===//
// Export
//===----------------------------------------------------------------------===//

/// The tensor type whose elements are stored as `type`, if there is one.
static std::optional<tflite::TensorType> findTensorType(Type type) {
  for (tflite::TensorType candidate : EnumValuesTensorType())
    if (getStoredType(candidate, type.getContext()) == type)
      return candidate;
  return std::nullopt;
}

/// The type of what is stored of `element`, unsigned where that is.
static Type getStorageType(Type element) {
  auto quantized = dyn_cast<quant::QuantizedType>(element);
  if (!quantized)
    return element;
  return IntegerType::get(
      element.getContext(), quantized.getStorageTypeIntegralWidth(),
      quantized.isSigned() ? IntegerType::Signless : IntegerType::Unsigned);
}

/// What files call the scales of `type`; nothing if it has none.
static std::unique_ptr<QuantizationParametersT> exportQuantization(Type type) {
  auto parameters = std::make_unique<QuantizationParametersT>();
  if (auto tensor = dyn_cast<quant::UniformQuantizedType>(type)) {
    parameters->scale = {static_cast<float>(tensor.getScale())};
    parameters->zero_point = {tensor.getZeroPoint()};
  } else if (auto axis = dyn_cast<quant::UniformQuantizedPerAxisType>(type)) {
    parameters->scale.assign(axis.getScales().begin(), axis.getScales().end());
    parameters->zero_point.assign(axis.getZeroPoints().begin(),
                                  axis.getZeroPoints().end());
    parameters->quantized_dimension = axis.getQuantizedDimension();
  } else {
    return nullptr;
  }
  return parameters;
}

FailureOr<TensorT> tflite::exportTensorType(Location loc,
                                            RankedTensorType type) {
  std::optional<tflite::TensorType> stored =
      findTensorType(getStorageType(type.getElementType()));
  if (!stored || llvm::any_of(type.getShape(), [](int64_t size) {
        return !llvm::isInt<32>(size);
      }))
    return emitError(loc) << "no tensor of a TFLite file has the type " << type;
  TensorT tensor;
  tensor.type = *stored;
  tensor.shape.assign(type.getShape().begin(), type.getShape().end());
  tensor.quantization = exportQuantization(type.getElementType());
  return tensor;
}
