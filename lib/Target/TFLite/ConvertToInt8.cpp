//===- ConvertToInt8.cpp - From unsigned to signed bytes ------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ConvertToInt8.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/Endian.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::tflite;

using llvm::support::endian::read64le;
using llvm::support::endian::write64le;

/// What uint8 is above int8.
static constexpr int64_t kShift = 128;

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

namespace {
/// What a kernel asks of int8 tensors, beyond what it asks of uint8 ones.
enum class Int8Rule {
  /// Nothing is known.
  Unknown,
  /// Nothing.
  None,
  /// Input 1 has zero point 0.
  SymmetricFilter,
  /// Inputs have the scale and zero point of the output.
  SameScales,
  /// The output has scale 1/256 and zero point -128.
  Probability,
  /// The output has scale 1/128 and zero point 0.
  SignedUnit
};
} // namespace

static Int8Rule getRule(BuiltinOperator builtin) {
  switch (builtin) {
  case BuiltinOperator::CONV_2D:
  case BuiltinOperator::DEPTHWISE_CONV_2D:
  case BuiltinOperator::FULLY_CONNECTED:
    return Int8Rule::SymmetricFilter;
  case BuiltinOperator::CONCATENATION:
    return Int8Rule::SameScales;
  case BuiltinOperator::SOFTMAX:
  case BuiltinOperator::LOGISTIC:
    return Int8Rule::Probability;
  case BuiltinOperator::TANH:
  case BuiltinOperator::L2_NORMALIZATION:
    return Int8Rule::SignedUnit;
  case BuiltinOperator::ADD:
  case BuiltinOperator::ARG_MAX:
  case BuiltinOperator::ARG_MIN:
  case BuiltinOperator::AVERAGE_POOL_2D:
  case BuiltinOperator::BATCH_TO_SPACE_ND:
  case BuiltinOperator::DEPTH_TO_SPACE:
  case BuiltinOperator::DEQUANTIZE:
  case BuiltinOperator::EXPAND_DIMS:
  case BuiltinOperator::GATHER:
  case BuiltinOperator::MAXIMUM:
  case BuiltinOperator::MAX_POOL_2D:
  case BuiltinOperator::MEAN:
  case BuiltinOperator::MINIMUM:
  case BuiltinOperator::MUL:
  case BuiltinOperator::PACK:
  case BuiltinOperator::PAD:
  case BuiltinOperator::PADV2:
  case BuiltinOperator::QUANTIZE:
  case BuiltinOperator::RELU:
  case BuiltinOperator::RELU6:
  case BuiltinOperator::RELU_N1_TO_1:
  case BuiltinOperator::RELU_0_TO_1:
  case BuiltinOperator::RESHAPE:
  case BuiltinOperator::RESIZE_BILINEAR:
  case BuiltinOperator::RESIZE_NEAREST_NEIGHBOR:
  case BuiltinOperator::SLICE:
  case BuiltinOperator::SPACE_TO_BATCH_ND:
  case BuiltinOperator::SPACE_TO_DEPTH:
  case BuiltinOperator::SPLIT:
  case BuiltinOperator::SPLIT_V:
  case BuiltinOperator::SQUEEZE:
  case BuiltinOperator::STRIDED_SLICE:
  case BuiltinOperator::SUB:
  case BuiltinOperator::TRANSPOSE:
  case BuiltinOperator::UNPACK:
    return Int8Rule::None;
  default:
    return Int8Rule::Unknown;
  }
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

namespace {
/// The bytes and numbers of one uint8 tensor.
struct ByteTensor {
  explicit ByteTensor(const tflite::Tensor &tensor)
      : scales(tensor.quantization() ? tensor.quantization()->scale()
                                     : nullptr),
        zeroPoints(tensor.quantization() ? tensor.quantization()->zero_point()
                                         : nullptr) {}

  bool isQuantised() const {
    return sizeOf(scales) != 0 && sizeOf(scales) == sizeOf(zeroPoints);
  }
  float getScale(int64_t i) const { return scales->Get(i); }
  int64_t getZeroPoint(int64_t i) const {
    return read64le(zeroPoints->Data() + sizeof(int64_t) * i);
  }
  bool operator==(const ByteTensor &other) const {
    if (sizeOf(scales) != sizeOf(other.scales))
      return false;
    for (int64_t i = 0; i < sizeOf(scales); ++i)
      if (getScale(i) != other.getScale(i) ||
          getZeroPoint(i) != other.getZeroPoint(i))
        return false;
    return true;
  }

  const flatbuffers::Vector<float> *scales;
  const flatbuffers::Vector<int64_t> *zeroPoints;
};

/// Converts one file: first finds by how much everything goes down, then does
/// it.
class Converter {
public:
  Converter(const ModelFile &file, MutableArrayRef<char> bytes)
      : file(file), bytes(bytes) {}

  LogicalResult run();

private:
  static bool isByte(const tflite::Tensor &tensor) {
    return tensor.type() == tflite::TensorType::UINT8;
  }
  const tflite::Tensor &getTensor(int64_t subgraph, int32_t tensor) const {
    return *file.getSubgraph(subgraph).tensors()->Get(tensor);
  }
  InFlightDiagnostic emitError(int64_t subgraph, int64_t tensor) const {
    return file.emitError() << file.describeTensor(subgraph, tensor);
  }

  LogicalResult checkOperator(int64_t subgraph, int64_t index);
  LogicalResult checkRule(Int8Rule rule, int64_t subgraph, const Operator &op);
  LogicalResult checkScales(int64_t subgraph, const Operator &op);
  LogicalResult checkOutput(int64_t subgraph, const Operator &op, float scale,
                            int64_t zeroPoint);
  LogicalResult shiftFilter(int64_t subgraph, int32_t tensor);
  LogicalResult planTensor(int64_t subgraph, int64_t index);
  LogicalResult plan(int64_t subgraph, int64_t tensor, const void *data,
                     int64_t shift);
  void apply();
  void apply(const tflite::Tensor &tensor);

  const ModelFile &file;
  MutableArrayRef<char> bytes;
  /// By how much a filter goes down; other tensors by 128.
  llvm::DenseMap<const tflite::Tensor *, int64_t> filterShifts;
  /// The same for lists of zero points and for contents; 0 if they stay.
  llvm::DenseMap<const void *, int64_t> shifts;
};
} // namespace

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

LogicalResult Converter::checkOperator(int64_t subgraph, int64_t index) {
  const Operator &op = *file.getSubgraph(subgraph).operators()->Get(index);
  auto touchesByte = [&](ArrayRef<int32_t> tensors) {
    return llvm::any_of(tensors, [&](int32_t tensor) {
      return tensor >= 0 && isByte(getTensor(subgraph, tensor));
    });
  };
  if (!touchesByte(toArrayRef(op.inputs())) &&
      !touchesByte(toArrayRef(op.outputs())))
    return success();
  const Int8Rule rule = getRule(file.getBuiltin(op));
  if (rule == Int8Rule::Unknown)
    return file.emitError() << file.describeOperator(subgraph, index)
                            << " works on uint8 and is not known to compute "
                               "the same on int8";
  return checkRule(rule, subgraph, op);
}

LogicalResult Converter::checkRule(Int8Rule rule, int64_t subgraph,
                                   const Operator &op) {
  constexpr float probability = 1.0f / 256, signedUnit = 1.0f / 128;
  switch (rule) {
  case Int8Rule::SymmetricFilter:
    return sizeOf(op.inputs()) < 2 || op.inputs()->Get(1) < 0
               ? success()
               : shiftFilter(subgraph, op.inputs()->Get(1));
  case Int8Rule::SameScales:
    return checkScales(subgraph, op);
  case Int8Rule::Probability:
    return checkOutput(subgraph, op, probability, 0);
  case Int8Rule::SignedUnit:
    return checkOutput(subgraph, op, signedUnit, kShift);
  case Int8Rule::Unknown:
  case Int8Rule::None:
    return success();
  }
  llvm_unreachable("every rule is handled");
}

LogicalResult Converter::checkScales(int64_t subgraph, const Operator &op) {
  for (int32_t output : toArrayRef(op.outputs()))
    for (int32_t input : toArrayRef(op.inputs()))
      if (input >= 0 && !(ByteTensor(getTensor(subgraph, input)) ==
                          ByteTensor(getTensor(subgraph, output))))
        return emitError(subgraph, input)
               << " has another scale or zero point than "
               << file.describeTensor(subgraph, output)
               << ", into which int8 kernels copy it as it is";
  return success();
}

LogicalResult Converter::checkOutput(int64_t subgraph, const Operator &op,
                                     float scale, int64_t zeroPoint) {
  for (int32_t output : toArrayRef(op.outputs())) {
    const tflite::Tensor &tensor = getTensor(subgraph, output);
    const ByteTensor numbers(tensor);
    if (isByte(tensor) && numbers.isQuantised() &&
        (numbers.getScale(0) != scale || numbers.getZeroPoint(0) != zeroPoint))
      return emitError(subgraph, output)
             << " has scale " << numbers.getScale(0) << " and zero point "
             << numbers.getZeroPoint(0) << ", but int8 kernels ask for scale "
             << scale << " and zero point " << zeroPoint;
  }
  return success();
}

/// Takes the zero point away from a filter, if what is left fits.
LogicalResult Converter::shiftFilter(int64_t subgraph, int32_t index) {
  const tflite::Tensor &tensor = getTensor(subgraph, index);
  const ByteTensor numbers(tensor);
  if (!isByte(tensor) || !numbers.isQuantised())
    return success();
  const int64_t zeroPoint = numbers.getZeroPoint(0);
  for (int64_t i = 1; i < sizeOf(numbers.scales); ++i)
    if (numbers.getZeroPoint(i) != zeroPoint)
      return emitError(subgraph, index)
             << " has zero points " << zeroPoint << " and "
             << numbers.getZeroPoint(i) << ", but int8 kernels know only 0";
  int64_t low = -zeroPoint, high = UINT8_MAX - zeroPoint;
  ArrayRef<char> contents = file.getContents(tensor);
  if (!contents.empty()) {
    auto values = llvm::map_range(
        contents, [](char byte) { return static_cast<uint8_t>(byte); });
    low = *std::min_element(values.begin(), values.end()) - zeroPoint;
    high = *std::max_element(values.begin(), values.end()) - zeroPoint;
  }
  if (low < INT8_MIN || high > INT8_MAX)
    return emitError(subgraph, index)
           << " has weights from " << low << " to " << high
           << " about its zero point of " << zeroPoint
           << ", but int8 kernels know none and only weights from -128 to 127";
  filterShifts[&tensor] = zeroPoint;
  return success();
}

//===----------------------------------------------------------------------===//
// Changes
//===----------------------------------------------------------------------===//

/// Asks for `data` of a tensor to go down by `shift`. Fails with a diagnostic
/// if another tensor has the same data and needs something else.
LogicalResult Converter::plan(int64_t subgraph, int64_t tensor,
                              const void *data, int64_t shift) {
  auto [entry, isNew] = shifts.try_emplace(data, shift);
  if (isNew || entry->second == shift)
    return success();
  return emitError(subgraph, tensor)
         << " shares data with a tensor that changes by " << entry->second
         << ", but itself changes by " << shift;
}

LogicalResult Converter::planTensor(int64_t subgraph, int64_t index) {
  const tflite::Tensor &tensor = getTensor(subgraph, index);
  const ByteTensor numbers(tensor);
  ArrayRef<char> contents = file.getContents(tensor);
  int64_t shift = 0;
  if (isByte(tensor)) {
    if (!numbers.isQuantised())
      return emitError(subgraph, index)
             << " is of uint8 with " << sizeOf(numbers.scales) << " scales and "
             << sizeOf(numbers.zeroPoints)
             << " zero points, so what it stands for in int8 is not known";
    auto filter = filterShifts.find(&tensor);
    shift = filter == filterShifts.end() ? kShift : filter->second;
  }
  if (numbers.zeroPoints &&
      failed(plan(subgraph, index, numbers.zeroPoints, shift)))
    return failure();
  return contents.empty() ? success()
                          : plan(subgraph, index, contents.data(), shift);
}

void Converter::apply(const tflite::Tensor &tensor) {
  using flatbuffers::Table;
  const ByteTensor numbers(tensor);
  uint8_t *zeroPoints = getWritable(bytes, numbers.zeroPoints->Data());
  if (const int64_t shift = std::exchange(shifts[numbers.zeroPoints], 0))
    for (int64_t i = 0; i < sizeOf(numbers.zeroPoints); ++i)
      write64le(zeroPoints + sizeof(int64_t) * i,
                numbers.getZeroPoint(i) - shift);
  ArrayRef<char> contents = file.getContents(tensor);
  if (const int64_t shift = std::exchange(shifts[contents.data()], 0)) {
    char *place = getWritable(bytes, contents.data());
    for (size_t i = 0; i < contents.size(); ++i)
      place[i] -= shift;
  }
  getWritable(bytes, reinterpret_cast<const Table *>(&tensor))
      ->SetField(tflite::Tensor::VT_TYPE,
                 static_cast<int8_t>(tflite::TensorType::INT8), int8_t());
}

void Converter::apply() {
  for (int64_t i = 0; i < file.getNumSubgraphs(); ++i)
    for (const tflite::Tensor *tensor :
         getEntries(file.getSubgraph(i).tensors()))
      if (isByte(*tensor))
        apply(*tensor);
}

LogicalResult Converter::run() {
  for (int64_t i = 0; i < file.getNumSubgraphs(); ++i)
    for (int64_t op = 0; op < sizeOf(file.getSubgraph(i).operators()); ++op)
      if (failed(checkOperator(i, op)))
        return failure();
  bool hasBytes = false;
  for (int64_t i = 0; i < file.getNumSubgraphs(); ++i)
    for (int64_t tensor = 0; tensor < sizeOf(file.getSubgraph(i).tensors());
         ++tensor) {
      hasBytes |= isByte(getTensor(i, tensor));
      if (failed(planTensor(i, tensor)))
        return failure();
    }
  if (!hasBytes)
    file.emitWarning() << "has no uint8 tensor to convert to int8";
  apply();
  return success();
}

LogicalResult tflite::convertToInt8(const ModelFile &file,
                                    MutableArrayRef<char> bytes) {
  return Converter(file, bytes).run();
}
