// The models of TOSA operations are in force whichever way the plugin comes in:
// without them a reshape would need 1024 bytes more, and a concatenation would
// not know of concat=view.

// REQUIRES: plugin

// RUN: mlir-opt %s --load-dialect-plugin=%serenity_plugin \
// RUN:   --load-pass-plugin=%serenity_plugin \
// RUN:   --pass-pipeline='builtin.module(serenity-schedule{concat=view})' \
// RUN:   | FileCheck %s
// RUN: mlir-opt %s --load-pass-plugin=%serenity_plugin \
// RUN:   --pass-pipeline='builtin.module(serenity-schedule{concat=view})' \
// RUN:   | FileCheck %s

// CHECK-LABEL: func.func @views
// CHECK-SAME: serenity.peak_bytes = 1024
func.func @views(%x: tensor<128xf32>, %y: tensor<128xf32>) -> tensor<16x16xf32> {
  %shape = tosa.const_shape {values = dense<16> : tensor<2xindex>}
      : () -> !tosa.shape<2>
  %both = tosa.concat %x, %y {axis = 0 : i32}
      : (tensor<128xf32>, tensor<128xf32>) -> tensor<256xf32>
  %square = tosa.reshape %both, %shape
      : (tensor<256xf32>, !tosa.shape<2>) -> tensor<16x16xf32>
  return %square : tensor<16x16xf32>
}
