// RUN: serenity-opt %s --serenity-plan-memref-arena="argument=1 alignment=32" \
// RUN:   --remarks-filter=serenity -o %t.argument.mlir 2>&1 \
// RUN:   | FileCheck %s --check-prefix=REMARK
// RUN: FileCheck %s --check-prefix=ARGUMENT --input-file=%t.argument.mlir
// RUN: serenity-opt %t.argument.mlir \
// RUN:   --serenity-plan-memref-arena="argument=1 alignment=32" \
// RUN:   | diff %t.argument.mlir -
// RUN: serenity-opt %s --serenity-plan-memref-arena="capacity=128" -o /dev/null
// RUN: %exits 1 serenity-opt %s \
// RUN:   --serenity-plan-memref-arena="capacity=99 strategy=best-fit" 2>&1 \
// RUN:   | FileCheck %s --check-prefix=IMPOSSIBLE
// RUN: %exits 2 serenity-opt %s --serenity-plan-memref-arena="alignment=24" 2>&1 \
// RUN:   | FileCheck %s --check-prefix=ALIGNMENT
// RUN: %exits 2 serenity-opt %s --serenity-plan-memref-arena="capacity=-1" 2>&1 \
// RUN:   | FileCheck %s --check-prefix=CAPACITY

// ALIGNMENT: option 'alignment' is not a power of two: 24
// CAPACITY: option 'capacity' is negative: -1

// ARGUMENT-LABEL: func.func @main(%arg0: memref<9xf32>, %arg1: memref<100xi8>)
// ARGUMENT-NOT: memref.alloc
// ARGUMENT: %[[C64:.+]] = arith.constant 64 : index
// ARGUMENT-NEXT: memref.view %arg1[%[[C64]]][] : memref<100xi8> to memref<9xf32>
// ARGUMENT: return
// IMPOSSIBLE: :[[@LINE+1]]:1: error: capacity of 99 bytes is below the proven minimum of 100 bytes
func.func @main(%x: memref<9xf32>) {
  // IMPOSSIBLE: :[[@LINE+1]]:8: note: does not fit together with the others: 36 bytes
  %a = memref.alloc() : memref<9xf32>
  memref.copy %x, %a : memref<9xf32> to memref<9xf32>
  // IMPOSSIBLE: :[[@LINE+1]]:8: note: does not fit together with the others: 64 bytes
  %b = memref.alloc() : memref<16xf32>
  call @called(%b) : (memref<16xf32>) -> ()
  memref.copy %a, %x : memref<9xf32> to memref<9xf32>
  memref.dealloc %a : memref<9xf32>
  memref.dealloc %b : memref<16xf32>
  return
}

// A caller would have to change with it.

// ARGUMENT-LABEL: func.func @called(%arg0: memref<16xf32>) {
// ARGUMENT-NEXT: memref.alloc() {alignment = 32 : i64} : memref<128xi8>
// REMARK: [Missed] NotAnArgument | Category:serenity:plan-memref-arena | Function=called | Reason="the module refers to the function"
func.func @called(%x: memref<16xf32>) {
  %a = memref.alloc() : memref<16xf32>
  %b = memref.alloc() : memref<16xf32>
  memref.copy %x, %a : memref<16xf32> to memref<16xf32>
  memref.copy %a, %b : memref<16xf32> to memref<16xf32>
  memref.copy %b, %x : memref<16xf32> to memref<16xf32>
  return
}
