//===- ExportOperator.cpp - Operations as operators -----------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExportOperator.h"
#include "Windows.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::tflite;

namespace {
/// Builds one operator. The overloads of `build` choose the kernel, its options
/// and the inputs beside the operands; they fail, through `decline`, if no
/// kernel computes the operation.
class OperatorExporter {
public:
  OperatorExporter(Operation *op, ExportTensors &tensors)
      : op(op), tensors(tensors) {}

  FailureOr<ExportedOperator> run();

private:
  LogicalResult build(Conv2DOp conv);
  LogicalResult build(DepthwiseConv2DOp conv);
  LogicalResult build(FullyConnectedOp product);
  LogicalResult build(MaxPool2DOp pool);
  LogicalResult build(AvgPool2DOp pool);
  LogicalResult build(AddOp add);
  LogicalResult build(MulOp mul);
  LogicalResult build(ClampOp clamp);
  LogicalResult build(SoftmaxOp softmax);
  LogicalResult build(ConcatOp concat);
  LogicalResult build(SplitOp split);
  LogicalResult build(SliceOp slice);
  LogicalResult build(PadOp pad);
  LogicalResult build(ReshapeOp reshape);

  template <typename OpTy> LogicalResult checkProduct(OpTy product);
  template <typename OpTy, typename OptionsTy>
  LogicalResult setWindow(OpTy op, ArrayRef<int64_t> kernel,
                          ArrayRef<int64_t> dilations, OptionsTy &options);
  template <typename OpTy> LogicalResult buildPool(OpTy pool);
  LogicalResult addOperands();
  void addIntegers(ArrayRef<int64_t> values) {
    exported.inputs.push_back(tensors.addIntegers(
        {static_cast<int32_t>(values.size())}, toInt32(values)));
  }
  template <typename OptionsTy>
  LogicalResult choose(BuiltinOperator builtin, OptionsTy options) {
    exported.options.Set(std::move(options));
    exported.builtin = builtin;
    return success();
  }
  LogicalResult decline(const Twine &why) {
    return op->emitOpError("has no TFLite kernel: ") << why;
  }
  static SmallVector<int32_t> toInt32(ArrayRef<int64_t> values) {
    return SmallVector<int32_t>(values.begin(), values.end());
  }

  Operation *op;
  ExportTensors &tensors;
  ExportedOperator exported;
};
} // namespace

//===----------------------------------------------------------------------===//
// Options
//===----------------------------------------------------------------------===//

static ActivationFunctionType exportActivation(Activation activation) {
  switch (activation) {
  case Activation::None:
    return ActivationFunctionType::NONE;
  case Activation::Relu:
    return ActivationFunctionType::RELU;
  case Activation::ReluN1To1:
    return ActivationFunctionType::RELU_N1_TO_1;
  case Activation::Relu6:
    return ActivationFunctionType::RELU6;
  case Activation::Tanh:
    return ActivationFunctionType::TANH;
  }
  llvm_unreachable("every activation is handled");
}

/// Sets padding and strides. Explicit padding must be what one of the two names
/// in files stands for.
template <typename OpTy, typename OptionsTy>
LogicalResult OperatorExporter::setWindow(OpTy window, ArrayRef<int64_t> kernel,
                                          ArrayRef<int64_t> dilations,
                                          OptionsTy &options) {
  ArrayRef<int64_t> strides = window.getStrides();
  ArrayRef<int64_t> padding = window.getPadding();
  SmallVector<int64_t> same;
  for (int d : {0, 1}) {
    auto [before, after] =
        padSame(window.getInput().getType().getDimSize(1 + d), kernel[d],
                strides[d], dilations[d]);
    same.append({before, after});
  }
  const bool isValid = llvm::all_of(padding, [](int64_t n) { return n == 0; });
  if (!isValid && padding != ArrayRef<int64_t>(same))
    return decline("its padding is neither SAME nor VALID");
  options.padding = isValid ? Padding::VALID : Padding::SAME;
  options.stride_h = strides[0];
  options.stride_w = strides[1];
  options.fused_activation_function = exportActivation(window.getActivation());
  return success();
}

//===----------------------------------------------------------------------===//
// Products with weights
//===----------------------------------------------------------------------===//

