// RUN: serenity-opt %s --serenity-plan-memref-arena -o %t.planned.mlir
// RUN: FileCheck %s --input-file=%t.planned.mlir

// RUN: serenity-opt %s --serenity-plan-memref-arena=inplace=false \
// RUN:   | FileCheck %s --check-prefix=APART
// APART-LABEL: func.func @in_place
// APART-NEXT: memref.alloc() {alignment = 16 : i64} : memref<128xi8>

// An arena is left alone.
// RUN: serenity-opt %t.planned.mlir --serenity-plan-memref-arena | diff %t.planned.mlir -

// Two buffers in use together, a third in the place of the first. All are freed
// with the arena.

// CHECK-LABEL: func.func @chain
// CHECK-NEXT: %[[ARENA:.+]] = memref.alloc() {alignment = 16 : i64} : memref<128xi8>
// CHECK-NOT: memref.alloc
// CHECK: %[[C0:.+]] = arith.constant 0 : index
// CHECK-NEXT: %[[A:.+]] = memref.view %[[ARENA]][%[[C0]]][] : memref<128xi8> to memref<16xf32>
// CHECK-NEXT: linalg.copy ins(%arg0 : memref<16xf32>) outs(%[[A]] : memref<16xf32>)
// CHECK: %[[C64:.+]] = arith.constant 64 : index
// CHECK-NEXT: %[[B:.+]] = memref.view %[[ARENA]][%[[C64]]][] : memref<128xi8> to memref<4x4xf32>
// CHECK: %[[C0_0:.+]] = arith.constant 0 : index
// CHECK-NEXT: memref.view %[[ARENA]][%[[C0_0]]][] : memref<128xi8> to memref<64xi8>
// CHECK: memref.dealloc %[[ARENA]]
// CHECK-NOT: memref.dealloc
// CHECK: return
func.func @chain(%x: memref<16xf32>, %y: memref<64xi8>) {
  %a = memref.alloc() : memref<16xf32>
  linalg.copy ins(%x : memref<16xf32>) outs(%a : memref<16xf32>)
  %b = memref.alloc() : memref<4x4xf32>
  %flat = memref.collapse_shape %b [[0, 1]] : memref<4x4xf32> into memref<16xf32>
  memref.copy %a, %flat : memref<16xf32> to memref<16xf32>
  memref.dealloc %a : memref<16xf32>
  %c = memref.alloc() : memref<64xi8>
  memref.copy %y, %c : memref<64xi8> to memref<64xi8>
  memref.copy %flat, %x : memref<16xf32> to memref<16xf32>
  memref.copy %c, %y : memref<64xi8> to memref<64xi8>
  %cast = memref.cast %c : memref<64xi8> to memref<?xi8>
  memref.dealloc %cast : memref<?xi8>
  memref.dealloc %b : memref<4x4xf32>
  return
}

// What the allocation asks for and what vectors need is kept, and the arena is
// aligned likewise.

// CHECK-LABEL: func.func @alignment
// CHECK-NEXT: memref.alloc() {alignment = 128 : i64} : memref<140xi8>
// CHECK: %[[C128:.+]] = arith.constant 128 : index
// CHECK-NEXT: memref.view {{.*}}[%[[C128]]][] : memref<140xi8> to memref<3xf32>
// CHECK: %[[C96:.+]] = arith.constant 96 : index
// CHECK-NEXT: memref.view {{.*}}[%[[C96]]][] : memref<140xi8> to memref<vector<8xf32>>
// CHECK: %[[C0:.+]] = arith.constant 0 : index
// CHECK-NEXT: memref.view {{.*}}[%[[C0]]][] : memref<140xi8> to memref<20xf32>
func.func @alignment(%i: index, %f: f32, %v: vector<8xf32>) -> f32 {
  %a = memref.alloc() {alignment = 128 : i64} : memref<3xf32>
  %b = memref.alloc() : memref<vector<8xf32>>
  %c = memref.alloc() {alignment = 128 : i64} : memref<20xf32>
  memref.store %f, %a[%i] : memref<3xf32>
  memref.store %f, %c[%i] : memref<20xf32>
  memref.store %v, %b[] : memref<vector<8xf32>>
  %0 = memref.load %a[%i] : memref<3xf32>
  %1 = memref.load %c[%i] : memref<20xf32>
  %2 = memref.load %b[] : memref<vector<8xf32>>
  %3 = arith.addf %0, %1 : f32
  return %3 : f32
}

