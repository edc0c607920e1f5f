//===- EquivalenceTest.cpp - Rewritten networks compute the same ----------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Draws networks that a pattern rewrites, compiles both versions and runs them
// on the same inputs: integers must be equal bit for bit, floats of 32 bits
// within 1e-5 of the largest. Floats of 16 bits are small integers here, so
// that their sums are exact in every order and must be equal bit for bit, too.
//
//===----------------------------------------------------------------------===//

#include "Instances.h"
#include "KernelTest.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/Pass/PassManager.h"
#include "serenity/Dialect/Serenity/Transforms/Passes.h"

using namespace mlir;
using namespace serenity;

namespace {

/// Instances of each pattern.
constexpr int numSeeds = kIsInstrumented ? 20 : 500;

/// What slides over an image. It fits images of 5 rows and columns.
struct WindowDraw {
  SmallVector<int64_t, 2> kernel, strides, dilations;
  SmallVector<int64_t, 4> padding;

  int64_t resultSize(int64_t size, int d) const {
    const int64_t padded = size + padding[2 * d] + padding[2 * d + 1];
    return (padded - (kernel[d] - 1) * dilations[d] - 1) / strides[d] + 1;
  }
  SmallVector<int64_t> resultShape(ArrayRef<int64_t> input,
                                   int64_t channels) const {
    return {input[0], resultSize(input[1], 0), resultSize(input[2], 1),
            channels};
  }
};

class EquivalenceTest : public KernelTest {
protected:
  EquivalenceTest() { options.optimize = false; }

  /// Calls `checkOne` for every seed, with numbers of each kind.
  void forEachSeed(llvm::function_ref<void()> checkOne);

  Type drawElement(double scale);
  Type drawFilterElement(int64_t filters, int32_t axis);
  Array drawWeight(ArrayRef<int64_t> shape, Type element) {
    return drawArray(tensor(shape, element));
  }
  Array drawBiasOf(int64_t channels) {
    return drawBias(tensor(channels, isFloat() ? floatType : i32()));
  }
  WindowDraw drawWindow();
  Activation drawActivation() {
    return pick({Activation::None, Activation::Relu, Activation::Relu6,
                 Activation::ReluN1To1});
  }
  SmallVector<Array> drawPieces(ArrayRef<int64_t> shape, int64_t axis,
                                Type element);

  Value concat(OpBuilder &b, ArrayRef<Value> pieces, int64_t axis);
  Value conv(OpBuilder &b, Value input, RankedTensorType type,
             const Array &filter, const Array &bias, const WindowDraw &window,
             Activation activation = Activation::None);
  Value depthwise(OpBuilder &b, Value input, RankedTensorType type,
                  const Array &filter, const Array &bias,
                  const WindowDraw &window);
  static ArrayRef<int64_t> shapeOf(Value value) {
    return cast<RankedTensorType>(value.getType()).getShape();
  }

  OwningOpRef<ModuleOp> rewrite(ModuleOp module);
  void check(ArrayRef<Array> inputs, Body body);

  bool isFloat() const { return floatType != nullptr; }
  void useFloats(Type type);

  /// Null if elements are bytes.
  Type floatType;
  bool isSigned = false;
  /// One element type, for whatever has no scale of its own.
  Type element;
};

} // namespace

//===----------------------------------------------------------------------===//
// Draws
//===----------------------------------------------------------------------===//

/// Elements are floats of `type` from here on.
void EquivalenceTest::useFloats(Type type) {
  floatType = type;
  // No sum has more than 250 products of at most 4, or 50 of one such integer
  // and one of at most 20 (a depthwise result): half precision has all integers
  // up to 2048.
  if (type.isF16())
    floats = {/*most=*/2, /*step=*/1.0};
  else
    floats = {/*most=*/4096, /*step=*/1.0 / 4096};
}

