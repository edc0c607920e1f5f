//===- SelectionTest.cpp - The choice of sites against all others ---------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Parts, bounds and search together: on random networks, no closed subset of
// the sites of the whole function may be better than the one that was chosen.
//
//===----------------------------------------------------------------------===//

#include "Selection.h"

#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/IR/IRMapping.h"
#include "serenity/Core/Graph/RandomSource.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"

#include "gtest/gtest.h"

using namespace mlir;
using namespace serenity;

namespace {

/// Draws networks of two stages, each of which reads one tensor and returns
/// one, on images of 4x4.
class NetworkDraw {
public:
  NetworkDraw(MLIRContext &context, int seed)
      : builder(&context), random(seed) {
    element = random.below(2) == 0
                  ? Type(Float32Type::get(&context))
                  : quant::UniformQuantizedType::get(
                        0, IntegerType::get(&context, 8),
                        Float32Type::get(&context), 0.5, 128, 0, 255);
  }

  OwningOpRef<func::FuncOp> draw();

private:
  Location loc() { return builder.getUnknownLoc(); }
  int64_t channelsOf(Value value) {
    return cast<RankedTensorType>(value.getType()).getDimSize(3);
  }
  RankedTensorType image(int64_t channels) {
    return RankedTensorType::get({1, 4, 4, channels}, element);
  }
  Value weight(ArrayRef<int64_t> shape) {
    return WeightOp::create(
        builder, loc(), RankedTensorType::get(shape, element), ElementsAttr());
  }
  Value pick(ArrayRef<Value> values) {
    return values[random.below(values.size())];
  }
  Value conv(Value input, int64_t channels);
  Value depthwise(Value input);
  Value concat(ArrayRef<Value> inputs);
  Value drawKernel(ArrayRef<Value> values);
  Value drawStage(Value input);

  OpBuilder builder;
  core::RandomSource random;
  Type element;
};

} // namespace

Value NetworkDraw::conv(Value input, int64_t channels) {
  return Conv2DOp::create(builder, loc(), image(channels), input,
                          weight({channels, 1, 1, channelsOf(input)}), Value(),
                          Value());
}

Value NetworkDraw::depthwise(Value input) {
  const int64_t channels = channelsOf(input);
  return DepthwiseConv2DOp::create(builder, loc(), image(channels), input,
                                   weight({1, 1, 1, channels}), Value(),
                                   Value());
}

Value NetworkDraw::concat(ArrayRef<Value> inputs) {
  int64_t channels = 0;
  for (Value input : inputs)
    channels += channelsOf(input);
  return ConcatOp::create(builder, loc(), image(channels), inputs, 3);
}

Value NetworkDraw::drawKernel(ArrayRef<Value> values) {
  Value input = pick(values), other = pick(values);
  switch (random.below(7)) {
  case 0:
    return depthwise(input);
  case 1:
    return ClampOp::create(builder, loc(), input.getType(), input,
                           llvm::APFloat(0.0), llvm::APFloat(6.0));
  case 2:
    if (input.getType() == other.getType())
      return AddOp::create(builder, loc(), input.getType(), input, other);
    [[fallthrough]];
  case 3:
  case 4:
    return concat({input, other});
  default:
    return conv(input, 1 + random.below(6));
  }
}

/// A few kernels, and one that needs the results of all.
Value NetworkDraw::drawStage(Value input) {
  SmallVector<Value> values = {input};
  for (int rest = 2 + random.below(5); rest > 0; --rest)
    values.push_back(drawKernel(values));
  SmallVector<Value> unused;
  for (Value value : values)
    if (value.use_empty())
      unused.push_back(value);
  return conv(unused.size() == 1 ? unused.front() : concat(unused),
              1 + random.below(6));
}

OwningOpRef<func::FuncOp> NetworkDraw::draw() {
  const RankedTensorType type = image(1 + random.below(6));
  OwningOpRef<func::FuncOp> function = func::FuncOp::create(
      loc(), "main", builder.getFunctionType(type, TypeRange()));
  Block *body = function->addEntryBlock();
  builder.setInsertionPointToStart(body);
  Value result = drawStage(drawStage(body->getArgument(0)));
  func::ReturnOp::create(builder, loc(), result);
  function->setFunctionType(builder.getFunctionType(type, result.getType()));
  return function;
}