// Between the first and the last access only: "b" is allocated early and freed
// late, but shares the place of "a".

// CHECK-LABEL: func.func @accesses
// CHECK-NEXT: memref.alloc() {alignment = 16 : i64} : memref<64xi8>
func.func @accesses(%x: memref<16xf32>, %y: memref<16xf32>) {
  %a = memref.alloc() : memref<16xf32>
  %b = memref.alloc() : memref<16xf32>
  memref.copy %x, %a : memref<16xf32> to memref<16xf32>
  memref.copy %a, %y : memref<16xf32> to memref<16xf32>
  memref.copy %x, %b : memref<16xf32> to memref<16xf32>
  memref.copy %b, %y : memref<16xf32> to memref<16xf32>
  memref.dealloc %a : memref<16xf32>
  memref.dealloc %b : memref<16xf32>
  return
}

// "before" is read in the loop, so it is in use until the last iteration ends.
// "one" and "two" live in one iteration, and not together. "after" follows.

// CHECK-LABEL: func.func @loop
// CHECK-NEXT: memref.alloc() {alignment = 16 : i64} : memref<128xi8>
// CHECK: %[[C0:.+]] = arith.constant 0 : index
// CHECK: memref.view {{.*}}[%[[C0]]]
// CHECK: scf.for
// CHECK-NEXT: %[[C64:.+]] = arith.constant 64 : index
// CHECK-NEXT: memref.view {{.*}}[%[[C64]]]
// CHECK: %[[C64_0:.+]] = arith.constant 64 : index
// CHECK-NEXT: memref.view {{.*}}[%[[C64_0]]]
// CHECK: }
// CHECK-NEXT: %[[C0_0:.+]] = arith.constant 0 : index
// CHECK-NEXT: memref.view {{.*}}[%[[C0_0]]]
func.func @loop(%x: memref<16xf32>, %n: index, %s: index) {
  %before = memref.alloc() : memref<16xf32>
  memref.copy %x, %before : memref<16xf32> to memref<16xf32>
  scf.for %i = %s to %n step %s {
    %one = memref.alloc() : memref<16xf32>
    memref.copy %before, %one : memref<16xf32> to memref<16xf32>
    memref.copy %one, %x : memref<16xf32> to memref<16xf32>
    memref.dealloc %one : memref<16xf32>
    %two = memref.alloc() : memref<16xf32>
    memref.copy %x, %two : memref<16xf32> to memref<16xf32>
    memref.copy %two, %x : memref<16xf32> to memref<16xf32>
    memref.dealloc %two : memref<16xf32>
  }
  %after = memref.alloc() : memref<16xf32>
  memref.copy %x, %after : memref<16xf32> to memref<16xf32>
  memref.copy %after, %x : memref<16xf32> to memref<16xf32>
  return
}

// A buffer that one of two branches yields lives on after them; what is local
// to a branch shares with what is local to the other.

