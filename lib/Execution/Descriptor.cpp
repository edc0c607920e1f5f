//===- Descriptor.cpp - Memrefs as compiled code passes them --------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Descriptor.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <cstring>

using namespace llvm;
using namespace serenity;

Descriptor serenity::describeMemory(void *data, const TensorShape &shape) {
  const size_t rank = shape.sizes.size();
  Descriptor words(getDescriptorSize(shape));
  words[0] = words[1] = reinterpret_cast<intptr_t>(data);
  int64_t stride = 1;
  for (size_t i = rank; i-- > 0;) {
    words[3 + i] = shape.sizes[i];
    words[3 + rank + i] = stride;
    stride *= shape.sizes[i];
  }
  return words;
}

char *serenity::getFirstElement(ArrayRef<int64_t> descriptor,
                                ElementType element) {
  return reinterpret_cast<char *>(descriptor[1]) +
         descriptor[2] * element.bytes;
}

/// Calls `visit` on the address of every element, in row-major order.
static void visitElements(ArrayRef<int64_t> descriptor,
                          const TensorShape &shape,
                          function_ref<void(char *)> visit) {
  const size_t rank = shape.sizes.size();
  const ArrayRef<int64_t> strides = descriptor.take_back(rank);
  char *address = getFirstElement(descriptor, shape.element);
  std::vector<int64_t> index(rank, 0);
  for (int64_t n = *shape.countElements(); n > 0; --n) {
    visit(address);
    for (size_t i = rank; i-- > 0;) {
      address += strides[i] * shape.element.bytes;
      if (++index[i] < shape.sizes[i])
        break;
      address -= strides[i] * shape.element.bytes * index[i];
      index[i] = 0;
    }
  }
}

void serenity::readMemory(ArrayRef<int64_t> descriptor, HostTensor &tensor) {
  char *next = tensor.data.data();
  const int64_t bytes = tensor.shape.element.bytes;
  visitElements(descriptor, tensor.shape, [&](char *element) {
    std::memcpy(next, element, bytes);
    next += bytes;
  });
}

void serenity::writeMemory(ArrayRef<int64_t> descriptor,
                           const HostTensor &tensor) {
  const char *next = tensor.data.data();
  const int64_t bytes = tensor.shape.element.bytes;
  visitElements(descriptor, tensor.shape, [&](char *element) {
    std::memcpy(element, next, bytes);
    next += bytes;
  });
}
