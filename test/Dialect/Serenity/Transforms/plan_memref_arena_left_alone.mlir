// What cannot be followed stays, and the remark says why.

// RUN: serenity-opt %s --allow-unregistered-dialect \
// RUN:   --serenity-plan-memref-arena --remarks-filter=serenity -o %t.mlir 2> %t.remarks
// RUN: FileCheck %s --input-file=%t.remarks
// RUN: FileCheck %s --check-prefix=IR --input-file=%t.mlir

// IR-NOT: memref.view

// CHECK: [Missed] NotPlaced | Category:serenity:plan-memref-arena | Function=sizes | Reason="the allocation has a size that is not known"
// CHECK: Reason="the allocation has a layout of its own"
// CHECK: Reason="the allocation is in a memory space of its own"
// CHECK: Reason="the allocation has elements of a size that is not known"
// CHECK: Reason="the allocation has elements of a size that is not known"
// CHECK: Reason="the allocation has a size beyond 64 bits"
func.func @sizes(%n: index) {
  %0 = memref.alloc(%n) : memref<?xf32>
  %1 = memref.alloc() : memref<4xf32, strided<[2]>>
  %2 = memref.alloc() : memref<4xf32, 1>
  %3 = memref.alloc() : memref<4xmemref<4xf32>>
  %4 = memref.alloc() : memref<4xi65>
  %5 = memref.alloc() : memref<4611686018427387904xf32>
  return
}

// CHECK: Function=returned | Reason="the allocation is returned"
func.func @returned(%c: i1, %x: memref<4xf32>) -> memref<4xf32> {
  %a = memref.alloc() : memref<4xf32>
  %r = arith.select %c, %a, %x : memref<4xf32>
  return %r : memref<4xf32>
}

// CHECK: Function=stored | Reason="the allocation may be kept by 'memref.store'"
func.func @stored(%all: memref<4xmemref<4xf32>>, %i: index) {
  %a = memref.alloc() : memref<4xf32>
  memref.store %a, %all[%i] : memref<4xmemref<4xf32>>
  return
}

// CHECK: Function=address | Reason="the allocation may have its address taken by 'memref.extract_aligned_pointer_as_index'"
func.func @address() -> index {
  %a = memref.alloc() : memref<4xf32>
  %i = memref.extract_aligned_pointer_as_index %a : memref<4xf32> -> index
  return %i : index
}

// CHECK: Function=unknown | Reason="the allocation may be kept by 'test.unknown'"
func.func @unknown() {
  %a = memref.alloc() : memref<4xf32>
  "test.unknown"(%a) : (memref<4xf32>) -> ()
  return
}

// CHECK: Function=dma | Reason="the allocation may be kept by 'memref.dma_start'"
func.func @dma(%to: memref<4xf32, 1>, %tag: memref<1xi32>, %i: index) {
  %a = memref.alloc() : memref<4xf32>
  memref.dma_start %a[%i], %to[%i], %i, %tag[%i]
      : memref<4xf32>, memref<4xf32, 1>, memref<1xi32>
  return
}

// CHECK: Function=passed | Reason="the allocation is passed to 'keeps', where it is passed to 'external', where it may be kept, since the function has no body"
func.func private @external(memref<4xf32>)
func.func private @keeps(%m: memref<4xf32>) {
  call @external(%m) : (memref<4xf32>) -> ()
  return
}
func.func @passed() {
  %a = memref.alloc() : memref<4xf32>
  call @keeps(%a) : (memref<4xf32>) -> ()
  return
}

// CHECK: Function=indirect | Reason="the allocation is passed to an unknown function by 'func.call_indirect'"
func.func @indirect(%f: (memref<4xf32>) -> ()) {
  %a = memref.alloc() : memref<4xf32>
  call_indirect %f(%a) : (memref<4xf32>) -> ()
  return
}

// CHECK: Function=circle | Reason="the allocation is passed to 'circle', where it is passed to 'circle', where it goes through a chain of calls that is too long"
func.func @circle(%m: memref<4xf32>) {
  %a = memref.alloc() : memref<4xf32>
  call @circle(%a) : (memref<4xf32>) -> ()
  call @circle(%m) : (memref<4xf32>) -> ()
  return
}

// CHECK: Function=freed_elsewhere | Reason="the allocation is freed by 'frees'"
func.func private @frees(%m: memref<4xf32>) {
  memref.dealloc %m : memref<4xf32>
  return
}
func.func @freed_elsewhere() {
  %a = memref.alloc() : memref<4xf32>
  call @frees(%a) : (memref<4xf32>) -> ()
  return
}

// CHECK: Function=reallocated | Reason="the allocation may be kept by 'memref.realloc'"
func.func @reallocated() {
  %a = memref.alloc() : memref<4xf32>
  %b = memref.realloc %a : memref<4xf32> to memref<8xf32>
  memref.dealloc %b : memref<8xf32>
  return
}

// "a" alone is known, but what is freed may be "b".

// CHECK: Function=freed_with_another | Reason="the allocation is returned"
// CHECK: Function=freed_with_another | Reason="the allocation is freed where something else may be freed"
func.func @freed_with_another(%c: i1) -> memref<4xf32> {
  %a = memref.alloc() : memref<4xf32>
  %b = memref.alloc() : memref<4xf32>
  %r = arith.select %c, %a, %b : memref<4xf32>
  memref.dealloc %r : memref<4xf32>
  return %b : memref<4xf32>
}

// CHECK: Function=across_blocks | Reason="the allocation is used in several blocks"
func.func @across_blocks(%x: memref<4xf32>) {
  %a = memref.alloc() : memref<4xf32>
  cf.br ^next
^next:
  memref.copy %a, %x : memref<4xf32> to memref<4xf32>
  return
}

// The buffer of an iteration is read in the next one, which has its own.

// CHECK: Function=carried | Reason="the allocation outlives an iteration of 'scf.for'"
func.func @carried(%x: memref<4xf32>, %n: index, %s: index) {
  scf.for %i = %s to %n step %s iter_args(%last = %x) -> (memref<4xf32>) {
    %a = memref.alloc() : memref<4xf32>
    memref.copy %last, %a : memref<4xf32> to memref<4xf32>
    scf.yield %a : memref<4xf32>
  }
  return
}

// CHECK: Function=parallel | Reason="the allocation is inside 'scf.parallel', which may run it several times at once"
// CHECK: Function=parallel | Reason="the allocation is inside 'affine.parallel', which may run it several times at once"
func.func @parallel(%x: memref<4xf32>, %n: index, %s: index) {
  scf.parallel (%i) = (%s) to (%n) step (%s) {
    %a = memref.alloc() : memref<4xf32>
    memref.copy %x, %a : memref<4xf32> to memref<4xf32>
  }
  affine.parallel (%i) = (0) to (8) {
    %a = memref.alloc() : memref<4xf32>
    memref.copy %x, %a : memref<4xf32> to memref<4xf32>
  }
  return
}

// CHECK: Function=later | Reason="the allocation is used inside 'async.execute'"
func.func @later(%x: memref<4xf32>) {
  %a = memref.alloc() : memref<4xf32>
  %token = async.execute {
    memref.copy %x, %a : memref<4xf32> to memref<4xf32>
    async.yield
  }
  return
}

// The stack is somebody's decision.

// IR-LABEL: func.func @stack
// IR: memref.alloca()
func.func @stack(%x: memref<4xf32>) {
  %a = memref.alloca() : memref<4xf32>
  memref.copy %x, %a : memref<4xf32> to memref<4xf32>
  return
}
