//===- StructuredOperator.cpp - Operators the dialect knows ---------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "StructuredOperator.h"
#include "../ImportSupport.h"
#include "Windows.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/Endian.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::tflite;

namespace {
/// How a window moves over the rows and columns of an image.
struct Window {
  std::array<int64_t, 2> kernel, strides, dilations;
  /// Top, bottom, left, right.
  std::array<int64_t, 4> padding;
};

/// Builds one operation. Methods fail, through `decline`, if it would not mean
/// the same as the operator.
class StructuredImporter {
public:
  StructuredImporter(OpBuilder &builder, const OperatorView &op,
                     std::string &reason)
      : builder(builder), op(op), reason(reason) {}

  FailureOr<Operation *> run();

private:
  FailureOr<Operation *> importConv2D();
  FailureOr<Operation *> importDepthwiseConv2D();
  FailureOr<Operation *> importFullyConnected();
  template <typename OpTy> FailureOr<Operation *> importPool2D();
  template <typename OpTy, typename OptionsTy>
  FailureOr<Operation *> importBinary();
  FailureOr<Operation *> importClamp(double min, double max);
  FailureOr<Operation *> importSoftmax();
  FailureOr<Operation *> importConcat();
  FailureOr<Operation *> importSplit(size_t input, size_t axisInput);
  FailureOr<Operation *> importSplitV();
  FailureOr<Operation *> importSlice();
  FailureOr<Operation *> importPad();
  FailureOr<Operation *> importReshape();

  /// Builds the operation with one result, at the operator's location.
  template <typename OpTy, typename... Args>
  FailureOr<Operation *> create(Args &&...args) {
    return OpTy::create(builder, op.getLoc(), op.getOutputType(0),
                        std::forward<Args>(args)...)
        .getOperation();
  }
  /// Creates constants: the order of calls is the order in the function.
  Value getInput(size_t i) { return op.getInput(builder, i); }
  /// Input, weights and bias, which may be absent.
  std::array<Value, 3> getProductOperands() {
    return {getInput(0), getInput(1), getInput(2)};
  }

  LogicalResult decline(const Twine &why) {
    reason = why.str();
    return failure();
  }
  LogicalResult checkArity(size_t minInputs, size_t maxInputs,
                           size_t numOutputs);
  LogicalResult checkImages(size_t numInputs);
  LogicalResult checkConstant(size_t i);
  LogicalResult checkBiasType(tflite::TensorType type);
  template <typename OptionsTy>
  FailureOr<typename OptionsTy::NativeTableType> readOptions();
  FailureOr<Activation> readActivation(ActivationFunctionType function);
  template <typename OptionsTy>
  FailureOr<Window> readWindow(const OptionsTy &options,
                               std::array<int64_t, 2> kernel,
                               std::array<int64_t, 2> dilations);
  FailureOr<SmallVector<int64_t>> readIntegers(size_t i, int64_t count);
  FailureOr<int64_t> readAxis(size_t i, int64_t rank);
  FailureOr<double> readReal(size_t i);

  OpBuilder &builder;
  const OperatorView &op;
  std::string &reason;
};
} // namespace

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

/// Checks the numbers of inputs and outputs, that the inputs which are not
/// optional are there, and that all of them are values.
LogicalResult StructuredImporter::checkArity(size_t minInputs, size_t maxInputs,
                                             size_t numOutputs) {
  const size_t numInputs = op.getInputs().size();
  if (numInputs < minInputs || numInputs > maxInputs ||
      op.getOutputs().size() != numOutputs)
    return decline("it has " + Twine(numInputs) + " inputs and " +
                   Twine(op.getOutputs().size()) + " outputs");
  for (size_t i = 0; i < minInputs; ++i)
    if (!op.hasInput(i))
      return decline("its input " + Twine(i) + " is absent");
  if (op.touchesVariables())
    return decline("it works on variables");
  return success();
}

LogicalResult StructuredImporter::checkImages(size_t numInputs) {
  for (size_t i = 0; i < numInputs; ++i)
    if (op.getInputType(i).getRank() != 4)
      return decline("its input " + Twine(i) + " has " +
                     Twine(op.getInputType(i).getRank()) +
                     " dimensions, not 4");
  if (op.getOutputType(0).getRank() != 4)
    return decline("its output has " + Twine(op.getOutputType(0).getRank()) +
                   " dimensions, not 4");
  return success();
}

LogicalResult StructuredImporter::checkConstant(size_t i) {
  if (op.getGraph().getRole(op.getInputs()[i]) != TensorRole::Constant)
    return decline("its input " + Twine(i) + " is not constant");
  return success();
}

