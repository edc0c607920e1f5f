// RUN: serenity-opt %s | serenity-opt | FileCheck %s

// CHECK-LABEL: func.func @weight
func.func @weight() -> tensor<4xf32> {
  // CHECK: serenity.weight
  %0 = "serenity.weight"() : () -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
