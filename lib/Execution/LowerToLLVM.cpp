//===- LowerToLLVM.cpp - From loops over memrefs to LLVM ------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LowerToLLVM.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Pass/PassManager.h"
#include "serenity/Conversion/SerenityToMemRef/SerenityToLLVM.h"

using namespace mlir;
using namespace serenity;

/// Turns copies into loops, because the call that they become otherwise wants a
/// library of its own.
static void expandCopies(ModuleOp module) {
  module.walk([](memref::CopyOp copy) {
    OpBuilder builder(copy);
    linalg::makeMemRefCopyOp(builder, copy.getLoc(), copy.getSource(),
                             copy.getTarget());
    copy.erase();
  });
}

/// An alignment makes blocks larger than their memrefs.
static void dropAlignments(ModuleOp module, int64_t alignment) {
  module.walk([&](memref::AllocOp alloc) {
    if (alloc.getAlignment().value_or(0) <= static_cast<uint64_t>(alignment))
      alloc.removeAlignmentAttr();
  });
}

LogicalResult serenity::lowerToLLVM(ModuleOp module, int64_t alignment) {
  expandCopies(module);
  dropAlignments(module, alignment);
  PassManager pm(module.getContext());
  pm.addNestedPass<func::FuncOp>(createConvertLinalgToLoopsPass());
  buildMemRefToLLVMPipeline(pm);
  return pm.run(module);
}

void serenity::defineCallback(ModuleOp module, StringRef name, void *callee,
                              void *context) {
  auto function = module.lookupSymbol<LLVM::LLVMFuncOp>(name);
  if (!function)
    return;
  const Location loc = function.getLoc();
  OpBuilder builder(module.getContext());
  Block *body = function.addEntryBlock(builder);
  builder.setInsertionPointToStart(body);
  SmallVector<Value> operands;
  for (void *address : {callee, context}) {
    Value word = LLVM::ConstantOp::create(builder, loc, builder.getI64Type(),
                                          reinterpret_cast<intptr_t>(address));
    operands.push_back(LLVM::IntToPtrOp::create(
        builder, loc, LLVM::LLVMPointerType::get(builder.getContext()), word));
  }
  llvm::append_range(operands, body->getArguments());
  const TypeRange types(ValueRange(operands).drop_front());
  auto type = LLVM::LLVMFunctionType::get(
      function.getFunctionType().getReturnType(), llvm::to_vector(types));
  auto call = LLVM::CallOp::create(builder, loc, type, operands);
  LLVM::ReturnOp::create(builder, loc, call.getResults());
}
