// RUN: serenity-opt %s -o /dev/null --serenity-plan-arena --remarks-filter=serenity 2>&1 | FileCheck %s

// 16 + 64 bytes while A runs: the graph shows that no order can do with less.

// CHECK: remark: [Passed] ArenaIsPeak | Category:serenity:plan-arena | Function=peak | ArenaBytes=80, PeakBytes=80, Remark="no order and no offsets need less"
func.func @peak(%x: tensor<16xi8>) -> tensor<16xi8> {
  %0 = serenity.node "A"(%x) : (tensor<16xi8>) -> tensor<64xi8>
  %1 = serenity.node "B"(%0) : (tensor<64xi8>) -> tensor<16xi8>
  return %1 : tensor<16xi8>
}

// Both branches at once: another order would do with 1056 bytes.

// CHECK: remark: [Passed] ArenaIsPeak | Category:serenity:plan-arena | Function=other_order | ArenaBytes=2064, PeakBytes=2064, Remark="no offsets need less for this order"
func.func @other_order(%x: tensor<16xi8>) -> (tensor<16xi8>, tensor<16xi8>) {
  %0 = serenity.node "A"(%x) : (tensor<16xi8>) -> tensor<1024xi8>
  %1 = serenity.node "B"(%x) : (tensor<16xi8>) -> tensor<1024xi8>
  %2 = serenity.node "C"(%0) : (tensor<1024xi8>) -> tensor<16xi8>
  %3 = serenity.node "D"(%1) : (tensor<1024xi8>) -> tensor<16xi8>
  return %2, %3 : tensor<16xi8>, tensor<16xi8>
}

// Two of 10 bytes: 16 + 10.

// CHECK: remark: [Missed] ArenaAbovePeak | Category:serenity:plan-arena | Function=alignment | AlignmentBytes=6, ArenaBytes=26, FragmentationBytes=0, PeakBytes=20, Reason="no offsets need less for this order", UnprovenBytes=0
func.func @alignment(%x: tensor<10xi8>) -> tensor<10xi8> {
  %0 = serenity.node "A"(%x) : (tensor<10xi8>) -> tensor<10xi8>
  return %0 : tensor<10xi8>
}

// CHECK: remark: [Missed] NotPlanned | Category:serenity:plan-arena | Function=dynamic | Reason="the size of 'arg0' is not known"
func.func @dynamic(%x: tensor<?xi8>) -> tensor<?xi8> {
  return %x : tensor<?xi8>
}

// CHECK: remark: [Missed] NotPlanned | Category:serenity:plan-arena | Function=blocks | Reason="the region has several blocks"
func.func @blocks(%x: tensor<16xi8>) -> tensor<16xi8> {
  cf.br ^next
^next:
  return %x : tensor<16xi8>
}
