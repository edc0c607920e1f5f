//===- HostTensorTest.cpp - Random tensors and differences ----------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Execution/HostTensor.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <gmock/gmock.h>
#include <set>

using namespace serenity;
using Kind = ElementType::Kind;

namespace {

template <typename T>
HostTensor makeTensor(Kind kind, const std::vector<T> &values) {
  HostTensor tensor{{{kind, sizeof(T)}, {static_cast<int64_t>(values.size())}},
                    std::vector<char>(values.size() * sizeof(T))};
  std::memcpy(tensor.data.data(), values.data(), tensor.data.size());
  return tensor;
}

template <typename T> std::vector<T> getValues(const HostTensor &tensor) {
  std::vector<T> values(tensor.data.size() / sizeof(T));
  std::memcpy(values.data(), tensor.data.data(), tensor.data.size());
  return values;
}

template <typename T>
std::vector<T> draw(Kind kind, int64_t count, uint64_t seed) {
  core::RandomSource random(seed);
  return getValues<T>(drawTensor({{kind, sizeof(T)}, {count}}, random));
}

TEST(TensorShapeTest, CountsWithoutOverflow) {
  const ElementType f32{Kind::Float, 4};
  EXPECT_EQ((TensorShape{f32, {}}).countBytes(), 4);
  EXPECT_EQ((TensorShape{f32, {2, 3}}).countBytes(), 24);
  EXPECT_EQ((TensorShape{f32, {INT64_MAX, INT64_MAX, 0}}).countBytes(), 0);
  EXPECT_EQ((TensorShape{f32, {INT64_MAX}}).countElements(), INT64_MAX);
  EXPECT_EQ((TensorShape{f32, {INT64_MAX}}).countBytes(), std::nullopt);
  EXPECT_EQ((TensorShape{f32, {INT64_MAX, 2}}).countElements(), std::nullopt);
}

TEST(TensorShapeTest, IsPrintedAsInMLIR) {
  EXPECT_EQ((TensorShape{{Kind::Signless, 1}, {1, 8}}).str(), "1x8xi8");
  EXPECT_EQ((TensorShape{{Kind::Signed, 2}, {3}}).str(), "3xsi16");
  EXPECT_EQ((TensorShape{{Kind::Unsigned, 4}, {}}).str(), "ui32");
  EXPECT_EQ((TensorShape{{Kind::Float, 8}, {0}}).str(), "0xf64");
}

TEST(TensorShapeTest, OnlySignlessIntegersFitOthers) {
  const auto areTypesCompatible = [](ElementType a, ElementType b) {
    EXPECT_EQ(areCompatible({a, {2}}, {b, {2}}),
              areCompatible({b, {2}}, {a, {2}}));
    return areCompatible({a, {2}}, {b, {2}});
  };
  EXPECT_TRUE(areTypesCompatible({Kind::Signless, 1}, {Kind::Unsigned, 1}));
  EXPECT_TRUE(areTypesCompatible({Kind::Signless, 1}, {Kind::Signed, 1}));
  EXPECT_TRUE(areTypesCompatible({Kind::Float, 4}, {Kind::Float, 4}));
  EXPECT_FALSE(areTypesCompatible({Kind::Signed, 1}, {Kind::Unsigned, 1}));
  EXPECT_FALSE(areTypesCompatible({Kind::Signless, 2}, {Kind::Signed, 1}));
  EXPECT_FALSE(areTypesCompatible({Kind::Signless, 4}, {Kind::Float, 4}));
  EXPECT_FALSE(areCompatible({{Kind::Float, 4}, {2}}, {{Kind::Float, 4}, {3}}));
}

TEST(DrawTensorTest, BytesTakeAllValues) {
  const auto drawn = draw<uint8_t>(Kind::Unsigned, 10000, /*seed=*/1);
  EXPECT_EQ(std::set<uint8_t>(drawn.begin(), drawn.end()).size(), 256u);
}

TEST(DrawTensorTest, WideIntegersUseEveryBit) {
  uint64_t seen = 0;
  for (uint64_t value : draw<uint64_t>(Kind::Signed, 1000, /*seed=*/1))
    seen |= value;
  EXPECT_EQ(seen, UINT64_MAX);
}

TEST(DrawTensorTest, FloatsFillTheirInterval) {
  const auto floats = draw<float>(Kind::Float, 10000, /*seed=*/1);
  const auto [low, high] = std::minmax_element(floats.begin(), floats.end());
  EXPECT_GE(*low, -1);
  EXPECT_LT(*low, -0.99);
  EXPECT_LT(*high, 1);
  EXPECT_GT(*high, 0.99);
  for (double value : draw<double>(Kind::Float, 1000, /*seed=*/1))
    EXPECT_LE(std::fabs(value), 1);
  // One, as a half, is 0x3c00; only its negative can be reached.
  for (uint16_t bits : draw<uint16_t>(Kind::Float, 10000, /*seed=*/1))
    EXPECT_TRUE((bits & 0x7fff) < 0x3c00 || bits == 0xbc00);
}

TEST(DrawTensorTest, SeedsDecide) {
  EXPECT_EQ(draw<float>(Kind::Float, 9, 5), draw<float>(Kind::Float, 9, 5));
  EXPECT_NE(draw<float>(Kind::Float, 9, 5), draw<float>(Kind::Float, 9, 6));
}

TEST(CompareTensorsTest, MeasuresIntegersInSteps) {
  const auto a = makeTensor<int8_t>(Kind::Signed, {-128, 5, 7});
  const auto b = makeTensor<int8_t>(Kind::Signed, {127, 5, 8});
  const TensorDifference difference = compareTensors(a, b);
  EXPECT_EQ(difference.largest, 255);
  EXPECT_EQ(difference.numIdentical, 1);
  EXPECT_EQ(difference.numElements, 3);
}

TEST(CompareTensorsTest, TakesTheSignThatIsKnown) {
  const auto a = makeTensor<uint8_t>(Kind::Signless, {200});
  const auto b = makeTensor<uint8_t>(Kind::Unsigned, {100});
  EXPECT_EQ(compareTensors(a, b).largest, 100);
  EXPECT_EQ(compareTensors(b, a).largest, 100);
}

TEST(CompareTensorsTest, MeasuresFloatsByTheLargestMagnitude) {
  const auto a = makeTensor<float>(Kind::Float, {-8, 1, 0});
  const auto b = makeTensor<float>(Kind::Float, {-8, 2, 0});
  EXPECT_EQ(compareTensors(a, b).largest, 1.0 / 8);
  EXPECT_EQ(compareTensors(a, b).numIdentical, 2);
}

TEST(CompareTensorsTest, ZerosOfBothSignsAreEqualButNotIdentical) {
  const auto a = makeTensor<double>(Kind::Float, {0.0});
  const auto b = makeTensor<double>(Kind::Float, {-0.0});
  EXPECT_EQ(compareTensors(a, b).largest, 0);
  EXPECT_EQ(compareTensors(a, b).numIdentical, 0);
}

TEST(CompareTensorsTest, WhatIsNoNumberIsInfinitelyFarFromNumbers) {
  const auto one = makeTensor<float>(Kind::Float, {1, 1});
  const auto nan = makeTensor<float>(Kind::Float, {1, NAN});
  const auto infinity = makeTensor<float>(Kind::Float, {1, INFINITY});
  EXPECT_EQ(compareTensors(one, nan).largest, INFINITY);
  EXPECT_EQ(compareTensors(one, infinity).largest, INFINITY);
  EXPECT_EQ(compareTensors(nan, infinity).largest, INFINITY);
  EXPECT_EQ(compareTensors(nan, nan).largest, 0);
  EXPECT_EQ(compareTensors(infinity, infinity).largest, 0);
}

} // namespace
