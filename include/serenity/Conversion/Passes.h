//===- Passes.h - Conversions from and to the dialect -----------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_CONVERSION_PASSES_H
#define SERENITY_CONVERSION_PASSES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace serenity {

#define GEN_PASS_DECL
#include "serenity/Conversion/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "serenity/Conversion/Passes.h.inc"

} // namespace serenity

#endif // SERENITY_CONVERSION_PASSES_H
