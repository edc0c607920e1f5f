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
    verifies; it knows no others. On a function:

    | attribute | type | meaning |
    |---|---|---|
    | `serenity.peak_bytes` | `i64` | most bytes alive at once in the function's order |
    | `serenity.lower_bound_bytes` | `i64` | proved: no order has a smaller peak |
    | `serenity.proven_optimal` | `i1` | whether the two agree |
    | `serenity.concat_model` | `"copy"`, `"view"` or `"slice"` | how concatenations are stored |
    | `serenity.in_place` | `i1` | whether kernels overwrite an operand that dies, where they can |
    | `serenity.accumulator` | `"exact"` or `"result"` | type of the partial results of rewritten quantised kernels; with `"result"` the function is for counting bytes only |
    | `serenity.unmet_budget_bytes` | `i64` | budget asked for that no order was found to meet |
    | `serenity.stopped_by` | `"state-limit"`, `"table-limit"` or `"time-limit"` | limit that ended the search |
    | `serenity.arena_bytes` | `i64` | size of the arena that holds all activations |
    | `serenity.arena_lower_bound_bytes` | `i64` | proved: no offsets for this order need a smaller arena |
    | `serenity.unmet_capacity_bytes` | `i64` | capacity asked for that no arena was found to meet |
    | `serenity.arena_stopped_by` | `"node-limit"` or `"time-limit"` | limit that ended the search for the arena |
    | `serenity.latency_us` | `f64` | predicted time of one inference |
    | `serenity.latency_stddev_us` | `f64` | standard deviation of the prediction |
    | `serenity.traffic_us` | `f64` | part of the time in which the order moves bytes to and from slow memory |
    | `serenity.device` | string | device that the prediction is for |

    On any other operation:

    | attribute | type | meaning |
    |---|---|---|
    | `serenity.offset` | `array<i64>` | first byte of each result in the arena; -1 if it has no bytes of its own (a view, a constant, no tensor) |
    | `serenity.scratch_offset` | `i64` | first byte of the operation's scratch in the arena |
    | `serenity.live_bytes` | `i64` | bytes alive while the operation runs |
    | `serenity.source_index` | `i64` | position of the operation before `serenity-schedule` moved it |
    | `serenity.latency_us` | `f64` | predicted time of the operation |
    | `serenity.latency_stddev_us` | `f64` | standard deviation of the prediction, traffic left out |
    | `serenity.traffic_us` | `f64` | part of the time in which bytes move to and from slow memory |

    On an argument of a function, `serenity.offset` is an `i64`: its first byte in
    the arena. The first byte of a slice of a buffer is that of its first element.
    Inside a region of an operation, offsets count from the scratch of that
    operation. On an argument or a result, `serenity.source_layout` is the order
    of its dimensions in the file it came from, where that is not the same here;
    the only one is `"NCHW"`.

    Bytes, indices and times are never negative.
  }];

  let dependentDialects = ["::mlir::quant::QuantDialect"];
  let useDefaultAttributePrinterParser = 1;
  let hasOperationAttrVerify = 1;
  let hasRegionArgAttrVerify = 1;
  let hasRegionResultAttrVerify = 1;
}

#endif // SERENITY_DIALECT_SERENITY_IR_SERENITYDIALECT_TD