// CHECK-LABEL: func.func @branches
// CHECK-NEXT: memref.alloc() {alignment = 16 : i64} : memref<192xi8>
// CHECK-NOT: memref.alloc
// CHECK: scf.if
// CHECK-NOT: memref.alloc
// CHECK-NOT: memref.dealloc %{{.*}} : memref<16xf32>
// CHECK: return
func.func @branches(%c: i1, %x: memref<16xf32>) {
  %a = memref.alloc() : memref<16xf32>
  memref.copy %x, %a : memref<16xf32> to memref<16xf32>
  %r = scf.if %c -> memref<16xf32> {
    %b = memref.alloc() : memref<16xf32>
    %local = memref.alloc() : memref<16xf32>
    memref.copy %x, %local : memref<16xf32> to memref<16xf32>
    memref.copy %local, %b : memref<16xf32> to memref<16xf32>
    scf.yield %b : memref<16xf32>
  } else {
    %local = memref.alloc() : memref<16xf32>
    memref.copy %x, %local : memref<16xf32> to memref<16xf32>
    memref.copy %local, %x : memref<16xf32> to memref<16xf32>
    scf.yield %a : memref<16xf32>
  }
  memref.copy %r, %x : memref<16xf32> to memref<16xf32>
  memref.dealloc %r : memref<16xf32>
  return
}

// Functions that are called are looked into; one without body has to promise.

// CHECK-LABEL: func.func @calls
// CHECK-NEXT: memref.alloc() {alignment = 16 : i64} : memref<128xi8>
// CHECK-NOT: memref.alloc
// CHECK: return
func.func private @promises(memref<16xf32> {llvm.nocapture})
func.func private @choose(%c: i1, %a: memref<16xf32>, %b: memref<16xf32>) -> memref<16xf32> {
  cf.cond_br %c, ^one, ^two(%b : memref<16xf32>)
^one:
  cf.br ^two(%a : memref<16xf32>)
^two(%r: memref<16xf32>):
  return %r : memref<16xf32>
}
func.func @calls(%c: i1, %x: memref<16xf32>) {
  %a = memref.alloc() : memref<16xf32>
  %b = memref.alloc() : memref<16xf32>
  call @promises(%a) : (memref<16xf32>) -> ()
  call @promises(%b) : (memref<16xf32>) -> ()
  %r = call @choose(%c, %a, %b) : (i1, memref<16xf32>, memref<16xf32>) -> memref<16xf32>
  memref.copy %r, %x : memref<16xf32> to memref<16xf32>
  return
}

// An elementwise operation computes in the place of an operand that dies with it,
// if it reads each element before it writes it and nothing else of either buffer.

