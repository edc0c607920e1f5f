// A capacity is a request: met, proven impossible, or unknown.

// RUN: %exits 0 serenity-opt %s --serenity-plan-arena="capacity=104" | FileCheck %s --check-prefix=MET
// MET: serenity.arena_bytes = 104

// Exit code 1: the request cannot be met, and the message has the minimum and
// the buffers that do not fit.
// RUN: %exits 1 serenity-opt %s --serenity-plan-arena="capacity=103" > %t.out 2> %t.err
// RUN: FileCheck %s --check-prefix=IMPOSSIBLE < %t.err
// RUN: count 0 < %t.out
// IMPOSSIBLE: error: capacity of 103 bytes is below the proven minimum of 104 bytes for this order
// IMPOSSIBLE: note: these 3 do not fit: 'serenity.node#0' (64 bytes) 'serenity.node#1' (32 bytes) 'serenity.node#1 (scratch)' (8 bytes)

// Exit code 3: this heuristic does not meet it, and proves nothing.
// RUN: %exits 3 serenity-opt %s --serenity-plan-arena="capacity=104 strategy=first-fit-by-start" > %t.out 2> %t.err
// RUN: FileCheck %s --check-prefix=UNKNOWN < %t.err
// UNKNOWN: warning: capacity of 104 bytes is not met: the best arena found needs 112 bytes, the proven minimum is at least 104

// RUN: not serenity-opt %s --serenity-plan-arena="strategy=best" 2>&1 | FileCheck %s --check-prefix=STRATEGY
// RUN: not serenity-opt %s --serenity-plan-arena="capacity=-1" 2>&1 | FileCheck %s --check-prefix=CAPACITY
// RUN: not serenity-opt %s --serenity-plan-arena="alignment=24" 2>&1 | FileCheck %s --check-prefix=ALIGNMENT
// RUN: not serenity-opt %s --serenity-plan-arena="max-nodes=-7" 2>&1 | FileCheck %s --check-prefix=NODES
// RUN: not serenity-opt %s --serenity-plan-arena="max-seconds=-0.5" 2>&1 | FileCheck %s --check-prefix=SECONDS
// RUN: not serenity-opt %s --serenity-plan-arena="report=%t.none/r.json" 2>&1 | FileCheck %s --check-prefix=UNWRITABLE
// STRATEGY: Cannot find option named 'best'
// CAPACITY: error: option 'capacity' is negative: -1
// ALIGNMENT: error: option 'alignment' is not a power of two: 24
// NODES: error: option 'max-nodes' is negative: -7
// SECONDS: error: option 'max-seconds' is negative: -0.5
// UNWRITABLE: error: cannot write the report '{{.*}}r.json': {{.*}}o such file or directory

func.func @chain(%x: tensor<16xi8>) -> tensor<32xi8> {
  %0 = serenity.node "A"(%x) : (tensor<16xi8>) -> tensor<64xi8>
  %1 = serenity.node "B"(%0) scratch 8 : (tensor<64xi8>) -> tensor<32xi8>
  return %1 : tensor<32xi8>
}
