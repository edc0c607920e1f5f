//===- Preconditions.cpp - What libonnx takes for granted -----------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Preconditions.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/ADT/Twine.h"
#include <limits>
#include <optional>

using namespace llvm;
using namespace serenity;
using ::onnx::InferenceContext;
using ::onnx::InferenceError;
using ::onnx::OpSchema;

static void require(bool condition, const Twine &otherwise) {
  if (!condition)
    throw InferenceError(otherwise.str());
}

/// The rules follow these without asking whether they are there.
static void checkInputs(const OpSchema &schema,
                        const InferenceContext &context) {
  const int numInputs = context.getNumInputs();
  require(numInputs >= schema.min_input(), "it has " + Twine(numInputs) +
                                               " inputs, expected at least " +
                                               Twine(schema.min_input()));
  for (int i = 0; i < schema.min_input(); ++i)
    require(context.getInputType(i), "the type of input " + Twine(i) + " (" +
                                         schema.inputs()[i].GetName() +
                                         ") is unknown");
}

/// The rank of input `i`; nothing if its shape is unknown.
static std::optional<int> getRank(InferenceContext &context, size_t i) {
  if (!::onnx::hasInputShape(context, i))
    return std::nullopt;
  return ::onnx::getInputShape(context, i).dim_size();
}

/// Checks the rows, columns and so on of an input over which windows move; the
/// rules count up to them.
static void checkSizes(const ::onnx::TensorShapeProto &shape) {
  constexpr int64_t max = std::numeric_limits<int32_t>::max();
  require(shape.dim_size() >= 2, "its input has " + Twine(shape.dim_size()) +
                                     " dimensions, expected at least 2");
  for (const auto &dim : shape.dim())
    require(dim.dim_value() <= max, "its input has a dimension of size " +
                                        Twine(dim.dim_value()) +
                                        ", expected at most " + Twine(max));
}

/// Which input of an operator that moves windows are the weights; -1 if it has
/// none, nothing for other operators.
static std::optional<int> findWeights(StringRef kind) {
  return StringSwitch<std::optional<int>>(kind)
      .Cases({"Conv", "ConvInteger", "ConvTranspose"}, 1)
      .Case("QLinearConv", 3)
      .Cases({"AveragePool", "LpPool", "MaxPool", "MaxUnpool"}, -1)
      .Cases({"GlobalAveragePool", "GlobalLpPool", "GlobalMaxPool"}, -1)
      .Default(std::nullopt);
}

/// Checks that attribute `name` has `size` numbers of at least `min`, or none.
static void checkNumbers(const InferenceContext &context, const char *name,
                         int size, int64_t min) {
  const ::onnx::AttributeProto *attribute = context.getAttribute(name);
  if (!attribute || attribute->ints().empty())
    return;
  require(attribute->ints_size() == size,
          "'" + Twine(name) + "' has " + Twine(attribute->ints_size()) +
              " numbers, expected " + Twine(size));
  for (int64_t number : attribute->ints())
    require(number >= min, "'" + Twine(name) + "' has a " + Twine(number) +
                               ", expected at least " + Twine(min));
}

/// Checks windows of `dims` dimensions.
static void checkWindows(const InferenceContext &context, int dims) {
  for (const char *name : {"kernel_shape", "strides", "dilations"})
    checkNumbers(context, name, dims, /*min=*/1);
  for (const char *name : {"output_padding", "output_shape"})
    checkNumbers(context, name, dims, /*min=*/0);
  constexpr int64_t any = std::numeric_limits<int64_t>::min();
  checkNumbers(context, "pads", 2 * dims, any);
}

void onnxformat::checkPreconditions(const OpSchema &schema,
                                    InferenceContext &context) {
  checkInputs(schema, context);
  const std::optional<int> weights = findWeights(schema.Name());
  const std::optional<int> rank = getRank(context, 0);
  if (!weights || !rank)
    return;
  checkSizes(::onnx::getInputShape(context, 0));
  checkWindows(context, *rank - 2);
  const std::optional<int> filterRank =
      *weights < 0 ? rank : getRank(context, *weights);
  require(filterRank == rank, "its input has " + Twine(*rank) +
                                  " dimensions, but its weights have " +
                                  Twine(filterRank.value_or(0)));
}
