//===- ArenaPassOptions.cpp - Options of passes that plan arenas ----------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ArenaPassOptions.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace serenity;

LogicalResult ArenaPassOptions::check(Location loc) const {
  auto fail = [&](StringRef name, StringRef what, auto value) {
    return emitError(loc, "option '")
           << name << "' is " << what << ": " << std::to_string(value);
  };
  if (capacityBytes < 0)
    return fail("capacity", "negative", capacityBytes);
  if (maxNodes < 0)
    return fail("max-nodes", "negative", maxNodes);
  if (maxSeconds < 0)
    return fail("max-seconds", "negative", maxSeconds);
  if (alignment <= 0 || !llvm::isPowerOf2_64(alignment))
    return fail("alignment", "not a power of two", alignment);
  return success();
}

core::ArenaOptions ArenaPassOptions::toArenaOptions() const {
  core::ArenaOptions options;
  options.strategy = strategy;
  if (capacityBytes > 0)
    options.capacityBytes = capacityBytes;
  options.maxNodes =
      maxNodes > 0 ? maxNodes : std::numeric_limits<int64_t>::max();
  if (maxSeconds > 0)
    options.maxSeconds = maxSeconds;
  return options;
}
