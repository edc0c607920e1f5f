//===- SerenityAttrs.td - Attributes of the serenity dialect *- tablegen -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_DIALECT_SERENITY_IR_SERENITYATTRS_TD
#define SERENITY_DIALECT_SERENITY_IR_SERENITYATTRS_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/EnumAttr.td"
include "serenity/Dialect/Serenity/IR/SerenityDialect.td"

def Serenity_Activation : I32EnumAttr<"Activation",
    "function applied to a result inside the kernel", [
      I32EnumAttrCase<"None", 0, "none">,
      I32EnumAttrCase<"Relu", 1, "relu">,
      I32EnumAttrCase<"ReluN1To1", 2, "relu_n1_to_1">,
      I32EnumAttrCase<"Relu6", 3, "relu6">,
      I32EnumAttrCase<"Tanh", 4, "tanh">]> {
  let cppNamespace = "::serenity";
  let genSpecializedAttr = 0;
}

def Serenity_ActivationAttr
    : EnumAttr<SerenityDialect, Serenity_Activation, "activation">;

def Serenity_OperatorAttr : AttrDef<SerenityDialect, "Operator"> {
  let mnemonic = "operator";
  let summary = "which operator of a source file an operation came from";
  let description = [{
    The metadata of an operation's fused location: the position of the operator
    in the file that was imported.

    ```mlir
    loc(fused<#serenity.operator<5>>["stem/conv"])
    ```
  }];
  let parameters = (ins "int64_t":$index);
  let assemblyFormat = "`<` $index `>`";
  let genVerifyDecl = 1;
}

#endif // SERENITY_DIALECT_SERENITY_IR_SERENITYATTRS_TD