/// The type in which `type`'s elements are stored.
static Type getStored(RankedTensorType type) {
  auto quantized = dyn_cast<quant::QuantizedType>(type.getElementType());
  return quantized ? quantized.getStorageType() : type.getElementType();
}

/// A kernel's input and result have the same type; only its accumulators, which
/// no tensor holds, are wider.
template <typename OpTy>
LogicalResult OperatorExporter::checkProduct(OpTy product) {
  if (product.getAccumulator())
    return decline("it adds to an accumulator");
  Type input = getStored(product.getInput().getType());
  Type result = getStored(product.getResult().getType());
  if (input == result)
    return success();
  return op->emitOpError("has no TFLite kernel: it computes ")
         << result << " from " << input;
}

LogicalResult OperatorExporter::build(Conv2DOp conv) {
  Conv2DOptionsT options;
  ArrayRef<int64_t> filter = conv.getFilter().getType().getShape();
  if (failed(checkProduct(conv)) ||
      failed(setWindow(conv, filter.slice(1, 2), conv.getDilations(), options)))
    return failure();
  options.dilation_h_factor = conv.getDilations()[0];
  options.dilation_w_factor = conv.getDilations()[1];
  return choose(BuiltinOperator::CONV_2D, options);
}

LogicalResult OperatorExporter::build(DepthwiseConv2DOp conv) {
  DepthwiseConv2DOptionsT options;
  ArrayRef<int64_t> filter = conv.getFilter().getType().getShape();
  if (failed(checkProduct(conv)) ||
      failed(setWindow(conv, filter.slice(1, 2), conv.getDilations(), options)))
    return failure();
  options.dilation_h_factor = conv.getDilations()[0];
  options.dilation_w_factor = conv.getDilations()[1];
  options.depth_multiplier =
      filter[3] / conv.getInput().getType().getDimSize(3);
  return choose(BuiltinOperator::DEPTHWISE_CONV_2D, options);
}

LogicalResult OperatorExporter::build(FullyConnectedOp product) {
  if (failed(checkProduct(product)))
    return failure();
  FullyConnectedOptionsT options;
  options.fused_activation_function = exportActivation(product.getActivation());
  options.keep_num_dims = product.getResult().getType().getRank() > 2;
  return choose(BuiltinOperator::FULLY_CONNECTED, options);
}

//===----------------------------------------------------------------------===//
// Pooling and elementwise operations
//===----------------------------------------------------------------------===//

template <typename OpTy> LogicalResult OperatorExporter::buildPool(OpTy pool) {
  Pool2DOptionsT options;
  ArrayRef<int64_t> kernel = pool.getKernel();
  if (failed(setWindow(pool, kernel, {1, 1}, options)))
    return failure();
  options.filter_height = kernel[0];
  options.filter_width = kernel[1];
  return choose(std::is_same_v<OpTy, MaxPool2DOp>
                    ? BuiltinOperator::MAX_POOL_2D
                    : BuiltinOperator::AVERAGE_POOL_2D,
                options);
}

LogicalResult OperatorExporter::build(MaxPool2DOp pool) {
  return buildPool(pool);
}

LogicalResult OperatorExporter::build(AvgPool2DOp pool) {
  return buildPool(pool);
}

LogicalResult OperatorExporter::build(AddOp add) {
  AddOptionsT options;
  options.fused_activation_function = exportActivation(add.getActivation());
  return choose(BuiltinOperator::ADD, options);
}

LogicalResult OperatorExporter::build(MulOp mul) {
  MulOptionsT options;
  options.fused_activation_function = exportActivation(mul.getActivation());
  return choose(BuiltinOperator::MUL, options);
}

LogicalResult OperatorExporter::build(ClampOp clamp) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  struct Limits {
    double min, max;
    BuiltinOperator builtin;
  };
  const double min = clamp.getMin().convertToDouble();
  const double max = clamp.getMax().convertToDouble();
  for (const Limits &known : {Limits{0, infinity, BuiltinOperator::RELU},
                              Limits{0, 6, BuiltinOperator::RELU6},
                              Limits{-1, 1, BuiltinOperator::RELU_N1_TO_1},
                              Limits{0, 1, BuiltinOperator::RELU_0_TO_1}})
    if (min == known.min && max == known.max) {
      exported.builtin = known.builtin;
      return success();
    }
  return op->emitOpError("has no TFLite kernel: none has the limits ")
         << min << " and " << max;
}

