// RUN: serenity-opt %s --cse | FileCheck %s

// Nobody knows what is in a weight without payload, so no two are the same.
// CHECK-LABEL: func.func @elided
// CHECK-COUNT-2: serenity.weight : tensor<4xf32>
// CHECK-COUNT-2: serenity.add
func.func @elided(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = serenity.weight : tensor<4xf32>
  %1 = serenity.weight : tensor<4xf32>
  %2 = serenity.add %x, %0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = serenity.add %x, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %2, %3 : tensor<4xf32>, tensor<4xf32>
}

// CHECK-LABEL: func.func @same
// CHECK-NEXT: %[[ONE:.*]] = serenity.weight dense<1.000000e+00>
// CHECK-NEXT: %[[SUM:.*]] = serenity.add %arg0, %[[ONE]]
// CHECK-NEXT: return %[[SUM]], %[[SUM]]
func.func @same(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = serenity.weight dense<1.0> : tensor<4xf32>
  %1 = serenity.weight dense<1.0> : tensor<4xf32>
  %2 = serenity.add %x, %0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = serenity.add %x, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %2, %3 : tensor<4xf32>, tensor<4xf32>
}

// Two stateful nodes are not the same either.
// CHECK-LABEL: func.func @stateful
// CHECK-COUNT-2: serenity.node "RANDOM"
func.func @stateful() -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = serenity.node "RANDOM"() stateful : () -> tensor<4xf32>
  %1 = serenity.node "RANDOM"() stateful : () -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}
