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

def ProductOpInterface : OpInterface<"ProductOpInterface"> {
  let cppNamespace = "::serenity";
  let description = [{
    A product of an input with a constant filter, plus a bias, which may add to
    an accumulator instead of filling a new buffer.
  }];
  let methods = [
    InterfaceMethod<"What is multiplied.", "::mlir::Value", "getInput">,
    InterfaceMethod<"The factors.", "::mlir::Value", "getFilter">,
    InterfaceMethod<"Added once to each output channel; may be null.",
      "::mlir::Value", "getBias">,
    InterfaceMethod<"The value that the result takes over; may be null.",
      "::mlir::Value", "getAccumulator">,
    InterfaceMethod<"The operand of `getAccumulator`.",
      "::mlir::MutableOperandRange", "getAccumulatorMutable">,
    InterfaceMethod<"Applied to the complete result.",
      "::serenity::Activation", "getActivation">,
    InterfaceMethod<"Sets `getActivation`.", "void", "setActivation",
      (ins "::serenity::Activation":$activation)>,
  ];
}

#endif // SERENITY_DIALECT_SERENITY_IR_SERENITYINTERFACES_TD