void EquivalenceTest::forEachSeed(llvm::function_ref<void()> checkOne) {
  for (int seed = 0; seed < numSeeds && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random = core::RandomSource(seed);
    floatType = Type();
    if (seed % 4 < 2)
      useFloats(seed % 4 == 0 ? f32() : f16());
    isSigned = seed % 4 == 2;
    element = drawElement(pick({0.5, 0.0235294122, 0.00784313772}));
    checkOne();
  }
}

/// Floats, or bytes that count in steps of `scale`.
Type EquivalenceTest::drawElement(double scale) {
  return isFloat() ? floatType : Type(drawByteType(isSigned, scale));
}

/// The elements of `filters` filters, which are dimension `axis`; with a scale
/// for each half of the time if they are signed.
Type EquivalenceTest::drawFilterElement(int64_t filters, int32_t axis) {
  if (isFloat() || !isSigned || flip())
    return drawElement(pick({0.047244, 0.0009, 1.0}));
  SmallVector<double> scales;
  for (int64_t i = 0; i < filters; ++i)
    scales.push_back(static_cast<float>(draw(1, 1000) * 1e-5));
  return quant::UniformQuantizedPerAxisType::get(
      quant::QuantizationFlags::Signed, IntegerType::get(&context, 8), f32(),
      scales, SmallVector<int64_t>(filters, 0), axis, -128, 127);
}

WindowDraw EquivalenceTest::drawWindow() {
  WindowDraw window;
  for (int d = 0; d < 2; ++d) {
    window.kernel.push_back(draw(1, 3));
    window.strides.push_back(draw(1, 2));
    window.dilations.push_back(draw(1, 2));
    for (int side = 0; side < 2; ++side)
      window.padding.push_back(draw(0, window.kernel[d] - 1));
  }
  return window;
}

/// Between two and four tensors of `shape`, but for dimension `axis`.
SmallVector<Array> EquivalenceTest::drawPieces(ArrayRef<int64_t> shape,
                                               int64_t axis, Type element) {
  SmallVector<Array> pieces;
  for (int64_t rest = draw(2, 4); rest > 0; --rest) {
    SmallVector<int64_t> pieceShape(shape);
    pieceShape[axis] = draw(1, 6);
    pieces.push_back(drawArray(tensor(pieceShape, element)));
  }
  return pieces;
}

//===----------------------------------------------------------------------===//
// Networks
//===----------------------------------------------------------------------===//

/// The concatenation of `pieces`, the first two sometimes in one of their own.
Value EquivalenceTest::concat(OpBuilder &b, ArrayRef<Value> pieces,
                              int64_t axis) {
  auto join = [&](ArrayRef<Value> values) -> Value {
    auto type = cast<RankedTensorType>(values.front().getType());
    SmallVector<int64_t> shape(type.getShape());
    shape[axis] = 0;
    for (Value value : values)
      shape[axis] += shapeOf(value)[axis];
    return ConcatOp::create(b, loc(b), type.clone(shape), values, axis);
  };
  if (pieces.size() == 2 || shapeOf(pieces.front())[axis] % 2 == 0)
    return join(pieces);
  SmallVector<Value> outer = {join(pieces.take_front(2))};
  llvm::append_range(outer, pieces.drop_front(2));
  return join(outer);
}

Value EquivalenceTest::conv(OpBuilder &b, Value input, RankedTensorType type,
                            const Array &filter, const Array &bias,
                            const WindowDraw &window, Activation activation) {
  return Conv2DOp::create(b, loc(b), type, input, weight(b, filter),
                          weight(b, bias), Value(), window.strides,
                          window.padding, window.dilations, /*groups=*/1,
                          activation);
}

Value EquivalenceTest::depthwise(OpBuilder &b, Value input,
                                 RankedTensorType type, const Array &filter,
                                 const Array &bias, const WindowDraw &window) {
  return DepthwiseConv2DOp::create(
      b, loc(b), type, input, weight(b, filter), weight(b, bias), Value(),
      window.strides, window.padding, window.dilations, Activation::Relu);
}

//===----------------------------------------------------------------------===//
// Comparison
//===----------------------------------------------------------------------===//

