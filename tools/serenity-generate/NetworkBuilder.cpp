//===- NetworkBuilder.cpp - Writes a network kernel by kernel -------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NetworkBuilder.h"

#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"

#include <limits>

using namespace mlir;
using namespace serenity;
using namespace serenity::generate;

namespace {

ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

int64_t channelsOf(Value value) { return shapeOf(value).back(); }

/// `like`, but of `shape`.
RankedTensorType typeLike(Value like, ArrayRef<int64_t> shape) {
  return cast<RankedTensorType>(like.getType()).clone(shape);
}

RankedTensorType windowResult(Value input, Window down, Window across,
                              int64_t channels) {
  ArrayRef<int64_t> shape = shapeOf(input);
  return typeLike(input,
                  {shape[0], llvm::divideCeilSigned(shape[1], down.stride),
                   llvm::divideCeilSigned(shape[2], across.stride), channels});
}

/// Top, bottom, left, right.
SmallVector<int64_t, 4> windowPadding(Value input, Window down, Window across) {
  SmallVector<int64_t, 4> padding;
  for (auto [size, window] :
       {std::pair(shapeOf(input)[1], down), {shapeOf(input)[2], across}}) {
    const int64_t last =
        (llvm::divideCeilSigned(size, window.stride) - 1) * window.stride;
    const int64_t reach = window.dilation * (window.size - 1) + 1;
    const int64_t missing = std::max<int64_t>(last + reach - size, 0);
    padding.append({missing / 2, missing - missing / 2});
  }
  return padding;
}

SmallVector<int64_t, 2> square(int64_t size) { return {size, size}; }

} // namespace

ElementTypes ElementTypes::float32(MLIRContext *context) {
  const Type type = Float32Type::get(context);
  return {type, type, type};
}

ElementTypes ElementTypes::uint8(MLIRContext *context) {
  constexpr double kScale = 0.0625;
  const Type real = Float32Type::get(context);
  const Type byte = quant::UniformQuantizedType::get(
      /*flags=*/0, IntegerType::get(context, 8), real, kScale,
      /*zeroPoint=*/128, /*storageTypeMin=*/0, /*storageTypeMax=*/255);
  const Type bias = quant::UniformQuantizedType::get(
      quant::QuantizationFlags::Signed, IntegerType::get(context, 32), real,
      kScale * kScale, /*zeroPoint=*/0, std::numeric_limits<int32_t>::min(),
      std::numeric_limits<int32_t>::max());
  return {byte, byte, bias};
}

NetworkBuilder::NetworkBuilder(ModuleOp module, StringRef name,
                               const ElementTypes &types, int64_t firstKernel)
    : builder(module.getBodyRegion()), types(types), kernel(firstKernel) {
  builder.setInsertionPointToEnd(module.getBody());
  function = func::FuncOp::create(builder, builder.getUnknownLoc(), name,
                                  builder.getFunctionType({}, {}));
  builder.setInsertionPointToEnd(function.addEntryBlock());
}

Value NetworkBuilder::input(int64_t height, int64_t width, int64_t channels) {
  const Type type =
      RankedTensorType::get({1, height, width, channels}, types.activation);
  const unsigned index = function.getNumArguments();
  (void)function.insertArgument(index, type, {},
                                NameLoc::get(builder.getStringAttr("input")));
  return function.getArgument(index);
}

Value NetworkBuilder::conv(Value input, int64_t channels, Window down,
                           Window across, Activation activation) {
  const Value filter =
      weight("filter", {channels, down.size, across.size, channelsOf(input)},
             types.filter);
  const Value bias = weight("bias", channels, types.bias);
  return Conv2DOp::create(builder, nextKernel("conv"),
                          windowResult(input, down, across, channels), input,
                          filter, bias, /*accumulator=*/Value(),
                          ArrayRef<int64_t>{down.stride, across.stride},
                          windowPadding(input, down, across),
                          ArrayRef<int64_t>{down.dilation, across.dilation},
                          /*groups=*/1, activation);
}

Value NetworkBuilder::depthwise(Value input, Window window) {
  const int64_t channels = channelsOf(input);
  const Value filter =
      weight("filter", {1, window.size, window.size, channels}, types.filter);
  const Value bias = weight("bias", channels, types.bias);
  return DepthwiseConv2DOp::create(
      builder, nextKernel("depthwise"),
      windowResult(input, window, window, channels), input, filter, bias,
      /*accumulator=*/Value(), square(window.stride),
      windowPadding(input, window, window), square(window.dilation),
      Activation::None);
}

Value NetworkBuilder::fullyConnected(Value input, int64_t channels) {
  const int64_t rows = shapeOf(input).front();
  const Value filter =
      weight("filter", {channels, channelsOf(input)}, types.filter);
  const Value bias = weight("bias", channels, types.bias);
  return FullyConnectedOp::create(builder, nextKernel("fully_connected"),
                                  typeLike(input, {rows, channels}), input,
                                  filter, bias, /*accumulator=*/Value());
}

