//===- NpyFuzz.cpp - Any bytes are a tensor or a clear error --------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FuzzSupport.h"
#include "serenity/Execution/Npy.h"

using namespace serenity;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  llvm::Expected<HostTensor> tensor =
      parseNpy({reinterpret_cast<const char *>(data), size});
  if (!tensor) {
    require(isOneLine(llvm::toString(tensor.takeError())));
    return 0;
  }
  llvm::Expected<HostTensor> again = parseNpy(printNpy(*tensor));
  require(static_cast<bool>(again) && again->data == tensor->data &&
          again->shape.sizes == tensor->shape.sizes &&
          again->shape.element == tensor->shape.element);
  const TensorDifference difference = compareTensors(*tensor, *again);
  require(difference.largest == 0 &&
          difference.numIdentical == difference.numElements);
  return 0;
}
