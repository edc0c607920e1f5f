// What planning adds to the report of docs/Report.md, and what only scheduling
// could tell.

// RUN: serenity-opt %s -o /dev/null --serenity-plan-arena="report=%t.json"
// RUN: FileCheck %s < %t.json

// CHECK:          "arena": {
// CHECK-NEXT:       "aligned_peak_bytes": 88,
// CHECK-NEXT:       "alignment": 16,
// CHECK-NEXT:       "any_order_lower_bound_bytes": null,
// CHECK-NEXT:       "lower_bound_bytes": 88,
// CHECK-NEXT:       "nodes": 0,
// CHECK-NEXT:       "orders": 1,
// CHECK-NEXT:       "proven_optimal": true,
// CHECK-NEXT:       "solve_ms": {{[0-9.e-]+}},
// CHECK-NEXT:       "stop_reason": "finished",
// CHECK-NEXT:       "strategy": "exact"
// CHECK-NEXT:     },
// CHECK-NEXT:     "arena_bytes": 88,
// CHECK-NEXT:     "buffers": [
// CHECK-NEXT:       {
// CHECK-NEXT:         "bytes": 16,
// CHECK-NEXT:         "first": 0,
// CHECK-NEXT:         "last": 0,
// CHECK-NEXT:         "name": "image",
// CHECK-NEXT:         "offset": 64
// CHECK:          "footprint": [
// CHECK-NEXT:       80,
// CHECK-NEXT:       88
// CHECK:          "lower_bound_bytes": 88,
// CHECK:          "peak_bytes": 88,
// CHECK-NEXT:     "proven_optimal": true,
// CHECK-NEXT:     "scratch": [
// CHECK-NEXT:       {
// CHECK-NEXT:         "bytes": 8,
// CHECK-NEXT:         "name": "serenity.node#1",
// CHECK-NEXT:         "offset": 80,
// CHECK-NEXT:         "step": 1
// CHECK-NEXT:       }
// CHECK-NEXT:     ],
// CHECK-NEXT:     "solve_ms": null,
// CHECK-NEXT:     "source_footprint": [
// CHECK-NEXT:       80,
// CHECK-NEXT:       88
// CHECK-NEXT:     ],
// CHECK-NEXT:     "source_peak_bytes": 88,
// CHECK-NEXT:     "states": null,
// CHECK-NEXT:     "stop_reason": null,
// CHECK-NEXT:     "strategy": null
func.func @main(%x: tensor<16xi8> loc("image")) -> tensor<16xi8> {
  %0 = serenity.node "A"(%x) : (tensor<16xi8>) -> tensor<64xi8>
  %1 = serenity.node "B"(%0) scratch 8 : (tensor<64xi8>) -> tensor<16xi8>
  return %1 : tensor<16xi8>
}
