// Squares an input of floats, in a buffer of its own.
func.func @main(%x: memref<4x3xf32>) -> memref<4x3xf32> {
  %y = memref.alloc() : memref<4x3xf32> loc("square")
  linalg.map { arith.mulf } ins(%x, %x : memref<4x3xf32>, memref<4x3xf32>)
                            outs(%y : memref<4x3xf32>) loc("square")
  memref.dealloc %x : memref<4x3xf32> loc("end")
  return %y : memref<4x3xf32>
}

// The same, but for a factor.
func.func @nearly(%x: memref<4x3xf32>) -> memref<4x3xf32> {
  %factor = arith.constant 1.0001 : f32
  %y = memref.alloc() : memref<4x3xf32>
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>,
                                   affine_map<(i, j) -> (i, j)>],
                  iterator_types = ["parallel", "parallel"]}
      ins(%x : memref<4x3xf32>) outs(%y : memref<4x3xf32>) {
  ^bb0(%a: f32, %b: f32):
    %0 = arith.mulf %a, %a : f32
    %1 = arith.mulf %0, %factor : f32
    linalg.yield %1 : f32
  }
  memref.dealloc %x : memref<4x3xf32>
  return %y : memref<4x3xf32>
}