template <typename PoolOp>
Value NetworkBuilder::pool(StringRef kind, Value input, Window window) {
  return PoolOp::create(builder, nextKernel(kind),
                        windowResult(input, window, window, channelsOf(input)),
                        input, square(window.size), square(window.stride),
                        windowPadding(input, window, window));
}

Value NetworkBuilder::maxPool(Value input, Window window) {
  return pool<MaxPool2DOp>("max_pool", input, window);
}

Value NetworkBuilder::avgPool(Value input, Window window) {
  return pool<AvgPool2DOp>("avg_pool", input, window);
}

Value NetworkBuilder::globalAvgPool(Value input) {
  const ArrayRef<int64_t> shape = shapeOf(input);
  const ArrayRef<int64_t> kernel = shape.slice(1, 2);
  return AvgPool2DOp::create(builder, nextKernel("avg_pool"),
                             typeLike(input, {shape[0], 1, 1, shape[3]}), input,
                             kernel, /*strides=*/kernel);
}

Value NetworkBuilder::add(Value lhs, Value rhs, Activation activation) {
  return AddOp::create(builder, nextKernel("add"), lhs.getType(), lhs, rhs,
                       activation);
}

Value NetworkBuilder::sum(ValueRange inputs, Activation activation) {
  return SumOp::create(builder, nextKernel("sum"), inputs.front().getType(),
                       inputs, /*accumulates=*/false, activation);
}

Value NetworkBuilder::relu(Value input) {
  return ClampOp::create(builder, nextKernel("relu"), input.getType(), input,
                         /*min=*/APFloat(0.0),
                         /*max=*/APFloat::getInf(APFloat::IEEEdouble()));
}

Value NetworkBuilder::softmax(Value input) {
  return SoftmaxOp::create(builder, nextKernel("softmax"), input.getType(),
                           input);
}

Value NetworkBuilder::concat(ValueRange inputs) {
  SmallVector<int64_t> shape(shapeOf(inputs.front()));
  shape.back() = 0;
  for (Value input : inputs)
    shape.back() += channelsOf(input);
  return ConcatOp::create(builder, nextKernel("concat"),
                          typeLike(inputs.front(), shape), inputs,
                          /*axis=*/shape.size() - 1);
}

Value NetworkBuilder::truncate(Value input, int64_t channels) {
  SmallVector<int64_t> shape(shapeOf(input));
  shape.back() = channels;
  return SliceOp::create(builder, nextKernel("slice"), typeLike(input, shape),
                         input, SmallVector<int64_t>(shape.size()));
}

Value NetworkBuilder::shift(Value input) {
  const ArrayRef<int64_t> shape = shapeOf(input);
  const RankedTensorType padded =
      typeLike(input, {shape[0], shape[1] + 1, shape[2] + 1, shape[3]});
  const Value pad =
      PadOp::create(builder, nextKernel("pad"), padded, input,
                    /*low=*/ArrayRef<int64_t>{0, 0, 0, 0},
                    /*high=*/ArrayRef<int64_t>{0, 1, 1, 0}, APFloat(0.0));
  return SliceOp::create(builder, nextKernel("slice"), input.getType(), pad,
                         ArrayRef<int64_t>{0, 1, 1, 0});
}

Value NetworkBuilder::node(StringRef kind, ValueRange inputs, Value result) {
  SmallVector<Type, 1> types;
  if (result)
    types.push_back(result.getType());
  auto node = NodeOp::create(builder, nextKernel(kind), types, inputs, kind,
                             /*scratch_bytes=*/0, /*stateful=*/!result);
  return result ? node.getResult(0) : Value();
}

Value NetworkBuilder::splitInOne(Value input) {
  return SplitOp::create(builder, nextKernel("split"), input.getType(), input,
                         /*axis=*/0)
      .getResult(0);
}

void NetworkBuilder::finish(ValueRange results) {
  func::ReturnOp::create(builder, builder.getUnknownLoc(), results);
  function.setType(
      builder.getFunctionType(function.getArgumentTypes(), results.getTypes()));
}

Location NetworkBuilder::nextKernel(StringRef kind) {
  const Location loc = nameWithNumber(kind);
  ++kernel;
  return loc;
}

Location NetworkBuilder::nameWithNumber(StringRef kind) {
  return NameLoc::get(builder.getStringAttr(kind + Twine(kernel)));
}

Value NetworkBuilder::weight(StringRef kind, ArrayRef<int64_t> shape,
                             Type elementType) {
  return WeightOp::create(builder, nameWithNumber(kind),
                          RankedTensorType::get(shape, elementType),
                          /*value=*/ElementsAttr());
}
