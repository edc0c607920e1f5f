//===- KernelClock.cpp - The time that kernels take -----------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelClock.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "serenity/Dialect/Serenity/IR/OperatorLocation.h"

using namespace mlir;
using namespace serenity;

void KernelClock::enter(int64_t kernel) {
  const Clock::time_point now = Clock::now();
  if (current >= 0)
    seconds[current] += std::chrono::duration<double>(now - start).count();
  current = kernel;
  start = now;
}

static Kernel describeKernel(Operation *first) {
  std::string name = getLocationName(first->getLoc());
  if (name.empty())
    name = first->getName().getStringRef();
  return {getOperatorIndex(first->getLoc()), std::move(name)};
}

static void declareEnterKernel(ModuleOp module) {
  auto builder = OpBuilder::atBlockBegin(module.getBody());
  auto type = builder.getFunctionType(builder.getI64Type(), {});
  func::FuncOp::create(builder, module.getLoc(), kEnterKernel, type)
      .setPrivate();
}

static void callEnterKernel(Operation *before, int64_t kernel) {
  OpBuilder builder(before);
  const Location loc = before->getLoc();
  Value index = arith::ConstantIntOp::create(builder, loc, kernel, 64);
  func::CallOp::create(builder, loc, kEnterKernel, TypeRange(), index);
}

std::vector<Kernel> serenity::insertClockCalls(FunctionOpInterface function) {
  declareEnterKernel(function->getParentOfType<ModuleOp>());
  std::vector<Kernel> kernels;
  for (Block &block : function.getFunctionBody()) {
    std::optional<Location> last;
    for (Operation &op : llvm::make_early_inc_range(block)) {
      if (op.hasTrait<OpTrait::ReturnLike>()) {
        callEnterKernel(&op, -1);
      } else if (!isPure(&op) && last != op.getLoc()) {
        callEnterKernel(&op, kernels.size());
        kernels.push_back(describeKernel(&op));
        last = op.getLoc();
      }
    }
  }
  return kernels;
}
