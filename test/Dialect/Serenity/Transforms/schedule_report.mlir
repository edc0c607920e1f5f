// The report of docs/Report.md, field by field.

// RUN: serenity-opt %s -o /dev/null --serenity-schedule="report=%t.json"
// RUN: FileCheck %s < %t.json

// A report that cannot be written is an error, and nothing is left behind.
// RUN: not serenity-opt %s -o /dev/null --serenity-schedule="report=%t.none/r.json" 2>&1 | FileCheck %s --check-prefix=UNWRITABLE
// UNWRITABLE: error: cannot write the report '{{.*}}r.json': {{.*}}o such file or directory

// CHECK:      [
// CHECK-NEXT:   {
// CHECK-NEXT:     "accumulator": null,
// CHECK-NEXT:     "arena": null,
// CHECK-NEXT:     "arena_bytes": null,
// CHECK-NEXT:     "buffers": [
// CHECK-NEXT:       {
// CHECK-NEXT:         "bytes": 16,
// CHECK-NEXT:         "first": 0,
// CHECK-NEXT:         "last": 0,
// CHECK-NEXT:         "name": "image",
// CHECK-NEXT:         "offset": null
// CHECK-NEXT:       },
// CHECK-NEXT:       {
// CHECK-NEXT:         "bytes": 1024,
// CHECK-NEXT:         "first": 0,
// CHECK-NEXT:         "last": 1,
// CHECK-NEXT:         "name": "wide",
// CHECK:              "bytes": 8,
// CHECK-NEXT:         "first": 1,
// CHECK-NEXT:         "last": 1,
// CHECK:          "concat_model": "copy",
// CHECK-NEXT:     "footprint": [
// CHECK-NEXT:       1040,
// CHECK-NEXT:       1032
// CHECK-NEXT:     ],
// CHECK-NEXT:     "function": "main",
// CHECK-NEXT:     "inplace": false,
// CHECK-NEXT:     "lower_bound_bytes": 1040,
// CHECK-NEXT:     "order": [
// CHECK-NEXT:       {
// CHECK-NEXT:         "index": 7,
// CHECK-NEXT:         "name": "wide"
// CHECK-NEXT:       },
// CHECK-NEXT:       {
// CHECK-NEXT:         "index": 1,
// CHECK-NEXT:         "name": "serenity.node#1"
// CHECK-NEXT:       }
// CHECK-NEXT:     ],
// CHECK-NEXT:     "peak_bytes": 1040,
// CHECK-NEXT:     "proven_optimal": true,
// CHECK-NEXT:     "scratch": [],
// CHECK-NEXT:     "solve_ms": {{[0-9.e-]+}},
// CHECK-NEXT:     "source_footprint": [
// CHECK-NEXT:       1040,
// CHECK-NEXT:       1032
// CHECK-NEXT:     ],
// CHECK-NEXT:     "source_peak_bytes": 1040,
// CHECK-NEXT:     "states": {{[0-9]+}},
// CHECK-NEXT:     "stop_reason": "finished",
// CHECK-NEXT:     "strategy": "exact"
// CHECK-NEXT:   }
// CHECK-NEXT: ]
func.func @main(%x: tensor<16xi8> loc("image")) -> tensor<8xi8> {
  %w = serenity.weight : tensor<100xi8>
  %0 = serenity.node "A"(%x, %w) : (tensor<16xi8>, tensor<100xi8>) -> tensor<1024xi8> loc(fused<#serenity.operator<7>>["wide"])
  %1 = serenity.node "B"(%0) : (tensor<1024xi8>) -> tensor<8xi8>
  return %1 : tensor<8xi8>
}
