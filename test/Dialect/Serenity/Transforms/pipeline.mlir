// From a network to offsets, for least memory and for a device.

// RUN: serenity-opt %s --serenity-pipeline | FileCheck %s --check-prefix=MEMORY
// RUN: serenity-opt %s --pass-pipeline="builtin.module(serenity-pipeline{concat=slice inplace=true alignment=64 report=%t.json})" | FileCheck %s --check-prefix=SLICE
// RUN: FileCheck %s --check-prefix=REPORT < %t.json
// RUN: serenity-opt %s --serenity-pipeline="device=%S/Inputs/board.json concat=slice front=%t.front.json" | FileCheck %s --check-prefix=DEVICE
// RUN: FileCheck %s --check-prefix=FRONT < %t.front.json
// RUN: serenity-opt %s --serenity-pipeline="device=%S/Inputs/board.json concat=slice objective=memory" | FileCheck %s --check-prefix=SMALL
// RUN: %exits 1 serenity-opt %s --serenity-pipeline="budget=4159"
// RUN: %exits 1 serenity-opt %s --serenity-pipeline="budget=4159 device=%S/Inputs/board.json concat=slice"
// RUN: %exits 2 serenity-opt %s --serenity-pipeline="objective=magic"

// MEMORY: serenity.arena_bytes = 4160 : i64
// MEMORY-NOT: serenity.latency_us
// MEMORY: serenity.conv_2d {{.*}} accumulate %
// SLICE: serenity.concat_model = "slice", serenity.in_place = true
// REPORT: "alignment": 64
// DEVICE: serenity.arena_bytes = 6144 : i64
// DEVICE-SAME: serenity.latency_us
// DEVICE: serenity.concat{{.*}} serenity.latency_us = 0.0
// FRONT: "variants": [
// SMALL: serenity.arena_bytes = 4160 : i64
// SMALL: serenity.conv_2d {{.*}} accumulate %{{.*}} serenity.latency_us

!small = tensor<1x4x4x1xf32>
!piece = tensor<1x4x4x32xf32>
!whole = tensor<1x4x4x64xf32>
func.func @pieces(%x: !piece) -> !small {
  %v = serenity.weight : tensor<32x1x1x32xf32>
  %w = serenity.weight : tensor<1x1x1x64xf32>
  %a = serenity.conv_2d %x, %v : (!piece, tensor<32x1x1x32xf32>) -> !piece
  %b = serenity.conv_2d %x, %v : (!piece, tensor<32x1x1x32xf32>) -> !piece
  %c = serenity.concat %a, %b axis 3 : (!piece, !piece) -> !whole
  %d = serenity.conv_2d %c, %w : (!whole, tensor<1x1x1x64xf32>) -> !small loc("first")
  return %d : !small
}
