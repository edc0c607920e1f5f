//===- Pipeline.h - From a network to a plan for a device -------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_DIALECT_SERENITY_TRANSFORMS_PIPELINE_H
#define SERENITY_DIALECT_SERENITY_TRANSFORMS_PIPELINE_H

#include "mlir/Pass/PassOptions.h"
#include "serenity/Dialect/Serenity/Transforms/Passes.h"

namespace serenity {

/// The options of `serenity-pipeline`; their names are those of the passes'
/// options that they set.
struct MemoryPipelineOptions
    : public mlir::PassPipelineOptions<MemoryPipelineOptions> {
  Option<std::string> device{
      *this, "device",
      llvm::cl::desc("Device file of the target; without one, only memory "
                     "counts")};
  Option<std::string> proxy{
      *this, "proxy",
      llvm::cl::desc("Device file whose predictions are adapted to the "
                     "measurements")};
  Option<std::string> measurements{
      *this, "measurements",
      llvm::cl::desc("Table of variants, some of them measured")};
  Option<int64_t> budget{
      *this, "budget", llvm::cl::init(0),
      llvm::cl::desc("Bytes that the peak must not exceed; 0 is no budget")};
  Option<core::Objective> objective{
      *this, "objective", llvm::cl::init(core::Objective::Latency),
      llvm::cl::desc("With a device: latency, knee or memory"),
      llvm::cl::values(
          clEnumValN(core::Objective::Latency, "latency",
                     "the fastest within the budget"),
          clEnumValN(core::Objective::Knee, "knee", "the knee of the front"),
          clEnumValN(core::Objective::Memory, "memory", "the smallest peak"))};
  Option<ConcatModel> concat{
      *this, "concat", llvm::cl::init(ConcatModel::Copy),
      llvm::cl::desc("How the back end stores the result of a concatenation"),
      llvm::cl::values(clEnumValN(ConcatModel::Copy, "copy", "in a new buffer"),
                       clEnumValN(ConcatModel::View, "view", "nowhere"),
                       clEnumValN(ConcatModel::Slice, "slice",
                                  "where the operands were produced"))};
  Option<bool> inPlace{
      *this, "inplace", llvm::cl::init(false),
      llvm::cl::desc("Whether kernels overwrite an operand that dies, where "
                     "they can")};
  Option<int64_t> alignment{
      *this, "alignment", llvm::cl::init(16),
      llvm::cl::desc("Offsets are multiples of so many bytes")};
  Option<std::string> report{
      *this, "report",
      llvm::cl::desc("File for the report on the arena, .html or JSON")};
  Option<std::string> front{
      *this, "front",
      llvm::cl::desc("With a device: file for the report on the variants, "
                     ".html or JSON")};
};

/// Adds the passes from a network to offsets for all its activations. With a
/// device: `serenity-select`, which rewrites and orders by peak and latency,
/// `serenity-form-accumulations`, `serenity-plan-arena` and
/// `serenity-annotate-latency`. Without: `serenity-rewrite`,
/// `serenity-schedule`, `serenity-form-accumulations` and
/// `serenity-plan-arena`.
void buildMemoryPipeline(mlir::OpPassManager &pm,
                         const MemoryPipelineOptions &options);

/// Registers it as `serenity-pipeline`.
void registerMemoryPipeline();

} // namespace serenity

#endif // SERENITY_DIALECT_SERENITY_TRANSFORMS_PIPELINE_H
