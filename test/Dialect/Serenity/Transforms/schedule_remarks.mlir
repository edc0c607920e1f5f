// RUN: serenity-opt %s -o /dev/null --serenity-schedule --remarks-filter=serenity 2>&1 | FileCheck %s

// CHECK: remark: [Passed] Reordered | Category:serenity:schedule | Function=better | LowerBoundBytes=1056, PeakBytes=1056, SourcePeakBytes=2064, States=
func.func @better(%x: tensor<16xi8>) -> (tensor<16xi8>, tensor<16xi8>) {
  %0 = serenity.node "A"(%x) : (tensor<16xi8>) -> tensor<1024xi8>
  %1 = serenity.node "B"(%x) : (tensor<16xi8>) -> tensor<1024xi8>
  %2 = serenity.node "C"(%0) : (tensor<1024xi8>) -> tensor<16xi8>
  %3 = serenity.node "D"(%1) : (tensor<1024xi8>) -> tensor<16xi8>
  return %2, %3 : tensor<16xi8>, tensor<16xi8>
}

// CHECK: remark: [Analysis] AlreadyOptimal | Category:serenity:schedule | Function=optimal | PeakBytes=32, Remark="already optimal"
func.func @optimal(%x: tensor<16xi8>) -> tensor<16xi8> {
  %0 = serenity.node "A"(%x) : (tensor<16xi8>) -> tensor<16xi8>
  return %0 : tensor<16xi8>
}

// CHECK: remark: [Missed] NotScheduled | Category:serenity:schedule | Function=dynamic | Reason="the size of 'arg0' is not known"
func.func @dynamic(%x: tensor<?xi8>) -> tensor<?xi8> {
  return %x : tensor<?xi8>
}

// CHECK: remark: [Missed] NotScheduled | Category:serenity:schedule | Function=blocks | Reason="the region has several blocks"
func.func @blocks(%x: tensor<16xi8>) -> tensor<16xi8> {
  cf.br ^next
^next:
  return %x : tensor<16xi8>
}

// A function is not scheduled if one of its regions is not understood.

// CHECK: remark: [Missed] NotScheduled | Category:serenity:schedule | Function=dynamic_region | Reason="the size of 'arith.addi#1' is not known"
func.func @dynamic_region(%x: tensor<16xi8>, %c: i1) -> tensor<16xi8> {
  %0 = scf.if %c -> tensor<16xi8> {
    %n = arith.constant 3 : index
    %1 = tensor.empty(%n) : tensor<?xi8>
    %2 = arith.addi %1, %1 : tensor<?xi8>
    %3 = tensor.cast %2 : tensor<?xi8> to tensor<16xi8>
    scf.yield %3 : tensor<16xi8>
  } else {
    scf.yield %x : tensor<16xi8>
  }
  return %0 : tensor<16xi8>
}
