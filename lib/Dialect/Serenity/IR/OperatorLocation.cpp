//===- OperatorLocation.cpp - Where operations came from ------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Dialect/Serenity/IR/OperatorLocation.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"

using namespace mlir;

Location serenity::getOperatorLocation(MLIRContext *context, int64_t index,
                                       StringRef tensorName) {
  context->getOrLoadDialect<SerenityDialect>();
  Location name = UnknownLoc::get(context);
  if (!tensorName.empty())
    name = NameLoc::get(StringAttr::get(context, tensorName));
  return FusedLoc::get({name}, OperatorAttr::get(context, index), context);
}

std::optional<int64_t> serenity::getOperatorIndex(Location location) {
  std::optional<int64_t> index;
  location->walk([&](Location part) {
    auto fused = dyn_cast<FusedLoc>(part);
    auto source = dyn_cast_if_present<OperatorAttr>(fused ? fused.getMetadata()
                                                          : nullptr);
    if (!source)
      return WalkResult::advance();
    index = source.getIndex();
    return WalkResult::interrupt();
  });
  return index;
}

std::string serenity::getLocationName(Location location) {
  std::string name;
  location->walk([&](Location part) {
    auto named = dyn_cast<NameLoc>(part);
    if (!named)
      return WalkResult::advance();
    name = named.getName().str();
    return WalkResult::interrupt();
  });
  return name;
}
