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
    limit ended the search. Attributes of each operation: `serenity.live_bytes`,
    the bytes alive while it runs, and, if the order has changed,
    `serenity.source_index`, where it was before. An arena planned for the order
    that came in is forgotten.

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
    Option<"maxTableBytes", "max-table-bytes", "int64_t", "4294967296",
      "Bytes of memory that the search may take for its tables; 0 is no limit">,
    Option<"maxSeconds", "max-seconds", "double", "0",
      "Seconds that the search may take; 0 is no limit">,
    Option<"reportPath", "report", "std::string", "\"\"",
      "File to which the report is written: a page if its name ends in .html, "
      "else JSON; '-' is standard output">,
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

/// How an arena is planned: the same for every pass that does.
defvar ArenaOptions = [
    Option<"strategy", "strategy", "::serenity::core::ArenaStrategy",
      "::serenity::core::ArenaStrategy::Exact",
      "exact, first-fit-by-size, first-fit-by-start, first-fit-by-area, "
      "best-fit or greedy-by-size",
      [{::llvm::cl::values(
        clEnumValN(::serenity::core::ArenaStrategy::Exact, "exact",
          "the best of all others, then search, with proof"),
        clEnumValN(::serenity::core::ArenaStrategy::FirstFitBySize,
          "first-fit-by-size", "the largest first, each as low as it can be"),
        clEnumValN(::serenity::core::ArenaStrategy::FirstFitByStart,
          "first-fit-by-start", "the earliest first, each as low as it can be"),
        clEnumValN(::serenity::core::ArenaStrategy::FirstFitByArea,
          "first-fit-by-area",
          "the largest size times lifetime first, each as low as it can be"),
        clEnumValN(::serenity::core::ArenaStrategy::BestFit, "best-fit",
          "the largest first, each in the narrowest gap"),
        clEnumValN(::serenity::core::ArenaStrategy::GreedyBySize,
          "greedy-by-size", "TFLM's GreedyMemoryPlanner"))}]>,
    Option<"capacityBytes", "capacity", "int64_t", "0",
      "Bytes that the arena must not exceed; 0 asks for the minimum">,
    Option<"alignment", "alignment", "int64_t", "16",
      "Power of two; offsets are multiples of so many bytes">,
    Option<"reorder", "reorder", "bool", "false",
      "Whether operations may be moved where that makes the arena smaller">,
    Option<"maxNodes", "max-nodes", "int64_t", "2000000",
      "Placements that the search may try; 0 is no limit">,
    Option<"maxSeconds", "max-seconds", "double", "0",
      "Seconds that the search may take; 0 is no limit">,
];

def PlanArenaPass : Pass<"serenity-plan-arena", "::mlir::ModuleOp"> {
  let summary = "Give every activation a place in one arena";
  let description = [{
    Finds, for every function with one block, offsets of all activations in one
    arena, in the order in which the operations stand, so that nothing alive at
    the same time shares a byte and the arena is as small as possible; proves
    that no offsets need a smaller one, or says how far from it they may be.
    Usually run after `serenity-schedule`.

    The back end's memory model is the one that `serenity-schedule` recorded on
    the function, since offsets for one model are wrong under another: without a
    record, concatenations are copied and nothing is done in place. Function
    arguments are alive from the start to their last use, results to the end;
    an argument that nobody reads has a place at the start. The regions of
    operations are planned first, and take room in the scratch of the
    operation. A function in which the size of a tensor is not known, or with
    several blocks, is left alone with a `missed` remark.

    The arena cannot be smaller than the peak. A remark says that it is no
    larger, or why: sizes rounded up to the alignment, fragmentation proven to
    be unavoidable, or bytes of which neither is proven. docs/Arena.md describes
    the algorithms and their proofs; finding the smallest arena is NP-hard, so
    `exact` may end at `max-nodes` with a bound from below instead of a proof.
    With `reorder`, order and offsets are decided together: if the arena cannot
    be as small as the least peak in the order that stands, others are tried,
    all of them if they are few, which then is a proof for any order.

    Offsets are checked against the graph by a verifier that shares no code with
    the planner before they are written.

    Attributes of the function: `serenity.arena_bytes`,
    `serenity.arena_lower_bound_bytes`, `serenity.arena_stopped_by` if a limit
    ended the search, and `serenity.offset` of each argument. Attributes of each
    operation: `serenity.offset`, one number a result, and
    `serenity.scratch_offset`.

    Example:

    ```mlir
    // Before
    func.func @main(%x: tensor<16xi8>) -> tensor<16xi8> {
      %0 = serenity.node "A"(%x) : (tensor<16xi8>) -> tensor<64xi8>
      %1 = serenity.node "B"(%0) scratch 8 : (tensor<64xi8>) -> tensor<16xi8>
      return %1 : tensor<16xi8>
    }

    // After: 88 bytes are alive while B runs, and the arena has 88.
    func.func @main(%x: tensor<16xi8> {serenity.offset = 64 : i64}) -> tensor<16xi8>
        attributes {serenity.arena_bytes = 88 : i64, serenity.arena_lower_bound_bytes = 88 : i64} {
      %0 = serenity.node "A"(%x) {serenity.offset = array<i64: 0>} : (tensor<16xi8>) -> tensor<64xi8>
      %1 = serenity.node "B"(%0) scratch 8 {serenity.offset = array<i64: 64>, serenity.scratch_offset = 80 : i64}
          : (tensor<64xi8>) -> tensor<16xi8>
      return %1 : tensor<16xi8>
    }
    ```
  }];
  let options = ArenaOptions # [
    Option<"reportPath", "report", "std::string", "\"\"",
      "File to which the report is written: a page if its name ends in .html, "
      "else JSON; '-' is standard output">,
  ];
}

