//===- StructuredNode.cpp - Nodes the dialect knows -----------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "StructuredNode.h"
#include "../ImportSupport.h"
#include "Contents.h"
#include "FoldedWeights.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::onnxformat;

/// Larger windows, strides and dilations would only overflow.
static constexpr int64_t kMaxWindow = int64_t(1) << 30;

namespace {
/// How a window moves over the rows and columns of an image.
struct ImageWindow {
  SmallVector<int64_t> kernel, strides, dilations;
  /// Top, bottom, left, right.
  SmallVector<int64_t> padding;
};

/// Builds one operation. Methods fail, through `decline`, if it would not mean
/// the same as the node.
class StructuredImporter {
public:
  StructuredImporter(OpBuilder &builder, const NodeView &node,
                     std::string &reason)
      : builder(builder), node(node), proto(node.getProto()), reason(reason) {}

  FailureOr<Operation *> run();

private:
  FailureOr<Operation *> importConv();
  FailureOr<Operation *> importNormalization();
  FailureOr<Operation *> importGemm();
  FailureOr<Operation *> importMatMul();
  template <typename OpTy> FailureOr<Operation *> importPool();
  template <typename OpTy> FailureOr<Operation *> importGlobalPool();
  FailureOr<Operation *> importReduceMean();
  template <typename OpTy> FailureOr<Operation *> importBinary();
  FailureOr<Operation *> importSum();
  FailureOr<Operation *> importClip();
  FailureOr<Operation *> importClamp(double min, double max);
  FailureOr<Operation *> importSoftmax();
  FailureOr<Operation *> importConcat();
  FailureOr<Operation *> importSplit();
  FailureOr<Operation *> importSlice();
  FailureOr<Operation *> importPad();
  FailureOr<Operation *> importReshape();

  /// Builds the operation with one result, at the node's location.
  template <typename OpTy, typename... Args>
  FailureOr<Operation *> create(Args &&...args) {
    return OpTy::create(builder, node.getLoc(), node.getResultType(),
                        std::forward<Args>(args)...)
        .getOperation();
  }
  Value getInput(size_t i) { return node.getInput(builder, i); }

  LogicalResult decline(const Twine &why) {
    reason = why.str();
    return failure();
  }
  LogicalResult checkArity(size_t minInputs, size_t maxInputs);
  LogicalResult checkImage();
  LogicalResult checkConstant(size_t i, int64_t rank);
  FailureOr<ImageWindow> readWindow(ArrayRef<int64_t> kernel);
  std::pair<int64_t, int64_t> readSides(const ImageWindow &window, int dim);
  FailureOr<Operation *> importMatrix(Value bias, bool isTransposed);
  FailureOr<Value> getTied(size_t i);
  FailureOr<SmallVector<Value>> getAllTied();
  FailureOr<SmallVector<int64_t>> readIntegers(size_t i, StringRef attribute);
  FailureOr<double> readReal(size_t i, StringRef attribute, double otherwise);

  OpBuilder &builder;
  const NodeView &node;
  const ::onnx::NodeProto &proto;
  std::string &reason;
};
} // namespace

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

/// Checks the number of inputs, that those which are not optional are there,
/// and that there is one output.
LogicalResult StructuredImporter::checkArity(size_t minInputs,
                                             size_t maxInputs) {
  const size_t numInputs = node.getNode().inputs.size();
  const size_t numOutputs = node.getNode().outputs.size();
  if (numInputs < minInputs || numInputs > maxInputs || numOutputs != 1 ||
      !node.getNode().hasOutput(0))
    return decline("it has " + Twine(numInputs) + " inputs and " +
                   Twine(numOutputs) + " outputs");
  for (size_t i = 0; i < minInputs; ++i)
    if (!node.hasInput(i))
      return decline("its input " + Twine(i) + " is absent");
  return success();
}

/// Checks that input 0 and the result are images.
LogicalResult StructuredImporter::checkImage() {
  if (!node.isImage(0) || !node.isResultImage())
    return decline("it does not work on images, which have 4 dimensions, but "
                   "on " +
                   Twine(node.getInputShape(0).size()));
  return success();
}