//===----------------------------------------------------------------------===//
// Comparison
//===----------------------------------------------------------------------===//

namespace {

class SelectionTest : public ::testing::Test {
protected:
  SelectionTest() {
    context
        .loadDialect<func::FuncDialect, quant::QuantDialect, SerenityDialect>();
  }

  SubsetCost costOf(func::FuncOp function, ArrayRef<RewriteSite> sites,
                    const Subset &subset, const SitePatterns &patterns,
                    const AssessmentOptions &options);
  void check(func::FuncOp function, Accumulator accumulator,
             const MemoryModel &model);

  MLIRContext context;
  int64_t numChosen = 0, numParts = 0, numSites = 0;
};

} // namespace

/// What the whole of `function` costs with `subset` of its sites rewritten.
SubsetCost SelectionTest::costOf(func::FuncOp function,
                                 ArrayRef<RewriteSite> sites,
                                 const Subset &subset,
                                 const SitePatterns &patterns,
                                 const AssessmentOptions &options) {
  OwningOpRef<func::FuncOp> copy = function.clone();
  SmallVector<Operation *> kernels;
  for (Operation &op : copy->front())
    kernels.push_back(&op);
  for (auto [site, isChosen] : llvm::zip_equal(sites, subset))
    if (isChosen)
      patterns.rewrite(kernels[site.position]);
  const Assessment cost = llvm::cantFail(assess(copy->front(), options));
  EXPECT_TRUE(cost.isProven());
  return {cost.peakBytes, cost.kernels};
}

void SelectionTest::check(func::FuncOp function, Accumulator accumulator,
                          const MemoryModel &model) {
  const SitePatterns patterns(&context, {}, accumulator);
  const SitePatterns boundPatterns(&context, {}, Accumulator::Result);
  OwningOpRef<func::FuncOp> copy = function.clone();
  const SiteList list = rewriteSites(copy->front(), patterns);
  const ArrayRef<RewriteSite> sites = list.sites;
  if (sites.size() > 6)
    return;
  const AssessmentOptions options = {model, 1000000};
  const std::vector<Part> parts = cutIntoParts(function.getBody(), sites);
  std::vector<PartVariants> variants;
  for (const Part &part : parts)
    variants.emplace_back(part, patterns, boundPatterns, options);
  const SiteChoice choice = chooseSites(variants, sites, 4096);
  EXPECT_TRUE(choice.provenBest);
  const SubsetCost chosen =
      costOf(function, sites, choice.chosen, patterns, options);
  for (size_t bits = 0; bits < size_t(1) << sites.size(); ++bits) {
    Subset subset(sites.size());
    for (size_t site = 0; site < sites.size(); ++site)
      subset[site] = bits >> site & 1;
    ASSERT_FALSE(costOf(function, sites, subset, patterns, options) < chosen)
        << "subset " << bits;
  }
  numChosen += llvm::count(choice.chosen, true);
  numParts += parts.size();
  numSites += sites.size();
}

namespace {

TEST_F(SelectionTest, NothingIsBetterThanTheChoice) {
  for (int seed = 0; seed < 150 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    OwningOpRef<func::FuncOp> function = NetworkDraw(context, seed).draw();
    for (ConcatModel concat :
         {ConcatModel::Copy, ConcatModel::View, ConcatModel::Slice})
      for (bool inPlace : {false, true})
        for (Accumulator accumulator :
             {Accumulator::Exact, Accumulator::Result}) {
          SCOPED_TRACE(testing::Message() << toString(concat).str()
                                          << (inPlace ? " in place " : " ")
                                          << toString(accumulator).str());
          check(*function, accumulator, {concat, inPlace});
        }
  }
  // Neither everything nor nothing is worth it, and there are cuts.
  EXPECT_GT(numChosen, numSites / 10);
  EXPECT_LT(numChosen, numSites);
  EXPECT_GT(numParts, 2 * 150 * 12);
}

} // namespace