/// The `count` integers in constant input `i`.
FailureOr<SmallVector<int64_t>>
StructuredImporter::readIntegers(size_t i, int64_t count) {
  using llvm::support::endian::read;
  if (failed(checkConstant(i)))
    return failure();
  const Tensor &tensor = op.getInputTensor(i);
  ArrayRef<char> contents = op.getFile().getContents(tensor);
  const bool isWide = tensor.type() == tflite::TensorType::INT64;
  const int64_t bytes = isWide ? sizeof(int64_t) : sizeof(int32_t);
  if ((!isWide && tensor.type() != tflite::TensorType::INT32) ||
      static_cast<int64_t>(contents.size()) != count * bytes)
    return decline("its input " + Twine(i) + " does not hold " + Twine(count) +
                   " integers of 32 or 64 bits");
  SmallVector<int64_t> values;
  for (const char *p = contents.begin(); p != contents.end(); p += bytes)
    values.push_back(isWide ? read<int64_t>(p, llvm::endianness::little)
                            : read<int32_t>(p, llvm::endianness::little));
  return values;
}

/// The dimension that constant input `i` names, which may count from the end.
FailureOr<int64_t> StructuredImporter::readAxis(size_t i, int64_t rank) {
  FailureOr<SmallVector<int64_t>> axis = readIntegers(i, 1);
  if (failed(axis))
    return failure();
  return axis->front() < 0 ? axis->front() + rank : axis->front();
}

/// The one number in constant input `i`, as the real number it stands for.
FailureOr<double> StructuredImporter::readReal(size_t i) {
  if (failed(checkConstant(i)))
    return failure();
  ArrayRef<char> contents = op.getFile().getContents(op.getInputTensor(i));
  Type element = op.getInputType(i).getElementType();
  if (element.isF32() && contents.size() == sizeof(float))
    return llvm::bit_cast<float>(
        llvm::support::endian::read32le(contents.data()));
  auto quantized = dyn_cast<quant::UniformQuantizedType>(element);
  if (quantized && quantized.getStorageTypeIntegralWidth() == 8 &&
      contents.size() == 1) {
    const double stored = quantized.isSigned()
                              ? static_cast<int8_t>(contents.front())
                              : static_cast<uint8_t>(contents.front());
    return (stored - quantized.getZeroPoint()) * quantized.getScale();
  }
  return decline("its input " + Twine(i) +
                 " is not one float or quantised byte");
}

//===----------------------------------------------------------------------===//
// Options
//===----------------------------------------------------------------------===//

/// The options, their defaults if the operator has none.
template <typename OptionsTy>
FailureOr<typename OptionsTy::NativeTableType>
StructuredImporter::readOptions() {
  typename OptionsTy::NativeTableType result;
  const Operator &source = op.getOperator();
  if (const auto *options = source.builtin_options_as<OptionsTy>())
    options->UnPackTo(&result);
  else if (source.builtin_options_type() != BuiltinOptions::NONE)
    return decline("its options are those of another operator");
  return result;
}

FailureOr<Activation>
StructuredImporter::readActivation(ActivationFunctionType function) {
  switch (function) {
  case ActivationFunctionType::NONE:
    return Activation::None;
  case ActivationFunctionType::RELU:
    return Activation::Relu;
  case ActivationFunctionType::RELU_N1_TO_1:
    return Activation::ReluN1To1;
  case ActivationFunctionType::RELU6:
    return Activation::Relu6;
  case ActivationFunctionType::TANH:
    return Activation::Tanh;
  case ActivationFunctionType::SIGN_BIT:
    break;
  }
  return decline("its activation " + Twine(static_cast<int>(function)) +
                 " has no counterpart");
}

/// Checks that a kernel told to compute its bias, input 2, in `type` does what
/// the tensors' own types say. FLOAT32 stands for not being told.
LogicalResult StructuredImporter::checkBiasType(tflite::TensorType type) {
  if (type == tflite::TensorType::FLOAT32 ||
      (op.hasInput(2) && op.getInputTensor(2).type() == type))
    return success();
  return decline("its bias is to be computed in another type");
}

template <typename OptionsTy>
FailureOr<Window>
StructuredImporter::readWindow(const OptionsTy &options,
                               std::array<int64_t, 2> kernel,
                               std::array<int64_t, 2> dilations) {
  Window window{kernel, {options.stride_h, options.stride_w}, dilations, {}};
  for (auto [size, stride, dilation] :
       llvm::zip_equal(kernel, window.strides, dilations))
    if (size < 1 || stride < 1 || dilation < 1)
      return decline("a window of size " + Twine(size) + ", stride " +
                     Twine(stride) + " and dilation " + Twine(dilation) +
                     " covers nothing");
  if (options.padding == Padding::VALID)
    return window;
  if (options.padding != Padding::SAME)
    return decline("its padding " + Twine(static_cast<int>(options.padding)) +
                   " is not known");
  for (int d : {0, 1})
    std::tie(window.padding[2 * d], window.padding[2 * d + 1]) =
        padSame(op.getInputType(0).getDimSize(1 + d), kernel[d],
                window.strides[d], dilations[d]);
  return window;
}

