//===- OldOperators.cpp - Newer operators as libonnx knows them -----------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OldOperators.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::onnxformat;
using ::onnx::AttributeProto;
using ::onnx::NodeProto;

static void removeAttribute(NodeProto &node, StringRef name) {
  for (int i = 0; i < node.attribute_size(); ++i)
    if (name == node.attribute(i).name()) {
      node.mutable_attribute()->DeleteSubrange(i, 1);
      return;
    }
}

/// Removes attributes that a later version added and that say what was implied
/// before.
static void removeDefaults(NodeProto &node) {
  for (StringRef name : {"antialias", "block_size", "output_dtype"})
    if (getInteger(node, name, 1) == 0)
      removeAttribute(node, name);
  if (getString(node, "keep_aspect_ratio_policy", "") == "stretch")
    removeAttribute(node, "keep_aspect_ratio_policy");
  if (isOperator(node, "AveragePool") &&
      llvm::all_of(getIntegers(node, "dilations"),
                   [](int64_t dilation) { return dilation == 1; }))
    removeAttribute(node, "dilations");
  // Decides what numbers out of range become, not shapes.
  removeAttribute(node, "saturate");
}

/// Whether ONNX, after what libonnx knows, made the axes of the reduction
/// `kind` an input.
static bool isReductionWithAxes(StringRef kind) {
  return llvm::StringSwitch<bool>(kind)
      .Cases({"ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp"}, true)
      .Cases({"ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd"}, true)
      .Case("ReduceSumSquare", true)
      .Default(false);
}

/// Whether `kind`, which libonnx may not know, gives its result the type of its
/// first input.
static bool keepsType(StringRef kind) {
  return llvm::StringSwitch<bool>(kind)
      .Cases({"Gelu", "Mish", "Swish"}, true)
      .Cases({"GroupNormalization", "RMSNormalization"}, true)
      .Default(false);
}

static void setIntegers(NodeProto &node, StringRef name,
                        ArrayRef<int64_t> values) {
  AttributeProto &attribute = *node.add_attribute();
  attribute.set_name(name.str());
  attribute.set_type(AttributeProto::INTS);
  for (int64_t value : values)
    attribute.add_ints(value);
}

void onnxformat::useOldOperator(
    NodeProto &node,
    llvm::function_ref<std::optional<SmallVector<int64_t>>(int)> getIntegers) {
  if (!getDomain(node.domain()).empty())
    return;
  removeDefaults(node);
  if (isReductionWithAxes(node.op_type()) && node.input_size() == 2) {
    if (auto axes = getIntegers(1)) {
      setIntegers(node, "axes", *axes);
      node.mutable_input()->RemoveLast();
      removeAttribute(node, "noop_with_empty_axes");
    }
  } else if (isOperator(node, "Split")) {
    // Parts of equal size; others fail there, as they should.
    removeAttribute(node, "num_outputs");
  } else if (keepsType(node.op_type()) && node.input_size() > 0) {
    node.set_op_type("Identity");
    node.mutable_attribute()->Clear();
    node.mutable_input()->DeleteSubrange(1, node.input_size() - 1);
  }
}