def PlanMemRefArenaPass
    : Pass<"serenity-plan-memref-arena", "::mlir::ModuleOp"> {
  let summary = "Place the static allocations of functions in one arena";
  let description = [{
    Replaces every `memref.alloc` of static size by a `memref.view` of one
    allocation for the whole function, the *arena*, which is as small as
    `strategy` finds. Works on any function with a body, whatever produced its
    allocations.

    Allocations are followed through views, casts, branches, loops and the
    functions that are called, by the interfaces of the operations. One that
    cannot be followed to its last use stays as it is, with a `missed` remark
    that says why: if it is returned, stored in memory, passed to a function
    without body (unless that argument has the attribute `llvm.nocapture`), used
    in several blocks, kept beyond an iteration of the loop that it is in, or
    inside a loop whose iterations run in parallel. So do allocations of dynamic
    size, with a layout or with a memory space. `memref.alloca` is left to the
    stack.

    An allocation is in use from its first access to its last one; one inside a
    loop or branch shares memory with others inside and outside. An elementwise
    linalg operation may compute in the place of an operand. Existing
    `memref.dealloc`s of what was placed are removed; the arena is freed where
    the function returns. Without `argument`, a single allocation is left alone,
    so that the pass may run again.

    docs/Arena.md has the proof ("Allocations of any function") and the search,
    which is exponential; the rest is O(n log n + k) in the number of operations
    and of pairs of allocations in use together.

    Example:

    ```mlir
    // Before
    %a = memref.alloc() : memref<64xi8>
    "use"(%a) : (memref<64xi8>) -> ()
    memref.dealloc %a : memref<64xi8>
    %b = memref.alloc() : memref<8xf32>
    "use"(%b) : (memref<8xf32>) -> ()
    memref.dealloc %b : memref<8xf32>
    return

    // After
    %arena = memref.alloc() {alignment = 16 : i64} : memref<64xi8>
    %c0 = arith.constant 0 : index
    %a = memref.view %arena[%c0][] : memref<64xi8> to memref<64xi8>
    "use"(%a) : (memref<64xi8>) -> ()
    %c0_0 = arith.constant 0 : index
    %b = memref.view %arena[%c0_0][] : memref<64xi8> to memref<8xf32>
    "use"(%b) : (memref<8xf32>) -> ()
    memref.dealloc %arena : memref<64xi8>
    return
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect"
  ];
  let options = ArenaOptions # [
    Option<"argument", "argument", "bool", "false",
      "Whether the arena is the last argument of the function instead of an "
      "allocation, unless the module refers to the function">,
    Option<"inPlace", "inplace", "bool", "true",
      "Whether elementwise linalg operations may compute their result in the "
      "place of an operand that dies">,
  ];
}

def FormAccumulationsPass : Pass<"serenity-form-accumulations", "::mlir::ModuleOp"> {
  let summary = "Turn accumulating sums into chains of products";
  let description = [{
    Makes of every `sum` that `accumulates` a chain of its products in the order
    in which they stand: the first fills the buffer, each of the others takes
    the one before as its accumulator, and the last applies the activation. To
    be run once the order is fixed: the chain has the same peak, since the sum
    was one buffer with several writers before (docs/Rewriting.md). Linear time.

    A sum with an operand that something else reads as well, or that is no
    product, is left alone with a `missed` remark. It is a kernel of its own
    then.

    Example:

    ```mlir
    // Before.
    %0 = serenity.conv_2d %x, %v bias %b : ...
    %1 = serenity.conv_2d %y, %w : ...
    %2 = serenity.sum %0, %1 accumulates relu : ...

    // After.
    %0 = serenity.conv_2d %x, %v bias %b : ...
    %1 = serenity.conv_2d %y, %w accumulate %0 relu : ...
    ```
  }];
}

def RewritePass : Pass<"serenity-rewrite", "::mlir::ModuleOp"> {
  let summary = "Compute kernels in pieces where that lowers the peak";
  let description = [{
    Replaces kernels that read a concatenation by kernels that read its operands
    one by one, so that these can die one by one: a convolution becomes a sum of
    partial convolutions (channelwise), a depthwise convolution or a pooling a
    concatenation of smaller ones (kernelwise), elementwise kernels and pads
    likewise (elementwise, part of the two before), and additions of products
    nobody else reads let these accumulate into one buffer (residual). Weights
    are sliced at once. docs/Rewriting.md has the algebra.

    `select=cost` keeps the sites that lead to the smallest peak in the best
    order, and of those choices the one with the fewest kernels. The function is
    cut where one tensor alone is alive; in each part, subsets of sites are
    scheduled, those left out that a bound excludes. That is exact unless it
    takes more than `max-variants` subsets, and a greedy choice then: sites are
    dropped from all and added to none, one by one, as long as that gains. What
    `serenity-schedule` will find for the result is what is compared.

    A quantised kernel needs 32-bit partial results (`accumulator=exact`), which
    a clamp requantises. `accumulator=result` counts them in the result's type,
    as published; no integer kernel computes the same that way, so that such a
    function is for counting only. Its attribute `serenity.accumulator` says so.

    Functions of several blocks, with regions or with tensors of unknown size
    are left alone with a `missed` remark.

    Example:

    ```mlir
    // Before: 3 tensors at once.
    %0 = serenity.concat %x, %y axis 3 : ...
    %1 = serenity.conv_2d %0, %w bias %b relu : ...

    // After: 2 tensors at once.
    %0 = serenity.conv_2d %x, %wx bias %b : ...
    %1 = serenity.conv_2d %y, %wy : ...
    %2 = serenity.sum %0, %1 accumulates relu : ...
    ```
  }];
  let dependentDialects = ["::mlir::func::FuncDialect", "::serenity::SerenityDialect"];
  let options = [
    Option<"select", "select", "::serenity::SiteSelection",
      "::serenity::SiteSelection::Cost", "cost or all",
      [{::llvm::cl::values(
        clEnumValN(::serenity::SiteSelection::Cost, "cost",
          "the sites that lead to the smallest peak"),
        clEnumValN(::serenity::SiteSelection::All, "all", "every site"))}]>,
    Option<"accumulator", "accumulator", "::serenity::Accumulator",
      "::serenity::Accumulator::Exact",
      "What adds up partial results of quantised kernels: exact or result",
      [{::llvm::cl::values(
        clEnumValN(::serenity::Accumulator::Exact, "exact",
          "32-bit integers"),
        clEnumValN(::serenity::Accumulator::Result, "result",
          "the type of the result, for counting only"))}]>,
    ListOption<"kinds", "kinds", "std::string",
      "Kinds of rewriting: channelwise, kernelwise, elementwise, residual; all "
      "if none is named">,
    Option<"maxVariants", "max-variants", "int64_t", "4096",
      "Subsets of the sites of one part that are scheduled to choose by cost; "
      "fewer, in proportion, of a part of more than 64 operations">,
    Option<"maxStates", "max-states", "int64_t", "100000",
      "States that the scheduler may expand for one subset">,
    Option<"reportPath", "report", "std::string", "\"\"",
      "File to which the report is written, as JSON; '-' is standard output">,
  ] # MemoryModelOptions;
}

/// What is known of the device: the same for every pass that predicts latency.
defvar LatencyOptions = [
    Option<"devicePath", "device", "std::string", "\"\"",
      "Device file of the target (docs/Latency.md, section 6)">,
    Option<"proxyPath", "proxy", "std::string", "\"\"",
      "Device file whose predictions are adapted to the measurements; that of "
      "the target without it">,
    Option<"measurementsPath", "measurements", "std::string", "\"\"",
      "Table of variants of the network, some of them measured on the target, "
      "as serenity-select writes it">,
];

def AnnotateLatencyPass : Pass<"serenity-annotate-latency", "::mlir::ModuleOp"> {
  let summary = "Predict what operations take on a device";
  let description = [{
    Predicts the latency of every function with one block on a device, operation
    by operation, in the order in which the operations stand. What no order
    changes, the work of the operations, is kept apart from the traffic to and
    from slow memory that the order causes under Belady's rule: where everything
    fits into fast memory, order costs nothing.

    Each kernel pays for its launch, for reading its operands, whoever else has
    read them, and for reading the accumulator that it adds to, so that what a
    rewriting saves in memory is seen beside what it costs. Views, and
    concatenations and sums that the memory model makes free, pay nothing.
    Multiplications are those of structured operations and of linalg's loops;
    other operations count as one an element of their results.

    With `measurements`, at least three of them, the latency of the function is
    that of the proxy, adapted as by `serenity-proxy adapt --method=auto` with
    the costs of the function for features; its operations are scaled to add up
    to it. A function of several blocks, or with tensors of unknown size, is
    left alone with a `missed` remark. docs/Latency.md has the model. Linear
    time, but for O(n log n) of the traffic.

    Attributes of the function and of its operations: `serenity.latency_us`,
    `serenity.latency_stddev_us` and, as part of the latency,
    `serenity.traffic_us`; of the function, `serenity.device`.

    Example, for a device that launches a kernel in 2 us and moves 10 bytes a
    microsecond, with room for everything:

    ```mlir
    // Before
    func.func @main(%x: tensor<20xi8>) -> tensor<30xi8> {
      %0 = serenity.node "A"(%x) : (tensor<20xi8>) -> tensor<30xi8>
      return %0 : tensor<30xi8>
    }

    // After: 2 + (20 + 30) / 10 us of work, 20 + 30 bytes from and to slow
    // memory at 50 bytes a microsecond.
    func.func @main(%x: tensor<20xi8>) -> tensor<30xi8> attributes {
        serenity.device = "board", serenity.latency_us = 8.0 : f64,
        serenity.latency_stddev_us = 0.7 : f64, serenity.traffic_us = 1.0 : f64} {
      %0 = serenity.node "A"(%x) {serenity.latency_us = 8.0 : f64,
          serenity.latency_stddev_us = 0.7 : f64, serenity.traffic_us = 1.0 : f64}
          : (tensor<20xi8>) -> tensor<30xi8>
      return %0 : tensor<30xi8>
    }
    ```
  }];
  let options = LatencyOptions;
}

def SelectPass : Pass<"serenity-select", "::mlir::ModuleOp"> {
  let summary = "Choose one variant of a network for a device";
  let description = [{
    Does what `serenity-rewrite` and `serenity-schedule` do, with two objectives:
    the peak, and the latency that `serenity-annotate-latency` predicts. Looks
    at variants of every function with one block: subsets of the kernels that
    can be rewritten, each in several orders and, with `inplace`, in place and
    not. Those that no other beats in both, the *front*, are kept, and one of
    them is applied: among those within the budget the one of least latency, of
    least memory, or the knee of the front.

    Subsets: for each peak that a part of the network can have, the fastest of
    every part within it (the function is cut where one tensor alone is alive);
    then those next to none and to all. A subset is left out if a variant is
    better than any order of it by more than a standard deviation. So the front
    is that of the variants that were looked at, not of all; measurements change
    latencies, never which variants there are.

    With `variants`, that many variants as `measure` says, those of the front
    first and then the most informative ones, are written into a directory,
    ready for `serenity-run`, with a table `variants.csv` of all. With
    latencies filled in, by `serenity-run --measurements` or by hand, the table
    comes back as `measurements`, and what was not measured is adapted.

    Attributes are those of `serenity-schedule` and `serenity-annotate-latency`,
    and `serenity.unmet_budget_bytes` if no variant is within the budget, which
    is an error. Exponential in the number of sites, up to `max-variants`
    subsets of each part and of the whole. Functions of several blocks, with
    regions or with tensors of unknown size are left alone with a `missed`
    remark.

    Example:

    ```
    serenity-opt model.mlir --serenity-select="device=cortex-m4-180mhz.json \
        budget=262144 objective=latency report=front.html" \
      --serenity-form-accumulations --serenity-plan-arena
    ```

    ```mlir
    // Before: 2 tensors at once, and a third one, which are too many.
    %0 = serenity.concat %x, %y axis 3 : ...
    %1 = serenity.conv_2d %0, %w bias %b relu : ...

    // After: slower, within the budget.
    %0 = serenity.conv_2d %x, %wx bias %b : ...
    %1 = serenity.conv_2d %y, %wy : ...
    %2 = serenity.sum %0, %1 accumulates relu : ...
    ```
  }];
  let dependentDialects = ["::mlir::func::FuncDialect", "::serenity::SerenityDialect"];
  let options = LatencyOptions # [
    Option<"budgetBytes", "budget", "int64_t", "0",
      "Bytes that the peak must not exceed; 0 is no budget">,
    Option<"objective", "objective", "::serenity::core::Objective",
      "::serenity::core::Objective::Latency", "latency, knee or memory",
      [{::llvm::cl::values(
        clEnumValN(::serenity::core::Objective::Latency, "latency",
          "the fastest within the budget"),
        clEnumValN(::serenity::core::Objective::Knee, "knee",
          "the point of the front that is farthest from the line of its ends"),
        clEnumValN(::serenity::core::Objective::Memory, "memory",
          "the smallest peak"))}]>,
    Option<"accumulator", "accumulator", "::serenity::Accumulator",
      "::serenity::Accumulator::Exact",
      "What adds up partial results of quantised kernels: exact or result",
      [{::llvm::cl::values(
        clEnumValN(::serenity::Accumulator::Exact, "exact",
          "32-bit integers"),
        clEnumValN(::serenity::Accumulator::Result, "result",
          "the type of the result, for counting only"))}]>,
    Option<"maxVariants", "max-variants", "int64_t", "128",
      "Subsets of the sites that are scheduled, of each part and of the whole">,
    Option<"maxStates", "max-states", "int64_t", "100000",
      "States that the scheduler may expand for one order">,
    Option<"reportPath", "report", "std::string", "\"\"",
      "File to which the report is written: a page if its name ends in .html, "
      "else JSON; '-' is standard output">,
    Option<"variantsPath", "variants", "std::string", "\"\"",
      "Directory to which variants and the table of them are written">,
    Option<"measure", "measure", "int64_t", "0",
      "Number of variants to write">,
  ] # MemoryModelOptions;
}

def FuseActivationsPass : Pass<"serenity-fuse-activations"> {
  let summary = "Apply limits inside the kernel that computes what is limited";
  let description = [{
    A `serenity.clamp` that is ReLU, ReLU6 or ReLU of -1 to 1 becomes the
    activation of the operation before it, if that can have one, has none yet,
    has the same type, and if nothing else reads what it computes. One kernel and
    one buffer are left where there were two. Runtimes that fuse do this when
    they load a network; formats without fused activations, such as ONNX, do not
    show it.

    The values computed do not change. Linear time.

    Example:

    ```mlir
    // Before: the clamp needs a second buffer of 64 bytes.
    %0 = serenity.add %a, %b : (tensor<16xf32>, tensor<16xf32>) -> tensor<16xf32>
    %1 = serenity.clamp %0 min 0.0 : (tensor<16xf32>) -> tensor<16xf32>

    // After:
    %0 = serenity.add %a, %b relu : (tensor<16xf32>, tensor<16xf32>) -> tensor<16xf32>
    ```
  }];
}

#endif // SERENITY_DIALECT_SERENITY_TRANSFORMS_PASSES_TD
