//===- SearchStep.h - Progress of long searches -----------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_DIALECT_SERENITY_TRANSFORMS_SEARCHSTEP_H
#define SERENITY_DIALECT_SERENITY_TRANSFORMS_SEARCHSTEP_H

#include "mlir/IR/Action.h"

namespace serenity {

/// A step of a search that may take long, dispatched to whoever has registered
/// an action handler with the context: a tool shows it, a compiler may ignore
/// it.
class SearchStepAction : public mlir::tracing::ActionImpl<SearchStepAction> {
public:
  using Base = mlir::tracing::ActionImpl<SearchStepAction>;
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(SearchStepAction)

  SearchStepAction(llvm::ArrayRef<mlir::IRUnit> units, std::string text)
      : Base(units), text(std::move(text)) {}

  static constexpr llvm::StringLiteral tag = "serenity-search-step";

  /// What is being done, as part of a line.
  const std::string &getText() const { return text; }

  void print(llvm::raw_ostream &os) const override { os << text; }

private:
  std::string text;
};

} // namespace serenity

#endif // SERENITY_DIALECT_SERENITY_TRANSFORMS_SEARCHSTEP_H
