//===- SerenityInterfaces.td - How operations use memory ---*- tablegen -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_DIALECT_SERENITY_IR_SERENITYINTERFACES_TD
#define SERENITY_DIALECT_SERENITY_IR_SERENITYINTERFACES_TD

include "mlir/IR/OpBase.td"

def ActivationMemoryOpInterface : OpInterface<"ActivationMemoryOpInterface"> {
  let cppNamespace = "::serenity";
  let description = [{
    How an operation uses activation memory. The scheduler, the planner and the
    reports know only this interface; an operation that does not implement it
    gets its answers from upstream's interfaces (see
    `getResultMemory(OpResult, ConcatModel)` in Analysis/ActivationMemory.h).
  }];
  let methods = [
    InterfaceMethod<
      "Bytes that the operation needs only while it runs.",
      "int64_t", "getScratchBytes", (ins), "", [{ return 0; }]>,
    InterfaceMethod<[{
        Where the bytes of result `result` are, if concatenations are stored as
        `model` says.
      }],
      "::serenity::ResultMemory", "getResultMemory",
      (ins "unsigned":$result, "::serenity::ConcatModel":$model), "",
      [{ return ::serenity::ResultMemory::fresh(); }]>,
    InterfaceMethod<[{
        Whether the single result may be written over operand `operand` if that
        dies with the operation. Asked only of a back end that works in place.
      }],
      "bool", "mayOverwrite", (ins "unsigned":$operand), "",
      [{ return false; }]>,
  ];
}

#endif // SERENITY_DIALECT_SERENITY_IR_SERENITYINTERFACES_TD
