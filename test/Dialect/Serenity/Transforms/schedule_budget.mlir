// A budget is a request: met, proven impossible, or unknown.

// RUN: serenity-opt %s --serenity-schedule="budget=1056" | FileCheck %s --check-prefix=MET
// MET: serenity.peak_bytes = 1056

// Exit code 1: the request cannot be met, and the message has the minimum.
// RUN: %exits 1 serenity-opt %s --serenity-schedule="budget=1055" > %t.out 2> %t.err
// RUN: FileCheck %s --check-prefix=IMPOSSIBLE < %t.err
// RUN: count 0 < %t.out
// IMPOSSIBLE: error: budget of 1055 bytes is below the proven minimum of 1056 bytes

// Exit code 3: Kahn's order does not meet it, and proves nothing.
// RUN: %exits 3 serenity-opt %s --serenity-schedule="budget=1056 strategy=kahn" > %t.out 2> %t.err
// RUN: FileCheck %s --check-prefix=UNKNOWN < %t.err
// UNKNOWN: warning: budget of 1056 bytes is not met: the best order found needs 2064 bytes, the proven minimum is at least 1040

// Exit code 2: bad input.
// RUN: %exits 2 serenity-opt %s.missing
// RUN: %exits 2 serenity-opt %s --serenity-schedule="budget=x"
// RUN: echo 'func.func @f(' > %t.mlir
// RUN: %exits 2 serenity-opt %t.mlir

func.func @two_branches(%x: tensor<16xi8>) -> (tensor<16xi8>, tensor<16xi8>) {
  %0 = serenity.node "A"(%x) : (tensor<16xi8>) -> tensor<1024xi8>
  %1 = serenity.node "B"(%x) : (tensor<16xi8>) -> tensor<1024xi8>
  %2 = serenity.node "C"(%0) : (tensor<1024xi8>) -> tensor<16xi8>
  %3 = serenity.node "D"(%1) : (tensor<1024xi8>) -> tensor<16xi8>
  return %2, %3 : tensor<16xi8>, tensor<16xi8>
}
