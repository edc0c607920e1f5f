//===- DataMovementTest.cpp - Moved data, and where it is put -------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelTest.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"

#include <cmath>

using namespace mlir;
using namespace serenity;

namespace {

class DataMovementTest : public KernelTest {
protected:
  SmallVector<int64_t> drawShape() {
    return {draw(1, 2), draw(1, 4), draw(1, 5), draw(1, 20)};
  }
  Type drawElement() {
    return pick({f16(), f32(), i32(), Type(drawByteType(flip(), 0.05))});
  }
  SmallVector<NamedAttribute> concatModel(StringRef model) {
    Builder builder(&context);
    return {builder.getNamedAttr("serenity.concat_model",
                                 builder.getStringAttr(model))};
  }
};

TEST_F(DataMovementTest, Slice) {
  for (int seed = 0; seed < 15; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random = core::RandomSource(seed);
    const Array input = drawArray(tensor(drawShape(), drawElement()));
    SmallVector<int64_t> offsets, sizes;
    for (int64_t size : input.shape()) {
      offsets.push_back(draw(0, size - 1));
      sizes.push_back(draw(1, size - offsets.back()));
    }
    const RankedTensorType type = tensor(sizes, input.type.getElementType());
    const Array actual =
        run(input, [&](OpBuilder &b, ArrayRef<Value> x) -> Value {
          return SliceOp::create(b, loc(b), type, x[0], offsets);
        });
    Array expected = {type, {}};
    forEachIndex(sizes, [&](ArrayRef<int64_t> at) {
      SmallVector<int64_t> from;
      for (auto [index, offset] : llvm::zip_equal(at, offsets))
        from.push_back(index + offset);
      expected.values.push_back(input.at(from));
    });
    expectSame(actual, expected);
  }
}

TEST_F(DataMovementTest, Pad) {
  for (int seed = 0; seed < 15; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random = core::RandomSource(seed);
    auto bytes = drawByteType(flip(), 0.05);
    const bool isFloat = flip();
    const Array input =
        drawArray(tensor(drawShape(), isFloat ? f32() : Type(bytes)));
    SmallVector<int64_t> low, high, sizes;
    for (int64_t size : input.shape()) {
      low.push_back(draw(0, 2));
      high.push_back(draw(0, 2));
      sizes.push_back(size + low.back() + high.back());
    }
    const int64_t stored =
        draw(bytes.getStorageTypeMin(), bytes.getStorageTypeMax());
    const double value = (stored - bytes.getZeroPoint()) * bytes.getScale();
    const RankedTensorType type = tensor(sizes, input.type.getElementType());
    const Array actual =
        run(input, [&](OpBuilder &b, ArrayRef<Value> x) -> Value {
          return PadOp::create(
              b, loc(b), type, x[0], b.getDenseI64ArrayAttr(low),
              b.getDenseI64ArrayAttr(high), b.getF64FloatAttr(value));
        });
    Array expected = {type, std::vector<double>(
                                type.getNumElements(),
                                isFloat ? static_cast<float>(value) : stored)};
    forEachIndex(input.shape(), [&](ArrayRef<int64_t> at) {
      SmallVector<int64_t> to;
      for (auto [index, offset] : llvm::zip_equal(at, low))
        to.push_back(index + offset);
      expected.at(to) = input.at(at);
    });
    expectSame(actual, expected);
  }
}

/// Concatenates `inputs`, each after a kernel that leaves it as it is, so that
/// slices can be written in place.
TEST_F(DataMovementTest, ConcatInEveryModel) {
  for (int seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random = core::RandomSource(seed);
    const SmallVector<int64_t> shape = drawShape();
    const int64_t axis = draw(0, 3);
    const Type element = pick({f16(), f32(), Type(drawByteType(flip(), 0.05))});
    SmallVector<Array> inputs;
    SmallVector<int64_t> whole = shape;
    whole[axis] = 0;
    for (int i = 0; i < 3; ++i) {
      SmallVector<int64_t> part = shape;
      part[axis] = draw(1, 5);
      whole[axis] += part[axis];
      inputs.push_back(drawArray(tensor(part, element)));
    }
    const RankedTensorType type = tensor(whole, element);
    const bool isDirect = flip();
    const Array actual = run(
        inputs,
        [&](OpBuilder &b, ArrayRef<Value> x) -> Value {
          SmallVector<Value> parts(x);
          // The last one stays an argument, which cannot be a slice.
          for (Value &part : MutableArrayRef(parts).drop_back(isDirect))
            part = ReshapeOp::create(b, loc(b), part.getType(), part);
          return ConcatOp::create(b, loc(b), type, parts, axis);
        },
        concatModel(pick<StringRef>({"copy", "slice"})));
    Array expected = {type, std::vector<double>(type.getNumElements())};
    int64_t before = 0;
    for (const Array &input : inputs) {
      forEachIndex(input.shape(), [&](ArrayRef<int64_t> at) {
        SmallVector<int64_t> to(at);
        to[axis] += before;
        expected.at(to) = input.at(at);
      });
      before += input.shape()[axis];
    }
    expectSame(actual, expected);
  }
}

/// A concatenation inside another, of products that add to slices.
TEST_F(DataMovementTest, NestedSlicesOfAccumulators) {
  const Array x = drawArray(tensor({3, 4}, f32()));
  const Array filter = drawArray(tensor({18, 4}, f32()));
  const RankedTensorType part = tensor({3, 18}, f32());
  const Array actual = run(
      {x, x},
      [&](OpBuilder &b, ArrayRef<Value> args) -> Value {
        Value w = weight(b, filter);
        auto product = [&](Value input, Value accumulator) -> Value {
          return FullyConnectedOp::create(b, loc(b), part, input, w, Value(),
                                          accumulator, Activation::None);
        };
        Value first = product(args[0], {});
        Value second = product(args[0], first);
        Value third = product(args[1], {});
        Value inner = ConcatOp::create(b, loc(b), tensor({3, 36}, f32()),
                                       ValueRange{third, second}, 1);
        Value fourth = product(args[1], {});
        return ConcatOp::create(b, loc(b), tensor({3, 54}, f32()),
                                ValueRange{inner, fourth}, 1);
      },
      concatModel("slice"));
  // One buffer for all of them and the inputs; nothing is copied.
  EXPECT_EQ(heap.peakBytes, 3 * 54 * 4 + 2 * 3 * 4 * 4);
  Array expected = {tensor({3, 54}, f32()), std::vector<double>(3 * 54)};
  forEachIndex({3, 54}, [&](ArrayRef<int64_t> at) {
    double &sum = expected.at(at);
    for (int64_t i = 0; i < 4; ++i)
      sum += x.at({at[0], i}) * filter.at({at[1] % 18, i});
    if (at[1] / 18 == 1)
      sum *= 2;
  });
  expectSame(actual, expected);
}

/// TFLite rescales unsigned bytes in float32.
TEST_F(DataMovementTest, ConcatRescalesUnsignedBytes) {
  for (int seed = 0; seed < 15; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random = core::RandomSource(seed);
    auto from = drawByteType(false, pick({0.05, 0.0011, 0.3}));
    auto to = drawByteType(false, pick({0.05, 0.0012, 0.31}));
    const Array rescaled = drawArray(tensor({2, 40}, from));
    const Array copied = drawArray(tensor({2, 3}, to));
    const RankedTensorType type = tensor({2, 43}, to);
    const Array actual = run(
        {rescaled, copied},
        [&](OpBuilder &b, ArrayRef<Value> x) -> Value {
          Value part = ReshapeOp::create(b, loc(b), rescaled.type, x[0]);
          return ConcatOp::create(b, loc(b), type, ValueRange{part, x[1]}, 1);
        },
        concatModel("slice"));
    const float scale = static_cast<float>(from.getScale()) *
                        (1.0f / static_cast<float>(to.getScale()));
    const float bias = -from.getZeroPoint() * scale;
    Array expected = {type, {}};
    forEachIndex({2, 43}, [&](ArrayRef<int64_t> at) {
      if (at[1] >= 40)
        return expected.values.push_back(copied.at({at[0], at[1] - 40}));
      const float product = static_cast<float>(rescaled.at(at)) * scale;
      const double value = std::round(product + bias) + to.getZeroPoint();
      expected.values.push_back(std::min(std::max(value, 0.0), 255.0));
    });
    if (from == to)
      expected.values = actual.values;
    expectSame(actual, expected);
  }
}

TEST_F(DataMovementTest, SplitAndReshape) {
  const Array input = drawArray(tensor({2, 3, 10}, f32()));
  const RankedTensorType type = tensor({7, 6}, f32());
  const Array actual =
      run(input, [&](OpBuilder &b, ArrayRef<Value> x) -> Value {
        auto split = SplitOp::create(
            b, loc(b),
            TypeRange{tensor({2, 3, 3}, f32()), tensor({2, 3, 7}, f32())}, x[0],
            2);
        return ReshapeOp::create(b, loc(b), type, split.getResult(1));
      });
  Array expected = {type, {}};
  forEachIndex({2, 3, 7}, [&](ArrayRef<int64_t> at) {
    expected.values.push_back(input.at({at[0], at[1], at[2] + 3}));
  });
  expectSame(actual, expected);
}

TEST_F(DataMovementTest, InPlaceNeedsNothing) {
  const Array input = drawArray(tensor({2, 30}, f32()));
  const RankedTensorType type = tensor({60}, f32());
  Builder builder(&context);
  const Array actual = run(
      input,
      [&](OpBuilder &b, ArrayRef<Value> x) -> Value {
        Value limited =
            ClampOp::create(b, loc(b), input.type, x[0], b.getF64FloatAttr(0),
                            b.getF64FloatAttr(INFINITY));
        Value flat = ReshapeOp::create(b, loc(b), type, limited);
        return AddOp::create(b, loc(b), type, flat, flat, Activation::None);
      },
      builder.getNamedAttr("serenity.in_place", builder.getBoolAttr(true)));
  EXPECT_EQ(heap.peakBytes, 240);
  Array expected = {type, input.values};
  for (double &value : expected.values)
    value = 2 * std::max(value, 0.0);
  expectSame(actual, expected);
}

} // namespace