LogicalResult StructuredImporter::checkConstant(size_t i, int64_t rank) {
  if (!node.isConstant(i))
    return decline("its input " + Twine(i) + " is not constant");
  const int64_t actual = node.getInputShape(i).size();
  if (actual != rank)
    return decline("its input " + Twine(i) + " has " + Twine(actual) +
                   " dimensions, not " + Twine(rank));
  Type element =
      node.getGraph().getType(node.getNode().inputs[i]).getElementType();
  if (element.isIntOrFloat() && element.getIntOrFloatBitWidth() < 8)
    return decline("its weights have elements of less than a byte");
  return success();
}

/// The integers of constant input `i`, or of `attribute` in versions that have
/// that instead; none if it has neither.
FailureOr<SmallVector<int64_t>>
StructuredImporter::readIntegers(size_t i, StringRef attribute) {
  if (!node.hasInput(i))
    return SmallVector<int64_t>(getIntegers(proto, attribute));
  const auto &constant = node.getInputTensor(i).constant;
  if (!constant || !constant->integers)
    return decline("its input " + Twine(i) + " is not known");
  return *constant->integers;
}

/// The number in constant input `i`, or that of `attribute`.
FailureOr<double> StructuredImporter::readReal(size_t i, StringRef attribute,
                                               double otherwise) {
  if (!node.hasInput(i))
    return getReal(proto, attribute, otherwise);
  const Tensor &tensor = node.getInputTensor(i);
  if (!tensor.constant)
    return decline("its input " + Twine(i) + " is not constant");
  auto numbers = readReals(node.getFile(), tensor);
  if (!numbers)
    return decline("its input " + Twine(i) +
                   " is not known: " + llvm::toString(numbers.takeError()));
  if (numbers->size() != 1)
    return decline("its input " + Twine(i) + " has " + Twine(numbers->size()) +
                   " elements, not 1");
  return numbers->front();
}

/// Input `i` in the layout of the result, for operations that treat every
/// element or dimension by itself.
FailureOr<Value> StructuredImporter::getTied(size_t i) {
  ArrayRef<int64_t> shape = node.getInputShape(i);
  const bool isScalar = countElements(shape) == 1 && shape.size() <= 4;
  if (node.isConstant(i) && node.isResultImage() && shape.size() <= 4) {
    WeightLayout layout{SmallVector<int64_t>(4 - shape.size(), 1),
                        llvm::to_vector(kImageOrder)};
    llvm::append_range(layout.shape, shape);
    return node.getGraph().getWeight(builder, node.getNode().inputs[i], layout);
  }
  if (node.isImage(i) != node.isResultImage() && !isScalar)
    return decline("its input " + Twine(i) + " has " + Twine(shape.size()) +
                   " dimensions, which do not match those of an image");
  return getInput(i);
}

/// All inputs, any number of them, in the layout of the result.
FailureOr<SmallVector<Value>> StructuredImporter::getAllTied() {
  const size_t numInputs = node.getNode().inputs.size();
  if (failed(checkArity(numInputs, numInputs)))
    return failure();
  SmallVector<Value> inputs;
  for (size_t i = 0; i < numInputs; ++i) {
    FailureOr<Value> input = getTied(i);
    if (failed(input))
      return failure();
    inputs.push_back(*input);
  }
  return inputs;
}

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

/// The padding that lets `outputs` windows fit into `input` rows.
static int64_t getTotalPadding(int64_t outputs, int64_t input, int64_t extent,
                               int64_t stride) {
  const int64_t last = llvm::SaturatingMultiply<uint64_t>(
      std::max<int64_t>(outputs - 1, 0), stride);
  return std::max<int64_t>(
      static_cast<int64_t>(std::min<uint64_t>(last, kMaxWindow)) + extent -
          input,
      0);
}

/// That padding before and after, the odd row at the end if `isUpper`.
static std::pair<int64_t, int64_t> padSame(int64_t outputs, int64_t input,
                                           int64_t extent, int64_t stride,
                                           bool isUpper) {
  const int64_t total = getTotalPadding(outputs, input, extent, stride);
  const int64_t less = total / 2;
  return isUpper ? std::pair(less, total - less)
                 : std::pair(total - less, less);
}

