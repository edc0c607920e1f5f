// The pipeline for a device in the stock mlir-opt.

// REQUIRES: plugin
// RUN: mlir-opt --load-dialect-plugin=%serenity_plugin --load-pass-plugin=%serenity_plugin %s \
// RUN:   --pass-pipeline='builtin.module(serenity-pipeline{device=%devices/cortex-m7-480mhz.json concat=slice})' | FileCheck %s

// CHECK: func.func @two_branches
// CHECK-SAME: serenity.arena_bytes = 1056 : i64
// CHECK-SAME: serenity.device = "Cortex-M7, 480 MHz (STM32H743)"
// CHECK-SAME: serenity.latency_us
func.func @two_branches(%x: tensor<16xi8>) -> (tensor<16xi8>, tensor<16xi8>) {
  %0 = serenity.node "A"(%x) : (tensor<16xi8>) -> tensor<1024xi8>
  %1 = serenity.node "B"(%x) : (tensor<16xi8>) -> tensor<1024xi8>
  %2 = serenity.node "C"(%0) : (tensor<1024xi8>) -> tensor<16xi8>
  %3 = serenity.node "D"(%1) : (tensor<1024xi8>) -> tensor<16xi8>
  return %2, %3 : tensor<16xi8>, tensor<16xi8>
}
