//===- VariantTable.h - Variants to measure and to report -------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_DIALECT_SERENITY_TRANSFORMS_VARIANTTABLE_H
#define SERENITY_LIB_DIALECT_SERENITY_TRANSFORMS_VARIANTTABLE_H

#include "VariantSearch.h"
#include "mlir/IR/BuiltinOps.h"
#include "serenity/Core/Pareto/Objective.h"
#include "serenity/Core/Pareto/Pareto.h"

namespace serenity {

/// The variants of one function with their latencies on the target.
struct VariantTable {
  /// One a variant, with what was measured of it.
  std::vector<core::MeasuredVariant> rows;
  std::vector<core::OperationEstimate> latencies;
  /// Whether no variant has a smaller peak or latency and neither larger.
  std::vector<bool> isOnFront;

  std::vector<core::PeakAndLatency> getPoints() const;
};

/// Names the variants of `function`, takes what `measurements` has of them, and
/// adapts the latencies of the others to it. Fails if a measurement is of
/// another variant than the one of its name, or of too few.
llvm::Expected<VariantTable>
makeTable(mlir::FunctionOpInterface function, const VariantSet &set,
          llvm::ArrayRef<core::MeasuredVariant> measurements);

/// Writes `count` variants that are worth measuring as modules below
/// `directory`, lowered as far as an order and an arena go, and notes the names
/// of the files in `table`. `module` is the one of the function before anything
/// is applied to it.
llvm::Error writeVariants(mlir::ModuleOp module, llvm::StringRef functionName,
                          const VariantSet &set, const LatencyTarget &target,
                          const VariantSearchOptions &options,
                          llvm::StringRef directory, size_t count,
                          VariantTable &table);

/// What a report says of the choice of variant `chosen`; docs/Report.md
/// describes the fields.
llvm::json::Object describeSelection(const VariantSet &set,
                                     const VariantTable &table, size_t chosen,
                                     const core::DeviceDescription &device);

} // namespace serenity

#endif // SERENITY_LIB_DIALECT_SERENITY_TRANSFORMS_VARIANTTABLE_H
