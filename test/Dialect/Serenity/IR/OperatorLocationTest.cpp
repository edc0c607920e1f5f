//===- OperatorLocationTest.cpp -------------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Dialect/Serenity/IR/OperatorLocation.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/MLIRContext.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace serenity;

namespace {

class OperatorLocationTest : public ::testing::Test {
protected:
  Location named(StringRef name) {
    return NameLoc::get(StringAttr::get(&context, name));
  }

  MLIRContext context;
};

TEST_F(OperatorLocationTest, GivesBackIndexAndName) {
  Location location = getOperatorLocation(&context, 5, "stem/conv");
  EXPECT_EQ(getOperatorIndex(location), 5);
  EXPECT_EQ(getLocationName(location), "stem/conv");
}

TEST_F(OperatorLocationTest, WorksWithoutName) {
  Location location = getOperatorLocation(&context, 0, "");
  EXPECT_EQ(getOperatorIndex(location), 0);
  EXPECT_EQ(getLocationName(location), "");
}

TEST_F(OperatorLocationTest, LooksInsideOtherLocations) {
  Location inner = getOperatorLocation(&context, 7, "x");
  Location inlined = CallSiteLoc::get(inner, UnknownLoc::get(&context));
  Location fused =
      FusedLoc::get(&context, {UnknownLoc::get(&context), inlined});
  EXPECT_EQ(getOperatorIndex(fused), 7);
  EXPECT_EQ(getLocationName(fused), "x");
}

TEST_F(OperatorLocationTest, TakesTheFirstOfSeveral) {
  Location fused =
      FusedLoc::get(&context, {getOperatorLocation(&context, 2, "b"),
                               getOperatorLocation(&context, 1, "a")});
  EXPECT_EQ(getOperatorIndex(fused), 2);
  EXPECT_EQ(getLocationName(fused), "b");
}

TEST_F(OperatorLocationTest, OtherLocationsHaveNoIndex) {
  EXPECT_EQ(getOperatorIndex(UnknownLoc::get(&context)), std::nullopt);
  EXPECT_EQ(getOperatorIndex(named("x")), std::nullopt);
  Location fused =
      FusedLoc::get({named("x")}, StringAttr::get(&context, "5"), &context);
  EXPECT_EQ(getOperatorIndex(fused), std::nullopt);
  EXPECT_EQ(getLocationName(fused), "x");
}

} // namespace