/// The padding in dimension `dim`, of rows or columns.
std::pair<int64_t, int64_t>
StructuredImporter::readSides(const ImageWindow &window, int dim) {
  const int64_t input = node.getInputShape(0)[2 + dim];
  const int64_t outputs = node.getOutputShape()[2 + dim];
  const int64_t stride = window.strides[dim];
  const int64_t extent = (window.kernel[dim] - 1) * window.dilations[dim] + 1;
  const StringRef automatic = getString(proto, "auto_pad", "NOTSET");
  ArrayRef<int64_t> pads = getIntegers(proto, "pads");
  if (automatic == "VALID")
    return {0, 0};
  if (automatic != "NOTSET")
    return padSame(outputs, input, extent, stride, automatic == "SAME_UPPER");
  // Without a word on padding, the shapes say what is meant.
  if (pads.empty() && outputs > (input - extent) / stride + 1)
    return padSame(outputs, input, extent, stride, /*isUpper=*/true);
  const int64_t before = pads.empty() ? 0 : pads[dim];
  const int64_t after = pads.empty() ? 0 : pads[2 + dim];
  // With ceil_mode, the last window may stick out.
  if (getInteger(proto, "ceil_mode", 0) != 0)
    return {before,
            std::max(after,
                     getTotalPadding(outputs, input, extent, stride) - before)};
  return {before, after};
}

FailureOr<ImageWindow>
StructuredImporter::readWindow(ArrayRef<int64_t> kernel) {
  ImageWindow window{SmallVector<int64_t>(kernel),
                     getIntegers(proto, "strides", 2, 1),
                     getIntegers(proto, "dilations", 2, 1),
                     {}};
  for (ArrayRef<int64_t> sizes :
       {ArrayRef(window.kernel), ArrayRef(window.strides),
        ArrayRef(window.dilations)})
    if (sizes.size() != 2 || llvm::any_of(sizes, [](int64_t size) {
          return size < 1 || size > kMaxWindow;
        }))
      return decline("its window has sizes that mean nothing");
  const size_t numPads = getIntegers(proto, "pads").size();
  if (numPads != 0 && numPads != 4)
    return decline("it has " + Twine(numPads) + " pads, not 4");
  for (int dim : {0, 1}) {
    auto [before, after] = readSides(window, dim);
    window.padding.append({before, after});
  }
  return window;
}

//===----------------------------------------------------------------------===//
// Products with weights
//===----------------------------------------------------------------------===//

FailureOr<Operation *> StructuredImporter::importConv() {
  if (failed(checkArity(2, 3)) || failed(checkImage()) ||
      failed(checkConstant(1, 4)) ||
      (node.hasInput(2) && failed(checkConstant(2, 1))))
    return failure();
  ArrayRef<int64_t> weights = node.getInputShape(1);
  FailureOr<ImageWindow> window = readWindow(weights.take_back(2));
  if (failed(window))
    return failure();
  const int64_t groups = getInteger(proto, "group", 1);
  const bool isDepthwise =
      groups > 1 && groups == node.getInputShape(0)[1] && weights[1] == 1;
  if (isDepthwise) {
    auto [filter, bias] = getConvWeights(builder, node, kDepthwiseOrder);
    return create<DepthwiseConv2DOp>(
        getInput(0), filter, bias, /*accumulator=*/Value(), window->strides,
        window->padding, window->dilations, Activation::None);
  }
  auto [filter, bias] = getConvWeights(builder, node, kImageOrder);
  return create<Conv2DOp>(getInput(0), filter, bias, /*accumulator=*/Value(),
                          window->strides, window->padding, window->dilations,
                          groups, Activation::None);
}

/// A factor and an offset for each channel: a convolution of every channel with
/// a filter of one element.
FailureOr<Operation *> StructuredImporter::importNormalization() {
  if (failed(checkArity(5, 5)) || failed(checkImage()))
    return failure();
  if (!isNormalization(node.getGraph().getNetwork(), node.getNode()))
    return decline("it trains, or its numbers are not constants");
  for (size_t i = 1; i < 5; ++i)
    if (!isReal(node.getInputTensor(i).type.element))
      return decline("its numbers are neither float nor double");
  auto [filter, bias] = getNormalizationWeights(builder, node);
  constexpr int64_t ones[] = {1, 1};
  constexpr int64_t zeros[] = {0, 0, 0, 0};
  return create<DepthwiseConv2DOp>(getInput(0), filter, bias,
                                   /*accumulator=*/Value(), ones, zeros, ones,
                                   Activation::None);
}

