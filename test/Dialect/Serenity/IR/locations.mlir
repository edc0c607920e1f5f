// RUN: serenity-opt %s --mlir-print-debuginfo | serenity-opt --mlir-print-debuginfo | FileCheck %s

// CHECK-LABEL: func.func @imported
func.func @imported(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: serenity.clamp {{.*}} loc(#[[LOC:.*]])
  %0 = serenity.clamp %x min 0.0 : (tensor<4xf32>) -> tensor<4xf32> loc(fused<#serenity.operator<5>>["stem/relu"])
  return %0 : tensor<4xf32>
}
// CHECK: #[[NAME:.*]] = loc("stem/relu")
// CHECK: #[[LOC]] = loc(fused<#serenity.operator<5>>[#[[NAME]]])
