//===- SerenityDialect.cpp - The serenity dialect -------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace serenity;

#include "serenity/Dialect/Serenity/IR/SerenityDialect.cpp.inc"
#include "serenity/Dialect/Serenity/IR/SerenityEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "serenity/Dialect/Serenity/IR/SerenityAttrs.cpp.inc"

void SerenityDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "serenity/Dialect/Serenity/IR/SerenityAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "serenity/Dialect/Serenity/IR/SerenityOps.cpp.inc"
      >();
}

LogicalResult OperatorAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                   int64_t index) {
  if (index >= 0)
    return success();
  return emitError() << "operator index is " << index
                     << ", expected at least 0";
}