//===----------------------------------------------------------------------===//
// Products with weights
//===----------------------------------------------------------------------===//

FailureOr<Operation *> StructuredImporter::importConv2D() {
  auto options = readOptions<Conv2DOptions>();
  if (failed(options) || failed(checkArity(2, 3, 1)) ||
      failed(checkImages(2)) ||
      failed(checkBiasType(options->quantized_bias_type)))
    return failure();
  ArrayRef<int64_t> filter = op.getInputType(1).getShape();
  auto window =
      readWindow(*options, {filter[1], filter[2]},
                 {options->dilation_h_factor, options->dilation_w_factor});
  auto activation = readActivation(options->fused_activation_function);
  if (failed(window) || failed(activation))
    return failure();
  const int64_t channels = op.getInputType(0).getDimSize(3);
  const int64_t groups = filter[3] > 0 ? channels / filter[3] : 1;
  auto [input, weights, bias] = getProductOperands();
  return create<Conv2DOp>(input, weights, bias, /*accumulator=*/Value(),
                          window->strides, window->padding, window->dilations,
                          groups, *activation);
}

FailureOr<Operation *> StructuredImporter::importDepthwiseConv2D() {
  auto options = readOptions<DepthwiseConv2DOptions>();
  if (failed(options) || failed(checkArity(2, 3, 1)) || failed(checkImages(2)))
    return failure();
  ArrayRef<int64_t> filter = op.getInputType(1).getShape();
  auto window =
      readWindow(*options, {filter[1], filter[2]},
                 {options->dilation_h_factor, options->dilation_w_factor});
  auto activation = readActivation(options->fused_activation_function);
  if (failed(window) || failed(activation))
    return failure();
  auto [input, weights, bias] = getProductOperands();
  return create<DepthwiseConv2DOp>(
      input, weights, bias, /*accumulator=*/Value(), window->strides,
      window->padding, window->dilations, *activation);
}

FailureOr<Operation *> StructuredImporter::importFullyConnected() {
  auto options = readOptions<FullyConnectedOptions>();
  if (failed(options))
    return failure();
  if (options->weights_format != FullyConnectedOptionsWeightsFormat::DEFAULT)
    return decline("its weights are shuffled");
  if (options->asymmetric_quantize_inputs)
    return decline("it quantises its input");
  auto activation = readActivation(options->fused_activation_function);
  if (failed(activation) || failed(checkArity(2, 3, 1)) ||
      failed(checkBiasType(options->quantized_bias_type)))
    return failure();
  auto [input, weights, bias] = getProductOperands();
  return create<FullyConnectedOp>(input, weights, bias,
                                  /*accumulator=*/Value(), *activation);
}

//===----------------------------------------------------------------------===//
// Pooling and elementwise operations
//===----------------------------------------------------------------------===//

template <typename OpTy>
FailureOr<Operation *> StructuredImporter::importPool2D() {
  auto options = readOptions<Pool2DOptions>();
  if (failed(options) || failed(checkArity(1, 1, 1)) || failed(checkImages(1)))
    return failure();
  auto window = readWindow(
      *options, {options->filter_height, options->filter_width}, {1, 1});
  auto activation = readActivation(options->fused_activation_function);
  if (failed(window) || failed(activation))
    return failure();
  return create<OpTy>(getInput(0), window->kernel, window->strides,
                      window->padding, *activation);
}

template <typename OpTy, typename OptionsTy>
FailureOr<Operation *> StructuredImporter::importBinary() {
  auto options = readOptions<OptionsTy>();
  if (failed(options) || failed(checkArity(2, 2, 1)))
    return failure();
  auto activation = readActivation(options->fused_activation_function);
  if (failed(activation))
    return failure();
  Value lhs = getInput(0);
  Value rhs = getInput(1);
  return create<OpTy>(lhs, rhs, *activation);
}

FailureOr<Operation *> StructuredImporter::importClamp(double min, double max) {
  if (failed(checkArity(1, 1, 1)))
    return failure();
  return create<ClampOp>(getInput(0), builder.getF64FloatAttr(min),
                         builder.getF64FloatAttr(max));
}

FailureOr<Operation *> StructuredImporter::importSoftmax() {
  auto options = readOptions<SoftmaxOptions>();
  if (failed(options) || failed(checkArity(1, 1, 1)))
    return failure();
  return create<SoftmaxOp>(getInput(0), builder.getF64FloatAttr(options->beta));
}

//===----------------------------------------------------------------------===//
// Moving data
//===----------------------------------------------------------------------===//