/// A copy of `module` with every site rewritten, in another order, with its
/// chains of accumulations formed.
OwningOpRef<ModuleOp> EquivalenceTest::rewrite(ModuleOp module) {
  OwningOpRef<ModuleOp> copy = module.clone();
  RewritePassOptions rewriteOptions;
  rewriteOptions.select = SiteSelection::All;
  PassManager pm(&context);
  pm.addPass(createRewritePass(rewriteOptions));
  pm.addPass(createSchedulePass());
  pm.addPass(createFormAccumulationsPass());
  EXPECT_TRUE(succeeded(pm.run(*copy)));
  EXPECT_TRUE(copy->lookupSymbol("main")->hasAttr("serenity.accumulator"))
      << "nothing was rewritten";
  return copy;
}

void EquivalenceTest::check(ArrayRef<Array> inputs, Body body) {
  OwningOpRef<ModuleOp> module = build(inputs, body);
  OwningOpRef<ModuleOp> rewritten = rewrite(*module);
  const Array expected = execute(std::move(module), inputs);
  const Array actual = execute(std::move(rewritten), inputs);
  if (isFloat() && floatType.isF16())
    EXPECT_EQ(actual.values, expected.values);
  else
    expectSame(actual, expected);
}

//===----------------------------------------------------------------------===//
// Patterns
//===----------------------------------------------------------------------===//

