//===- Integers.cpp - Arithmetic before the network runs ------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Integers.h"
#include "NodeReader.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::onnxformat;
using ::onnx::NodeProto;
using ::onnx::TensorProto;

using Integers = std::optional<SmallVector<int64_t>>;

bool onnxformat::isInteger(int32_t element) {
  switch (element) {
  case TensorProto::BOOL:
  case TensorProto::INT8:
  case TensorProto::INT16:
  case TensorProto::INT32:
  case TensorProto::INT64:
  case TensorProto::UINT8:
  case TensorProto::UINT16:
  case TensorProto::UINT32:
    return true;
  default:
    return false;
  }
}

namespace {
/// Computes the result of one node.
class Evaluator {
public:
  Evaluator(const NodeProto &node, ArrayRef<const KnownInput *> inputs,
            const SourceType &result)
      : node(node), inputs(inputs), result(result) {}

  Integers run() const;

private:
  using Binary = Integers (*)(int64_t, int64_t);

  bool isKnown(size_t i) const {
    return i < inputs.size() && inputs[i] && inputs[i]->integers;
  }
  ArrayRef<int64_t> get(size_t i) const { return *inputs[i]->integers; }
  bool areVectors() const;
  /// The numbers of input `i`, `otherwise` if it is absent, nothing if it is
  /// not known.
  Integers getOr(size_t i, ArrayRef<int64_t> otherwise) const;

  Integers computeShape() const;
  Integers computeSize() const;
  Integers computeGather() const;
  Integers computeConcat() const;
  Integers computeSlice() const;
  Integers computeRange() const;
  Integers computeProduct() const;
  Integers computeFill() const;
  Integers computeWhere() const;
  Integers computeNegation() const;
  std::optional<int64_t> computeElement(int64_t lhs, int64_t rhs) const;
  Integers computeElementwise() const;

  const NodeProto &node;
  ArrayRef<const KnownInput *> inputs;
  const SourceType &result;
};
} // namespace

/// Whether all inputs are known and have at most one dimension.
bool Evaluator::areVectors() const {
  for (size_t i = 0; i < inputs.size(); ++i)
    if (!isKnown(i) || inputs[i]->type.getRank() > 1)
      return false;
  return !inputs.empty();
}

Integers Evaluator::getOr(size_t i, ArrayRef<int64_t> otherwise) const {
  if (i >= inputs.size() || !inputs[i])
    return SmallVector<int64_t>(otherwise);
  return inputs[i]->integers;
}

Integers Evaluator::computeShape() const {
  if (inputs.size() != 1 || !inputs[0])
    return std::nullopt;
  ArrayRef<int64_t> shape = inputs[0]->type.shape;
  const int64_t rank = shape.size();
  auto clamp = [&](int64_t dim) {
    return std::clamp<int64_t>(dim < 0 ? dim + rank : dim, 0, rank);
  };
  const int64_t start = clamp(getInteger(node, "start", 0));
  const int64_t end = clamp(getInteger(node, "end", rank));
  return SmallVector<int64_t>(
      shape.slice(start, std::max<int64_t>(end - start, 0)));
}

Integers Evaluator::computeSize() const {
  if (inputs.size() != 1 || !inputs[0])
    return std::nullopt;
  return SmallVector<int64_t>{*countElements(inputs[0]->type.shape)};
}

Integers Evaluator::computeGather() const {
  if (inputs.size() != 2 || !areVectors() || inputs[0]->type.getRank() != 1)
    return std::nullopt;
  const int64_t size = get(0).size();
  SmallVector<int64_t> values;
  for (int64_t index : get(1)) {
    if (index < -size || index >= size)
      return std::nullopt;
    values.push_back(get(0)[index < 0 ? index + size : index]);
  }
  return values;
}

Integers Evaluator::computeConcat() const {
  if (!areVectors())
    return std::nullopt;
  SmallVector<int64_t> values;
  for (size_t i = 0; i < inputs.size(); ++i)
    llvm::append_range(values, get(i));
  return values;
}

/// Of a vector, from operands as in version 10 and later.
Integers Evaluator::computeSlice() const {
  if (inputs.size() < 3 || !areVectors())
    return std::nullopt;
  const Integers steps = getOr(4, {1});
  if (get(1).size() != 1 || get(2).size() != 1 ||
      steps != SmallVector<int64_t>{1})
    return std::nullopt;
  const int64_t size = get(0).size();
  auto clamp = [&](int64_t index) {
    return std::clamp<int64_t>(index < 0 ? index + size : index, 0, size);
  };
  const int64_t start = clamp(get(1)[0]);
  const int64_t end = std::max(clamp(get(2)[0]), start);
  return SmallVector<int64_t>(get(0).slice(start, end - start));
}

Integers Evaluator::computeRange() const {
  if (inputs.size() != 3 || !areVectors() || get(0).size() != 1 ||
      get(2).size() != 1)
    return std::nullopt;
  SmallVector<int64_t> values;
  int64_t next = get(0)[0];
  for (int64_t i = 0; i < *countElements(result.shape); ++i) {
    values.push_back(next);
    if (llvm::AddOverflow(next, get(2)[0], next))
      return std::nullopt;
  }
  return values;
}

