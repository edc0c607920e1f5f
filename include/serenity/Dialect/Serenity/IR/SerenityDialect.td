//===- SerenityDialect.td - The serenity dialect -----------*- tablegen -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_DIALECT_SERENITY_IR_SERENITYDIALECT_TD
#define SERENITY_DIALECT_SERENITY_IR_SERENITYDIALECT_TD

include "mlir/IR/OpBase.td"

def SerenityDialect : Dialect {
  let name = "serenity";
  let cppNamespace = "::serenity";
  let summary = "Neural networks at the granularity of kernels";
  let description = [{
    One operation is one kernel call in a runtime such as TFLite for
    Microcontrollers, so that the order of the operations is the order in which
    a device runs them and the tensors between them are the buffers it needs.

    Networks live in `func.func`: one block, static shapes, tensors in NHWC.
    Operations that are rewritten or executed are structured; any other kernel
    is a `serenity.node`, opaque but for its memory. Quantised tensors use the
    element types of the `quant` dialect.

    Passes leave their results as discardable attributes, which the dialect
    verifies. On a function: `serenity.peak_bytes`,
    `serenity.lower_bound_bytes`, `serenity.arena_bytes` (non-negative `i64`),
    `serenity.proven_optimal` (`bool`), `serenity.concat_model` (`"copy"`,
    `"view"` or `"slice"`), `serenity.latency_us` (`f64`) and `serenity.device`
    (string). On an operation: `serenity.offset` (`i64` array, one for each
    result), `serenity.live_bytes` (`i64`) and `serenity.latency_us`.
  }];

  let dependentDialects = ["::mlir::quant::QuantDialect"];
  let useDefaultAttributePrinterParser = 1;
  let hasOperationAttrVerify = 1;
}

#endif // SERENITY_DIALECT_SERENITY_IR_SERENITYDIALECT_TD
