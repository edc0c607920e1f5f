// Every option does what it says, and wrong ones are one-line errors.

// RUN: serenity-opt %s --serenity-schedule | FileCheck %s --check-prefix=COPY
// RUN: serenity-opt %s --serenity-schedule="concat=view" | FileCheck %s --check-prefix=VIEW
// RUN: serenity-opt %s --serenity-schedule="concat=slice" | FileCheck %s --check-prefix=SLICE
// RUN: serenity-opt %s --serenity-schedule="inplace=true" | FileCheck %s --check-prefix=INPLACE
// RUN: serenity-opt %s --serenity-schedule="strategy=source" | FileCheck %s --check-prefix=SOURCE
// RUN: serenity-opt %s --serenity-schedule="strategy=kahn" | FileCheck %s --check-prefix=ANY
// RUN: serenity-opt %s --serenity-schedule="strategy=greedy" | FileCheck %s --check-prefix=ANY
// RUN: serenity-opt %s --serenity-schedule="strategy=depth-first" | FileCheck %s --check-prefix=ANY
// RUN: serenity-opt %s --serenity-schedule="strategy=post-order" | FileCheck %s --check-prefix=ANY
// RUN: serenity-opt %s --serenity-schedule="strategy=dynamic-programming" | FileCheck %s --check-prefix=COPY

// RUN: not serenity-opt %s --serenity-schedule="strategy=best" 2>&1 | FileCheck %s --check-prefix=STRATEGY
// RUN: not serenity-opt %s --serenity-schedule="budget=-1" 2>&1 | FileCheck %s --check-prefix=BUDGET
// RUN: not serenity-opt %s --serenity-schedule="max-states=-7" 2>&1 | FileCheck %s --check-prefix=STATES
// RUN: not serenity-opt %s --serenity-schedule="max-table-bytes=-9" 2>&1 | FileCheck %s --check-prefix=TABLES
// RUN: not serenity-opt %s --serenity-schedule="max-seconds=-0.5" 2>&1 | FileCheck %s --check-prefix=SECONDS

// STRATEGY: Cannot find option named 'best'
// BUDGET: error: option 'budget' is negative: -1
// STATES: error: option 'max-states' is negative: -7
// TABLES: error: option 'max-table-bytes' is negative: -9
// SECONDS: error: option 'max-seconds' is negative: -0.5

// Copied, the result and both operands are alive at the concatenation, 400
// bytes; otherwise one copy of them, and what is read or written beside it.

// COPY-LABEL: func.func @concat
// COPY-SAME:    serenity.concat_model = "copy"{{.*}} serenity.peak_bytes = 400
// VIEW-LABEL: func.func @concat
// VIEW-SAME:    serenity.concat_model = "view"{{.*}} serenity.peak_bytes = 216
// SLICE-LABEL: func.func @concat
// SLICE-SAME:    serenity.concat_model = "slice"{{.*}} serenity.peak_bytes = 216
// SOURCE-LABEL: func.func @concat
// SOURCE-SAME:    serenity.peak_bytes = 400
// ANY-LABEL: func.func @concat
// ANY-SAME:    serenity.peak_bytes = 400
func.func @concat(%x: tensor<16xi8>) -> tensor<16xi8> {
  %0 = serenity.node "A"(%x) : (tensor<16xi8>) -> tensor<100xi8>
  %1 = serenity.node "B"(%x) : (tensor<16xi8>) -> tensor<100xi8>
  %2 = serenity.concat %0, %1 axis 0 : (tensor<100xi8>, tensor<100xi8>) -> tensor<200xi8>
  %3 = serenity.node "C"(%2) : (tensor<200xi8>) -> tensor<16xi8>
  return %3 : tensor<16xi8>
}

// An addition may take the place of an operand that dies.

// COPY-LABEL: func.func @add
// COPY-SAME:    serenity.peak_bytes = 1200
// INPLACE-LABEL: func.func @add
// INPLACE-SAME:    serenity.in_place = true{{.*}} serenity.peak_bytes = 800
func.func @add(%x: tensor<100xf32>, %y: tensor<100xf32>) -> tensor<100xf32> {
  %0 = serenity.add %x, %y : (tensor<100xf32>, tensor<100xf32>) -> tensor<100xf32>
  return %0 : tensor<100xf32>
}
