//===- Preconditions.cpp - What libonnx takes for granted -----------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Preconditions.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/ADT/Twine.h"
#include <limits>
#include <onnx/defs/tensor_proto_util.h>
#include <optional>

using namespace llvm;
using namespace serenity;
using ::onnx::InferenceContext;
using ::onnx::InferenceError;
using ::onnx::OpSchema;
using ::onnx::TensorProto;

static void require(bool condition, const Twine &otherwise) {
  if (!condition)
    throw InferenceError(otherwise.str());
}

/// The rules follow these without asking whether they are there.
static void checkTypes(const OpSchema &schema,
                       const InferenceContext &context) {
  const int numInputs = context.getNumInputs();
  require(numInputs >= schema.min_input(), "it has " + Twine(numInputs) +
                                               " inputs, expected at least " +
                                               Twine(schema.min_input()));
  for (int i = 0; i < schema.min_input(); ++i)
    require(context.getInputType(i),
            "the type of input " + Twine(i) + " is unknown");
}

/// The size of elements of type `element` that the rules read from bytes; 1 for
/// those that they do not read.
static size_t getElementBytes(int32_t element) {
  switch (element) {
  case TensorProto::INT64:
  case TensorProto::DOUBLE:
    return 8;
  case TensorProto::INT32:
  case TensorProto::FLOAT:
    return 4;
  default:
    return 1;
  }
}

/// Checks that the last number in bytes is there as a whole: libonnx copies
/// them all to as many numbers as fit.
static void checkBytes(const InferenceContext &context) {
  for (size_t i = 0; i < context.getNumInputs(); ++i) {
    const TensorProto *data = context.getInputData(i);
    if (!data)
      continue;
    const size_t unit = getElementBytes(data->data_type());
    require(data->raw_data().size() % unit == 0,
            "input " + Twine(i) + " has " + Twine(data->raw_data().size()) +
                " bytes, expected a multiple of " + Twine(unit));
  }
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

/// Which other input of an operator that moves windows has as many dimensions
/// as the first; -1 if none has, nothing for other operators.
static std::optional<int> findPartner(StringRef kind) {
  return StringSwitch<std::optional<int>>(kind)
      .Cases({"Conv", "ConvInteger", "ConvTranspose", "MaxUnpool"}, 1)
      .Case("QLinearConv", 3)
      .Cases({"AveragePool", "LpPool", "MaxPool"}, -1)
      .Cases({"GlobalAveragePool", "GlobalLpPool", "GlobalMaxPool"}, -1)
      .Default(std::nullopt);
}

/// Checks that attribute `name` has `size` numbers of at least `min`, if it
/// is there.
static void checkNumbers(const InferenceContext &context, const char *name,
                         int size, int64_t min) {
  const ::onnx::AttributeProto *attribute = context.getAttribute(name);
  if (!attribute)
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

/// Checks an operator that moves windows over input 0.
static void checkWindowed(InferenceContext &context, int partner) {
  const std::optional<int> rank = getRank(context, 0);
  if (!rank)
    return;
  checkSizes(::onnx::getInputShape(context, 0));
  checkWindows(context, *rank - 2);
  const int other = getRank(context, partner < 0 ? 0 : partner).value_or(*rank);
  require(other == *rank, "its input has " + Twine(*rank) +
                              " dimensions, but input " + Twine(partner) +
                              " has " + Twine(other));
}

/// Checks that input `i` has at least `min` dimensions, if its shape is known.
static void checkRank(InferenceContext &context, size_t i, int min) {
  const int rank = getRank(context, i).value_or(min);
  require(rank >= min, "input " + Twine(i) + " has " + Twine(rank) +
                           " dimensions, expected at least " + Twine(min));
}

/// Checks an attribute that is a dimension of input 0, if its shape is known;
/// one that `mayCountBack` can be -1 for the last, and so on.
static void checkDimension(InferenceContext &context, const char *name,
                           int64_t otherwise, bool mayCountBack) {
  const std::optional<int> rank = getRank(context, 0);
  if (!rank)
    return;
  const int64_t min = mayCountBack ? -*rank : 0;
  const int64_t value = ::onnx::getAttribute(context, name, otherwise);
  require(value >= min && value < *rank,
          "'" + Twine(name) + "' is " + Twine(value) + ", expected " +
              Twine(min) + " to below " + Twine(*rank));
}

/// Checks that input `i`, by which the rules divide, is not a zero.
static void checkDivisor(InferenceContext &context, size_t i) {
  const TensorProto *data =
      i < context.getNumInputs() ? context.getInputData(i) : nullptr;
  const auto check = [&](const auto &values) {
    require(!is_contained(values, 0), "input " + Twine(i) + " has a 0");
  };
  if (data && data->data_type() == TensorProto::INT64)
    check(::onnx::ParseData<int64_t>(data));
  else if (data && data->data_type() == TensorProto::INT32)
    check(::onnx::ParseData<int32_t>(data));
}

void onnxformat::checkPreconditions(const OpSchema &schema,
                                    InferenceContext &context) {
  checkTypes(schema, context);
  checkBytes(context);
  const StringRef kind = schema.Name();
  require(kind != "MaxUnpool" || getRank(context, 1),
          "the shape of input 1 is unknown");
  if (const std::optional<int> partner = findPartner(kind)) {
    checkWindowed(context, *partner);
  } else if (kind == "Gemm") {
    checkRank(context, 0, 2);
    checkRank(context, 1, 2);
  } else if (kind == "GRU" || kind == "LSTM" || kind == "RNN") {
    checkRank(context, 0, 2);
  } else if (kind == "LayerNormalization") {
    checkDimension(context, "axis", /*otherwise=*/-1, /*mayCountBack=*/true);
  } else if (kind == "GatherND") {
    checkDimension(context, "batch_dims", /*otherwise=*/0,
                   /*mayCountBack=*/false);
  } else if (kind == "SplitToSequence") {
    checkDivisor(context, 1);
  } else if (kind == "STFT") {
    checkRank(context, 0, 2);
    checkDivisor(context, 1);
  }
}