/// Of all numbers of one input.
Integers Evaluator::computeProduct() const {
  if (countElements(result.shape) != 1 || !isKnown(0))
    return std::nullopt;
  int64_t product = 1;
  for (int64_t factor : get(0))
    if (llvm::MulOverflow(product, factor, product))
      return std::nullopt;
  return SmallVector<int64_t>{product};
}

/// One number as often as the result wants.
Integers Evaluator::computeFill() const {
  if (!isKnown(0) || get(0).size() != 1)
    return std::nullopt;
  return SmallVector<int64_t>(*countElements(result.shape), get(0)[0]);
}

/// Element `i` of an input with one number or as many as the result.
static int64_t getElement(ArrayRef<int64_t> values, size_t i) {
  return values.size() == 1 ? values[0] : values[i];
}

Integers Evaluator::computeWhere() const {
  SmallVector<int64_t> values;
  const size_t size = *countElements(result.shape);
  for (size_t i : {0, 1, 2})
    if (!isKnown(i) || (get(i).size() != 1 && get(i).size() != size))
      return std::nullopt;
  for (size_t i = 0; i < size; ++i)
    values.push_back(getElement(get(getElement(get(0), i) != 0 ? 1 : 2), i));
  return values;
}

Integers Evaluator::computeNegation() const {
  if (!isKnown(0))
    return std::nullopt;
  SmallVector<int64_t> values(get(0));
  for (int64_t &value : values)
    if (llvm::SubOverflow<int64_t>(0, value, value))
      return std::nullopt;
  return values;
}

/// The result of a binary operator for one pair of elements.
std::optional<int64_t> Evaluator::computeElement(int64_t lhs,
                                                 int64_t rhs) const {
  constexpr int64_t min = std::numeric_limits<int64_t>::min();
  const StringRef kind = node.op_type();
  int64_t value = 0;
  if (kind == "Add")
    return llvm::AddOverflow(lhs, rhs, value) ? std::nullopt
                                              : std::optional(value);
  if (kind == "Sub")
    return llvm::SubOverflow(lhs, rhs, value) ? std::nullopt
                                              : std::optional(value);
  if (kind == "Mul")
    return llvm::MulOverflow(lhs, rhs, value) ? std::nullopt
                                              : std::optional(value);
  if (kind == "Div" && rhs != 0 && (lhs != min || rhs != -1))
    return lhs / rhs;
  if (kind == "Min")
    return std::min(lhs, rhs);
  if (kind == "Max")
    return std::max(lhs, rhs);
  if (kind == "Equal")
    return lhs == rhs;
  if (kind == "Less")
    return lhs < rhs;
  if (kind == "Greater")
    return lhs > rhs;
  return std::nullopt;
}

Integers Evaluator::computeElementwise() const {
  const size_t size = *countElements(result.shape);
  if (inputs.size() != 2)
    return std::nullopt;
  for (size_t i : {0, 1})
    if (!isKnown(i) || (get(i).size() != 1 && get(i).size() != size))
      return std::nullopt;
  SmallVector<int64_t> values;
  for (size_t i = 0; i < size; ++i) {
    auto value = computeElement(getElement(get(0), i), getElement(get(1), i));
    if (!value)
      return std::nullopt;
    values.push_back(*value);
  }
  return values;
}

Integers Evaluator::run() const {
  const StringRef kind = node.op_type();
  if (kind == "Shape")
    return computeShape();
  if (kind == "Size")
    return computeSize();
  if (kind == "Gather")
    return computeGather();
  if (kind == "Concat")
    return computeConcat();
  if (kind == "Slice")
    return computeSlice();
  if (kind == "Range")
    return computeRange();
  if (kind == "ReduceProd")
    return computeProduct();
  if (kind == "Expand")
    return computeFill();
  if (kind == "Where")
    return computeWhere();
  if (kind == "Neg")
    return computeNegation();
  if (kind == "Cast")
    return isKnown(0) ? inputs[0]->integers : std::nullopt;
  return computeElementwise();
}

/// Whether all of `values` are of type `element`.
static bool fit(ArrayRef<int64_t> values, int32_t element) {
  return llvm::all_of(values, [&](int64_t value) {
    switch (element) {
    case TensorProto::BOOL:
      return value == 0 || value == 1;
    case TensorProto::INT32:
      return llvm::isInt<32>(value);
    default:
      return element == TensorProto::INT64;
    }
  });
}

Integers onnxformat::computeIntegers(const NodeProto &node,
                                     ArrayRef<const KnownInput *> inputs,
                                     const SourceType &result) {
  std::optional<int64_t> count = countElements(result.shape);
  if (!getDomain(node.domain()).empty() || !count || *count > kMaxIntegers ||
      !isInteger(result.element) || node.output_size() != 1)
    return std::nullopt;
  Integers values = Evaluator(node, inputs, result).run();
  if (!values || static_cast<int64_t>(values->size()) != *count ||
      !fit(*values, result.element))
    return std::nullopt;
  return values;
}
