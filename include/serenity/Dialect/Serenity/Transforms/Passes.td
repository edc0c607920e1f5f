//===- Passes.td - The passes of the project ---------------*- tablegen -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_DIALECT_SERENITY_TRANSFORMS_PASSES_TD
#define SERENITY_DIALECT_SERENITY_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

/// How the back end uses memory: the same question for every pass.
defvar MemoryModelOptions = [
    Option<"concat", "concat", "::serenity::ConcatModel",
      "::serenity::ConcatModel::Copy",
      "How the back end stores the result of a concatenation: copy, view or "
      "slice",
      [{::llvm::cl::values(
        clEnumValN(::serenity::ConcatModel::Copy, "copy",
          "a new buffer, into which the operands are copied (TFLite, TFLM)"),
        clEnumValN(::serenity::ConcatModel::View, "view",
          "none: its readers read the operands' buffers"),
        clEnumValN(::serenity::ConcatModel::Slice, "slice",
          "the operands are produced inside the result's buffer"))}]>,
    Option<"inPlace", "inplace", "bool", "false",
      "Whether kernels overwrite an operand that dies, where they can">,
];

def SchedulePass : Pass<"serenity-schedule", "::mlir::ModuleOp"> {
  let summary = "Order operations so that activations need least memory";
  let description = [{
    Reorders the operations of every function with one block so that the largest
    number of bytes alive at any step is as small as possible, and proves that
    no order does better, or says how far from the optimum it may be.

    Works on any dialect: how an operation uses memory is asked through
    `ActivationMemoryOpInterface`, with defaults for operations that do not
    implement it. Regions of operations are scheduled first, and their peak
    counts as scratch of the operation. Operations with side effects keep their
    order among themselves. A function in which the size of a tensor is not
    known, or with several blocks, is left alone with a `missed` remark; one
    without tensors, such as one that was lowered already, is left alone.

    The peak is that of the bytes alive, function arguments and results
    included, weights not. If no order is better than the one that came in, that
    one is kept. docs/Scheduling.md describes the model, the algorithms
    and their proofs; finding the optimum is NP-hard, so `exact` may end at
    `max-states` with a bound from below instead of a proof.

    Attributes of the function: `serenity.peak_bytes`,
    `serenity.lower_bound_bytes`, `serenity.proven_optimal`,
    `serenity.concat_model`, `serenity.in_place`, and `serenity.stopped_by` if a
    limit ended the search. Attribute of each operation: `serenity.live_bytes`, the bytes alive
    while it runs.

    Example:

    ```mlir
    // Before: both wide tensors are alive at once, 2064 bytes.
    %0 = serenity.node "A"(%x) : (tensor<16xi8>) -> tensor<1024xi8>
    %1 = serenity.node "B"(%x) : (tensor<16xi8>) -> tensor<1024xi8>
    %2 = serenity.node "C"(%0) : (tensor<1024xi8>) -> tensor<16xi8>
    %3 = serenity.node "D"(%1) : (tensor<1024xi8>) -> tensor<16xi8>

    // After: one of them at a time, 1056 bytes.
    %0 = serenity.node "A"(%x) : (tensor<16xi8>) -> tensor<1024xi8>
    %1 = serenity.node "C"(%0) : (tensor<1024xi8>) -> tensor<16xi8>
    %2 = serenity.node "B"(%x) : (tensor<16xi8>) -> tensor<1024xi8>
    %3 = serenity.node "D"(%2) : (tensor<1024xi8>) -> tensor<16xi8>
    ```
  }];
  let options = [
    Option<"strategy", "strategy", "::serenity::core::Strategy",
      "::serenity::core::Strategy::Exact",
      "exact, dynamic-programming, source, kahn, greedy, depth-first or "
      "post-order",
      [{::llvm::cl::values(
        clEnumValN(::serenity::core::Strategy::Exact, "exact",
          "search in both directions, with proof"),
        clEnumValN(::serenity::core::Strategy::DynamicProgramming,
          "dynamic-programming", "as published by Ahn et al., with proof"),
        clEnumValN(::serenity::core::Strategy::Source, "source",
          "the order that came in"),
        clEnumValN(::serenity::core::Strategy::Kahn, "kahn",
          "Kahn's order, first in, first out"),
        clEnumValN(::serenity::core::Strategy::Greedy, "greedy",
          "least increase of memory first"),
        clEnumValN(::serenity::core::Strategy::DepthFirst, "depth-first",
          "depth first from the outputs"),
        clEnumValN(::serenity::core::Strategy::PostOrder, "post-order",
          "depth first, operands by generalised Sethi-Ullman"))}]>,
    Option<"budgetBytes", "budget", "int64_t", "0",
      "Bytes that the peak must not exceed; 0 asks for the minimum">,
    Option<"maxStates", "max-states", "int64_t", "5000000",
      "Sets of operations that the search may expand; 0 is no limit">,
    Option<"maxSeconds", "max-seconds", "double", "0",
      "Seconds that the search may take; 0 is no limit">,
    Option<"reportPath", "report", "std::string", "\"\"",
      "File to which the report is written, as JSON; '-' is standard output">,
  ] # MemoryModelOptions;
}

def DumpGraphPass : Pass<"serenity-dump-graph", "::mlir::ModuleOp"> {
  let summary = "Write a function's graph of buffers in the text format";
  let description = [{
    Writes what `serenity-schedule` sees of one function, in the text format of
    docs/GraphFormat.md, for bug reports and tests. The IR is not changed.
  }];
  let options = [
    Option<"function", "function", "std::string", "\"\"",
      "Name of the function; may be left out if there is only one">,
    Option<"outputPath", "output", "std::string", "\"-\"",
      "File to which the graph is written; '-' is standard output">,
  ] # MemoryModelOptions;
}

#endif // SERENITY_DIALECT_SERENITY_TRANSFORMS_PASSES_TD
