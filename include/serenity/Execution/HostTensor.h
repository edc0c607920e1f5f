//===- HostTensor.h - Values that go in and come out ------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_EXECUTION_HOSTTENSOR_H
#define SERENITY_EXECUTION_HOSTTENSOR_H

#include "serenity/Core/Graph/RandomSource.h"
#include <optional>
#include <string>
#include <vector>

namespace serenity {

/// What elements are stored as. Quantised values are plain integers here.
struct ElementType {
  /// Signless: an integer of which only the bits are known.
  enum class Kind { Signless, Signed, Unsigned, Float };

  Kind kind = Kind::Signless;
  /// 1, 2, 4 or 8; not 1 for floats.
  int64_t bytes = 1;

  bool operator==(const ElementType &other) const {
    return kind == other.kind && bytes == other.bytes;
  }
};

/// Type and static shape of a tensor.
struct TensorShape {
  ElementType element;
  std::vector<int64_t> sizes;

  /// Their product; nothing beyond 2^63 - 1.
  std::optional<int64_t> countElements() const;
  /// Nothing beyond 2^63 - 1.
  std::optional<int64_t> countBytes() const;
  /// As in MLIR, "1x8x8x3xui8".
  std::string str() const;
};

/// Whether a tensor of one shape can be taken for one of the other: they are
/// equal, but for integers whose sign is known on one side only.
bool areCompatible(const TensorShape &a, const TensorShape &b);

/// A tensor in the memory of the host: elements in row-major order, in the
/// byte order of the machine. `data` holds `shape.countBytes()` bytes.
struct HostTensor {
  TensorShape shape;
  std::vector<char> data;
};

/// A tensor of `shape` drawn from `random`: integers over the whole range of
/// the type, floats as multiples of 2^-p in [-1, 1), p being the bits of the
/// type's significand (11, 24 or 53), so that every draw is exact. Fails an
/// of `shape` is known.
HostTensor drawTensor(const TensorShape &shape, core::RandomSource &random);

/// How far two tensors of one shape are apart.
struct TensorDifference {
  /// The largest distance of two elements at one place. Integers: as it is.
  /// Floats: divided by the largest finite magnitude in either tensor, infinite
  /// if one element is no number, or infinite, and the other is not the same.
  double largest = 0;
  /// Elements whose bits are the same, and all.
  int64_t numIdentical = 0;
  int64_t numElements = 0;
};

/// Compares `a` with `b`, whose shapes are compatible.
TensorDifference compareTensors(const HostTensor &a, const HostTensor &b);

} // namespace serenity

#endif // SERENITY_EXECUTION_HOSTTENSOR_H