// CHECK-LABEL: func.func @in_place
// CHECK-NEXT: memref.alloc() {alignment = 16 : i64} : memref<64xi8>
// CHECK-LABEL: func.func @backwards
// CHECK-NEXT: memref.alloc() {alignment = 16 : i64} : memref<128xi8>
// CHECK-LABEL: func.func @read_twice
// CHECK-NEXT: memref.alloc() {alignment = 16 : i64} : memref<128xi8>
// CHECK-LABEL: func.func @read_later
// CHECK-NEXT: memref.alloc() {alignment = 16 : i64} : memref<128xi8>
#same = affine_map<(d0) -> (d0)>
#back = affine_map<(d0) -> (15 - d0)>
func.func @in_place(%x: memref<16xf32>) {
  %a = memref.alloc() : memref<16xf32>
  memref.copy %x, %a : memref<16xf32> to memref<16xf32>
  %b = memref.alloc() : memref<16xf32>
  linalg.generic {indexing_maps = [#same, #same, #same], iterator_types = ["parallel"]}
      ins(%a, %x : memref<16xf32>, memref<16xf32>) outs(%b : memref<16xf32>) {
  ^bb0(%e: f32, %f: f32, %o: f32):
    linalg.yield %e : f32
  }
  %c = memref.alloc() : memref<16xf32>
  linalg.abs ins(%b : memref<16xf32>) outs(%c : memref<16xf32>)
  memref.copy %c, %x : memref<16xf32> to memref<16xf32>
  return
}
func.func @backwards(%x: memref<16xf32>) {
  %a = memref.alloc() : memref<16xf32>
  memref.copy %x, %a : memref<16xf32> to memref<16xf32>
  %b = memref.alloc() : memref<16xf32>
  linalg.generic {indexing_maps = [#back, #same], iterator_types = ["parallel"]}
      ins(%a : memref<16xf32>) outs(%b : memref<16xf32>) {
  ^bb0(%e: f32, %o: f32):
    linalg.yield %e : f32
  }
  memref.copy %b, %x : memref<16xf32> to memref<16xf32>
  return
}
func.func @read_twice(%x: memref<16xf32>) {
  %a = memref.alloc() : memref<16xf32>
  memref.copy %x, %a : memref<16xf32> to memref<16xf32>
  %view = memref.cast %a : memref<16xf32> to memref<?xf32>
  %b = memref.alloc() : memref<16xf32>
  linalg.generic {indexing_maps = [#same, #back, #same], iterator_types = ["parallel"]}
      ins(%a, %view : memref<16xf32>, memref<?xf32>) outs(%b : memref<16xf32>) {
  ^bb0(%e: f32, %f: f32, %o: f32):
    linalg.yield %e : f32
  }
  memref.copy %b, %x : memref<16xf32> to memref<16xf32>
  return
}
func.func @read_later(%x: memref<16xf32>) {
  %a = memref.alloc() : memref<16xf32>
  memref.copy %x, %a : memref<16xf32> to memref<16xf32>
  %b = memref.alloc() : memref<16xf32>
  linalg.abs ins(%a : memref<16xf32>) outs(%b : memref<16xf32>)
  memref.copy %b, %x : memref<16xf32> to memref<16xf32>
  memref.copy %a, %x : memref<16xf32> to memref<16xf32>
  return
}

// Each block is on its own; the arena is freed wherever the function returns.

// CHECK-LABEL: func.func @blocks
// CHECK-NEXT: %[[ARENA:.+]] = memref.alloc() {alignment = 16 : i64} : memref<64xi8>
// CHECK: ^bb1:
// CHECK: memref.dealloc %[[ARENA]]
// CHECK-NEXT: return
// CHECK: ^bb2:
// CHECK: memref.dealloc %[[ARENA]]
// CHECK-NEXT: return
func.func @blocks(%c: i1, %x: memref<16xf32>) {
  cf.cond_br %c, ^one, ^two
^one:
  %a = memref.alloc() : memref<16xf32>
  memref.copy %x, %a : memref<16xf32> to memref<16xf32>
  memref.copy %a, %x : memref<16xf32> to memref<16xf32>
  return
^two:
  %b = memref.alloc() : memref<16xf32>
  memref.copy %x, %b : memref<16xf32> to memref<16xf32>
  memref.copy %b, %x : memref<16xf32> to memref<16xf32>
  return
}

// Neither bytes nor accesses are needed.

// CHECK-LABEL: func.func @edges
// CHECK-NEXT: memref.alloc() {alignment = 16 : i64} : memref<16xi8>
// CHECK: memref.view {{.*}} to memref<0x4xf32>
// CHECK: memref.view {{.*}} to memref<f32>
// CHECK: memref.view {{.*}} to memref<2xindex>
func.func @edges(%x: memref<0x4xf32>, %f: f32) -> index {
  %none = memref.alloc() : memref<0x4xf32>
  memref.copy %x, %none : memref<0x4xf32> to memref<0x4xf32>
  %scalar = memref.alloc() : memref<f32>
  memref.store %f, %scalar[] : memref<f32>
  %unused = memref.alloc() : memref<2xindex>
  %c0 = arith.constant 0 : index
  %dim = memref.dim %unused, %c0 : memref<2xindex>
  memref.dealloc %unused : memref<2xindex>
  return %dim : index
}

// A single allocation is an arena already.

// CHECK-LABEL: func.func @single
// CHECK: memref.alloc() : memref<16xf32>
// CHECK-NOT: memref.view
// CHECK: return
func.func @single(%x: memref<16xf32>) {
  %a = memref.alloc() : memref<16xf32>
  memref.copy %x, %a : memref<16xf32> to memref<16xf32>
  memref.dealloc %a : memref<16xf32>
  return
}
