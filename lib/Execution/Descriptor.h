//===- Descriptor.h - Memrefs as compiled code passes them ------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A memref is passed as words of 64 bits: the allocated pointer, the aligned
// pointer, the offset in elements, the sizes and the strides. Several results
// come one after the other.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_EXECUTION_DESCRIPTOR_H
#define SERENITY_LIB_EXECUTION_DESCRIPTOR_H

#include "serenity/Execution/HostTensor.h"
#include "llvm/ADT/ArrayRef.h"

namespace serenity {

using Descriptor = std::vector<int64_t>;

/// The number of words for `shape`.
inline size_t getDescriptorSize(const TensorShape &shape) {
  return 3 + 2 * shape.sizes.size();
}

/// Describes elements of `shape` in row-major order at `data`.
Descriptor describeMemory(void *data, const TensorShape &shape);

/// The first element of what `descriptor` describes.
char *getFirstElement(llvm::ArrayRef<int64_t> descriptor, ElementType element);

/// Copies the elements that `descriptor` describes to `tensor`, which has their
/// shape, or back.
void readMemory(llvm::ArrayRef<int64_t> descriptor, HostTensor &tensor);
void writeMemory(llvm::ArrayRef<int64_t> descriptor, const HostTensor &tensor);

} // namespace serenity

#endif // SERENITY_LIB_EXECUTION_DESCRIPTOR_H
