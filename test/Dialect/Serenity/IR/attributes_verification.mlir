// One case for each rule on the dialect's attributes.

// RUN: serenity-opt %s --split-input-file --verify-diagnostics

// Everything in its place.
func.func @valid(%x: tensor<4xi8> {serenity.offset = 16 : i64}) -> tensor<4xi8> attributes {
    serenity.peak_bytes = 8 : i64, serenity.lower_bound_bytes = 8 : i64,
    serenity.proven_optimal = true, serenity.concat_model = "slice",
    serenity.in_place = true,
    serenity.unmet_budget_bytes = 7 : i64, serenity.stopped_by = "state-limit",
    serenity.arena_bytes = 16 : i64, serenity.arena_lower_bound_bytes = 8 : i64,
    serenity.unmet_capacity_bytes = 12 : i64, serenity.arena_stopped_by = "node-limit",
    serenity.latency_us = 1.5 : f64, serenity.latency_stddev_us = 0.1 : f64,
    serenity.traffic_us = 0.5 : f64,
    serenity.device = "a board"} {
  %0 = serenity.reshape %x {serenity.offset = array<i64: -1>,
      serenity.scratch_offset = 32 : i64, serenity.source_index = 3 : i64,
      serenity.live_bytes = 8 : i64, serenity.latency_us = 0.5 : f64,
      serenity.latency_stddev_us = 0.1 : f64, serenity.traffic_us = 0.0 : f64}
      : (tensor<4xi8>) -> tensor<4xi8>
  serenity.node "SINK"(%0) {serenity.offset = array<i64>} : (tensor<4xi8>) -> ()
  return %0 : tensor<4xi8>
}

// -----

//===----------------------------------------------------------------------===//
// The right operation
//===----------------------------------------------------------------------===//

// expected-error @+1 {{unknown attribute 'serenity.peak'}}
func.func private @unknown() attributes {serenity.peak = 8 : i64}

// -----

// expected-error @+1 {{unknown attribute 'serenity.place' of argument #1}}
func.func private @argument(tensor<4xi8>, tensor<4xi8> {serenity.place = 0 : i64})

// -----

// expected-error @+1 {{unknown attribute 'serenity.offset' of result #0}}
func.func private @result() -> (tensor<4xi8> {serenity.offset = 0 : i64})

// -----

func.func @peak_of_kernel() {
  // expected-error @+1 {{'serenity.peak_bytes' belongs on a function}}
  %0 = serenity.weight {serenity.peak_bytes = 8 : i64} : tensor<4xi8>
  return
}

// -----

// expected-error @+1 {{'serenity.live_bytes' belongs on a kernel}}
func.func private @live_function() attributes {serenity.live_bytes = 8 : i64}

// -----

//===----------------------------------------------------------------------===//
// The right value
//===----------------------------------------------------------------------===//

// expected-error @+1 {{'serenity.peak_bytes' is -8 : i64, expected a non-negative i64}}
func.func private @negative_bytes() attributes {serenity.peak_bytes = -8 : i64}

// -----

// expected-error @+1 {{'serenity.lower_bound_bytes' is 8 : i32, expected a non-negative i64}}
func.func private @narrow_bytes() attributes {serenity.lower_bound_bytes = 8 : i32}

// -----

// expected-error @+1 {{'serenity.arena_bytes' is "8", expected a non-negative i64}}
func.func private @text_for_bytes() attributes {serenity.arena_bytes = "8"}

// -----

// expected-error @+1 {{'serenity.unmet_budget_bytes' is unit, expected a non-negative i64}}
func.func private @unit_for_bytes() attributes {serenity.unmet_budget_bytes}

// -----

// expected-error @+1 {{'serenity.proven_optimal' is 1 : i64, expected true or false}}
func.func private @number_for_bool() attributes {serenity.proven_optimal = 1 : i64}

// -----

// expected-error @+1 {{'serenity.in_place' is 1 : i64, expected true or false}}
func.func private @in_place() attributes {serenity.in_place = 1 : i64}

// -----

// expected-error @+1 {{'serenity.concat_model' is "move", expected "copy", "view" or "slice"}}
func.func private @concat_model() attributes {serenity.concat_model = "move"}

// -----

// expected-error @+1 {{'serenity.stopped_by' is "boredom", expected "state-limit", "table-limit" or "time-limit"}}
func.func private @stopped_by() attributes {serenity.stopped_by = "boredom"}

// -----

// expected-error @+1 {{'serenity.device' is 3 : i64, expected a string}}
func.func private @device() attributes {serenity.device = 3}

// -----

// expected-error @+1 {{'serenity.latency_us' is -1.000000e+00 : f64, expected a finite non-negative f64}}
func.func private @negative_latency() attributes {serenity.latency_us = -1.0 : f64}

// -----

// expected-error @+1 {{expected a finite non-negative f64}}
func.func private @endless_latency() attributes {serenity.latency_us = 0x7FF0000000000000 : f64}

// -----

func.func @narrow_latency() {
  // expected-error @+1 {{'serenity.latency_us' is 1.000000e+00 : f32, expected a finite non-negative f64}}
  %0 = serenity.weight {serenity.latency_us = 1.0 : f32} : tensor<4xi8>
  return
}

// -----

// expected-error @+1 {{'serenity.accumulator' is "wide", expected "exact" or "result"}}
func.func @unknown_accumulator() attributes {serenity.accumulator = "wide"} {
  return
}

// -----

func.func @negative_offset() {
  // expected-error @+1 {{'serenity.offset' is array<i64: -2>, expected an array of i64 of at least -1}}
  %0 = serenity.weight {serenity.offset = array<i64: -2>} : tensor<4xi8>
  return
}

// -----

// expected-error @+1 {{'serenity.offset' of argument #0 is -1 : i64, expected a non-negative i64}}
func.func private @negative_argument(tensor<4xi8> {serenity.offset = -1 : i64})

// -----

func.func @negative_scratch() {
  // expected-error @+1 {{'serenity.scratch_offset' is -1 : i64, expected a non-negative i64}}
  %0 = serenity.weight {serenity.scratch_offset = -1 : i64} : tensor<4xi8>
  return
}

// -----

func.func @negative_index() {
  // expected-error @+1 {{'serenity.source_index' is -1 : i64, expected a non-negative i64}}
  %0 = serenity.weight {serenity.source_index = -1 : i64} : tensor<4xi8>
  return
}

// -----

// expected-error @+1 {{'serenity.arena_stopped_by' is "state-limit", expected "node-limit" or "time-limit"}}
func.func private @arena_stopped_by() attributes {serenity.arena_stopped_by = "state-limit"}

// -----

func.func @offset_for_each_result(%x: tensor<4xi8>) {
  // expected-error @+1 {{'serenity.offset' has 1 numbers, expected one for each of 2 results}}
  %0:2 = serenity.split %x axis 0 {serenity.offset = array<i64: 16>} : (tensor<4xi8>) -> (tensor<2xi8>, tensor<2xi8>)
  return
}

// -----

// The position in a file is not negative.
// expected-error @+1 {{operator index is -1, expected at least 0}}
#operator = #serenity.operator<-1>

// -----

// expected-error @+1 {{'serenity.source_layout' of argument #0 is "CHW", expected "NCHW"}}
func.func private @argument_layout(tensor<4xi8> {serenity.source_layout = "CHW"})

// -----

// expected-error @+1 {{'serenity.source_layout' of result #1 is "CHW", expected "NCHW"}}
func.func private @result_layout() -> (tensor<4xi8>, tensor<4xi8> {serenity.source_layout = "CHW"})
