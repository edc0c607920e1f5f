//===- FormAccumulations.cpp - Sums into chains of accumulating products --===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/Remarks.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"
#include "serenity/Dialect/Serenity/Transforms/Passes.h"

namespace serenity {
#define GEN_PASS_DEF_FORMACCUMULATIONSPASS
#include "serenity/Dialect/Serenity/Transforms/Passes.h.inc"
} // namespace serenity

using namespace mlir;
using namespace serenity;

namespace {

/// The products that `sum`, an accumulation, adds up, in the order in which
/// they run.
SmallVector<ProductOpInterface> collectProducts(SumOp sum) {
  SmallVector<ProductOpInterface> products;
  for (Value input : sum.getInputs())
    products.push_back(getFreeProduct(input));
  llvm::sort(products, [](ProductOpInterface lhs, ProductOpInterface rhs) {
    return lhs->isBeforeInBlock(rhs);
  });
  return products;
}

/// The first product fills the buffer, each of the others adds to it, and the
/// last one applies the activation.
void formChain(SumOp sum) {
  SmallVector<ProductOpInterface> products = collectProducts(sum);
  Value total;
  for (ProductOpInterface product : products) {
    if (total)
      product.getAccumulatorMutable().assign(total);
    total = product->getResult(0);
  }
  products.back().setActivation(sum.getActivation());
  sum.replaceAllUsesWith(total);
  sum.erase();
}

class FormAccumulationsPass
    : public serenity::impl::FormAccumulationsPassBase<FormAccumulationsPass> {
public:
  using Base::Base;

  void runOnOperation() override {
    getOperation().walk([](SumOp sum) {
      if (sum.isAccumulation())
        formChain(sum);
      else if (sum.getAccumulates())
        remark::missed(sum.getLoc(), remark::RemarkOpts::name("NotAccumulated")
                                         .category("serenity")
                                         .subCategory("form-accumulations"))
            << remark::reason("an operand is not a product that nobody else "
                              "reads and that may accumulate");
    });
  }
};

} // namespace
