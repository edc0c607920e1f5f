// RUN: not serenity-opt %s --serenity-rewrite="kinds=channelwise,rowwise" 2>&1 | FileCheck %s --check-prefix=KIND
// RUN: not serenity-opt %s --serenity-rewrite="max-variants=0" 2>&1 | FileCheck %s --check-prefix=VARIANTS
// RUN: not serenity-opt %s --serenity-rewrite="max-states=-1" 2>&1 | FileCheck %s --check-prefix=STATES
// RUN: not serenity-opt %s --serenity-rewrite="report=%t/absent/report.json" 2>&1 | FileCheck %s --check-prefix=REPORT

// KIND: error: option 'kinds' has 'rowwise', expected channelwise, kernelwise, elementwise or residual
// VARIANTS: error: option 'max-variants' is 0, expected at least 1
// STATES: error: option 'max-states' is -1, expected at least 1
// REPORT: error: cannot write the report '{{.*}}absent/report.json':
func.func @nothing(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}
