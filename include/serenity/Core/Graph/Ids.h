//===- Ids.h - Dense, strongly typed ids ------------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_CORE_GRAPH_IDS_H
#define SERENITY_CORE_GRAPH_IDS_H

#include <cstddef>
#include <cstdint>
#include <iterator>

namespace serenity::core {

/// A position in a dense table, distinct in type for each `Tag`, so that an
/// operation can never be looked up as a buffer.
template <typename Tag> class Id {
public:
  constexpr Id() = default;
  constexpr explicit Id(int32_t value) : value(value) {}

  constexpr int32_t getValue() const { return value; }
  /// The id as a subscript of a dense table.
  constexpr size_t index() const { return static_cast<size_t>(value); }

  friend constexpr bool operator==(Id a, Id b) { return a.value == b.value; }
  friend constexpr bool operator!=(Id a, Id b) { return a.value != b.value; }
  friend constexpr bool operator<(Id a, Id b) { return a.value < b.value; }

  template <typename H> friend H AbslHashValue(H state, Id id) {
    return H::combine(std::move(state), id.value);
  }

private:
  int32_t value = -1;
};

using OpId = Id<struct OpTag>;
using BufferId = Id<struct BufferTag>;

/// The ids 0 .. size-1, for range-based loops.
template <typename IdT> class IdRange {
public:
  class iterator {
  public:
    using iterator_category = std::input_iterator_tag;
    using value_type = IdT;
    using difference_type = std::ptrdiff_t;
    using pointer = const IdT *;
    using reference = IdT;

    explicit iterator(int32_t value) : value(value) {}
    IdT operator*() const { return IdT(value); }
    iterator &operator++() {
      ++value;
      return *this;
    }
    friend bool operator==(iterator a, iterator b) {
      return a.value == b.value;
    }
    friend bool operator!=(iterator a, iterator b) {
      return a.value != b.value;
    }

  private:
    int32_t value;
  };

  explicit IdRange(size_t size) : size(static_cast<int32_t>(size)) {}
  iterator begin() const { return iterator(0); }
  iterator end() const { return iterator(size); }

private:
  int32_t size;
};

} // namespace serenity::core

#endif // SERENITY_CORE_GRAPH_IDS_H
