//===- Passes.td - Conversions from and to the dialect -----*- tablegen -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_CONVERSION_PASSES_TD
#define SERENITY_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertSerenityToMemRefPass
    : Pass<"convert-serenity-to-memref", "::mlir::ModuleOp"> {
  let summary = "Lower kernels to loops over memory";
  let description = [{
    Lowers every function with tensors, operation by operation and in their
    order, to loops over memrefs. Quantised tensors become memrefs of their
    storage type, signless. What a function allocates is what the memory model
    says, to the byte: each buffer of the model (`serenity.concat_model` and
    `serenity.in_place` of the function, by default `copy` and `false`) is one
    allocation, made before its first writer and freed after its last reader, or
    a part of the arena. Slices and accumulators are views of the buffer that
    they share. A kernel needs no other memory: padding is by bounds, bias and
    activation are inside the kernel. Weights become constant globals.

    - Without a plan, `@f` takes a memref for each argument and owns it: it is
      freed after its last use. The results belong to the caller; results with
      the same bytes share one allocation.
    - With a plan (`serenity.arena_bytes` on the function, `serenity.offset` on
      arguments and operations), `@f` takes the arena, an `memref<Nxi8>`, and
      returns views of it. `@f_inputs` takes the same arena and returns the views
      that the caller fills with the arguments beforehand.

    Quantised arithmetic is that of TFLite's reference kernels, bit for bit.
    docs/Running.md lists types and limits. An operation that has no kernel, a
    weight without contents and the concat model `view` are errors.

    Example:

    ```mlir
    // Before
    func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
      %0 = serenity.clamp %x min 0.0 : (tensor<4xf32>) -> tensor<4xf32>
      return %0 : tensor<4xf32>
    }

    // After (the loop left out)
    func.func @f(%x: memref<4xf32>) -> memref<4xf32> {
      %bytes = memref.alloc() : memref<16xi8>
      %0 = memref.view %bytes[%c0][] : memref<16xi8> to memref<4xf32>
      ...
      memref.dealloc %x : memref<4xf32>
      return %0 : memref<4xf32>
    }
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
    "::mlir::math::MathDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"];
}

#endif // SERENITY_CONVERSION_PASSES_TD