/// The product of input 0 with the matrix in input 1, OI if `isTransposed`, IO
/// otherwise.
FailureOr<Operation *> StructuredImporter::importMatrix(Value bias,
                                                        bool isTransposed) {
  if (node.isImage(0))
    return decline("its input 0 is an image");
  WeightLayout layout{SmallVector<int64_t>(node.getInputShape(1)), {}};
  if (!isTransposed)
    layout.order = {1, 0};
  Value filter =
      node.getGraph().getWeight(builder, node.getNode().inputs[1], layout);
  return create<FullyConnectedOp>(getInput(0), filter, bias,
                                  /*accumulator=*/Value(), Activation::None);
}

FailureOr<Operation *> StructuredImporter::importGemm() {
  if (failed(checkArity(2, 3)) || failed(checkConstant(1, 2)))
    return failure();
  const bool hasBias = node.hasInput(2);
  if (getInteger(proto, "transA", 0) != 0 || getReal(proto, "alpha", 1) != 1 ||
      (hasBias && getReal(proto, "beta", 1) != 1))
    return decline("it transposes its input or scales its result");
  Value bias;
  if (hasBias) {
    const int64_t size = node.getOutputShape().back();
    if (!node.isConstant(2) || node.getInputShape(2).empty() ||
        node.getInputShape(2).back() != size ||
        countElements(node.getInputShape(2)) != size)
      return decline("its input 2 is not a constant with a number for each "
                     "column");
    bias = node.getGraph().getWeight(builder, node.getNode().inputs[2],
                                     {{size}, {}});
  }
  return importMatrix(bias, getInteger(proto, "transB", 0) != 0);
}

FailureOr<Operation *> StructuredImporter::importMatMul() {
  if (failed(checkArity(2, 2)))
    return failure();
  // The product of two activations is no product with weights.
  if (!node.isConstant(1) || node.getInputShape(1).size() != 2 ||
      node.getInputShape(0).empty())
    return failure();
  if (failed(checkConstant(1, 2)))
    return failure();
  return importMatrix(/*bias=*/Value(), /*isTransposed=*/false);
}

//===----------------------------------------------------------------------===//
// Pooling
//===----------------------------------------------------------------------===//

template <typename OpTy>
FailureOr<Operation *> StructuredImporter::importPool() {
  if (failed(checkArity(1, 1)) || failed(checkImage()))
    return failure();
  FailureOr<ImageWindow> window =
      readWindow(getIntegers(proto, "kernel_shape"));
  if (failed(window))
    return failure();
  if (llvm::any_of(window->dilations, [](int64_t size) { return size != 1; }))
    return decline("its window has gaps");
  if (getInteger(proto, "count_include_pad", 0) != 0 &&
      llvm::any_of(window->padding, [](int64_t size) { return size != 0; }))
    return decline("its mean counts padding");
  return create<OpTy>(getInput(0), window->kernel, window->strides,
                      window->padding, Activation::None);
}

template <typename OpTy>
FailureOr<Operation *> StructuredImporter::importGlobalPool() {
  if (failed(checkArity(1, 1)) || failed(checkImage()))
    return failure();
  constexpr int64_t ones[] = {1, 1};
  constexpr int64_t zeros[] = {0, 0, 0, 0};
  return create<OpTy>(getInput(0), node.getInputShape(0).take_back(2), ones,
                      zeros, Activation::None);
}

/// Of rows and columns: a global pool.
FailureOr<Operation *> StructuredImporter::importReduceMean() {
  if (!node.hasInput(0) || !node.isImage(0) || !node.isResultImage())
    return failure();
  FailureOr<SmallVector<int64_t>> axes = readIntegers(1, "axes");
  if (failed(axes))
    return failure();
  for (int64_t &axis : *axes)
    axis = axis < 0 ? axis + 4 : axis;
  llvm::sort(*axes);
  if (*axes != SmallVector<int64_t>{2, 3})
    return decline("it is not the mean of rows and columns");
  constexpr int64_t ones[] = {1, 1};
  constexpr int64_t zeros[] = {0, 0, 0, 0};
  return create<AvgPool2DOp>(getInput(0), node.getInputShape(0).take_back(2),
                             ones, zeros, Activation::None);
}

