//===- OfflinePlan.h - Offsets that TFLM obeys ------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// TFLite for Microcontrollers (TFLM) places activations in one arena. Where the
// model has the metadata entry "OfflineMemoryAllocation", it takes offsets from
// there: 32-bit words, which are the version 0, a 1, the number of tensors of
// all subgraphs, and for each tensor its offset from the head of the arena, or
// -1 if the runtime is to find one.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_TFLITE_OFFLINEPLAN_H
#define SERENITY_LIB_TARGET_TFLITE_OFFLINEPLAN_H

#include "ModelFile.h"
#include "serenity/Core/Arena/Solver.h"
#include "llvm/ADT/DenseMap.h"

namespace serenity::tflite {

/// The name of the metadata entry.
inline constexpr llvm::StringLiteral kOfflinePlanName =
    "OfflineMemoryAllocation";
/// Words before the offsets.
inline constexpr int64_t kOfflinePlanHeader = 3;
/// The offset of a tensor that the runtime places.
inline constexpr int32_t kPlannedOnline = -1;

/// Whether `entry` says that a plan is in its buffer.
bool isOfflinePlan(const Metadata &entry);

/// The offsets in `file`, one for each tensor of all subgraphs; empty if it has
/// no plan. Of several plans the last one, as in TFLM. Fails with a diagnostic
/// on a plan that TFLM would misread.
mlir::FailureOr<llvm::ArrayRef<int32_t>> readOfflinePlan(const ModelFile &file);

/// What is known of the first subgraph beside the file.
struct PlanRequest {
  /// Offsets that tensors must have, by their positions.
  llvm::DenseMap<int32_t, int64_t> offsets;
  /// Inputs, each with the output that may be written over it, if it dies.
  std::vector<std::pair<int32_t, int32_t>> inPlacePairs;
  /// Bytes to leave free while an operator runs, one entry each.
  std::vector<int64_t> scratchBytes;
};

/// Finds offsets for the first subgraph of `file` and puts them into its plan,
/// which must be there and is in `bytes`, those that `file` was opened on.
///
/// TFLM's rules hold: an input lives from the start to its last use, a result
/// from its operator, a result of the network to the end; every tensor takes a
/// multiple of 16 bytes at a multiple of 16; constants and variables are not in
/// the arena. Tensors that no operator touches any more are left to the
/// runtime, which gives each its own place before the first operator runs;
/// where these would reach above the plan, their shapes are made empty.
///
/// Fails with a diagnostic if the offsets asked for break the rules.
mlir::FailureOr<core::ArenaPlan> planOffline(const ModelFile &file,
                                             llvm::MutableArrayRef<char> bytes,
                                             const PlanRequest &request);

} // namespace serenity::tflite

#endif // SERENITY_LIB_TARGET_TFLITE_OFFLINEPLAN_H
