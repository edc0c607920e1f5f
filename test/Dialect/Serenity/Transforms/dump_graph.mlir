// What the scheduler sees of a function, in the text format of graphs.

// RUN: serenity-opt %s -o /dev/null --serenity-dump-graph="function=concat" | FileCheck %s --check-prefix=COPY
// RUN: serenity-opt %s -o /dev/null --serenity-dump-graph="function=concat concat=view" | FileCheck %s --check-prefix=VIEW
// RUN: serenity-opt %s -o /dev/null --serenity-dump-graph="function=concat concat=slice" | FileCheck %s --check-prefix=SLICE
// RUN: serenity-opt %s -o /dev/null --serenity-dump-graph="function=shared_operand concat=slice" | FileCheck %s --check-prefix=SHARED
// RUN: serenity-opt %s -o /dev/null --serenity-dump-graph="function=accumulate" | FileCheck %s --check-prefix=ACCUMULATE
// RUN: serenity-opt %s -o /dev/null --serenity-dump-graph="function=in_place inplace=true" | FileCheck %s --check-prefix=INPLACE
// RUN: serenity-opt %s -o /dev/null --serenity-dump-graph="function=side_effects" | FileCheck %s --check-prefix=EFFECTS

// RUN: not serenity-opt %s -o /dev/null --serenity-dump-graph 2>&1 | FileCheck %s --check-prefix=WHICH
// RUN: not serenity-opt %s -o /dev/null --serenity-dump-graph="function=f" 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not serenity-opt %s -o /dev/null --serenity-dump-graph="function=in_place output=%t.none/g" 2>&1 | FileCheck %s --check-prefix=UNWRITABLE
// WHICH: error: option 'function' is needed: the module has 5 functions with a body
// UNKNOWN: error: no function 'f' with a body
// UNWRITABLE: error: cannot write '{{.*}}.none/g':

// The result of the concatenation: a buffer of its own, nothing, or the place
// into which A and B write.

// COPY:      buffer 0 "arg0" 16 input
// COPY-NEXT: buffer 1 "serenity.node#0" 100
// COPY-NEXT: buffer 2 "serenity.node#1" 100
// COPY-NEXT: buffer 3 "serenity.concat#2" 200
// COPY-NEXT: buffer 4 "serenity.node#3" 16 output
// COPY-NEXT: op "serenity.node#0" reads 0 writes 1
// COPY-NEXT: op "serenity.node#1" reads 0 writes 2
// COPY-NEXT: op "serenity.concat#2" reads 1 2 writes 3
// COPY-NEXT: op "serenity.node#3" reads 3 writes 4

// VIEW:      buffer 3 "serenity.concat#2" 0
// VIEW:      op "serenity.concat#2" reads 1 2 writes 3
// VIEW-NEXT: op "serenity.node#3" reads 1 2 3 writes 4

// SLICE:      buffer 0 "serenity.concat#2" 200
// SLICE-NEXT: buffer 1 "arg0" 16 input
// SLICE-NEXT: buffer 2 "serenity.node#0" 0
// SLICE-NEXT: buffer 3 "serenity.node#1" 0
// SLICE-NEXT: buffer 4 "serenity.concat#2" 0
// SLICE-NEXT: buffer 5 "serenity.node#3" 16 output
// SLICE-NEXT: op "serenity.node#0" reads 1 writes 0 2
// SLICE-NEXT: op "serenity.node#1" reads 1 writes 0 3
// SLICE-NEXT: op "serenity.concat#2" reads 2 3 writes 0 4
// SLICE-NEXT: op "serenity.node#3" reads 0 4 writes 5
func.func @concat(%x: tensor<16xi8>) -> tensor<16xi8> {
  %0 = serenity.node "A"(%x) : (tensor<16xi8>) -> tensor<100xi8>
  %1 = serenity.node "B"(%x) : (tensor<16xi8>) -> tensor<100xi8>
  %2 = serenity.concat %0, %1 axis 0 : (tensor<100xi8>, tensor<100xi8>) -> tensor<200xi8>
  %3 = serenity.node "C"(%2) : (tensor<200xi8>) -> tensor<16xi8>
  return %3 : tensor<16xi8>
}

// A is read by somebody else as well, so that only B is produced in place; A is
// copied.

// SHARED:      buffer 0 "serenity.concat#2" 200
// SHARED:      op "serenity.node#0" reads 1 writes 2
// SHARED-NEXT: op "serenity.node#1" reads 2 writes 0 3
// SHARED-NEXT: op "serenity.concat#2" reads 2 3 writes 0 4
func.func @shared_operand(%x: tensor<16xi8>) -> tensor<200xi8> {
  %0 = serenity.node "A"(%x) : (tensor<16xi8>) -> tensor<100xi8>
  %1 = serenity.node "B"(%0) : (tensor<100xi8>) -> tensor<100xi8>
  %2 = serenity.concat %0, %1 axis 0 : (tensor<100xi8>, tensor<100xi8>) -> tensor<200xi8>
  return %2 : tensor<200xi8>
}

// Two convolutions that add to one buffer are two writers of it.

// ACCUMULATE:      buffer 0 "serenity.conv_2d#1" 64 output
// ACCUMULATE:      op "serenity.conv_2d#0" reads 1 writes 0 3
// ACCUMULATE-NEXT: op "serenity.conv_2d#1" reads 2 3 writes 0 4
func.func @accumulate(%x: tensor<1x2x2x4xf32>, %y: tensor<1x2x2x4xf32>) -> tensor<1x2x2x4xf32> {
  %w = serenity.weight : tensor<4x1x1x4xf32>
  %0 = serenity.conv_2d %x, %w : (tensor<1x2x2x4xf32>, tensor<4x1x1x4xf32>) -> tensor<1x2x2x4xf32>
  %1 = serenity.conv_2d %y, %w accumulate %0 : (tensor<1x2x2x4xf32>, tensor<4x1x1x4xf32>, tensor<1x2x2x4xf32>) -> tensor<1x2x2x4xf32>
  return %1 : tensor<1x2x2x4xf32>
}

// INPLACE: op "serenity.add#0" reads 0 1 writes 2 overwrites 0 1
func.func @in_place(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %0 = serenity.add %x, %y : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// A buffer of no bytes keeps side effects in their order.

// EFFECTS:      buffer {{[0-9]+}} "order" 0
// EFFECTS:      op "serenity.node#0" reads 0 writes 1 [[#ORDER:]]
// EFFECTS-NEXT: op "serenity.node#1" reads 0 [[#ORDER]] writes 2
func.func @side_effects(%x: tensor<16xi8>) -> (tensor<16xi8>, tensor<16xi8>) {
  %0 = serenity.node "A"(%x) stateful : (tensor<16xi8>) -> tensor<16xi8>
  %1 = serenity.node "B"(%x) stateful : (tensor<16xi8>) -> tensor<16xi8>
  return %0, %1 : tensor<16xi8>, tensor<16xi8>
}