FailureOr<Operation *> StructuredImporter::importConcat() {
  auto options = readOptions<ConcatenationOptions>();
  const size_t numInputs = op.getInputs().size();
  if (failed(options) || failed(checkArity(numInputs, numInputs, 1)))
    return failure();
  if (options->fused_activation_function != ActivationFunctionType::NONE)
    return decline("it has an activation");
  const int64_t rank = op.getOutputType(0).getRank();
  const int64_t axis = options->axis < 0 ? options->axis + rank : options->axis;
  return create<ConcatOp>(op.getOperands(builder), axis);
}

FailureOr<Operation *> StructuredImporter::importSplit(size_t input,
                                                       size_t axisInput) {
  const size_t numInputs = std::max(input, axisInput) + 1;
  if (failed(checkArity(numInputs, numInputs, op.getOutputs().size())))
    return failure();
  auto axis = readAxis(axisInput, op.getInputType(input).getRank());
  if (failed(axis))
    return failure();
  return SplitOp::create(builder, op.getLoc(), op.getResultTypes(),
                         getInput(input), *axis)
      .getOperation();
}

/// The sizes of the parts are those of the outputs.
FailureOr<Operation *> StructuredImporter::importSplitV() {
  if (!op.hasInput(1) || failed(checkConstant(1)))
    return failure();
  return importSplit(/*input=*/0, /*axisInput=*/2);
}

/// The size of the slice is that of the output.
FailureOr<Operation *> StructuredImporter::importSlice() {
  if (failed(checkArity(3, 3, 1)) || failed(checkConstant(2)))
    return failure();
  auto offsets = readIntegers(1, op.getInputType(0).getRank());
  if (failed(offsets))
    return failure();
  return create<SliceOp>(getInput(0), *offsets);
}

FailureOr<Operation *> StructuredImporter::importPad() {
  if (failed(checkArity(2, 3, 1)))
    return failure();
  auto amounts = readIntegers(1, 2 * op.getInputType(0).getRank());
  FailureOr<double> value = op.hasInput(2) ? readReal(2) : 0.0;
  if (failed(amounts) || failed(value))
    return failure();
  SmallVector<int64_t> low, high;
  for (size_t i = 0; i < amounts->size(); i += 2) {
    low.push_back((*amounts)[i]);
    high.push_back((*amounts)[i + 1]);
  }
  return create<PadOp>(getInput(0), builder.getDenseI64ArrayAttr(low),
                       builder.getDenseI64ArrayAttr(high),
                       builder.getF64FloatAttr(*value));
}

/// The new shape is that of the output; a second input may say it again.
FailureOr<Operation *> StructuredImporter::importReshape() {
  if (failed(checkArity(1, 2, 1)) ||
      (op.hasInput(1) && failed(checkConstant(1))))
    return failure();
  return create<ReshapeOp>(getInput(0));
}

//===----------------------------------------------------------------------===//
// Entry
//===----------------------------------------------------------------------===//

FailureOr<Operation *> StructuredImporter::run() {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  switch (op.getBuiltin()) {
  case BuiltinOperator::CONV_2D:
    return importConv2D();
  case BuiltinOperator::DEPTHWISE_CONV_2D:
    return importDepthwiseConv2D();
  case BuiltinOperator::FULLY_CONNECTED:
    return importFullyConnected();
  case BuiltinOperator::MAX_POOL_2D:
    return importPool2D<MaxPool2DOp>();
  case BuiltinOperator::AVERAGE_POOL_2D:
    return importPool2D<AvgPool2DOp>();
  case BuiltinOperator::ADD:
    return importBinary<AddOp, AddOptions>();
  case BuiltinOperator::MUL:
    return importBinary<MulOp, MulOptions>();
  case BuiltinOperator::RELU:
    return importClamp(0, infinity);
  case BuiltinOperator::RELU6:
    return importClamp(0, 6);
  case BuiltinOperator::RELU_N1_TO_1:
    return importClamp(-1, 1);
  case BuiltinOperator::RELU_0_TO_1:
    return importClamp(0, 1);
  case BuiltinOperator::SOFTMAX:
    return importSoftmax();
  case BuiltinOperator::CONCATENATION:
    return importConcat();
  case BuiltinOperator::SPLIT:
    return importSplit(/*input=*/1, /*axisInput=*/0);
  case BuiltinOperator::SPLIT_V:
    return importSplitV();
  case BuiltinOperator::SLICE:
    return importSlice();
  case BuiltinOperator::PAD:
  case BuiltinOperator::PADV2:
    return importPad();
  case BuiltinOperator::RESHAPE:
  case BuiltinOperator::SQUEEZE:
  case BuiltinOperator::EXPAND_DIMS:
    return importReshape();
  default:
    return failure();
  }
}

FailureOr<Operation *> tflite::importStructured(OpBuilder &builder,
                                                const OperatorView &op,
                                                std::string &reason) {
  return keepIfValid(StructuredImporter(builder, op, reason).run(), reason);
}
