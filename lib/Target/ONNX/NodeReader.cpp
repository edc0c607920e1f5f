//===- NodeReader.cpp - The attributes of a node --------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NodeReader.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::onnxformat;
using ::onnx::AttributeProto;
using ::onnx::NodeProto;

const AttributeProto *onnxformat::findAttribute(const NodeProto &node,
                                                StringRef name) {
  for (const AttributeProto &attribute : node.attribute())
    if (name == attribute.name())
      return &attribute;
  return nullptr;
}

int64_t onnxformat::getInteger(const NodeProto &node, StringRef name,
                               int64_t otherwise) {
  const AttributeProto *attribute = findAttribute(node, name);
  return attribute && attribute->has_i() ? attribute->i() : otherwise;
}

double onnxformat::getReal(const NodeProto &node, StringRef name,
                           double otherwise) {
  const AttributeProto *attribute = findAttribute(node, name);
  return attribute && attribute->has_f() ? attribute->f() : otherwise;
}

StringRef onnxformat::getString(const NodeProto &node, StringRef name,
                                StringRef otherwise) {
  const AttributeProto *attribute = findAttribute(node, name);
  return attribute && attribute->has_s() ? StringRef(attribute->s())
                                         : otherwise;
}

ArrayRef<int64_t> onnxformat::getIntegers(const NodeProto &node,
                                          StringRef name) {
  const AttributeProto *attribute = findAttribute(node, name);
  if (!attribute)
    return {};
  return ArrayRef<int64_t>(attribute->ints().data(), attribute->ints_size());
}

SmallVector<int64_t> onnxformat::getIntegers(const NodeProto &node,
                                             StringRef name, size_t size,
                                             int64_t otherwise) {
  ArrayRef<int64_t> values = getIntegers(node, name);
  return values.empty() ? SmallVector<int64_t>(size, otherwise)
                        : SmallVector<int64_t>(values);
}