namespace {

int64_t countChannels(ArrayRef<Array> pieces, int64_t axis) {
  int64_t channels = 0;
  for (const Array &piece : pieces)
    channels += piece.shape()[axis];
  return channels;
}

TEST_F(EquivalenceTest, Conv2D) {
  forEachSeed([&] {
    const SmallVector<Array> pieces =
        drawPieces({draw(1, 2), draw(5, 7), draw(5, 7), 0}, 3, element);
    const WindowDraw window = drawWindow();
    const int64_t filters = draw(1, 9);
    const Array filter = drawWeight(
        {filters, window.kernel[0], window.kernel[1], countChannels(pieces, 3)},
        drawFilterElement(filters, 0));
    const Array bias = drawBiasOf(filters);
    const RankedTensorType type =
        tensor(window.resultShape(pieces.front().shape(), filters),
               drawElement(pick({0.1, 0.5, 3.0})));
    const Activation activation = drawActivation();
    check(pieces, [&](OpBuilder &b, ArrayRef<Value> x) {
      return conv(b, concat(b, x, 3), type, filter, bias, window, activation);
    });
  });
}

TEST_F(EquivalenceTest, FullyConnected) {
  forEachSeed([&] {
    const int64_t rows = draw(1, 3), filters = draw(1, 20);
    const SmallVector<Array> pieces = drawPieces({rows, 0}, 1, element);
    const Array filter = drawWeight({filters, countChannels(pieces, 1)},
                                    drawFilterElement(filters, 0));
    const Array bias = drawBiasOf(filters);
    const RankedTensorType type =
        tensor({rows, filters}, drawElement(pick({0.1, 0.5, 3.0})));
    const Activation activation = drawActivation();
    check(pieces, [&](OpBuilder &b, ArrayRef<Value> x) -> Value {
      return FullyConnectedOp::create(b, loc(b), type, concat(b, x, 1),
                                      weight(b, filter), weight(b, bias),
                                      Value(), activation);
    });
  });
}

TEST_F(EquivalenceTest, DepthwiseConv2D) {
  forEachSeed([&] {
    const SmallVector<Array> pieces =
        drawPieces({draw(1, 2), draw(5, 7), draw(5, 7), 0}, 3, element);
    const WindowDraw window = drawWindow();
    const int64_t channels = countChannels(pieces, 3) * draw(1, 3);
    const Array filter =
        drawWeight({1, window.kernel[0], window.kernel[1], channels},
                   drawFilterElement(channels, 3));
    const Array bias = drawBiasOf(channels);
    const RankedTensorType type =
        tensor(window.resultShape(pieces.front().shape(), channels),
               drawElement(pick({0.1, 0.5, 3.0})));
    check(pieces, [&](OpBuilder &b, ArrayRef<Value> x) {
      return depthwise(b, concat(b, x, 3), type, filter, bias, window);
    });
  });
}

TEST_F(EquivalenceTest, Pooling) {
  forEachSeed([&] {
    const SmallVector<Array> pieces =
        drawPieces({draw(1, 2), draw(5, 7), draw(5, 7), 0}, 3, element);
    WindowDraw window = drawWindow();
    window.dilations = {1, 1};
    const RankedTensorType type = tensor(
        window.resultShape(pieces.front().shape(), countChannels(pieces, 3)),
        element);
    const bool isMax = flip();
    check(pieces, [&](OpBuilder &b, ArrayRef<Value> x) -> Value {
      Value input = concat(b, x, 3);
      if (isMax)
        return MaxPool2DOp::create(b, loc(b), type, input, window.kernel,
                                   window.strides, window.padding);
      return AvgPool2DOp::create(b, loc(b), type, input, window.kernel,
                                 window.strides, window.padding);
    });
  });
}

TEST_F(EquivalenceTest, Elementwise) {
  forEachSeed([&] {
    const int64_t axis = draw(0, 2);
    const SmallVector<Array> pieces =
        drawPieces({draw(1, 4), draw(1, 4), draw(1, 4)}, axis, element);
    SmallVector<int64_t> shape(pieces.front().shape());
    shape[axis] = countChannels(pieces, axis);
    const RankedTensorType type = tensor(shape, element);
    // A constant that is repeated along some dimensions.
    SmallVector<int64_t> constantShape = shape;
    for (int64_t &size : constantShape)
      size = flip() ? size : 1;
    const Array constant =
        drawWeight(ArrayRef(constantShape).drop_front(draw(0, 2)), element);
    const int kind = draw(0, 4);
    check(pieces, [&](OpBuilder &b, ArrayRef<Value> x) -> Value {
      Value input = concat(b, x, axis);
      SmallVector<int64_t> low(3, 1), high(3, 2);
      low[axis] = high[axis] = 0;
      SmallVector<int64_t> padded = {shape[0] + low[0] + high[0],
                                     shape[1] + low[1] + high[1],
                                     shape[2] + low[2] + high[2]};
      switch (kind) {
      case 0:
        return AddOp::create(b, loc(b), type, input, weight(b, constant),
                             Activation::Relu);
      case 1:
        return MulOp::create(b, loc(b), type, weight(b, constant), input);
      case 2:
        return AddOp::create(b, loc(b), type, input, concat(b, x, axis));
      case 3:
        return PadOp::create(b, loc(b), type.clone(padded), input, low, high,
                             llvm::APFloat(0.5));
      default:
        return ClampOp::create(b, loc(b), type, input, llvm::APFloat(0.0),
                               llvm::APFloat(1.0));
      }
    });
  });
}

/// Floats only: sums of rounded integers are left alone.
TEST_F(EquivalenceTest, Residual) {
  forEachSeed([&] {
    useFloats(flip() ? f32() : f16());
    element = floatType;
    const Array x =
        drawArray(tensor({1, draw(5, 7), draw(5, 7), draw(1, 6)}, element));
    const SmallVector<Array> pieces = drawPieces(x.shape(), 3, element);
    const WindowDraw window = drawWindow();
    const int64_t filters = draw(1, 9);
    auto drawFilter = [&](int64_t channels) {
      return drawWeight({filters, window.kernel[0], window.kernel[1], channels},
                        element);
    };
    const Array first = drawFilter(x.shape()[3]);
    const Array second = drawFilter(countChannels(pieces, 3));
    const Array bias = drawBiasOf(filters), otherBias = drawBiasOf(filters);
    const RankedTensorType type =
        tensor(window.resultShape(x.shape(), filters), element);
    SmallVector<Array> inputs = {x};
    llvm::append_range(inputs, pieces);
    check(inputs, [&](OpBuilder &b, ArrayRef<Value> values) -> Value {
      Value lhs = conv(b, values.front(), type, first, bias, window);
      Value rhs = conv(b, concat(b, values.drop_front(), 3), type, second,
                       otherBias, window);
      return AddOp::create(b, loc(b), type, lhs, rhs, Activation::Relu6);
    });
  });
}

/// Limits, a depthwise and a pointwise convolution of one concatenation.
TEST_F(EquivalenceTest, Chain) {
  forEachSeed([&] {
    const SmallVector<Array> pieces =
        drawPieces({1, draw(5, 7), draw(5, 7), 0}, 3, element);
    const int64_t channels = countChannels(pieces, 3), filters = draw(1, 9);
    const WindowDraw window = drawWindow();
    const WindowDraw point = {{1, 1}, {1, 1}, {1, 1}, {0, 0, 0, 0}};
    const Array depthFilter =
        drawWeight({1, window.kernel[0], window.kernel[1], channels},
                   drawFilterElement(channels, 3));
    const Array pointFilter =
        drawWeight({filters, 1, 1, channels}, drawFilterElement(filters, 0));
    const Array depthBias = drawBiasOf(channels);
    const Array pointBias = drawBiasOf(filters);
    const RankedTensorType middle =
        tensor(window.resultShape(pieces.front().shape(), channels),
               drawElement(pick({0.1, 0.5, 3.0})));
    const RankedTensorType type =
        tensor(point.resultShape(middle.getShape(), filters),
               drawElement(pick({0.1, 0.5, 3.0})));
    check(pieces, [&](OpBuilder &b, ArrayRef<Value> x) {
      Value input = concat(b, x, 3);
      Value limited = ClampOp::create(b, loc(b), input.getType(), input,
                                      llvm::APFloat(0.0), llvm::APFloat(1.0));
      Value deep =
          depthwise(b, limited, middle, depthFilter, depthBias, window);
      return conv(b, deep, type, pointFilter, pointBias, point);
    });
  });
}

//===----------------------------------------------------------------------===//
// The test itself
//===----------------------------------------------------------------------===//

/// Exchanges the filters of the first two convolutions of `module`.
void exchangeFilters(ModuleOp module) {
  SmallVector<Conv2DOp> convs;
  module.walk([&](Conv2DOp op) { convs.push_back(op); });
  ASSERT_GE(convs.size(), 2u);
  Value first = convs[0].getFilter();
  // Both stand before both convolutions.
  for (Conv2DOp op : convs)
    op.getFilter().getDefiningOp()->moveBefore(&op->getBlock()->front());
  convs[0].getFilterMutable().assign(convs[1].getFilter());
  convs[1].getFilterMutable().assign(first);
}

TEST_F(EquivalenceTest, FindsAWrongSlice) {
  for (Type tested : {f32(), f16(), Type()}) {
    floatType = Type();
    if (tested)
      useFloats(tested);
    element = drawElement(0.5);
    const SmallVector<Array> pieces = {
        drawArray(tensor({1, 5, 5, 3}, element)),
        drawArray(tensor({1, 5, 5, 3}, element))};
    const WindowDraw window = {{1, 1}, {1, 1}, {1, 1}, {0, 0, 0, 0}};
    const Array filter = drawWeight({4, 1, 1, 6}, drawElement(0.25));
    const Array bias = drawBiasOf(4);
    const RankedTensorType type = tensor({1, 5, 5, 4}, drawElement(200.0));
    OwningOpRef<ModuleOp> module =
        build(pieces, [&](OpBuilder &b, ArrayRef<Value> x) {
          return conv(b, concat(b, x, 3), type, filter, bias, window);
        });
    OwningOpRef<ModuleOp> rewritten = rewrite(*module);
    exchangeFilters(*rewritten);
    const Array right = execute(std::move(module), pieces);
    const Array wrong = execute(std::move(rewritten), pieces);
    double largest = 0, difference = 0;
    for (auto [a, b] : llvm::zip_equal(right.values, wrong.values)) {
      largest = std::max(largest, std::abs(a));
      difference = std::max(difference, std::abs(a - b));
    }
    EXPECT_GT(difference, isFloat() ? 1e-5 * largest : 0);
  }
}

} // namespace