//===----------------------------------------------------------------------===//
// Elementwise operations
//===----------------------------------------------------------------------===//

template <typename OpTy>
FailureOr<Operation *> StructuredImporter::importBinary() {
  if (failed(checkArity(2, 2)))
    return failure();
  FailureOr<Value> lhs = getTied(0);
  FailureOr<Value> rhs = failed(lhs) ? lhs : getTied(1);
  if (failed(rhs))
    return failure();
  return create<OpTy>(*lhs, *rhs, Activation::None);
}

FailureOr<Operation *> StructuredImporter::importSum() {
  FailureOr<SmallVector<Value>> inputs = getAllTied();
  if (failed(inputs))
    return failure();
  return create<SumOp>(*inputs, /*accumulates=*/false, Activation::None);
}

FailureOr<Operation *> StructuredImporter::importClamp(double min, double max) {
  if (failed(checkArity(1, 3)))
    return failure();
  return create<ClampOp>(getInput(0), builder.getF64FloatAttr(min),
                         builder.getF64FloatAttr(max));
}

FailureOr<Operation *> StructuredImporter::importClip() {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  FailureOr<double> min = readReal(1, "min", -infinity);
  FailureOr<double> max = readReal(2, "max", infinity);
  if (failed(min) || failed(max))
    return failure();
  return importClamp(*min, *max);
}

/// Before version 13 all dimensions from `axis` on are one.
FailureOr<Operation *> StructuredImporter::importSoftmax() {
  if (failed(checkArity(1, 1)))
    return failure();
  const bool isOld = node.getFile().getOpset("") < 13;
  const int64_t rank = node.getInputShape(0).size();
  const int64_t axis = getInteger(proto, "axis", isOld ? 1 : -1);
  const int64_t dim = NodeView::getAxis(axis, rank, node.isImage(0));
  if (dim != rank - 1 ||
      (isOld && node.isImage(0) &&
       countElements(node.getInputShape(0).drop_front(2)) != 1))
    return decline("it is not along the last dimension");
  return create<SoftmaxOp>(getInput(0), builder.getF64FloatAttr(1.0));
}

//===----------------------------------------------------------------------===//
// Moving data
//===----------------------------------------------------------------------===//

FailureOr<Operation *> StructuredImporter::importConcat() {
  FailureOr<SmallVector<Value>> inputs = getAllTied();
  if (failed(inputs))
    return failure();
  // Before version 4 the axis had a default.
  return create<ConcatOp>(*inputs,
                          NodeView::getAxis(getInteger(proto, "axis", 1),
                                            node.getOutputShape().size(),
                                            node.isResultImage()));
}

/// The sizes of the parts are those of the outputs.
FailureOr<Operation *> StructuredImporter::importSplit() {
  if (!node.hasInput(0) || node.getNode().outputs.empty() ||
      llvm::is_contained(node.getNode().outputs, -1))
    return decline("one of its parts is absent");
  FailureOr<Value> input = getTied(0);
  if (failed(input))
    return failure();
  return SplitOp::create(builder, node.getLoc(), node.getResultTypes(), *input,
                         NodeView::getAxis(getInteger(proto, "axis", 0),
                                           node.getInputShape(0).size(),
                                           node.isResultImage()))
      .getOperation();
}

/// The size of the slice is that of the output.
FailureOr<Operation *> StructuredImporter::importSlice() {
  if (failed(checkArity(1, 5)))
    return failure();
  auto starts = readIntegers(1, "starts");
  auto axes = readIntegers(3, "axes");
  auto steps = readIntegers(4, "steps");
  auto input = getTied(0);
  if (failed(starts) || failed(axes) || failed(steps) || failed(input))
    return failure();
  if (llvm::any_of(*steps, [](int64_t step) { return step != 1; }))
    return decline("it leaves out elements");
  ArrayRef<int64_t> shape = node.getInputShape(0);
  const int64_t rank = shape.size();
  SmallVector<int64_t> offsets(rank, 0);
  for (size_t i = 0; i < starts->size(); ++i) {
    const int64_t axis =
        NodeView::getAxis(axes->empty() ? i : (*axes)[i], rank, false);
    if (axis < 0)
      return decline("it has a start for a dimension that is not there");
    const int64_t start = (*starts)[i];
    offsets[axis] = std::clamp<int64_t>(start < 0 ? start + shape[axis] : start,
                                        0, shape[axis]);
  }
  return create<SliceOp>(*input,
                         NodeView::reorder(offsets, node.isResultImage()));
}

