//===- Constants.h - Constant globals of a module ---------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CONVERSION_SERENITYTOMEMREF_CONSTANTS_H
#define SERENITY_LIB_CONVERSION_SERENITYTOMEMREF_CONSTANTS_H

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/SymbolTable.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"
#include "llvm/ADT/DenseMap.h"

namespace serenity::detail {

/// The constant globals of a module, each contents once.
class Constants {
public:
  explicit Constants(mlir::ModuleOp module) : symbols(module), module(module) {}

  /// A memref of `contents`, whose elements have the stored type.
  mlir::Value get(mlir::OpBuilder &builder, mlir::Location loc,
                  mlir::ElementsAttr contents);

private:
  mlir::memref::GlobalOp getGlobal(mlir::Location loc,
                                   mlir::ElementsAttr contents);

  mlir::SymbolTable symbols;
  mlir::ModuleOp module;
  llvm::DenseMap<mlir::Attribute, mlir::memref::GlobalOp> globals;
};

/// Why the contents of `weight` cannot become a constant; empty if they can.
llvm::StringRef findFlaw(WeightOp weight);

/// The contents of `weight` with elements of the stored type. The weight must
/// have no flaw.
mlir::ElementsAttr getContents(WeightOp weight);

/// The same with dimension 0 moved to the end: filters beside each other.
mlir::DenseElementsAttr getContentsFiltersLast(WeightOp weight);

} // namespace serenity::detail

#endif // SERENITY_LIB_CONVERSION_SERENITYTOMEMREF_CONSTANTS_H
