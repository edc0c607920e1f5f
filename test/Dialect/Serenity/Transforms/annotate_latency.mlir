// Latency on a device that does 100 MACs a microsecond, moves 10 bytes of
// activations or 5 of weights, launches a kernel in 2 us, and moves 50 bytes to
// and from slow memory. Every deviation is a tenth.

// RUN: serenity-opt %s --serenity-annotate-latency=device=%S/Inputs/board.json --remarks-filter=serenity 2> %t.remarks | FileCheck %s
// RUN: FileCheck %s --check-prefix=REMARK < %t.remarks

// 2 + (20 + 30) / 10 us, and (20 + 30) / 50 us for the input and the output.
// CHECK-LABEL: func.func @node
// CHECK-SAME: serenity.device = "board", serenity.latency_stddev_us = 0.70{{[0-9]*}} : f64, serenity.latency_us = 8.000000e+00 : f64, serenity.traffic_us = 1.000000e+00 : f64
// CHECK: serenity.node "A"
// CHECK-SAME: serenity.latency_us = 8.000000e+00 : f64, serenity.traffic_us = 1.000000e+00 : f64
// REMARK: Operation | Category:serenity:annotate-latency | Function=node | Kind=serenity.node, Launched=true, Macs=30, ReadBytes=20, TrafficBytes=50, TrafficUs=1.000000e+00, WeightBytes=0, WorkUs=7.000000e+00, WrittenBytes=30
// REMARK: Latency | Category:serenity:annotate-latency | Function=node | Device=board, FastMemoryBytes=1000000, LatencyUs=8.000000e+00, Launches=1, PredictedUs=8.000000e+00, StddevUs=7.071068e-01, TrafficBytes=50, TrafficUs=1.000000e+00, WorkUs=7.000000e+00
func.func @node(%x: tensor<20xi8>) -> tensor<30xi8> {
  %0 = serenity.node "A"(%x) : (tensor<20xi8>) -> tensor<30xi8>
  return %0 : tensor<30xi8>
}

// 8 * 8 * 4 elements of 3 * 3 * 2 products each: 4608 MACs in 46.08 us, longer
// than 8 * 8 * (2 + 4) bytes in 38.4 us or 72 weights in 14.4 us.
// REMARK: Function=conv | {{.*}}Macs=4608, ReadBytes=128, {{.*}}WeightBytes=72, WorkUs=4.808000e+01, WrittenBytes=256
func.func @conv(%x: tensor<1x8x8x2xi8>) -> tensor<1x8x8x4xi8> {
  %w = serenity.weight : tensor<4x3x3x2xi8>
  %0 = serenity.conv_2d %x, %w pad [1, 1, 1, 1]
     : (tensor<1x8x8x2xi8>, tensor<4x3x3x2xi8>) -> tensor<1x8x8x4xi8>
  return %0 : tensor<1x8x8x4xi8>
}

// A partial product that is not the first reads the accumulator as well, and
// the sum that they accumulate is no kernel.
// REMARK: Function=partial | Kind=serenity.conv_2d, Launched=true, Macs=256, ReadBytes=64,
// REMARK: Function=partial | Kind=serenity.conv_2d, Launched=true, Macs=256, ReadBytes=320,
// REMARK: Function=partial | Kind=serenity.sum, Launched=false, Macs=0, ReadBytes=0, {{.*}}WorkUs=0.000000e+00, WrittenBytes=0
// REMARK: Function=partial | {{.*}}Launches=2
func.func @partial(%x: tensor<1x8x8x1xi8>, %y: tensor<1x8x8x1xi8>) -> tensor<1x8x8x4xi8> {
  %w = serenity.weight : tensor<4x1x1x1xi8>
  %0 = serenity.conv_2d %x, %w : (tensor<1x8x8x1xi8>, tensor<4x1x1x1xi8>) -> tensor<1x8x8x4xi8>
  %1 = serenity.conv_2d %y, %w : (tensor<1x8x8x1xi8>, tensor<4x1x1x1xi8>) -> tensor<1x8x8x4xi8>
  %2 = serenity.sum %0, %1 accumulates
     : (tensor<1x8x8x4xi8>, tensor<1x8x8x4xi8>) -> tensor<1x8x8x4xi8>
  return %2 : tensor<1x8x8x4xi8>
}

// The same once the chain is formed.
// REMARK: Function=chain | Kind=serenity.conv_2d, Launched=true, Macs=256, ReadBytes=64,
// REMARK: Function=chain | Kind=serenity.conv_2d, Launched=true, Macs=256, ReadBytes=320,
func.func @chain(%x: tensor<1x8x8x1xi8>, %y: tensor<1x8x8x1xi8>) -> tensor<1x8x8x4xi8> {
  %w = serenity.weight : tensor<4x1x1x1xi8>
  %0 = serenity.conv_2d %x, %w : (tensor<1x8x8x1xi8>, tensor<4x1x1x1xi8>) -> tensor<1x8x8x4xi8>
  %1 = serenity.conv_2d %y, %w accumulate %0
     : (tensor<1x8x8x1xi8>, tensor<4x1x1x1xi8>, tensor<1x8x8x4xi8>) -> tensor<1x8x8x4xi8>
  return %1 : tensor<1x8x8x4xi8>
}

// Slices produced in place make a concatenation free; what is copied is not.
// REMARK: Function=slices | {{.*}}Kind=serenity.concat, Launched=true, Macs=0, ReadBytes=8, {{.*}}WrittenBytes=8
func.func @slices(%x: tensor<8xi8>) -> tensor<24xi8> attributes {serenity.concat_model = "slice"} {
  %0 = serenity.node "A"(%x) : (tensor<8xi8>) -> tensor<16xi8>
  %1 = serenity.concat %0, %x axis 0 : (tensor<16xi8>, tensor<8xi8>) -> tensor<24xi8>
  return %1 : tensor<24xi8>
}

// REMARK: NotAnnotated | Category:serenity:annotate-latency | Function=dynamic | Reason="the size of 'arg0' is not known"
func.func @dynamic(%x: tensor<?xi8>) -> tensor<?xi8> {
  return %x : tensor<?xi8>
}