FailureOr<Operation *> StructuredImporter::importPad() {
  if (failed(checkArity(1, 4)))
    return failure();
  if (getString(proto, "mode", "constant") != "constant" || node.hasInput(3))
    return decline("it does not pad every dimension with a constant");
  auto pads = readIntegers(1, "pads");
  auto value = readReal(2, "value", 0);
  auto input = getTied(0);
  if (failed(pads) || failed(value) || failed(input))
    return failure();
  const size_t rank = node.getInputShape(0).size();
  if (pads->size() != 2 * rank)
    return decline("it has " + Twine(pads->size()) + " pads, not " +
                   Twine(2 * rank));
  const bool isImage = node.isResultImage();
  const ArrayRef<int64_t> all(*pads);
  return create<PadOp>(*input,
                       builder.getDenseI64ArrayAttr(
                           NodeView::reorder(all.take_front(rank), isImage)),
                       builder.getDenseI64ArrayAttr(
                           NodeView::reorder(all.take_back(rank), isImage)),
                       builder.getF64FloatAttr(*value));
}

/// Whether a tensor of `shape` has its elements in the same order in the file
/// and in the function.
static bool keepsOrder(ArrayRef<int64_t> shape, bool isImage) {
  return !isImage || shape[1] == 1 || countElements(shape.take_back(2)) == 1;
}

FailureOr<Operation *> StructuredImporter::importReshape() {
  if (failed(checkArity(1, 2)))
    return failure();
  if (!keepsOrder(node.getInputShape(0), node.isImage(0)) ||
      !keepsOrder(node.getOutputShape(), node.isResultImage()))
    return decline("it orders the elements of an image as NCHW");
  return create<ReshapeOp>(getInput(0));
}

//===----------------------------------------------------------------------===//
// Entry
//===----------------------------------------------------------------------===//

FailureOr<Operation *> StructuredImporter::run() {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  using Method = FailureOr<Operation *> (StructuredImporter::*)();
  static const llvm::StringMap<Method> methods = {
      {"Add", &StructuredImporter::importBinary<AddOp>},
      {"AveragePool", &StructuredImporter::importPool<AvgPool2DOp>},
      {"BatchNormalization", &StructuredImporter::importNormalization},
      {"Clip", &StructuredImporter::importClip},
      {"Concat", &StructuredImporter::importConcat},
      {"Conv", &StructuredImporter::importConv},
      {"Flatten", &StructuredImporter::importReshape},
      {"Gemm", &StructuredImporter::importGemm},
      {"GlobalAveragePool", &StructuredImporter::importGlobalPool<AvgPool2DOp>},
      {"GlobalMaxPool", &StructuredImporter::importGlobalPool<MaxPool2DOp>},
      {"MatMul", &StructuredImporter::importMatMul},
      {"MaxPool", &StructuredImporter::importPool<MaxPool2DOp>},
      {"Mul", &StructuredImporter::importBinary<MulOp>},
      {"Pad", &StructuredImporter::importPad},
      {"ReduceMean", &StructuredImporter::importReduceMean},
      {"Reshape", &StructuredImporter::importReshape},
      {"Slice", &StructuredImporter::importSlice},
      {"Softmax", &StructuredImporter::importSoftmax},
      {"Split", &StructuredImporter::importSplit},
      {"Squeeze", &StructuredImporter::importReshape},
      {"Sum", &StructuredImporter::importSum},
      {"Unsqueeze", &StructuredImporter::importReshape},
  };
  if (node.getOperator() == "Relu")
    return importClamp(0, infinity);
  auto method = methods.find(node.getOperator());
  return method == methods.end() ? FailureOr<Operation *>(failure())
                                 : (this->*method->second)();
}

FailureOr<Operation *> onnxformat::importStructured(OpBuilder &builder,
                                                    const NodeView &node,
                                                    std::string &reason) {
  return keepIfValid(StructuredImporter(builder, node, reason).run(), reason);
}