LogicalResult OperatorExporter::build(SoftmaxOp softmax) {
  SoftmaxOptionsT options;
  options.beta = softmax.getBeta().convertToDouble();
  return choose(BuiltinOperator::SOFTMAX, options);
}

//===----------------------------------------------------------------------===//
// Moving data
//===----------------------------------------------------------------------===//

/// Kernels for signed integers copy and do not scale.
LogicalResult OperatorExporter::build(ConcatOp concat) {
  for (Value input : concat.getInputs())
    if (getElementTypeOrSelf(input) != concat.getType().getElementType())
      return decline("its operands have other scales than its result");
  ConcatenationOptionsT options;
  options.axis = concat.getAxis();
  return choose(BuiltinOperator::CONCATENATION, options);
}

/// SPLIT where all parts are of one size, otherwise SPLIT_V.
LogicalResult OperatorExporter::build(SplitOp split) {
  SmallVector<int64_t> sizes;
  for (Type type : split->getResultTypes())
    sizes.push_back(cast<ShapedType>(type).getDimSize(split.getAxis()));
  const int32_t axis =
      tensors.addIntegers({}, {static_cast<int32_t>(split.getAxis())});
  if (llvm::all_equal(sizes)) {
    SplitOptionsT options;
    options.num_splits = sizes.size();
    exported.inputs.insert(exported.inputs.begin(), axis);
    return choose(BuiltinOperator::SPLIT, options);
  }
  SplitVOptionsT options;
  options.num_splits = sizes.size();
  addIntegers(sizes);
  exported.inputs.push_back(axis);
  return choose(BuiltinOperator::SPLIT_V, options);
}

LogicalResult OperatorExporter::build(SliceOp slice) {
  addIntegers(slice.getOffsets());
  addIntegers(slice.getType().getShape());
  return choose(BuiltinOperator::SLICE, SliceOptionsT());
}

LogicalResult OperatorExporter::build(PadOp pad) {
  if (!pad.getValue().isZero())
    return decline("its value is not zero");
  SmallVector<int32_t> amounts;
  for (auto [low, high] : llvm::zip_equal(pad.getLow(), pad.getHigh()))
    amounts.append({static_cast<int32_t>(low), static_cast<int32_t>(high)});
  const int32_t rank = pad.getLow().size();
  exported.inputs.push_back(tensors.addIntegers({rank, 2}, amounts));
  return choose(BuiltinOperator::PAD, PadOptionsT());
}

LogicalResult OperatorExporter::build(ReshapeOp reshape) {
  ReshapeOptionsT options;
  options.new_shape = std::vector<int32_t>(reshape.getType().getShape().begin(),
                                           reshape.getType().getShape().end());
  addIntegers(reshape.getType().getShape());
  return choose(BuiltinOperator::RESHAPE, options);
}

//===----------------------------------------------------------------------===//
// Entry
//===----------------------------------------------------------------------===//

LogicalResult OperatorExporter::addOperands() {
  for (Value value : op->getOperands()) {
    FailureOr<int32_t> tensor = tensors.getTensor(value);
    if (failed(tensor))
      return failure();
    exported.inputs.push_back(*tensor);
  }
  for (Value value : op->getResults())
    exported.outputs.push_back(*tensors.find(value));
  return success();
}

FailureOr<ExportedOperator> OperatorExporter::run() {
  exported.isNew = true;
  if (failed(addOperands()))
    return failure();
  LogicalResult built =
      llvm::TypeSwitch<Operation *, LogicalResult>(op)
          .Case<Conv2DOp, DepthwiseConv2DOp, FullyConnectedOp, MaxPool2DOp,
                AvgPool2DOp, AddOp, MulOp, ClampOp, SoftmaxOp, ConcatOp,
                SplitOp, SliceOp, PadOp, ReshapeOp>(
              [&](auto structured) { return build(structured); })
          .Case([&](NodeOp) {
            return decline("it is no operator of the base file");
          })
          .Default([&](Operation *) {
            return decline("a runtime of TFLite files has no such operator");
          });
  if (failed(built))
    return failure();
  return std::move(exported);
}

FailureOr<ExportedOperator> tflite::exportOperator(Operation *op,
                                                   ExportTensors &tensors) {
  return OperatorExporter(op, tensors).run();
}
